"""Columns of facts as whole numbers of a fixed unit, so that a sum is the same in whatever order it is added up."""

from __future__ import annotations

import pyarrow as pa

from engine.tables.dialect import Dialect
from engine.tables.source import Table

MICRO = 1_000_000
# A double beyond this would not fit 64 bits once it is counted in millionths.
LARGEST = "9e12"


def scale_of(kind: pa.DataType) -> int:
    """Return in which unit a column is added up: 1 for integers, 1,000 for DECIMAL(…, 3), a million for doubles."""
    if pa.types.is_dictionary(kind):
        return scale_of(kind.value_type)
    if pa.types.is_integer(kind):
        return 1
    if pa.types.is_decimal(kind):
        return int(10**kind.scale)
    return MICRO


def units(column: str, kind: pa.DataType) -> str:
    """Return the SQL of a plain column counted in its unit."""
    if pa.types.is_integer(kind):
        return column
    if pa.types.is_decimal(kind):
        return f"CAST({column} * {10**kind.scale} AS BIGINT)"
    return units_of_double(f"CAST({column} AS DOUBLE)")


def units_of_double(value: str) -> str:
    """Return the SQL of a double counted in millionths; what is not finite or far too large is NULL."""
    return f"CASE WHEN abs({value}) < {LARGEST} THEN CAST(floor({value} * 1e6 + 5e-1) AS BIGINT) END"


def quantity(table: Table, dialect: Dialect) -> str:
    """Return the SQL of `quantity` without its exceptional part."""
    if "exceptional" not in table.columns:
        return dialect.column("quantity")
    return f"({dialect.column('quantity')} - coalesce({dialect.column('exceptional')}, 0))"


def is_promoted(table: Table, dialect: Dialect) -> str:
    """Return the SQL of whether a row's day is a promotion's."""
    kind = table.columns.get("promotion")
    if kind is None:
        return "FALSE"
    column = dialect.column("promotion")
    if pa.types.is_boolean(kind):
        return f"coalesce({column}, FALSE)"
    nothing = "0" if pa.types.is_integer(kind) or pa.types.is_floating(kind) else "''"
    return f"coalesce({column} <> {nothing}, FALSE)"


def in_stock(table: Table, dialect: Dialect) -> str:
    """Return the SQL of a row's mark whether the product could be bought; NULL where nobody knows."""
    kind = table.columns.get("in_stock")
    if kind is None:
        return "CAST(NULL AS BOOLEAN)"
    column = dialect.column("in_stock")
    return column if pa.types.is_boolean(kind) else f"CAST({column} AS BOOLEAN)"


def day(table: Table, dialect: Dialect, date_column: str = "date") -> str:
    """Return the SQL of a row's day."""
    column = dialect.column(date_column)
    return column if pa.types.is_date(table.columns[date_column]) else f"CAST({column} AS DATE)"


def key(table: Table, column: str, dialect: Dialect, prefix: str = "") -> str:
    """Return the SQL of a key column, as text where it is a number or dictionary."""
    kind = table.columns[column]
    name = prefix + dialect.column(column)
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return name if is_text else f"CAST({name} AS {dialect.text})"


def as_language(table: Table, column: str, dialect: Dialect, prefix: str = "") -> str:
    """Return the SQL of a column as the language sees it: numbers as finite doubles, identities as text."""
    kind = table.columns[column]
    name = prefix + dialect.column(column)
    word = table.word(column)
    if word == "number":
        double = name if pa.types.is_float64(kind) else f"CAST({name} AS DOUBLE)"
        return dialect.finite(double) if pa.types.is_floating(kind) else double
    if word == "text":
        is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
        return name if is_text else f"CAST({name} AS {dialect.text})"
    return dialect.moment(name) if word == "datetime" and kind.tz is None else name
