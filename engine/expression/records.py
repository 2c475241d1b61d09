"""Reading a record: dotted paths along links, and the columns of sub-forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.expression import limits, types
from engine.expression.context import Context
from engine.expression.typed import Field
from engine.expression.values import reader
from engine.problems import EvaluationError

_ABSENT: Any = object()
_KEPT = "\0kept"  # no field has such a key


def read_field(field: Field, record: Mapping[str, Any], context: Context) -> Any:
    """Return the value of a field, null included: a dotted path, or a column of a sub-form as a list."""
    if types.is_list(field.type):
        return _read_list(field, record, context)
    if "." not in field.path:
        value = record.get(field.path, context.params.get(field.path))
    else:
        value = _path(field, record, context)
    return None if value is None else reader(field.type)(value, context)


def _read_list(field: Field, record: Mapping[str, Any], context: Context) -> Any:
    """Return a list; while rows are gone through, the record's own lists are read once and kept."""
    kept = record.get(_KEPT)
    if kept is not None and field.path in kept:
        return kept[field.path]
    if field.row:
        value = _column(field, record, context)
    elif "." not in field.path:
        value = record.get(field.path, context.params.get(field.path))
    else:
        value = _path(field, record, context)
    read = None if value is None else reader(field.type)(value, context)
    if kept is not None:
        kept[field.path] = read
    return read


def _path(field: Field, record: Mapping[str, Any], context: Context) -> Any:
    """Return the raw value at a path: of a flat key `a.b`, of nested records, or through codes and `context.lookup`."""
    flat = record.get(field.path, _ABSENT)
    if flat is not _ABSENT:
        return flat
    return _follow(record, field.path.split("."), field.forms, context)


def _follow(record: Mapping[str, Any], keys: list[str], forms: tuple[str, ...], context: Context) -> Any:
    value: Any = record
    links = iter(forms)
    for position, key in enumerate(keys):
        if position and len(keys) - position <= len(forms):
            form = next(links)
            if isinstance(value, str):
                value = context.lookup(form, value) if context.lookup is not None else None
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _column(field: Field, record: Mapping[str, Any], context: Context) -> Any:
    flat = record.get(field.path, _ABSENT)
    if flat is not _ABSENT:
        return flat
    rows = record.get(field.row)
    if not isinstance(rows, (list, tuple)):
        return rows
    if len(rows) > limits.MAX_LIST:
        raise EvaluationError(f"子表超过 {limits.MAX_LIST} 行 / a sub-form exceeds {limits.MAX_LIST} rows")
    keys = field.path.removeprefix(f"{field.row}.").split(".")
    return [_follow(row, keys, field.forms, context) if isinstance(row, Mapping) else None for row in rows]


def each_row(record: Mapping[str, Any], row: str) -> Iterator[Mapping[str, Any]]:
    """Yield the record once for every row of its sub-form *row*, with that row in the sub-form's place."""
    rows = record.get(row)
    if rows is None:
        yield from _flat_rows(record, row)
        return
    if not isinstance(rows, (list, tuple)):
        raise EvaluationError(f"子表“{row}”应为行的列表 / sub-form “{row}” should be a list of rows")
    if len(rows) > limits.MAX_LIST:
        raise EvaluationError(f"子表超过 {limits.MAX_LIST} 行 / a sub-form exceeds {limits.MAX_LIST} rows")
    inner = {**record, _KEPT: {}}
    for one in rows:
        inner[row] = one if isinstance(one, Mapping) else {}
        yield inner


def _flat_rows(record: Mapping[str, Any], row: str) -> Iterator[Mapping[str, Any]]:
    """Yield a sub-form whose columns come as lists under flat keys (`lines.price`), as columnar data has them."""
    columns = {
        key: value for key, value in record.items() if key.startswith(f"{row}.") and isinstance(value, (list, tuple))
    }
    length = max(map(len, columns.values()), default=0)
    if length > limits.MAX_LIST:
        raise EvaluationError(f"子表超过 {limits.MAX_LIST} 行 / a sub-form exceeds {limits.MAX_LIST} rows")
    kept: dict[str, Any] = {}
    for index in range(length):
        yield {
            **record,
            _KEPT: kept,
            **{key: value[index] if index < len(value) else None for key, value in columns.items()},
        }


def as_list(values: list[Any], *, text: bool) -> tuple[Any, ...] | None:
    """Return a list that was made row by row; one whose texts exceed the limit is null."""
    if text and sum(len(value) for value in values if value is not None) > limits.MAX_INPUT_TEXT:
        return None
    return tuple(values)
