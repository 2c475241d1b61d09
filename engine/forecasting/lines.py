"""From order lines to demand: cancellations netted, spikes and tagged lines in a stream of their own, oddities reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from engine.forecasting.source import Source, connect, one, quoted, read

# A line is exceptional beyond max(24, 6 × the SKU's median line): two dozen is a reseller's box even for what usually
# sells by the piece, and six times the usual line is far outside what shoppers vary by.
SPIKE_UNITS, SPIKE_TIMES = 24, 6


@dataclass(frozen=True, slots=True)
class Demand:
    """Daily demand and what was found on the way.

    Args:
        frame: keys, date, quantity, exceptional (the part of quantity on exceptional lines), orders.
        report: counts by name: lines, cancelled, duplicates, negative, future, spikes, tagged.
    """

    frame: pd.DataFrame
    report: dict[str, int]


def demand_from_lines(
    source: Source, day: date, *, mapping: dict[str, str] | None = None, keys: list[str] | None = None
) -> Demand:
    """Return daily demand before *day* from order lines.

    Args:
        source: lines with keys, `date`, `quantity` (negative = cancelled or returned the same day), optionally `order`
            (number, for duplicates) and `tag` (a KOL or wholesale mark: the line is exceptional whatever its size).
        day: D; lines of D or later are counted and left out.
        mapping: our column -> theirs.
        keys: key columns.
    """
    con = connect()
    lines = read(con, source, "lines", mapping=mapping, keys=keys, require=("date", "quantity"))
    names = ", ".join(map(quoted, lines.keys))
    order = quoted("order") if "order" in lines.columns else "NULL"
    tag = "COALESCE(CAST(tag AS VARCHAR), '') <> ''" if "tag" in lines.columns else "false"
    con.execute(
        f"CREATE TEMP TABLE lines AS SELECT {names}, CAST(date AS DATE) AS date, CAST(quantity AS DOUBLE) AS quantity,"
        f" {order} AS order_number, {tag} AS tagged FROM ({lines.sql})"
    )
    con.execute(
        "CREATE TEMP TABLE clean AS SELECT * FROM lines WHERE order_number IS NULL"
        " UNION ALL SELECT DISTINCT * FROM lines WHERE order_number IS NOT NULL"
    )
    limit = (
        f"greatest({SPIKE_UNITS}, {SPIKE_TIMES} * median(quantity) FILTER (quantity > 0) OVER (PARTITION BY {names}))"
    )
    con.execute(
        f"CREATE TEMP TABLE marked AS SELECT *, quantity > {limit} AS spike FROM clean WHERE date < DATE '{day}'"
    )
    frame = con.sql(
        f"SELECT {names}, date, greatest(sum(quantity), 0) AS quantity, least(greatest(sum(quantity), 0),"
        " greatest(sum(CASE WHEN spike OR tagged THEN quantity ELSE 0 END), 0)) AS exceptional,"
        f" count(*) FILTER (quantity > 0) AS orders FROM marked GROUP BY {names}, date ORDER BY {names}, date"
    ).df()
    return Demand(frame, _report(one(con, _REPORT.format(day=day))))


_REPORT = (
    "SELECT (SELECT count(*) FROM lines), (SELECT count(*) FROM lines) - (SELECT count(*) FROM clean),"
    " (SELECT count(*) FROM clean WHERE quantity < 0), (SELECT count(*) FROM clean WHERE date >= DATE '{day}'),"
    " (SELECT count(*) FROM marked WHERE spike), (SELECT count(*) FROM marked WHERE tagged)"
)


def _report(row: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(("lines", "duplicates", "cancelled", "future", "spikes", "tagged"), row, strict=True))
