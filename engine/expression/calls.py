"""Function calls: the signature that fits, literals where they are asked for, rows of sub-forms and of other tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.expression import tree as raw
from engine.expression import typed, types
from engine.expression.function import Function, find_function, function_names
from engine.expression.inputs import input_node
from engine.expression.literals import literal
from engine.expression.messages import type_name
from engine.expression.names import Foreign
from engine.expression.scope import FACTS, FORM
from engine.expression.signature import Parameter, Signature

if TYPE_CHECKING:
    from engine.expression.checker import Checker

_ORDERED = frozenset({types.NUMBER, types.DATE, types.DATETIME, types.DURATION, types.ANY, types.NULL})
_EMPTY = frozenset({"list[number]", "list[boolean]", "list[text]"})
_WANTED = {
    "T": "any",
    "U": "any",
    "O": types.NUMBER,
    "moment": types.DATE,
    "facts": types.NUMBER,
    "check": types.BOOLEAN,
}


class CallChecker:
    """Checks the calls of one formula on behalf of its checker."""

    def __init__(self, checker: Checker) -> None:
        self.checker = checker

    def call(self, node: raw.Call) -> typed.Node:
        """Return the typed call; what is wrong with it is noted."""
        function = find_function(node.name)
        if function is None:
            self.checker.say_unknown(node.name_at, node.name, ("函数", "function"), function_names(), str)
            for arg in node.args:
                self._free(arg)
            return typed.Constant(types.ANY, node.at, None)
        count = len(node.args)
        fitting = [signature for signature in function.signatures if signature.accepts(count)]
        fitting = [one for one in fitting if _written_for(one, node.args)] or fitting
        if not fitting:
            shown = "或 ".join(signature.text for signature in function.signatures)
            self.checker.say(
                node.at, f"{node.name} 的参数个数不对,实为 {count} 个", f"{node.name} has a wrong number of arguments: {count}",
                f"写法:{shown}", f"usage: {shown}",
            )  # fmt: skip
            for arg in node.args:
                self._free(arg)
            return typed.Constant(types.ANY, node.at, None)
        return self._fit(node, function, fitting)

    def _fit(self, node: raw.Call, function: Function, fitting: Sequence[Signature]) -> typed.Node:
        foreign = Foreign(
            frozenset({FORM, FACTS} if function.family == "lookup" else {FACTS}), function.family == "lookup"
        )
        before = len(self.checker.problems)
        args = [
            self._argument(arg, parameter, foreign, by_itself=bool(function.operator))
            for arg, parameter in zip(node.args, fitting[0].expand(len(node.args)), strict=True)
        ]
        clean = len(self.checker.problems) == before
        for signature in fitting:
            bound: dict[str, str] = {}
            parameters = signature.expand(len(args))
            if all(_binds(p, arg.type, bound) for p, arg in zip(parameters, args, strict=True)):
                break
        else:
            signature, bound = fitting[0], {}
            if clean:
                self._mismatch(function, signature, args)
        for parameter, arg in zip(signature.expand(len(args)), args, strict=True):
            wanted = next((kind for kind in parameter.kinds if kind in _EMPTY), "")
            typed.settle_empty(arg, wanted)
        args += [
            typed.Constant(_constant_type(p), (node.at[1], node.at[1]), p.default)
            for p in signature.parameters[len(args) :]
            if not p.repeats
        ]
        options = self._options(node, signature)
        if function.family:
            return input_node(self.checker, node, function, signature, args, options, foreign)
        return self._made(node, function, signature, args, bound)

    def _made(
        self, node: raw.Call, function: Function, signature: Signature, args: list[typed.Node], bound: dict[str, str]
    ) -> typed.Node:
        result = _result(signature.result, bound)
        if function.verify is not None:
            values = tuple(arg.value if isinstance(arg, typed.Constant) else None for arg in args)
            if found := function.verify(tuple(arg.type for arg in args), values):
                self.checker.say(args[found[0]].at, found[1], found[2])
        if function.operator:
            return typed.Apply(result, node.at, function.operator, tuple(args))
        if function.fold is not None and all(isinstance(arg, typed.Constant) for arg in args):
            value = function.fold(*(arg.value for arg in args if isinstance(arg, typed.Constant)))
            if value is not NotImplemented:
                return typed.Constant(result, node.at, value)
        return typed.Invoke(result, node.at, function, signature, tuple(args))

    def _argument(self, arg: raw.Node, parameter: Parameter, foreign: Foreign, *, by_itself: bool) -> typed.Node:
        """Return one argument; *by_itself* says that a list is one value for the function (IS_NULL), not gone through."""
        if parameter.literal:
            return literal(self.checker, arg, parameter)
        if parameter.kinds[0] in {"facts", "check"}:
            with self.checker.names.foreign(foreign):
                found = self.checker.node(arg)
            self.checker.want(found, _WANTED[parameter.kinds[0]])
            return found
        if any(types.is_list(kind) for kind in parameter.kinds) and not by_itself:
            return self._over_rows(arg)
        return self.checker.node(arg)

    def _over_rows(self, arg: raw.Node) -> typed.Node:
        """Return *arg*; where it names columns of a sub-form, a list of its value for each row."""
        with self.checker.names.rows() as used:
            found = self.checker.node(arg)
            nested = self.checker.names.inner_rows
        if not used:
            return found
        if nested:
            self.checker.say(
                arg.at,
                "逐行计算里不能再汇总子表的行",
                "rows cannot be summarised while rows are gone through",
            )
        if len(used) > 1:
            self.checker.say(arg.at, "一次只能用一张子表的列", "only the columns of one sub-form can be used at a time")
        if types.is_list(found.type):
            self.checker.say(arg.at, "列表里不能再放列表", "a list cannot hold a list")
        row = min(used)
        if isinstance(found, typed.Field):
            return typed.Field(types.list_of(found.type), found.at, found.path, found.label, row, found.forms)
        return typed.Each(types.list_of(found.type), arg.at, row, found)

    def _free(self, arg: raw.Node) -> None:
        """Check the argument of a call that is wrong anyway, wherever its names may come from."""
        with self.checker.names.foreign(Foreign(frozenset({FORM, FACTS}), own=True)), self.checker.names.rows():
            self.checker.node(arg)

    def _mismatch(self, function: Function, signature: Signature, args: Sequence[typed.Node]) -> None:
        bound: dict[str, str] = {}
        for parameter, arg in zip(signature.expand(len(args)), args, strict=True):
            if _binds(parameter, arg.type, bound):
                continue
            wanted = bound.get(parameter.kinds[0]) or _WANTED.get(parameter.kinds[0], parameter.kinds[0])
            shown = (
                "/".join(type_name(_WANTED.get(kind, kind)) for kind in parameter.kinds)
                if not bound
                else type_name(wanted)
            )
            self.checker.say(
                arg.at, f"{function.name} 的参数 {parameter.name} 需要{shown},实为{type_name(arg.type)}",
                f"argument {parameter.name} of {function.name} should be {'/'.join(parameter.kinds)}, this is {arg.type}",
                f"写法:{signature.text}", f"usage: {signature.text}",
            )  # fmt: skip

    def _options(self, node: raw.Call, signature: Signature) -> dict[str, Any]:
        known = {option.name: option for option in signature.options}
        given: dict[str, Any] = {}
        for name, value in node.keywords:
            if name not in known:
                self.checker.say_unknown(value.at, name, ("参数", "argument"), known)
            elif name in given:
                self.checker.say(value.at, f"参数 {name} 写了两次", f"argument {name} is given twice")
            else:
                found = literal(self.checker, value, known[name])
                given[name] = found.value if isinstance(found, typed.Constant) else None
        return given


def _written_for(signature: Signature, args: Sequence[raw.Node]) -> bool:
    """Say whether the arguments for which *signature* wants literals are literals: DATE('2026-11-01') or DATE(created_at)."""
    pairs = zip(signature.expand(len(args)), args, strict=True)
    return all(not parameter.literal or _is_literal(arg) for parameter, arg in pairs)


def _is_literal(arg: raw.Node) -> bool:
    return isinstance(arg, (raw.Unary, raw.Listing)) or (isinstance(arg, raw.Literal) and arg.value is not None)


def _constant_type(parameter: Parameter) -> str:
    value = parameter.default
    if value is None:
        return types.NULL
    return types.NUMBER if isinstance(value, float) else types.TEXT if isinstance(value, str) else types.BOOLEAN


def _binds(parameter: Parameter, actual: str, bound: dict[str, str]) -> bool:
    if parameter.literal:
        return True  # its own check has spoken
    return any(_binds_kind(kind, actual, bound) for kind in parameter.kinds)


def _binds_kind(kind: str, actual: str, bound: dict[str, str]) -> bool:
    if kind in {"facts", "check"}:
        return True
    if kind == "moment":
        return types.fits(actual, types.DATE) or types.fits(actual, types.DATETIME)
    if types.is_list(kind) and types.item_of(kind) in {"T", "U", "O"}:
        if not types.is_list(actual):
            return actual in {types.ANY, types.NULL}
        kind, actual = types.item_of(kind), types.item_of(actual)
    if kind not in {"T", "U", "O"}:
        return types.fits(actual, kind)
    if types.is_list(actual) or actual == types.ROWS or (kind == "O" and actual not in _ORDERED):
        return False
    common = types.join(bound.get(kind, types.NULL), actual)
    if common is None:
        return False
    bound[kind] = common
    return True


def _result(word: str, bound: dict[str, str]) -> str:
    if types.is_list(word):
        return types.list_of(_result(types.item_of(word), bound))
    return bound.get(word, types.ANY) if word in {"T", "U", "O"} else word
