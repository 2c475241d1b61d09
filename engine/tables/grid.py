"""Sums over rolling windows for every key and every day of a range at once, from running totals."""

# ruff: noqa: S608 the SQL is made of our own names and typed literals

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from engine.tables.dialect import Dialect
from engine.tables.scan import Scan


@dataclass(frozen=True)
class Grid:
    """The sums of one scan on many evaluation days.

    Args:
        scan: the scan; its ranges are those of one evaluation day.
        back: of each sum: after how many days back its range ends, and before how many it begins.
        first: the first day that is read.
        last: the last evaluation day.
        since: the first evaluation day.
        dialect: DuckDB.
    """

    scan: Scan
    back: dict[str, tuple[int, int]]
    first: dt.date
    last: dt.date
    since: dt.date
    dialect: Dialect

    @classmethod
    def of(cls, scan: Scan, day: dt.date, days: tuple[dt.date, dt.date], dialect: Dialect) -> Grid:
        """Return the grid of *scan*, whose ranges are those of *day*, on the evaluation days *days*."""
        back = {name: ((day - end).days, (day - start).days + 1) for name, (_, start, end) in scan.ranges.items()}
        first = days[0] - dt.timedelta(days=max(far for _, far in back.values()))
        return cls(scan, back, first, days[1], days[0], dialect)

    @property
    def keys(self) -> list[str]:
        """The names of the key columns."""
        return [f"k{number}" for number in range(len(self.scan.group))]

    @property
    def values(self) -> list[str]:
        """The names of what is added up."""
        return list(dict.fromkeys(value for value, _, _ in self.scan.ranges.values()))

    def ctes(self, rows: str) -> list[tuple[str, str]]:
        """Return the expressions; the last one, named after the scan, has the keys, `on_day` and the sums."""
        name, keys = self.scan.name, ", ".join(self.keys)
        added = ", ".join(f"CAST(coalesce(sum({value}), 0) AS BIGINT) AS {value}" for value in self.values)
        daily = f"SELECT {keys}, d, {added} FROM ({rows}) AS r GROUP BY {keys}, d"
        return [(f"{name}_days", daily), (f"{name}_dense", self._dense()), (name, self._sums())]

    def _dense(self) -> str:
        """Return every key on every day, 0 where it has no row: so many rows back is then so many days back."""
        span = f"range({self.dialect.day(self.first)}, {self.dialect.day(self.last)} + 1, INTERVAL 1 DAY)"
        keys = ", ".join(f"k.{key}" for key in self.keys)
        filled = ", ".join(f"coalesce(s.{value}, 0) AS {value}" for value in self.values)
        same = " AND ".join(f"s.{key} = k.{key}" for key in self.keys)
        every_key = f"(SELECT DISTINCT {', '.join(self.keys)} FROM {self.scan.name}_days) AS k"
        every_day = f"(SELECT CAST(unnest({span}) AS DATE) AS d) AS g"
        days = f"LEFT JOIN {self.scan.name}_days AS s ON {same} AND s.d = g.d"
        return f"SELECT {keys}, g.d, {filled} FROM {every_key} CROSS JOIN {every_day} {days}"

    def _sums(self) -> str:
        """Return the differences of running totals."""
        keys = ", ".join(self.keys)
        order = f"OVER (PARTITION BY {keys} ORDER BY d)"
        running = ", ".join(f"CAST(sum({value}) {order} AS BIGINT) AS t{value}" for value in self.values)
        sums = []
        for name, (near, far) in self.back.items():
            total = f"t{self.scan.ranges[name][0]}"
            sums.append(f"lag({total}, {near}, 0) {order} - lag({total}, {far}, 0) {order} AS {name}")
        totals = f"SELECT {keys}, d, {running} FROM {self.scan.name}_dense"
        found = f"SELECT {keys}, d AS on_day, {', '.join(sums)} FROM ({totals})"
        return f"SELECT * FROM ({found}) WHERE on_day >= {self.dialect.day(self.since)}"
