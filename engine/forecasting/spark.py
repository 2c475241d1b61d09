"""The one aggregation of a forecast as Spark SQL: the same statement, transpiled; only weekly sums come back."""

from __future__ import annotations

import pyarrow as pa
import sqlglot

from engine.forecasting.source import Relation
from engine.problems import DefinitionError, Problem


def run_on_spark(sales: Relation, sql: str, master: str) -> pa.Table:
    """Return the rows of *sql* (DuckDB's dialect, over *sales*) computed by Spark.

    Args:
        sales: a relation over files; frames live in this process and have no place on a cluster.
        sql: the aggregation.
        master: `local[2]`, `spark://host:7077`, …

    Raises:
        DefinitionError: *sales* is not a file.
    """
    if sales.files is None:
        text, text_en = "Spark 只读文件,不读内存中的表", "Spark reads files, not tables in memory"
        raise DefinitionError([Problem("$.sales", text, "请给出路径", text_en, "give a path")])
    from pyspark.sql import SparkSession  # noqa: PLC0415 an extra; it starts a Java machine

    session = SparkSession.builder.master(master).appName("beihuo forecast").config("spark.ui.enabled", "false")
    spark = session.getOrCreate()
    kind, paths = sales.files
    reader = spark.read.option("header", "true").option("inferSchema", "true")
    frame = reader.csv(list(paths)) if kind == "csv" else spark.read.parquet(*paths)
    frame.createOrReplaceTempView("facts")
    text = sqlglot.transpile(sql.replace(sales.scan, "facts"), read="duckdb", write="spark")[0]
    return spark.sql(text).toArrow()
