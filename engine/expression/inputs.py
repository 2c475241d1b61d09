"""Series, forecast, stock and look-up calls: values that are computed elsewhere and enter a formula as inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.expression import tree as raw
from engine.expression import typed, types
from engine.expression.function import Function
from engine.expression.names import Foreign
from engine.expression.printing import canonical_call, quote_text
from engine.expression.scope import FACTS, FORM, LINK, Entry
from engine.expression.signature import Signature

if TYPE_CHECKING:
    from engine.expression.checker import Checker


def input_node(
    checker: Checker,
    node: raw.Call,
    function: Function,
    signature: Signature,
    args: Sequence[typed.Node],
    options: Mapping[str, Any],
    foreign: Foreign,
) -> typed.Node:
    """Return the typed node of a call whose value is supplied from outside."""
    value: typed.Node | None = None
    condition: typed.Node | None = None
    rest: list[Any] = []
    for parameter, arg in zip(signature.parameters, args, strict=False):
        if parameter.kinds[0] == "facts":
            value = arg
        elif parameter.kinds[0] == "check":
            condition = None if isinstance(arg, typed.Constant) and arg.value is None else arg
        else:
            rest.append(_plain(arg))
    while rest and rest[-1] is None:  # a default that nobody wrote
        rest.pop()
    result = signature.result
    form = foreign.form
    if function.name == "LOOKUP":
        form, result = _target(checker, node, rest)
    elif not form and (value is not None or condition is not None):
        checker.say(
            node.at, f"{function.name} 需要某张表的列", f"{function.name} needs a column of a table",
            "例如 日均(销售.数量, 7)", "for example avg_daily(sales.quantity, 7)",
        )  # fmt: skip
    key = canonical_call(function.name, [*(p for p in (value, condition) if p is not None), *rest], options)
    call = typed.InputCall(
        function.name, function.family, result, form, value, condition, tuple(rest), dict(sorted(options.items())), key
    )
    return typed.Input(result, node.at, call)


def _plain(arg: typed.Node) -> Any:
    if not isinstance(arg, typed.Constant):
        return arg
    value = arg.value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _target(checker: Checker, node: raw.Call, rest: Sequence[Any]) -> tuple[str, str]:
    """Return the form that a LOOKUP reads and the type of the field it returns."""
    form, key, _, field = rest
    entry = _form_entry(checker, str(form))
    if entry is None:
        known = [one.key for one in checker.names.scope.entries() if one.leads]
        checker.say_unknown(node.args[0].at, str(form), ("表", "form"), known, quote_text)
        return str(form), types.ANY
    found: list[Entry] = []
    for position, name in ((1, key), (3, field)):
        matching = entry.scope.find(str(name))
        if len(matching) != 1:
            names = entry.scope.known()
            checker.say_unknown(node.args[position].at, str(name), ("字段", "field"), names, quote_text)
            return entry.form or entry.key, types.ANY
        found += matching
    return entry.form or entry.key, found[1].type


def _form_entry(checker: Checker, name: str) -> Entry | None:
    for entry in checker.names.scope.entries():
        if entry.leads in {FORM, FACTS, LINK} and name in {entry.form, entry.key, entry.label}:
            return entry
    return None
