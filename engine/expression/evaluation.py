"""Evaluate a formula for one record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.expression import types
from engine.expression.checker import check
from engine.expression.context import Context
from engine.expression.tree import Tree
from engine.expression.typed import TypedTree
from engine.expression.values import give, type_of
from engine.problems import DefinitionError, EvaluationError

_AS_IT_IS = frozenset({types.NUMBER, types.TEXT, types.BOOLEAN, types.DATE, types.DATETIME})


def evaluate(tree: TypedTree | Tree, record: Mapping[str, Any], context: Context | None = None) -> Any:
    """Return the value of *tree* for *record*.

    Numbers come back as float, texts as str, booleans, dates and aware datetimes as themselves, durations as timedelta,
    lists as list, null as None. A tree that was not checked is checked against the record's own types.

    Raises:
        DefinitionError: the tree has problems.
        EvaluationError: a value of the record cannot be used (wrong type, a whole number beyond 2^53, too large), or
            something the formula needs from outside (the time, a series) was not given.
    """
    typed = tree if isinstance(tree, TypedTree) else check(tree, own_types(record, context))[0]
    if typed.problems:
        raise DefinitionError(typed.problems)
    value = typed.run(record, context)
    return value if typed.root.type in _AS_IT_IS else give(value, typed.root.type)


def own_types(record: Mapping[str, Any], context: Context | None = None) -> dict[str, Any]:
    """Return the fields of a record by the types of its own values, as `check` takes them."""
    fields: dict[str, Any] = {}
    for key, value in {**(context.params if context else {}), **record}.items():
        name = str(key)
        if "(" in name:
            continue  # a supplied series, not a field
        head, _, rest = name.partition(".")
        if rest:
            _put(fields, head, rest, value)
        else:
            fields[name] = _own_type(value)
    return fields


def _put(fields: dict[str, Any], head: str, rest: str, value: Any) -> None:
    """Note a flat key `a.b.c` as a field behind links."""
    entry = fields.setdefault(head, {"type": "link", "fields": {}})
    if not isinstance(entry, dict):
        entry = fields[head] = {"type": "link", "fields": {}}
    inner, _, deeper = rest.partition(".")
    if deeper:
        _put(entry["fields"], inner, deeper, value)
    else:
        entry["fields"][inner] = _own_type(value)


def _own_type(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {"type": "link", "fields": own_types(value)}
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        columns: dict[str, Any] = {}
        for row in value:
            for key, inner in (own_types(row) if isinstance(row, Mapping) else {}).items():
                if columns.get(key, types.NULL) == types.NULL:
                    columns[key] = inner
        return {"type": types.ROWS, "fields": columns}
    if isinstance(value, timedelta):
        return types.DURATION
    try:
        return type_of(value)
    except EvaluationError:
        return types.ANY  # an error only if the formula reads it
