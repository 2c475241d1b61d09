"""The checked tree as JSON for the browser, whose interpreter (frontend/src/lib/expression/) computes the same values.

Dates are `{"date": "2026-11-01"}` texts, patterns come parsed, series and look-ups carry the key of their last value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.expression import typed
from engine.expression.calendars import china
from engine.expression.formats import DateFormat, read_format
from engine.expression.pattern import read_pattern
from engine.problems import DefinitionError

Json = dict[str, Any]


def to_json(tree: typed.TypedTree | typed.Node) -> Json:
    """Return the tree as JSON data.

    Raises:
        DefinitionError: the tree has problems.
    """
    if isinstance(tree, typed.TypedTree):
        if tree.problems:
            raise DefinitionError(tree.problems)
        return {"version": 1, "type": tree.type, "root": _node(tree.root)}
    return _node(tree)


def _node(node: typed.Node) -> Json:
    match node:
        case typed.Constant():
            return {"k": "value", "t": node.type, "v": plain(node.value)}
        case typed.Field():
            return {"k": "field", "t": node.type, "path": node.path, **({"row": node.row} if node.row else {})}
        case typed.Items():
            return {"k": "list", "t": node.type, "args": [_node(item) for item in node.items]}
        case typed.Apply():
            detail = {"detail": list(node.detail)} if node.detail else {}
            return {"k": "op", "t": node.type, "op": node.operator, "args": [_node(arg) for arg in node.args], **detail}
        case typed.Each():
            return {"k": "each", "t": node.type, "row": node.row, "args": [_node(node.body)]}
        case typed.Invoke():
            return {"k": "call", "t": node.type, "fn": node.function.name, "args": _arguments(node)}
        case typed.Input():
            return {"k": "input", "t": node.type, "key": node.call.key}
    raise TypeError(node)


def _arguments(node: typed.Invoke) -> list[Json]:
    args = [_node(arg) for arg in node.args]
    for place, parameter in enumerate(node.signature.expand(len(node.args))):
        value = args[place].get("v")
        if parameter.literal == "pattern" and isinstance(value, str):
            args[place]["v"] = read_pattern(value)
        elif parameter.literal == "format" and isinstance(value, str):
            args[place]["v"] = _format(value)
    return args


def _format(text: str) -> Json | None:
    read = read_format(text)
    if read is None:
        return None
    if isinstance(read, DateFormat):
        return {"parts": list(read.parts)}
    return {"before": read.before, "thousands": read.thousands, "decimals": read.decimals, "percent": read.percent,
            "after": read.after}  # fmt: skip


def plain(value: Any) -> Any:
    """Return a value as JSON: dates and instants as ISO texts, tuples as lists."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def holidays() -> Mapping[str, list[str]]:
    """Return the Chinese calendar for the browser: free days, worked days (ISO), and the years that it knows."""
    free, worked, years = china()
    return {
        "free": sorted(day.isoformat() for day in free),
        "worked": sorted(day.isoformat() for day in worked),
        "years": sorted(map(str, years)),
    }
