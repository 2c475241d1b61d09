"""Rows of JSON values as an Arrow table with the types of a form's columns."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from form_builder import columns

if TYPE_CHECKING:
    import pyarrow as pa


def typed_table(form: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return *rows* as a table with every stored column of *form*; a value that a row does not have is null.

    Dates and moments are ISO text in rows; quantities are int64, other numbers double, JSON values JSON text.
    """
    import pyarrow as pa  # noqa: PLC0415 the columnar libraries are for runs only

    types: dict[str, tuple[pa.DataType, Callable[[Any], Any]]] = {
        "text": (pa.string(), str),
        "integer": (pa.int64(), int),
        "number": (pa.float64(), float),
        "money": (pa.float64(), float),
        "boolean": (pa.bool_(), bool),
        "date": (pa.date32(), dt.date.fromisoformat),
        "datetime": (pa.timestamp("us", tz="UTC"), dt.datetime.fromisoformat),
        "json": (pa.string(), lambda value: json.dumps(value, ensure_ascii=False)),
    }
    kept = list(rows)
    arrays = {}
    for column in columns(form):
        kind, convert = types[column.kind]
        values = (row.get(column.name) for row in kept)
        arrays[column.name] = pa.array([None if value is None else convert(value) for value in values], kind)
    return pa.table(arrays)
