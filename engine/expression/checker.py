"""Names to keys, types to every node, calls to functions; all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.expression import tree as raw
from engine.expression import typed, types
from engine.expression.calls import CallChecker
from engine.expression.messages import trouble, type_name, unknown
from engine.expression.names import NameResolver
from engine.expression.operators import BINARY_RULES, COMPARE_NAMES
from engine.expression.scope import Scope
from engine.expression.tree import Tree
from engine.problems import Problem


def check(
    tree: Tree, fields: Mapping[str, Any] | Iterable[Mapping[str, Any]] | Scope, *, result: str | None = None
) -> tuple[typed.TypedTree, list[Problem]]:
    """Return the typed tree and every problem (an empty list means that it can be evaluated).

    Args:
        tree: what `parse` gave.
        fields: the names that may be used (see the package's docstring), or a `Scope` made of them once.
        result: the type that the whole formula must have (`boolean` for a condition), or None for any.
    """
    checker = Checker(fields if isinstance(fields, Scope) else Scope(fields))
    root = checker.node(tree.root)
    if result is not None and not types.fits(root.type, result):
        checker.wrong_type(root, result)
    problems = tuple(dict.fromkeys(checker.problems))
    return typed.TypedTree(tree, root, problems, checker.names.labels), list(problems)


class Checker:
    """Checks one tree against one scope."""

    def __init__(self, scope: Scope) -> None:
        self.problems: list[Problem] = []
        self.names = NameResolver(scope, self.problems.append)
        self.calls = CallChecker(self)
        self._visit: dict[type[raw.Node], Callable[[Any], typed.Node]] = {
            raw.Literal: self._literal,
            raw.Name: self.names.resolve,
            raw.Listing: self._listing,
            raw.Unary: self._unary,
            raw.Binary: self._binary,
            raw.Logic: self._logic,
            raw.Compare: self._compare,
            raw.Choice: self._choice,
            raw.Call: self.calls.call,
        }

    def node(self, node: raw.Node) -> typed.Node:
        """Return the typed node of *node*."""
        return self._visit[type(node)](node)

    def say(self, at: raw.Span, zh: str, en: str, hint: str = "", hint_en: str = "") -> None:
        """Note a problem at *at*."""
        self.problems.append(trouble(at[0], at[1], zh, en, hint, hint_en))

    def say_unknown(
        self,
        at: raw.Span,
        name: str,
        kinds: tuple[str, str],
        known: Iterable[str],
        written: Callable[[str], str] | None = None,
    ) -> None:
        """Note an unknown name, with the nearest known one; *written* turns that into the text that mends the place."""
        self.problems.append(unknown(at[0], at[1], name, kinds, known, written))

    def wrong_type(self, node: typed.Node, wanted: str, hint: tuple[str, str] = ("", "")) -> None:
        """Note that *node* should have another type."""
        zh = f"这里需要{type_name(wanted)},实为{type_name(node.type)}"
        self.say(node.at, zh, f"{wanted} is needed here, this is {node.type}", *hint)

    def want(self, node: typed.Node, wanted: str) -> None:
        """Note a problem unless *node* fits *wanted*."""
        if not types.fits(node.type, wanted):
            hint = (
                ("数值不能当条件,请写成比较", "a number is no condition: compare it")
                if wanted == "boolean"
                else ("", "")
            )
            self.wrong_type(node, wanted, hint)

    def _literal(self, node: raw.Literal) -> typed.Node:
        value = node.value
        word = types.NULL
        if isinstance(value, bool):
            word = types.BOOLEAN
        elif isinstance(value, float):
            word = types.NUMBER
        elif isinstance(value, str):
            word = types.TEXT
        return typed.Constant(word, node.at, value)

    def _listing(self, node: raw.Listing) -> typed.Node:
        items = tuple(self.node(item) for item in node.items)
        word: str | None = types.NULL
        for item in items:
            if types.is_list(item.type):
                self.say(item.at, "列表里不能再放列表", "a list cannot hold a list")
                return typed.Items("list[any]", node.at, items)
            word = types.join(word or types.ANY, item.type)
            if word is None:
                self.say(item.at, "列表里的值类型不一致", "the items of a list have one type")
                word = types.ANY
        return typed.Items(types.list_of(word or types.ANY), node.at, items)

    def _unary(self, node: raw.Unary) -> typed.Node:
        operand = self.node(node.operand)
        if node.operator == "not":
            self.want(operand, types.BOOLEAN)
            return typed.Apply(types.BOOLEAN, node.at, "not", (operand,))
        if operand.type == types.DURATION:
            return typed.Apply(types.DURATION, node.at, "neg" if node.operator == "-" else "pos", (operand,))
        self.want(operand, types.NUMBER)
        return typed.Apply(types.NUMBER, node.at, "neg" if node.operator == "-" else "pos", (operand,))

    def _binary(self, node: raw.Binary) -> typed.Node:
        left, right = self.node(node.left), self.node(node.right)
        if types.ANY in {left.type, right.type}:
            return typed.Apply(types.ANY, node.at, "add", (left, right))
        rules = BINARY_RULES[node.operator]
        for (left_type, right_type), (result, name) in rules.items():
            if types.fits(left.type, left_type) and types.fits(right.type, right_type):
                return typed.Apply(result, node.at, name, (left, right))
        self._cannot(node, left, right)
        return typed.Apply(types.ANY, node.at, "add", (left, right))

    def _cannot(self, node: raw.Binary, left: typed.Node, right: typed.Node) -> None:
        word = {"+": "相加", "-": "相减", "*": "相乘", "/": "相除", "//": "整除", "%": "取余", "**": "乘方"}[
            node.operator
        ]
        hint = ("", "")
        pair = {left.type, right.type}
        if pair == {types.TEXT, types.NUMBER}:
            hint = (
                "把数值变成文本用 TEXT(x),把文本变成数值用 VALUE(x)",
                "TEXT(x) makes a text, VALUE(x) makes a number",
            )
        elif pair == {types.DATE, types.DATETIME}:
            hint = ("用 DATE(x) 取日期时间的日期", "DATE(x) is the date of a datetime")
        self.say(
            node.at, f"{type_name(left.type)}不能与{type_name(right.type)}{word}",
            f"{left.type} {node.operator} {right.type} is not possible", *hint,
        )  # fmt: skip

    def _logic(self, node: raw.Logic) -> typed.Node:
        operands = tuple(self.node(operand) for operand in node.operands)
        for operand in operands:
            self.want(operand, types.BOOLEAN)
        return typed.Apply(types.BOOLEAN, node.at, node.operator, operands)

    def _choice(self, node: raw.Choice) -> typed.Node:
        condition = self.node(node.condition)
        self.want(condition, types.BOOLEAN)
        then, otherwise = self.node(node.then), self.node(node.otherwise)
        word = types.join(then.type, otherwise.type)
        if word is None:
            self.say(
                otherwise.at, f"两个分支的类型应相同:{type_name(then.type)}与{type_name(otherwise.type)}",
                f"both branches have one type: {then.type} and {otherwise.type}",
            )  # fmt: skip
        return typed.Apply(word or types.ANY, node.at, "if", (condition, then, otherwise))

    def _compare(self, node: raw.Compare) -> typed.Node:
        operands = [self.node(operand) for operand in node.operands]
        names = []
        for operator, left, right in zip(node.operators, operands, operands[1:], strict=False):
            names.append(COMPARE_NAMES[operator])
            self._comparable(operator, left, right)
        if len(names) == 1:
            return self._one_comparison(node.at, names[0], operands[0], operands[1])
        if {"in", "not_in"} & set(names):
            self.say(node.at, "in 不能与其他比较连写", "“in” cannot be chained", "用 and 连接", "join them by `and`")
        return typed.Apply(types.BOOLEAN, node.at, "chain", tuple(operands), tuple(names))

    def _one_comparison(self, at: raw.Span, name: str, left: typed.Node, right: typed.Node) -> typed.Node:
        """Return the comparison; against a literal None, `==` asks whether the value is null."""
        if name in {"eq", "ne"}:
            for side, other in ((left, right), (right, left)):
                if isinstance(side, typed.Constant) and side.value is None:
                    return typed.Apply(types.BOOLEAN, at, "is_null" if name == "eq" else "not_null", (other,))
        return typed.Apply(types.BOOLEAN, at, name, (left, right))

    def _comparable(self, operator: str, left: typed.Node, right: typed.Node) -> None:
        at = left.at[0], right.at[1]
        if operator in {"in", "not in"}:
            self._member(at, left, right)
            return
        common = types.join(left.type, right.type)
        if common is None:
            hint = ("", "")
            pair = {left.type, right.type}
            if types.TEXT in pair and pair & {types.DATE, types.DATETIME}:
                hint = ("日期写成 DATE('2026-11-01')", "write a date as DATE('2026-11-01')")
            elif pair == {types.DATE, types.DATETIME}:
                hint = ("用 DATE(x) 取日期时间的日期", "DATE(x) is the date of a datetime")
            self.say(
                at, f"{type_name(left.type)}不能与{type_name(right.type)}比较",
                f"{left.type} cannot be compared with {right.type}", *hint,
            )  # fmt: skip
        elif types.is_list(common) or (operator not in {"==", "!="} and common == types.BOOLEAN):
            self.say(at, f"{type_name(common)}不能这样比较", f"{common} cannot be compared by {operator}")

    def _member(self, at: raw.Span, left: typed.Node, right: typed.Node) -> None:
        if right.type == types.TEXT:
            self.say(
                right.at, "in 后面应是列表", "“in” needs a list",
                "判断文本是否包含用 CONTAINS(文本, 片段)", "CONTAINS(text, part) looks inside a text",
            )  # fmt: skip
        elif not types.fits(right.type, "list[any]"):
            self.wrong_type(right, "list[any]")
        elif types.is_list(left.type):
            self.wrong_type(left, types.item_of(right.type) if types.is_list(right.type) else types.ANY)
        elif types.is_list(right.type) and types.join(left.type, types.item_of(right.type)) is None:
            self.say(
                at, f"{type_name(left.type)}不会在{type_name(right.type)}里", f"{left.type} cannot be in {right.type}"
            )
