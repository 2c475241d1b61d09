"""Series calls as columns: all windows of one facts table in one scan, every distinct sum once.

Sums that need no look at single days are taken straight from the rows; the others (maxima, medians, days left out) from
the totals of each day, worked out once for all of them. What each function means is said by `engine.tables.by_hand`.
"""

# ruff: noqa: S608 the SQL is made of quoted names, typed literals and compiled expressions, never of users' text

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from engine.expression.typed import InputCall
from engine.tables import facts_value
from engine.tables.dialect import Dialect
from engine.tables.grid import Grid
from engine.tables.scan import CompileNode, Scan, Series, view_name
from engine.tables.window import LAST_HOUR, windows_of
from engine.tables.window_sql import WindowSql

# What can be summed straight from the rows; the rest needs the totals of days.
_FLAT = frozenset({"avg_daily", "sum_over", "same_period_last_year", "year_over_year", "today_so_far", "avg_hourly"})
# Calls that read far more days than others get a scan of their own.
_SPANS = {
    "days_since_last": "history",
    "same_period_last_year": "year",
    "year_over_year": "year",
    "today_so_far": "today",
    "avg_hourly": "hours",
}


@dataclass
class Windows:
    """The result: common table expressions in order, the scans that are joined to the base, and each call's column."""

    scans: list[Scan]
    columns: dict[tuple[str, tuple[tuple[str, str], ...]], str]
    ctes: list[tuple[str, str]]


def is_flat(call: InputCall) -> bool:
    """Whether a series call can be summed straight from the rows of facts."""
    exclude = call.options.get("exclude")
    left_out = {exclude} if isinstance(exclude, str) else set(exclude or ())
    return call.function.lower() in _FLAT and left_out <= {"spikes"}


def build(
    series: Iterable[Series],
    day: dt.date,
    dialect: Dialect,
    compile_node: CompileNode,
    base: str,
    days: tuple[dt.date, dt.date] | None = None,
    hour: int = LAST_HOUR,
) -> Windows:
    """Return the SQL of *series* on the evaluation day *day*, or on each of *days*.

    Args:
        series: the distinct calls.
        day: the evaluation day D.
        dialect: the engine.
        compile_node: how values and conditions over a row of facts become SQL.
        base: the name of the base relation, which the launch days are taken from.
        days: for flat calls only: the first and last of many evaluation days; the scans then have a row for each key and
            day (`on_day`), and the base relation a column `as_of`.
        hour: the hour of the run, for what is kept by hour.
    """
    builder = _Builder(dialect, compile_node, base, hour)
    columns = {(one.call.key, one.group): builder.column(one, day) for one in series}
    make = builder.ctes if days is None else lambda scan: builder.grid(scan, day, days)
    ctes = [cte for scan in builder.scans.values() for cte in make(scan)]
    return Windows(list(builder.scans.values()), columns, ctes)


class _Builder:
    def __init__(self, dialect: Dialect, compile_node: CompileNode, base: str, hour: int) -> None:
        self.hour = hour
        self.dialect = dialect
        self.compile_node = compile_node
        self.base = base
        self.scans: dict[tuple[object, ...], Scan] = {}

    def column(self, one: Series, day: dt.date) -> str:
        windows = windows_of(one.call, day, self.hour)
        window = windows[0]
        daily = not is_flat(one.call)
        span = _SPANS.get(window.function, "near")
        key = (one.table.name, one.group, one.launched, daily, span)
        if key not in self.scans:
            self.scans[key] = Scan(f"w{len(self.scans)}", one.table, one.group, one.launched, daily)
        scan = self.scans[key]
        for each in windows:
            scan.see(each)
        return WindowSql(self.dialect, self.compile_node, scan, one).sql(windows)

    def ctes(self, scan: Scan) -> list[tuple[str, str]]:
        """Return the common table expressions of one scan, the last one named after it."""
        names = [f"k{number}" for number in range(len(scan.group))]
        keys = ", ".join(names)
        rows = self._rows(scan)
        found: list[tuple[str, str]] = []
        if scan.daily:
            totals = "".join(f", {sql} AS {name}" for sql, name in scan.days.items())
            found.append((f"{scan.name}_days", f"SELECT {keys}, d{totals} FROM ({rows}) AS r GROUP BY {keys}, d"))
            rows = f"SELECT * FROM {scan.name}_days"
            if scan.holds:
                tests = "".join(f", {sql} AS {name}" for sql, name in scan.holds.items())
                rows = f"SELECT *{tests} FROM {scan.name}_days"
        if scan.daily:
            sums = "".join(f", {sql} AS {name}" for sql, name in scan.sums.items())
        else:
            sums = "".join(f", {self._ranged(scan, *one)} AS {name}" for name, one in scan.ranges.items())
        found.append((scan.name, f"SELECT {keys}{sums} FROM ({rows}) AS t GROUP BY {keys}"))
        return [*self._launches(scan), *found]

    def _ranged(self, scan: Scan, value: str, start: dt.date, end: dt.date) -> str:
        """Return the sum over a range of days; a bound that all rows keep anyway is left out."""
        tests = [f"d >= {self.dialect.day(start)}"] if start > scan.first else []
        tests += [f"d <= {self.dialect.day(end)}"] if end < scan.last else []
        return f"sum({value}) FILTER (WHERE {' AND '.join(tests)})" if tests else f"sum({value})"

    def grid(self, scan: Scan, day: dt.date, days: tuple[dt.date, dt.date]) -> list[tuple[str, str]]:
        """Return the expressions that give every sum of the scan for every key and each of *days*."""
        grid = Grid.of(scan, day, days, self.dialect)
        scan.first, scan.last = grid.first, grid.last
        return [*self._launches(scan), *grid.ctes(self._rows(scan))]

    def _rows(self, scan: Scan) -> str:
        dialect, table = self.dialect, scan.table
        keys = [f"{facts_value.key(table, column, dialect)} AS k{n}" for n, (column, _) in enumerate(scan.group)]
        values = [f"{sql} AS {name}" for sql, name in scan.rows.items()]
        day = facts_value.day(table, dialect)
        between = f"{day} BETWEEN {dialect.day(scan.first)} AND {dialect.day(scan.last)}"
        items = ", ".join([*keys, f"{day} AS d", *values])
        inner = f"SELECT {items} FROM {dialect.column(view_name(scan))} WHERE {between}"
        if scan.launched is None:
            return inner
        same = " AND ".join(f"i.k{n} = l.k{n}" for n in range(len(scan.group)))
        return (
            f"SELECT i.* FROM ({inner}) AS i LEFT JOIN {scan.name}_launch AS l ON {same} "
            "WHERE l.launched IS NULL OR i.d >= l.launched"
        )

    def _launches(self, scan: Scan) -> list[tuple[str, str]]:
        if scan.launched is None:
            return []
        keys = ", ".join(f"{column} AS k{n}" for n, (_, column) in enumerate(scan.group))
        groups = ", ".join(column for _, column in scan.group)
        query = (
            f"SELECT {keys}, max({scan.launched}) AS launched FROM {self.base} "
            f"WHERE {scan.launched} > {self.dialect.day(scan.first)} GROUP BY {groups}"
        )
        return [(f"{scan.name}_launch", query)]
