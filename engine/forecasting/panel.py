"""The sales of all series as weekly sums up to the evaluation day: one pass of SQL, then small dense arrays.

Weeks end on D−1, so every window of 7·k days before D, and before each earlier weekly origin, is a difference of two
cumulative sums. The days of a week that count (launched, in stock, shop open) are seven bits of one byte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.forecasting.source import Relation, quoted
from engine.forecasting.spark import run_on_spark

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Four years: enough for two yearly cycles before every origin, and a bound on memory.
MAX_WEEKS = 208
ALL_DAYS = 127


@dataclass(slots=True)
class Panel:
    """N series over B weeks, oldest first; the last week ends on D−1.

    Args:
        keys: N rows, the key columns as text.
        day: the evaluation day D.
        period: "day" or "week": what one step of the input and of the forecast is.
        units: (N, B) units sold on days in stock.
        part: (N, B) the same for the first `rest` days of each week (None when rest is 0).
        rest: days beyond whole weeks in the horizon.
        out: (N, B) bits of days out of stock, bit 0 = the week's first day.
        sold: (N, B) bits of days with a sale.
        lost: (N, B) units sold on days partly out of stock (a lower bound of their demand).
        first: (N,) day number of the first sale counted from the start of week 0 (7·B when there is none).
        notes: what preparation found, by name.
    """

    keys: pd.DataFrame
    day: date
    period: str
    units: Floats
    part: Floats | None
    rest: int
    out: Bytes
    sold: Bytes
    lost: Floats
    first: Ints
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def weeks(self) -> int:
        """B, the number of weeks."""
        return int(self.units.shape[1])

    @property
    def start(self) -> date:
        """The first day of week 0."""
        return self.day - timedelta(days=7 * self.weeks)

    def unique_id(self) -> npt.NDArray[np.object_]:
        """The keys of each series joined with `/`."""
        columns = [self.keys[name].to_numpy(dtype=object) for name in self.keys.columns]
        return np.array(["/".join(parts) for parts in zip(*columns, strict=True)], dtype=object)


def align(con: duckdb.DuckDBPyConnection, sales: Relation, day: date, period: str) -> tuple[date, bool]:
    """Return the first day of the first period to forecast, and whether the rows are whole weeks.

    Weekly rows carry the week's first day. When D is inside such a week, that week is not over: it is the first one to
    forecast. Rows are weekly when all their dates fall on one weekday.
    """
    if period == "day":
        return day, False
    rows = con.sql(f"SELECT DISTINCT dayofweek(CAST(date AS DATE)) FROM ({sales.sql})").fetchall()
    if len(rows) != 1:
        return day, False
    weekday = int(rows[0][0])
    today = (day.weekday() + 1) % 7
    return day - timedelta(days=(today - weekday) % 7), True


def clean_rows(sales: Relation, day: date, stream: str) -> str:
    """Return the SQL of clean rows: keys, day number before D (`ago`, 1 = yesterday), units, stock."""
    keys = ", ".join(map(quoted, sales.keys))
    quantity = "COALESCE(CAST(quantity AS DOUBLE), 0)"
    if stream == "ordinary" and "exceptional" in sales.columns:
        quantity = f"({quantity} - COALESCE(CAST(exceptional AS DOUBLE), 0))"
    elif stream == "exceptional":
        quantity = "COALESCE(CAST(exceptional AS DOUBLE), 0)" if "exceptional" in sales.columns else "0.0"
    stock = "COALESCE(CAST(in_stock AS BOOLEAN), true)" if "in_stock" in sales.columns else "true"
    ago = f"date_diff('day', CAST(date AS DATE), DATE '{day.isoformat()}')"
    where = f"ago BETWEEN 1 AND {7 * MAX_WEEKS}" + "".join(f" AND {quoted(key)} IS NOT NULL" for key in sales.keys)
    if "in_stock" in sales.columns:
        # Several rows of one day (channels, batches, what took a batch back) are one day: out of stock when any was.
        rows = f"SELECT {keys}, {ago} AS ago, {quantity} AS units, {stock} AS stocked FROM ({sales.sql})"
        return (
            f"SELECT {keys}, ago, GREATEST(sum(units), 0) AS units, bool_and(stocked) AS stocked"
            f" FROM ({rows}) WHERE {where} GROUP BY ALL"
        )
    rows = f"SELECT {keys}, {ago} AS ago, GREATEST({quantity}, 0) AS units, {stock} AS stocked FROM ({sales.sql})"
    return f"SELECT * FROM ({rows}) WHERE {where}"


def weekly_sql(sales: Relation, day: date, rest: int, stream: str) -> str:
    """Return the one aggregation over the facts: a row a series and week (`age` 0 = the week that ends on D−1)."""
    keys = ", ".join(map(quoted, sales.keys))
    place = "6 - (ago - 1) % 7"
    bit = f"(1 << ({place}))"
    part = f"sum(CASE WHEN stocked AND {place} < {rest} THEN units ELSE 0 END)" if rest else "0.0"
    return (
        f"SELECT {keys}, (ago - 1) // 7 AS age, sum(CASE WHEN stocked THEN units ELSE 0 END) AS units, {part} AS part,"
        " sum(CASE WHEN stocked THEN 0 ELSE units END) AS lost,"
        f" bit_or(CASE WHEN stocked THEN 0 ELSE {bit} END) AS out_days,"
        f" bit_or(CASE WHEN units > 0 THEN {bit} ELSE 0 END) AS sold_days,"
        f" max(CASE WHEN units > 0 THEN ago ELSE 0 END) AS first_ago, count(*) AS n"
        f" FROM ({clean_rows(sales, day, stream)}) GROUP BY ALL"
    )


def read_panel(
    con: duckdb.DuckDBPyConnection,
    sales: Relation,
    day: date,
    *,
    period: str = "day",
    rest: int = 0,
    stream: str = "ordinary",
    spark: str | None = None,
) -> Panel:
    """Return the weekly panel of *sales* before *day*.

    Args:
        con: the connection that holds the relation.
        sales: rows of keys, date, quantity and, if there are any, exceptional and in_stock.
        day: D; rows of D or later are not read.
        period: "day" or "week".
        rest: the days of the horizon beyond whole weeks, 0 … 6.
        stream: "ordinary", "exceptional" or "all": which part of the quantity is demand.
        spark: a Spark master that runs the aggregation, instead of DuckDB.
    """
    keys = ", ".join(map(quoted, sales.keys))
    sql = weekly_sql(sales, day, rest, stream)
    if spark is not None:
        con.register("weekly_spark", run_on_spark(sales, sql, spark))
        sql = "SELECT * FROM weekly_spark"
    con.execute(f"CREATE OR REPLACE TEMP TABLE weekly AS {sql}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE series AS SELECT {keys}, row_number() OVER (ORDER BY {keys}) - 1 AS id,"
        f" max(first_ago) AS first_ago, max(age) AS age FROM weekly GROUP BY {keys}"
    )
    frame = con.sql(f"SELECT {keys}, first_ago, age FROM series ORDER BY id").df()
    weeks = int(frame["age"].max()) + 1 if len(frame) else 1
    got = con.sql(
        f"SELECT id, age, units, part, lost, out_days, sold_days FROM weekly w JOIN (SELECT {keys}, id FROM series) s"
        f" USING ({keys})"
    ).fetchnumpy()
    return _dense(frame, got, day, period, weeks, rest)


def _dense(
    frame: pd.DataFrame, got: dict[str, npt.NDArray[np.generic]], day: date, period: str, weeks: int, rest: int
) -> Panel:
    size = (len(frame), weeks)
    place = (np.asarray(got["id"]).astype(np.int64), weeks - 1 - np.asarray(got["age"]).astype(np.int64))

    def filled(name: str, kind: type[np.generic]) -> npt.NDArray[np.generic]:
        array = np.zeros(size, dtype=kind)
        array[place] = np.asarray(got[name]).astype(kind)
        return array

    first_ago = frame["first_ago"].to_numpy(dtype=np.int64)
    names = [name for name in frame.columns if name not in {"first_ago", "age"}]
    return Panel(
        keys=frame[names].astype(object),
        day=day,
        period=period,
        units=filled("units", np.float64),  # type: ignore[arg-type]
        part=filled("part", np.float64) if rest else None,  # type: ignore[arg-type]
        rest=rest,
        out=filled("out_days", np.uint8),  # type: ignore[arg-type]
        sold=filled("sold_days", np.uint8),  # type: ignore[arg-type]
        lost=filled("lost", np.float64),  # type: ignore[arg-type]
        first=7 * weeks - first_ago,
    )
