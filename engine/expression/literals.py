"""Arguments that must be written as literals: whole numbers, choices, patterns, formats, dates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from engine.expression import limits, typed, types
from engine.expression import tree as raw
from engine.expression.formats import read_format
from engine.expression.pattern import PatternError, read_pattern
from engine.expression.printing import quote_text
from engine.expression.signature import Parameter

if TYPE_CHECKING:
    from engine.expression.checker import Checker


def literal(checker: Checker, arg: raw.Node, parameter: Parameter) -> typed.Node:
    """Return *arg* as a constant of the kind that *parameter* asks for; what is wrong with it is noted."""
    kind = parameter.literal
    if isinstance(arg, raw.Listing) and kind == "choice" and arg.items:
        items = [literal(checker, item, parameter) for item in arg.items]
        chosen = {item.value for item in items if isinstance(item, typed.Constant) and item.value is not None}
        return typed.Constant("list[text]", arg.at, tuple(sorted(chosen)))
    value = _value(arg)
    at = arg.at
    if value is None:
        checker.say(
            at, f"参数 {parameter.name} 必须直接写出{_KIND_NAMES[kind][0]}",
            f"argument {parameter.name} must be written as {_KIND_NAMES[kind][1]}",
        )  # fmt: skip
        return typed.Constant(types.ANY, at, None)
    try:
        return _READERS[kind](checker, at, value, parameter)
    except ValueError:
        checker.say(
            at, f"参数 {parameter.name} 应为{_KIND_NAMES[kind][0]}",
            f"argument {parameter.name} should be {_KIND_NAMES[kind][1]}",
        )  # fmt: skip
        return typed.Constant(types.ANY, at, None)


# The length of a window: no window has no day.
_DAYS = "n"
_KIND_NAMES = {
    "whole": ("整数", "a whole number"),
    "share": ("0 与 1 之间的数", "a number between 0 and 1"),
    "word": ("文本", "a text"),
    "name": ("名称文本", "a name in quotes"),
    "pattern": ("模式文本", "a pattern in quotes"),
    "format": ("格式文本", "a format in quotes"),
    "choice": ("其中一个选项", "one of its choices"),
    "day": ("日期文本,如 '2026-11-01'", "a date in quotes such as '2026-11-01'"),
}


def _value(arg: raw.Node) -> float | str | None:
    sign = 1.0
    while isinstance(arg, raw.Unary) and arg.operator in {"-", "+"}:
        sign = -sign if arg.operator == "-" else sign
        arg = arg.operand
    if not isinstance(arg, raw.Literal) or isinstance(arg.value, bool):
        return None
    return sign * arg.value if isinstance(arg.value, float) else arg.value


def _whole(_checker: Checker, at: raw.Span, value: Any, parameter: Parameter) -> typed.Node:
    if not isinstance(value, float) or not value.is_integer() or abs(value) > limits.MAX_WINDOW * 100:
        raise ValueError(value)
    if parameter.name == _DAYS and value < 1:
        raise ValueError(value)
    return typed.Constant(types.NUMBER, at, value)


def _share(_checker: Checker, at: raw.Span, value: Any, _parameter: Parameter) -> typed.Node:
    if not isinstance(value, float) or not 0 < value < 1:
        raise ValueError(value)
    return typed.Constant(types.NUMBER, at, value)


def _word(_checker: Checker, at: raw.Span, value: Any, _parameter: Parameter) -> typed.Node:
    if not isinstance(value, str) or not value:
        raise ValueError(value)
    return typed.Constant(types.TEXT, at, value)


def _choice(checker: Checker, at: raw.Span, value: Any, parameter: Parameter) -> typed.Node:
    choices = [kind.strip("'") for kind in parameter.kinds]
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 told as a problem by the caller
    if value not in choices:
        checker.say_unknown(at, value, ("选项", "choice"), choices, quote_text)
        return typed.Constant(types.ANY, at, None)
    return typed.Constant(types.TEXT, at, value)


def _pattern(checker: Checker, at: raw.Span, value: Any, _parameter: Parameter) -> typed.Node:
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 told as a problem by the caller
    try:
        read_pattern(value)
    except PatternError as error:
        checker.say(at, error.zh, error.en)
    return typed.Constant(types.TEXT, at, value)


def _format(checker: Checker, at: raw.Span, value: Any, _parameter: Parameter) -> typed.Node:
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 told as a problem by the caller
    if read_format(value) is None:
        checker.say(
            at, f"不认识格式“{value}”", f"unknown format “{value}”",
            "数值格式如 0、0.00、#,##0.00、0.0%;日期格式如 yyyy-mm-dd", "for example 0.00, #,##0.00, 0.0%, yyyy-mm-dd",
        )  # fmt: skip
    return typed.Constant(types.TEXT, at, value)


def _day(_checker: Checker, at: raw.Span, value: Any, _parameter: Parameter) -> typed.Node:
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError(value)
    return typed.Constant(types.DATE, at, date.fromisoformat(value))


_READERS = {
    "whole": _whole, "share": _share, "word": _word, "name": _word, "choice": _choice, "pattern": _pattern,
    "format": _format, "day": _day,
}  # fmt: skip
