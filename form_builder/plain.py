"""Records as expressions see them, links as the records they point to; and results back again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.expression import Context
from engine.expression.typed import TypedTree
from form_builder.context import RecordContext
from form_builder.field import FIELD_TYPES, Field
from form_builder.reading import moment_text


def run(tree: TypedTree, record: Mapping[str, Any], context: RecordContext) -> Any:
    """Return the value of the checked expression *tree* for a record made by `language_record`."""
    return tree.run(record, Context(now=context.now, zone=context.zone))


def holds(value: Any) -> bool:
    """Return whether a condition's value means yes: only True does, an unknown answer does not."""
    return value is True


def language_record(
    fields: Mapping[str, Field],
    record: Mapping[str, Any],
    reads: Mapping[str, Any],
    context: RecordContext,
    forms: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what expressions read of *record*.

    Args:
        fields: the form's fields by key.
        record: its values as they are stored.
        reads: the names that are read, nested as links are followed (`{"sku": {"supplier": {}}}`).
        context: answers look-ups.
        forms: form definitions by key, for the fields of linked records.
    """
    return {
        key: _value(fields[key], record.get(key), inner, context, forms)
        for key, inner in reads.items()
        if key in fields
    }


def _value(
    field: Field,
    value: Any,
    inner: Mapping[str, Any],
    context: RecordContext,
    forms: Mapping[str, Mapping[str, Any]],
) -> Any:
    if value is None:
        return None
    kind = FIELD_TYPES[field["type"]]
    if field["type"] == "sub_form":
        columns = {one["key"]: one for one in field["fields"]}
        return [language_record(columns, row, {key: {} for key in row} | dict(inner), context, forms) for row in value]
    target = kind.target(field)
    if target is not None and inner and not isinstance(value, list):
        return _linked(target, str(value), inner, context, forms)
    return value


def _linked(
    target: str,
    code: str,
    inner: Mapping[str, Any],
    context: RecordContext,
    forms: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    found = context.lookup(target, code) if context.lookup is not None else None
    if found is None or target not in forms:
        return {"code": code}
    fields = {one["key"]: one for one in forms[target]["fields"]}
    return {"code": code, **language_record(fields, found, inner, context, forms)}


def stored_value(value: Any) -> Any:
    """Return an expression's *value* as a record holds it."""
    if isinstance(value, dt.datetime):
        return moment_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list | tuple):
        return [stored_value(part) for part in value]
    return value
