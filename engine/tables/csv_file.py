"""CSV files whose columns have no types: each gets the narrowest type that loses nothing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

_INTEGER = r"^-?(0|[1-9][0-9]{0,14})$"
_NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"
_BOOLEAN = r"^(true|false|True|False|TRUE|FALSE)$"
_TYPES: tuple[tuple[str, pa.DataType], ...] = (
    (_INTEGER, pa.int64()),
    (_NUMBER, pa.float64()),
    (_DATE, pa.date32()),
    (_MOMENT, pa.timestamp("s")),
    (_BOOLEAN, pa.bool_()),
)


def read_csv(path: Path, text: frozenset[str] = frozenset()) -> pa.Table:
    """Return the table in a CSV file (UTF-8 or GB 18030); empty cells are null.

    A column is integer, number, date, moment or boolean where every cell is one and nothing is lost: `007` and
    `1,200` stay text.

    Args:
        path: the file; `.gz` is unpacked.
        text: columns that stay text.
    """
    names = csv.open_csv(path, read_options=csv.ReadOptions(encoding=_encoding(path))).schema.names
    table = csv.read_csv(
        path,
        read_options=csv.ReadOptions(encoding=_encoding(path)),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )
    return pa.table({name: table[name] if name in text else typed(table[name]) for name in table.column_names})


def _encoding(path: Path) -> str:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        start = file.read(1 << 20)
    try:
        # A character may be cut in two at the end of what was read.
        start[: len(start) - 4 if len(start) == 1 << 20 else None].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def typed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a text column as the narrowest type that loses nothing; an empty column stays text."""
    present = column.drop_null()
    if len(present) == 0:
        return column
    for pattern, kind in _TYPES:
        if pc.all(pc.match_substring_regex(present, pattern)).as_py():
            try:
                return column.cast(kind)
            except pa.ArrowInvalid:
                # 2026-02-30 looks like a date and is none.
                return column
    return column
