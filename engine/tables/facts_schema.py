"""The columns of facts: which type each has, and how rows from outside are made to fit or refused."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from engine.problems import BeihuoError

DATE = "date"
BATCH = "batch"
PIECES = pa.int64()
WEIGHT = pa.decimal128(18, 3)
MONEY = pa.decimal128(18, 4)
_TYPES = {
    DATE: pa.date32(),
    "revenue": MONEY,
    "price": MONEY,
    "in_stock": pa.bool_(),
    "promotion": pa.string(),
    BATCH: pa.string(),
}


def is_number(kind: pa.DataType) -> bool:
    """Whether *kind* is an integer, decimal or floating type."""
    return bool(pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind))


def fitted(table: pa.Table, existing: pa.Schema, batch_id: str, *, kept: bool = False) -> pa.Table:
    """Return *table* with the types of *existing* (or, for new columns, of facts) and its `batch` column (*kept*: its own).

    Raises:
        BeihuoError: a value does not fit, a row has no date, or `date` is absent.
    """
    if DATE not in table.column_names:
        raise BeihuoError("事实表缺少日期列 date / facts need a column date")
    if table[DATE].null_count:
        raise BeihuoError(f"{table[DATE].null_count} 行没有日期 / {table[DATE].null_count} rows have no date")
    columns = {name: _column(name, table[name], existing) for name in table.column_names if name != BATCH}
    columns[BATCH] = table[BATCH] if kept else pa.array([batch_id] * table.num_rows, pa.string())
    return pa.table(columns)


def _column(name: str, column: pa.ChunkedArray, existing: pa.Schema) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    wanted = existing.field(name).type if name in existing.names else _type(name, column)
    try:
        return _cast(column, wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        message = f"{name} 列的值不合类型 {wanted} / a value of {name} does not fit {wanted}: {error}"
        raise BeihuoError(message) from error


def _cast(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_decimal(wanted) and not pa.types.is_decimal(column.type):
        if pa.types.is_integer(column.type):
            return column.cast(pa.decimal128(38, 0)).cast(wanted)
        # A float such as 19.9 is the decimal that it prints as; rounding drops what a double cannot say.
        return pc.round(column.cast(pa.float64()), wanted.scale).cast(wanted, safe=False)
    if pa.types.is_date(wanted) and pa.types.is_timestamp(column.type):
        return column.cast(pa.date32(), safe=False)
    return column.cast(wanted)


def _type(name: str, column: pa.ChunkedArray) -> pa.DataType:
    if name in _TYPES:
        return _TYPES[name]
    kind = column.type
    if pa.types.is_integer(kind):
        return PIECES
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        whole = pc.all(pc.equal(pc.floor(column.cast(pa.float64())), column.cast(pa.float64()))).as_py()
        return PIECES if whole is not False else WEIGHT
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_null(kind):
        return pa.string()
    return kind
