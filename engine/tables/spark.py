"""Spark: the same compiled queries on a cluster, over the same files; its answers come back as Arrow."""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.problems import BeihuoError
from engine.tables.dialect import SPARK
from engine.tables.engines import partition_keys
from engine.tables.facts_schema import DATE
from engine.tables.source import Table


@contextmanager
def open_spark(master: str) -> Iterator[SparkEngine]:
    """Open Spark for one run; a session that is already active (a cluster's job) is used and left open.

    Args:
        master: `local[2]`, `local-cluster[2,1,1024]`, `yarn`, `spark://…`.

    Raises:
        BeihuoError: PySpark is not installed.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 an extra
    except ImportError as error:
        raise BeihuoError("没有安装 PySpark:请装 beihuo[spark] / PySpark is missing: install beihuo[spark]") from error
    active = SparkSession.getActiveSession()
    # On one machine 200 parts of a shuffle are 200 tiny tasks; a cluster's own setting is left alone.
    local: dict[str, bool | float | int | str | None] = (
        {"spark.sql.shuffle.partitions": "4"} if master.startswith("local") else {}
    )
    session = active or (
        SparkSession.builder.master(master)
        .config(map=local)
        .appName("beihuo evaluate")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.log.level", "ERROR")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )
    with tempfile.TemporaryDirectory(prefix="beihuo-spark-") as folder:
        try:
            yield SparkEngine(session, Path(folder))
        finally:
            if active is None:
                session.stop()


class SparkEngine:
    """One Spark session; tables in memory reach it as Parquet in *folder*, which every worker has to see."""

    dialect = SPARK

    def __init__(self, session: Any, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def run(
        self, sql: str, views: Mapping[str, Table], over: str, watch: pa.Table | None = None
    ) -> tuple[pa.Table, int]:
        """Return the answer of *sql*, and how many rows the view *over* has; see `engine.tables.engines.Engine`."""
        for name, table in views.items():
            self._frame(table).createOrReplaceTempView(name)
        if watch is not None:
            keys = [name for name in watch.column_names if name != "rule"]
            self._written(watch.select(keys)).distinct().createOrReplaceTempView("watch")
        answer: pa.Table = self._session.sql(sql).toArrow()
        return answer, int(self._session.table(over).count())

    def newest_day(self, table: Table, column: str) -> dt.date | None:
        """Return the newest day in *column* of *table*."""
        name = SPARK.column(column)
        found: dt.date | None = self._frame(table).selectExpr(f"max(CAST({name} AS DATE)) AS newest").first().newest
        return found

    def _frame(self, table: Table) -> Any:
        if table.arrow is not None or not table.files:
            empty = pa.schema(list(table.columns.items())).empty_table()
            return self._written(table.arrow if table.arrow is not None else empty)
        reader = self._session.read.option("mergeSchema", str(table.partitioned).lower())
        if not table.partitioned:
            return reader.parquet(*table.files)
        # The folders `date=…` hold columns; where the table begins is told, so that a list of files keeps them.
        keys = partition_keys(table)
        root = table.files[0].split(f"/{keys[0]}=")[0] if keys else str(Path(table.files[0]).parent)
        frame = reader.option("basePath", root).parquet(*table.files)
        for key in keys:
            frame = frame.withColumn(key, frame[key].cast("date" if key == DATE else "string"))
        return frame

    def _written(self, table: pa.Table) -> Any:
        path = self._folder / f"{uuid.uuid4().hex}.parquet"
        plain = [
            column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
            for column in table.columns
        ]
        pq.write_table(pa.table(dict(zip(table.column_names, plain, strict=True))), path, coerce_timestamps="us")
        return self._session.read.parquet(str(path))
