"""The engines that run a compiled query: DuckDB in process, Spark on a cluster; both answer with an Arrow table."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa

from engine.problems import BeihuoError
from engine.tables.dialect import DUCKDB, Dialect
from engine.tables.duck import connect, literal, quoted
from engine.tables.facts_schema import DATE
from engine.tables.source import Table


class Engine(Protocol):
    """What runs a compiled query."""

    @property
    def dialect(self) -> Dialect:
        """How it writes SQL."""
        ...

    def run(
        self, sql: str, views: Mapping[str, Table], over: str, watch: pa.Table | None = None
    ) -> tuple[pa.Table, int]:
        """Return the answer of *sql* over *views*, and how many rows the view *over* has.

        Args:
            sql: a query in the engine's dialect.
            views: the tables, by the names that the query uses.
            over: the view whose rows are counted.
            watch: rows registered as `watch` (key0, key1, …; distinct), or None.
        """
        ...

    def newest_day(self, table: Table, column: str) -> dt.date | None:
        """Return the newest day in *column* of *table*."""
        ...


@contextmanager
def open_engine(name: str = "duckdb", master: str | None = None) -> Iterator[Engine]:
    """Open the engine *name* (`duckdb` or `spark`) for one run.

    Raises:
        BeihuoError: there is no such engine, or Spark is not installed.
    """
    if name == "duckdb":
        with connect() as connection:
            yield DuckEngine(connection)
    elif name == "spark":
        from engine.tables.spark import open_spark  # noqa: PLC0415 Spark is an extra and slow to start

        with open_spark(master or "local[2]") as engine:
            yield engine
    else:
        raise BeihuoError(f"没有名为 “{name}” 的引擎(可用:duckdb、spark)/ there is no engine “{name}” (duckdb, spark)")


class DuckEngine:
    """DuckDB in process."""

    dialect = DUCKDB

    def __init__(self, connection: object) -> None:
        self._connection: Any = connection

    def run(
        self, sql: str, views: Mapping[str, Table], over: str, watch: pa.Table | None = None
    ) -> tuple[pa.Table, int]:
        """Return the answer of *sql*, and how many rows the view *over* has; see `Engine`."""
        for name, table in views.items():
            register(self._connection, name, table)
        if watch is not None:
            keys = ", ".join(name for name in watch.column_names if name != "rule")
            self._connection.register("watch_rows", watch)
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE watch AS SELECT DISTINCT {keys} FROM watch_rows")  # noqa: S608 names are ours
        with warnings.catch_warnings():
            # `sql()` would plan the query twice, which costs more than the copy of few rows that it spares.
            warnings.simplefilter("ignore", UserWarning)
            answer: pa.Table = self._connection.execute(sql).to_arrow_table()
        counted = views[over].arrow if over in views else None
        if counted is not None:
            return answer, int(counted.num_rows)
        ((count,),) = self._connection.execute(f"SELECT count(*) FROM {quoted(over)}").fetchall()  # noqa: S608 quoted
        return answer, int(count)

    def newest_day(self, table: Table, column: str) -> dt.date | None:
        """Return the newest day in *column* of *table*."""
        register(self._connection, "probed", table)
        query = f"SELECT max(CAST({quoted(column)} AS DATE)) FROM probed"  # noqa: S608 quoted
        ((day,),) = self._connection.execute(query).fetchall()
        found: dt.date | None = day
        return found


def register(connection: Any, name: str, table: Table) -> None:
    """Make *table* readable as *name*; Parquet files are not read yet."""
    if table.arrow is not None or not table.files:
        # A view of that name may be there already: data in memory are not put in its place by themselves.
        connection.execute(f"DROP VIEW IF EXISTS {quoted(name)}")
        connection.register(name, table.arrow if table.arrow is not None else _empty(table))
        return
    files = ", ".join(map(literal, table.files))
    options = ""
    if table.partitioned:
        typed = ", ".join(f"{literal(key)}: {'DATE' if key == DATE else 'VARCHAR'}" for key in partition_keys(table))
        options = f", hive_partitioning = true, union_by_name = true, hive_types = {{{typed}}}"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT * FROM read_parquet([{files}]{options})")  # noqa: S608 quoted


def partition_keys(table: Table) -> list[str]:
    """Return the columns that the folders of a partitioned table hold."""
    parts = [part for part in table.files[0].replace("\\", "/").split("/") if "=" in part]
    return [key for key in (part.partition("=")[0] for part in parts) if key in table.columns]


def _empty(table: Table) -> pa.Table:
    return pa.schema(list(table.columns.items())).empty_table()
