"""A rule on past days: every day of a range evaluated as its morning's run would have been, in one DuckDB.

Rules whose windows are plain sums are evaluated for months of days in one query; the others day after day.
"""

# ruff: noqa: S608 the SQL is made of quoted names, typed literals and compiled expressions, never of users' text

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.alerting import past
from engine.alerting.answers import level_sql
from engine.alerting.calendars import active_events, by_key
from engine.alerting.compile import FIRES, QUIET, CompiledRule
from engine.alerting.durations import after
from engine.alerting.evaluation import read_rules
from engine.alerting.plan import Plan, make_plan, ready
from engine.alerting.prepare import ZONE, Asked, compile_plans
from engine.alerting.scores import Scores, summary
from engine.alerting.stock import stock_steps
from engine.alerting.subject import World
from engine.problems import BeihuoError
from engine.tables import facts_value
from engine.tables.dialect import DUCKDB
from engine.tables.duck import connect, quoted
from engine.tables.engines import register
from engine.tables.source import open_tables
from engine.tables.windows import is_flat

MAX_DAYS = 3_660
# How long before a stockout an alert still counts as its warning, where the call does not say.
HORIZON = 14
# Many days of a table are replayed in one query up to so many rows.
ROWS_AT_ONCE = 4_000_000


def backtest(  # noqa: PLR0913 a replay has many circumstances, all by name
    rules: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    tables: Any,
    start: dt.date,
    end: dt.date,
    *,
    forms: Any = None,
    calendars: Any = None,
    zone: str = ZONE,
    horizon: int = HORIZON,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Return how *rules* would have done on the days *start* … *end*.

    Args:
        rules: one rule or several, published or not.
        tables: as for `evaluate`; the past of stock is read from `stock_snapshot` (or a `stock` table with a `date`).
        start: the first evaluation day.
        end: the last one.
        forms: as for `evaluate`.
        calendars: likewise.
        zone: likewise.
        horizon: an alert warns of a stockout that begins at most so many days later.
        progress: called with (days done, days in all).

    Returns:
        `from`, `to`, `days` [{day, alerts, firing, by_level}], `alerts_total`, `alerts_per_day`,
        `stockouts` {total, caught, missed}, `precision`, `recall`, `days_ahead_median`, `days_ahead_mean`, `missed` and
        `caught` examples, `unknown`, `notes`, `seconds`, and `rules`: the same for each rule.

    Raises:
        DefinitionError: a rule is wrong.
        BeihuoError: the days are in the wrong order or too many.
    """
    days = (end - start).days + 1
    if days < 1 or days > MAX_DAYS:
        raise BeihuoError(f"回测要 1 至 {MAX_DAYS} 天 / a backtest takes 1 to {MAX_DAYS} days")
    began = time.perf_counter()
    listed = read_rules(rules)
    given = World(open_tables(tables), forms)
    known = by_key(calendars)
    reports: list[dict[str, Any]] = []
    notes: dict[tuple[str, str], None] = {}
    done = 0
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for rule in listed:
        groups.setdefault(str(rule["over"]), []).append(rule)

    def tell(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, days * len(groups))

    for over, group in groups.items():
        with connect(alone=True) as connection:
            replay = _Replay(connection, given, over, group, known, zone)
            replay.load(start, end)
            replay.run(start, end, tell)
            reports += Scores(connection, replay.keys, start, end, horizon, replay.truth).reports(replay.outcomes())
            notes |= dict.fromkeys(replay.notes)
    order = {str(rule["key"]): place for place, rule in enumerate(listed)}
    reports.sort(key=lambda report: order[report["rule"]])
    told = [{"message": zh, "message_en": en} for zh, en in notes]
    return {**summary(reports, start, end), "notes": told, "seconds": time.perf_counter() - began, "rules": reports}


@dataclass(frozen=True)
class Outcome:
    """Where the daily outcomes of one rule lie: a query of (day, key0, …, level, code), and how long `for` waits."""

    rule: Mapping[str, Any]
    query: str
    runs: int


class _Replay:
    """The rules over one table, many days at once; those that look at single days of facts, day after day."""

    def __init__(
        self,
        connection: Any,
        given: World,
        over: str,
        rules: Sequence[Mapping[str, Any]],
        calendars: Mapping[str, Any],
        zone: str,
    ) -> None:
        self.connection = connection
        self.given = given
        self.world = past.without_days(given)
        self.subject = self.world.subject(over)
        self.keys = self.subject.keys
        self.rules = rules
        self.calendars = calendars
        self.zone = zone
        self.parts: dict[str, list[str]] = {str(rule["key"]): [] for rule in rules}
        self.notes: list[tuple[str, str]] = []
        self.truth = False
        self._tables = 0
        self._loaded: set[str] = set()

    def load(self, start: dt.date, end: dt.date) -> None:
        """Load what all days need: the past of the table and when records ran out."""
        self.past = past.past_of(self.connection, self.given, self.given.subject(self.subject.name), start, end)
        self.notes += self.past.notes
        until = end + dt.timedelta(days=365)
        self.truth = past.stockouts(self.connection, self.given, self.subject, self.past, start, until) is not None
        if not self.truth:
            self.notes.append(past.NO_TRUTH)

    def run(self, start: dt.date, end: dt.date, done: Callable[[int], None]) -> None:
        """Evaluate the days *start* … *end*; *done* is told of each day that all rules are through with."""
        plans = self._plans(start)
        together = [plan.rule for plan in plans if _is_flat(plan)]
        alone = [plan.rule for plan in plans if not _is_flat(plan)]
        for first, last in self._stretches(start, end):
            if together:
                self._evaluate(together, first, last)
            for number in range((last - first).days + 1 if alone else 0):
                day = first + dt.timedelta(days=number)
                self._evaluate(alone, day, day)
            done((last - first).days + 1)

    def _plans(self, day: dt.date, rules: Sequence[Mapping[str, Any]] | None = None) -> list[Plan]:
        chosen = self.rules if rules is None else rules
        return ready([make_plan(rule, self.world, self.calendars, day) for rule in chosen])

    def _stretches(self, start: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
        """Yield stretches of days on which the same calendars are on, small enough for the memory."""
        own = self.world.tables[self.subject.name]
        register(self.connection, "counted", own)
        rows = max(1, int(self.connection.execute("SELECT count(*) FROM counted").fetchall()[0][0]))
        most = max(1, ROWS_AT_ONCE // rows)
        first = start
        for number in range((end - start).days + 1):
            day = start + dt.timedelta(days=number)
            if (day - first).days >= most or self._events(day) != self._events(first):
                yield first, day - dt.timedelta(days=1)
                first = day
        yield first, end

    def _events(self, day: dt.date) -> list[Any]:
        named = sorted({block["calendar"] for rule in self.rules for block in rule.get("during", ())})
        return [active_events(self.calendars[key], day) for key in named if key in self.calendars]

    def _evaluate(self, rules: Sequence[Mapping[str, Any]], first: dt.date, last: dt.date) -> None:
        """Keep the rows at which some of *rules* did not rest, and where each rule's outcome lies in them."""
        plans = self._plans(first, rules)
        asked = Asked(dt.datetime.combine(first, dt.time()), self.zone, self.calendars)
        many = (first, last) if _is_flat(plans[0]) else None
        compiled = compile_plans(plans, asked, DUCKDB, holds=True, values=False, day=first, days=many)
        for name, view in compiled.views.items():
            if name == f"table_{self.subject.name}":
                self._state(name, first, last)
            else:
                self._view(name, view.table)
        table = f"hits{self._tables}"
        self._tables += 1
        day = "as_of" if many else DUCKDB.day(first)
        self.connection.execute(f"CREATE TABLE {table} AS SELECT {day} AS day, * FROM ({compiled.sql})")
        for rule in compiled.rules:
            self.parts[rule.key].append(_outcomes(rule, table, len(self.keys)))

    def _state(self, name: str, first: dt.date, last: dt.date) -> None:
        """Make the rule's table readable as it was on each of the days."""
        span = f"{DUCKDB.day(first)} AND {DUCKDB.day(last)}"
        query = f"SELECT * FROM {quoted(self.past.name or '')} WHERE _day BETWEEN {span}"
        if self.past.name is None:
            self._view("own", self.subject.name)
            days = f"range({DUCKDB.day(first)}, {DUCKDB.day(last)} + 1, INTERVAL 1 DAY)"
            query = f"SELECT CAST(d AS DATE) AS _day, own.* FROM own CROSS JOIN (SELECT unnest({days}) AS d) AS g"
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {query}")

    def _view(self, name: str, table: str) -> None:
        """Make a table readable; it is loaded once, facts in the order of days, so that a window reads little."""
        loaded = f"loaded_{table}"
        if loaded not in self._loaded:
            full = self.world.tables[table]
            register(self.connection, "to_load", full)
            order = f" ORDER BY {facts_value.day(full, DUCKDB)}" if full.is_facts else ""
            self.connection.execute(f"CREATE TABLE {quoted(loaded)} AS SELECT * FROM to_load{order}")
            self._loaded.add(loaded)
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS SELECT * FROM {quoted(loaded)}")

    def outcomes(self) -> list[Outcome]:
        """Return, for each rule, the query of its daily outcomes."""
        return [
            Outcome(rule, " UNION ALL ".join(self.parts[str(rule["key"])]), _runs(rule.get("for", 1)))
            for rule in self.rules
        ]


def _outcomes(rule: CompiledRule, table: str, keys: int) -> str:
    names = ", ".join(f"key{n}" for n in range(keys))
    level = (
        f"CASE WHEN {rule.code} = {FIRES} THEN {level_sql(rule)} END" if rule.conditions else "CAST(NULL AS VARCHAR)"
    )
    return f"SELECT day, {names}, {level} AS level, {rule.code} AS code FROM {table} WHERE {rule.code} <> {QUIET}"


def _is_flat(plan: Plan) -> bool:
    """Whether a rule can be replayed on many days in one query: it reads no clock, no forecast and no single days."""
    trees = list(plan.trees())
    while trees:
        tree = trees.pop()
        if tree.uses_clock:
            return False
        for call in tree.series_calls():
            if call.family == "stock":
                trees.extend(step for _, step in stock_steps(plan.subject, call))
            elif call.family != "series" or not is_flat(call) or call.function.lower() == "avg_hourly":
                return False
    return True


def _runs(wanted: int | str) -> int:
    """Return after how many breaching days in a row `for` is over, with one run a day."""
    if isinstance(wanted, int):
        return max(1, wanted)
    origin = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
    return max(1, -(-(after(origin, wanted) - origin) // dt.timedelta(days=1)) + 1)
