"""How well alerts foretold stockouts: episodes, what they caught and missed, how many days ahead, how many were for nothing."""

# ruff: noqa: S608 the SQL is made of our own names and numbers

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from engine.alerting.compile import FIRES, UNKNOWN

EXAMPLES = 20


class Daily(Protocol):
    """The daily outcomes of one rule."""

    @property
    def rule(self) -> Mapping[str, Any]:
        """The definition."""
        ...

    @property
    def query(self) -> str:
        """The query of (day, key0, …, level, code)."""
        ...

    @property
    def runs(self) -> int:
        """After how many breaching days in a row it fires."""
        ...


class Scores:
    """Counts in the DuckDB that holds the daily outcomes and the table `stockouts`.

    Args:
        connection: that DuckDB.
        keys: the natural keys of the records.
        start: the first day.
        end: the last day.
        horizon: an alert warns of a stockout that begins at most so many days later.
        truth: whether stockouts are known.
    """

    def __init__(
        self,
        connection: Any,
        keys: Sequence[str],
        start: dt.date,
        end: dt.date,
        horizon: int,
        truth: bool,  # noqa: FBT001 a fact, not a switch
    ) -> None:
        self.connection = connection
        self.names = tuple(keys)
        self.keys = ", ".join(f"key{n}" for n in range(len(keys)))
        self.start, self.end, self.horizon, self.truth = start, end, horizon, truth

    def reports(self, outcomes: Iterable[Daily]) -> list[dict[str, Any]]:
        """Return the report of each rule."""
        return [self._report(one) for one in outcomes]

    def _report(self, one: Daily) -> dict[str, Any]:
        self._episodes(one)
        days = self._days()
        total = sum(day["alerts"] for day in days)
        report: dict[str, Any] = {
            "rule": one.rule["key"],
            "name": one.rule.get("name", one.rule["key"]),
            "days": days,
            "alerts_total": total,
            "alerts_per_day": round(total / len(days), 4),
            "by_level": dict(sum((Counter(day["by_level"]) for day in days), Counter())),
            "unknown": self._number(f"SELECT count(*) FROM states WHERE code = {UNKNOWN}"),
        }
        return report | (self._warned() if self.truth else _nothing_known())

    def _number(self, query: str) -> int:
        return int(self.connection.execute(query).fetchall()[0][0])

    def _episodes(self, one: Daily) -> None:
        """Make `episodes`: a breach that has lasted long enough, until a day on which the rule rests or may resolve."""
        keys, execute = self.keys, self.connection.execute
        execute(f"CREATE OR REPLACE TABLE states AS {one.query}")
        # Days in a row without rest are one island; within it, days in a row of breach are one run.
        execute(
            f"CREATE OR REPLACE TABLE runs AS SELECT *, "
            f"day - CAST(row_number() OVER (PARTITION BY {keys} ORDER BY day) AS INTEGER) AS island, "
            f"day - CAST(row_number() OVER (PARTITION BY {keys}, code = {FIRES} ORDER BY day) AS INTEGER) AS run FROM states"
        )
        fires = (
            f"SELECT {keys}, island, min(day) + {one.runs - 1} AS fired_on FROM runs WHERE code = {FIRES} "
            f"GROUP BY {keys}, island, run HAVING count(*) >= {one.runs}"
        )
        execute(
            f"CREATE OR REPLACE TABLE episodes AS WITH fires AS ({fires}), first AS (SELECT {keys}, island, min(fired_on) "
            f"AS fired_on FROM fires GROUP BY {keys}, island), ends AS (SELECT {keys}, island, max(day) AS last FROM runs "
            f"GROUP BY {keys}, island) SELECT {keys}, first.fired_on, ends.last FROM first JOIN ends USING ({keys}, island)"
        )

    def _days(self) -> list[dict[str, Any]]:
        keys = self.keys
        fired = dict(self.connection.execute("SELECT fired_on, count(*) FROM episodes GROUP BY 1").fetchall())
        levels: dict[dt.date, dict[str, int]] = {}
        query = f"SELECT e.fired_on, s.level, count(*) FROM episodes AS e JOIN states AS s USING ({keys}) WHERE s.day = e.fired_on GROUP BY 1, 2"
        for day, level, count in self.connection.execute(query).fetchall():
            levels.setdefault(day, {})[level] = count
        changes = Counter[dt.date]()
        for first, last, count in self.connection.execute(
            "SELECT fired_on, last, count(*) FROM episodes GROUP BY 1, 2"
        ).fetchall():
            changes[first] += count
            changes[last + dt.timedelta(days=1)] -= count
        found, firing = [], 0
        for number in range((self.end - self.start).days + 1):
            day = self.start + dt.timedelta(days=number)
            firing += changes[day]
            found.append(
                {"day": day.isoformat(), "alerts": fired.get(day, 0), "firing": firing, "by_level": levels.get(day, {})}
            )
        return found

    def _warned(self) -> dict[str, Any]:
        """Return what the alerts were worth: a stockout is caught by an alert that began at most *horizon* days before."""
        keys, horizon = self.keys, self.horizon
        same = " AND ".join(f"e.key{n} = s.key{n}" for n in range(len(self.names)))
        # An alert that was raised earlier and still stands when the horizon begins warns too; it counts from there.
        warned = (
            f"SELECT {', '.join(f's.key{n}' for n in range(len(self.names)))}, s.day, min(e.fired_on) AS alerted_on, "
            f"max(CASE WHEN e.fired_on IS NOT NULL THEN least(s.day - e.fired_on, {horizon}) END) AS ahead "
            f"FROM stockouts AS s LEFT JOIN episodes AS e ON {same} AND e.fired_on <= s.day AND e.last >= s.day - {horizon} "
            f"WHERE s.day BETWEEN DATE '{self.start}' AND DATE '{self.end}' GROUP BY ALL"
        )
        self.connection.execute(f"CREATE OR REPLACE TABLE warned AS {warned}")
        ahead = [
            int(row[0])
            for row in self.connection.execute("SELECT ahead FROM warned WHERE ahead IS NOT NULL").fetchall()
        ]
        total = self._number("SELECT count(*) FROM warned")
        # Whether an alert of the last days was right is not known yet: it is not judged.
        judged = f"fired_on + {horizon} <= (SELECT max(day) FROM (SELECT max(day) AS day FROM stockouts UNION ALL SELECT DATE '{self.end}'))"
        right = (
            f"EXISTS (SELECT 1 FROM stockouts AS s WHERE {same} AND s.day >= e.fired_on "
            f"AND s.day <= greatest(e.last, e.fired_on + {horizon}))"
        )
        alerts = self._number(f"SELECT count(*) FROM episodes AS e WHERE {judged} OR {right}")
        hits = self._number(f"SELECT count(*) FROM episodes AS e WHERE {right}")
        found: dict[str, Any] = {
            "stockouts": {"total": total, "caught": len(ahead), "missed": total - len(ahead)},
            "precision": round(hits / alerts, 4) if alerts else None,
            "recall": round(len(ahead) / total, 4) if total else None,
            "true_alerts": hits,
            "false_alarms": alerts - hits,
            "days_ahead_median": statistics.median(ahead) if ahead else None,
            "days_ahead_mean": round(statistics.fmean(ahead), 2) if ahead else None,
            "days_ahead": dict(sorted(Counter(ahead).items())),
            "missed": self._examples(
                f"SELECT {keys}, day FROM warned WHERE ahead IS NULL ORDER BY day, {keys}", ["day"]
            ),
            "caught": self._examples(
                f"SELECT {keys}, day, alerted_on, ahead FROM warned WHERE ahead IS NOT NULL ORDER BY ahead DESC, day, {keys}",
                ["day", "alerted_on", "days_ahead"],
            ),
        }
        return found

    def _examples(self, query: str, rest: Sequence[str]) -> list[dict[str, Any]]:
        found = []
        for row in self.connection.execute(f"{query} LIMIT {EXAMPLES}").fetchall():
            values = [value.isoformat() if isinstance(value, dt.date) else value for value in row[len(self.names) :]]
            found.append({"keys": dict(zip(self.names, row, strict=False)), **dict(zip(rest, values, strict=True))})
        return found


def _nothing_known() -> dict[str, Any]:
    return {
        "stockouts": None,
        "precision": None,
        "recall": None,
        "true_alerts": None,
        "false_alarms": None,
        "days_ahead_median": None,
        "days_ahead_mean": None,
        "days_ahead": {},
        "missed": [],
        "caught": [],
    }


def summary(reports: Sequence[Mapping[str, Any]], start: dt.date, end: dt.date) -> dict[str, Any]:
    """Return what all rules did together; of one rule, its own report."""
    span = {"from": start.isoformat(), "to": end.isoformat()}
    if len(reports) == 1:
        return {**span, **{key: value for key, value in reports[0].items() if key not in {"rule", "name"}}}
    days = []
    for each in zip(*(report["days"] for report in reports), strict=True):
        levels = sum((Counter(day["by_level"]) for day in each), Counter[str]())
        alerts, firing = sum(day["alerts"] for day in each), sum(day["firing"] for day in each)
        days.append({"day": each[0]["day"], "alerts": alerts, "firing": firing, "by_level": dict(levels)})
    total = sum(report["alerts_total"] for report in reports)
    return {**span, "days": days, "alerts_total": total, "alerts_per_day": round(total / max(1, len(days)), 4)}
