"""Rules over whole tables: who breaches which level, with which values; who cannot be judged, and why."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from engine.alerting import answers
from engine.alerting.answers import Unknown, Watched
from engine.alerting.calendars import by_key
from engine.alerting.compile import Compiled
from engine.alerting.prepare import ZONE, Asked
from engine.alerting.prepared import Prepared, prepare
from engine.alerting.state import Observation
from engine.alerting.subject import World
from engine.definitions import check
from engine.problems import DefinitionError, Problem
from engine.tables.duck import connect
from engine.tables.engines import open_engine
from engine.tables.source import Table, open_tables
from engine.tables.store_folder import StoreDoubt
from engine.tables.window_store import WindowStore

_LOG = logging.getLogger(__name__)
Rules = Mapping[str, Any] | Sequence[Mapping[str, Any]]
Watching = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass
class Evaluation:
    """What one run saw.

    Args:
        breaches: a row for each rule and record that breaches: `rule`, `level` (the highest), the key columns as text,
            `values` (JSON text, source → value).
        unknown: what could not be judged, by rule and reason.
        rows: how many rows were looked at, by table.
        seconds: how long it took.
        versions: the Delta version of each facts table that was read.
        keys: the natural keys of each rule's records, by rule.
        day: the evaluation day.
    """

    breaches: pa.Table
    unknown: list[Unknown]
    rows: dict[str, int]
    seconds: float
    versions: dict[str, int]
    keys: dict[str, tuple[str, ...]]
    day: dt.date
    watched: list[Watched] = field(default_factory=list)
    absent: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def observations(self) -> Iterator[tuple[str, dict[str, str], Observation]]:
        """Yield (rule, keys, what was seen): each breach, and each watched record that does not breach."""
        for row in self.breaches.to_pylist():
            keys = {name: row[name] for name in self.keys[row["rule"]]}
            yield row["rule"], keys, Observation(row["level"], json.loads(row["values"] or "{}"))
        for seen in self.watched:
            yield seen.rule, seen.keys, Observation(unknown=seen.unknown, may_resolve=seen.may_resolve)
        for rule, keys in self.absent:
            yield rule, keys, Observation(no_data=True)


def evaluate_rules(
    rules: Rules,
    tables: Any,
    *,
    now: dt.datetime,
    forms: Any = None,
    calendars: Any = None,
    zone: str = ZONE,
) -> pa.Table:
    """Return who breaches: columns `rule`, `level`, the key columns as text, `values` as JSON text {source: value}.

    Args:
        rules: alert rules (DESIGN §3.2), one or several.
        tables: table name → pyarrow.Table, DataFrame, `Facts`, path to Parquet, CSV or Delta; or a folder of such.
        now: the time of the run; its date in *zone* is the evaluation day D, windows end the day before.
        forms: form definitions (types, labels, links, natural keys); without them a column named like another table is a
            link to that table's `code`.
        calendars: calendar definitions for `during`.
        zone: the time zone of rules that name none.

    Raises:
        DefinitionError: a rule is wrong; it carries all problems of all rules.
        BeihuoError: a table cannot be read.
    """
    return evaluate(rules, tables, now=now, forms=forms, calendars=calendars, zone=zone).breaches


def evaluate(  # noqa: PLR0913 a run has many circumstances, all by name
    rules: Rules,
    tables: Any,
    *,
    now: dt.datetime,
    forms: Any = None,
    calendars: Any = None,
    zone: str = ZONE,
    values: bool = True,
    watching: Watching | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    windows: WindowStore | None = None,
) -> Evaluation:
    """Evaluate *rules* together and return all that was seen.

    Args:
        rules: as for `evaluate_rules`.
        tables: likewise.
        now: likewise.
        forms: likewise.
        calendars: likewise.
        zone: likewise.
        values: whether the shown values are worked out; without them `values` is null.
        watching: the open alerts: rule → keys of its records. What became of them is told even if they do not breach.
        engine: `duckdb` (in process) or `spark`.
        master: Spark's master (`local[2]`, `yarn`, …).
        windows: the window store that series are taken from where it can answer; where it cannot, the facts are read.

    Raises:
        DefinitionError, BeihuoError: as for `evaluate_rules`.
    """
    started = time.perf_counter()
    listed = read_rules(rules)
    opened = open_tables(tables)
    world = World(opened, forms)
    known = by_key(calendars)
    open_alerts = {rule: keys for rule, keys in (watching or {}).items() if keys}
    asked = Asked(now, zone, known)
    with open_engine(engine, master) as reader:
        try:
            result = _evaluated(listed, _Run(world, asked, open_alerts, values=values, windows=windows), reader)
        except StoreDoubt as doubt:
            # The store is derived from the facts; they say the same, only later.
            _LOG.warning("window store passed over: %s", doubt)
            result = _evaluated(listed, _Run(world, asked, open_alerts, values=values), reader)
    result.seconds = time.perf_counter() - started
    return result


def _evaluated(rules: list[Mapping[str, Any]], run: _Run, reader: Any) -> Evaluation:
    stored = run.windows is not None
    for one in prepare(rules, run.world, run.asked, reader, frozenset(run.watching), run.values, stored=stored):
        run.add(reader, one)
    return run.result(rules)


def read_rules(rules: Rules) -> list[Mapping[str, Any]]:
    """Return *rules* as a list of definitions whose form is right; a rule without a name is called by its key.

    Raises:
        DefinitionError: one of them is not a rule, or two have the same key.
    """
    listed = [rules] if isinstance(rules, Mapping) else list(rules)
    problems: list[Problem] = []
    for rule in listed:
        key = rule.get("key") if isinstance(rule, Mapping) else None
        named = {"name": str(key), **rule} if isinstance(rule, Mapping) else rule
        problems.extend(problem.under(f"$.{key}") for problem in check("rule", named))
    if problems:
        raise DefinitionError(problems)
    return list({str(rule["key"]): rule for rule in listed}.values())


class _Run:
    """Collects what the queries of one run found."""

    def __init__(
        self, world: World, asked: Asked, watching: Watching, *, values: bool, windows: WindowStore | None = None
    ) -> None:
        self.world = world
        self.asked = asked
        self.watching = watching
        self.values = values
        self.windows = windows
        self.found: list[pa.Table] = []
        self.unknown: list[Unknown] = []
        self.rows: dict[str, int] = {}
        self.watched: list[Watched] = []
        self.absent: list[tuple[str, dict[str, str]]] = []
        self.keys: dict[str, tuple[str, ...]] = {}

    def add(self, reader: Any, one: Prepared) -> None:
        """Run the rules over one table."""
        compiled = one.compiled
        watch = _watch(compiled, self.watching) if one.watched else None
        views = views_of(one, self.world, reader, self.windows)
        hits, self.rows[one.over] = reader.run(compiled.sql, views, f"table_{one.over}", watch)
        self.keys |= {rule.key: compiled.keys for rule in compiled.rules}
        self._answers(compiled, hits, watch)

    def _answers(self, compiled: Compiled, hits: pa.Table, watch: pa.Table | None) -> None:
        words = answers.outcomes(compiled, hits)
        with connect() as connection:
            connection.register("hits", hits)
            found = answers.breaches(connection, compiled, words, values=self.values)
            self.found.append(_named(found, compiled))
            self.unknown += answers.unknowns(connection, compiled, words)
            if watch is not None:
                connection.register("watch_rules", watch)
                numbers = set(watch["rule"].to_pylist())
                self.watched += answers.watched(connection, compiled, numbers)
                self._absent(compiled, numbers, found)

    def _absent(self, compiled: Compiled, numbers: set[int], found: pa.Table) -> None:
        """Note the watched records that were not among the rows at all."""
        names = [f"key{n}" for n in range(len(compiled.keys))]
        seen = {(seen.rule, tuple(seen.keys.values())) for seen in self.watched}
        fires = set(zip(found["rule"].to_pylist(), *(found[name].to_pylist() for name in names), strict=True))
        for number in sorted(numbers):
            rule = compiled.rules[number].key
            for keys in self.watching[rule]:
                values = tuple(str(keys[name]) for name in compiled.keys)
                if (rule, values) not in seen and (number, *values) not in fires:
                    self.absent.append((rule, dict(zip(compiled.keys, values, strict=True))))

    def result(self, rules: Sequence[Mapping[str, Any]]) -> Evaluation:
        """Return everything; breaches in the order of the rules, then of the keys."""
        place = {str(rule["key"]): number for number, rule in enumerate(rules)}
        days = [self.asked.day(rule) for rule in rules] or [self.asked.day({})]
        empty = pa.schema([(name, pa.string()) for name in ("rule", "level", "values")]).empty_table()
        table = pa.concat_tables(self.found or [empty], promote_options="permissive")
        keys = [name for name in table.column_names if name not in {"rule", "level", "values"}]
        order = pa.array([place[rule] for rule in table["rule"].to_pylist()], pa.int32())
        sorted_ = table.append_column("place", order).sort_by(
            [("place", "ascending"), *((k, "ascending") for k in keys)]
        )
        versions = {name: one.version for name, one in self.world.tables.items() if one.version is not None}
        breaches = sorted_.select(["rule", "level", *keys, "values"])
        return Evaluation(
            breaches, self.unknown, self.rows, 0.0, versions, self.keys, days[0], self.watched, self.absent
        )


def views_of(one: Prepared, world: World, reader: Any, windows: WindowStore | None) -> dict[str, Table]:
    """Return the tables that a query reads; what the window store answers is put beside the records.

    Raises:
        StoreDoubt: the window store cannot answer.
    """
    compiled, over = one.compiled, f"table_{one.over}"
    views = {name: view.of(world.tables) for name, view in compiled.views.items()}
    if windows is not None and compiled.stored:
        day = compiled.stored[0].windows[0].day

        def launches(sql: str) -> pa.Table:
            found: pa.Table = reader.run(sql, {name: t for name, t in views.items() if name in sql}, over)[0]
            return found

        views[over] = windows.widened(views[over], world.tables, compiled.stored, compiled.own, day, launches)
    return views


def _named(found: pa.Table, compiled: Compiled) -> pa.Table:
    """Return breaches with the rules' keys for their numbers and the names of the key columns."""
    keys = pa.array([rule.key for rule in compiled.rules], pa.string())
    columns = {"rule": keys.take(found["rule"]), "level": found["level"].cast(pa.string())}
    columns |= {name: found[f"key{n}"].cast(pa.string()) for n, name in enumerate(compiled.keys)}
    columns["values"] = found["shown"].cast(pa.string())
    return pa.table(columns)


def _watch(compiled: Compiled, watching: Watching) -> pa.Table:
    """Return the open alerts of the rules as rows (rule number, key0, …)."""
    rows = [
        [number, *(str(keys[name]) for name in compiled.keys)]
        for number, rule in enumerate(compiled.rules)
        for keys in watching.get(rule.key, ())
    ]
    names = ["rule", *(f"key{n}" for n in range(len(compiled.keys)))]
    kinds = [pa.int32(), *[pa.string()] * len(compiled.keys)]
    return pa.table({name: pa.array([row[n] for row in rows], kinds[n]) for n, name in enumerate(names)})
