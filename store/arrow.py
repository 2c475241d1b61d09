"""A form's records as an Arrow table, past SQLAlchemy's rows: ADBC on PostgreSQL, the process's own SQLite elsewhere."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import StoreError
from store.tables import ColumnState, NoTable, state, table_of

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 65_536


def arrow(session: Session, form: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Return the records of *form* as committed, with the given (or all) columns.

    Types: text → string, integer → int64, number and money → double, boolean → bool, date → date32, datetime →
    timestamp(us, UTC), json → string (JSON text).
    """
    import pyarrow as pa  # noqa: PLC0415 a login does not need it

    found = state(session, form)
    if found is None:
        raise NoTable(form)
    live = {column.name: column for column in found.live}
    chosen = [live[name] for name in columns] if columns is not None else list(live.values())
    schema = pa.schema([(column.name, _type(pa, column)) for column in chosen])
    table = table_of(session, form)
    statement = select(*(table.c[column.name] for column in chosen)).order_by(table.c["_id"])
    sql = str(statement.compile(dialect=session.get_bind().dialect))
    read = _from_sqlite if session.get_bind().dialect.name == "sqlite" else _from_postgresql
    return read(session, sql, schema)


def _type(pa: ModuleType, column: ColumnState) -> Any:
    return {
        "integer": pa.int64(),
        "number": pa.float64(),
        "money": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", "UTC"),
    }.get(column.kind, pa.string())


def _from_sqlite(session: Session, sql: str, schema: pa.Schema) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 as above

    driver: Any = session.connection().connection.driver_connection
    batches = [_batch(rows, schema) for rows in _chunks(driver.execute(sql))]
    return pa.Table.from_batches(batches, schema)


def _chunks(cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
    while rows := cursor.fetchmany(_ROWS):
        yield rows


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    """Return raw rows of SQLite as one batch: it keeps days and moments as text and booleans as 0 and 1."""
    import pyarrow as pa  # noqa: PLC0415 as above

    arrays = []
    for values, field in zip(zip(*rows, strict=True), schema, strict=True):
        if pa.types.is_timestamp(field.type):
            arrays.append(pa.array(values, pa.string()).cast(pa.timestamp("us")).cast(field.type))
        elif pa.types.is_date(field.type):
            arrays.append(pa.array(values, pa.string()).cast(field.type))
        elif pa.types.is_boolean(field.type):
            arrays.append(pa.array(values, pa.int8()).cast(field.type))
        elif pa.types.is_float64(field.type):
            arrays.append(pa.array([None if v is None else float(v) for v in values], field.type))
        else:
            arrays.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _from_postgresql(session: Session, sql: str, schema: pa.Schema) -> pa.Table:
    url: Any = session.get_bind().engine.url
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        adbc = importlib.import_module("adbc_driver_postgresql.dbapi")
    except ImportError:
        raise StoreError(
            "读取 PostgreSQL 需要安装 beihuo[postgres] / reading PostgreSQL needs beihuo[postgres] installed"
        ) from None
    with contextlib.closing(adbc.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetch_arrow_table().cast(schema)
