"""Why a part of a formula is null: “未知:提前期为空”."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.expression import typed


class Reason(NamedTuple):
    """A reason in Chinese and in English; empty texts for none."""

    zh: str
    en: str


Part = tuple[Any, Reason]
_NONE = Reason("", "")


def reason_of(node: typed.Node, source: str, label: str, parts: tuple[Part, ...]) -> Reason:
    """Return why *node* is null, given the values and reasons of its parts."""
    match node:
        case typed.Constant():
            return Reason("写的就是空值", "it is written as null")
        case typed.Field():
            return Reason(f"{label}为空", f"{node.path} is empty")
        case typed.Input():
            return Reason(f"{source} 没有值", f"{source} has no value")
        case typed.Apply():
            return _operator(node, source, parts)
        case typed.Invoke():
            below = _first(parts)
            if below.zh and node.function.strict:
                return below
            return Reason(f"{source} 对这些值没有结果", f"{source} has no result for these values")
    return _first(parts)


def _operator(node: typed.Apply, source: str, parts: tuple[Part, ...]) -> Reason:
    if node.operator == "if":
        chosen = parts[1] if parts[0][0] is True else parts[2]
        return chosen[1]
    if node.operator in {"div", "floordiv", "mod"} and parts[1][0] == 0 and parts[0][0] is not None:
        return Reason(f"{source} 的除数为 0", f"the divisor of {source} is 0")
    below = _first(parts)
    if below.zh:
        return below
    return Reason(f"{source} 的结果超出范围", f"the result of {source} is out of range")


def _first(parts: tuple[Part, ...]) -> Reason:
    found = list(dict.fromkeys(reason for value, reason in parts if value is None and reason.zh))
    if not found:
        return _NONE
    return Reason("、".join(reason.zh for reason in found[:3]), ", ".join(reason.en for reason in found[:3]))
