"""Compiled rules are kept: the same rules over tables of the same columns on the same day are compiled once."""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from engine.alerting.compile import Compiled
from engine.alerting.plan import Plan, make_plan, ready
from engine.alerting.prepare import Asked, compile_plans
from engine.alerting.subject import World
from engine.tables.engines import Engine
from engine.tables.source import Table

KEPT = 64
# Calls that stand for a formula that reads the clock, or that look at hours.
READ_CLOCK = frozenset({"days_since_launch", "avg_hourly", "hours_of_cover", "today_so_far"})


@dataclass(frozen=True)
class Prepared:
    """The query of the rules over one table, and whether open alerts come back with it."""

    over: str
    compiled: Compiled
    watched: bool


_kept: OrderedDict[tuple[object, ...], list[Prepared]] = OrderedDict()
_lock = Lock()


def prepare(
    rules: Sequence[Mapping[str, Any]],
    world: World,
    asked: Asked,
    engine: Engine,
    watching: frozenset[str],
    values: bool,  # noqa: FBT001 a circumstance
    *,
    stored: bool = False,
) -> list[Prepared]:
    """Return the queries of *rules*, one for each table and evaluation day.

    Args:
        rules: the definitions.
        world: the tables and forms.
        asked: when.
        engine: what will run them.
        watching: the rules that have open alerts.
        values: whether shown values are asked for.
        stored: whether series come from the window store where it can answer.

    Raises:
        DefinitionError: all problems of all rules.
    """
    newest = _newest_launches(rules, world, engine)
    days = tuple(asked.day(rule) for rule in rules)
    key = (_text(rules), _text(world.forms), _text(asked.calendars), world.signature(), days, asked.zone, engine.dialect.name,
           watching, values, tuple(newest.items()), stored)  # fmt: skip
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    plans = ready([make_plan(rule, world, asked.calendars, day) for rule, day in zip(rules, days, strict=True)])
    found = []
    for group in _groups(plans, asked):
        over = group[0].subject.name
        watched = any(plan.key in watching for plan in group)
        compiled = compile_plans(
            group,
            asked,
            engine.dialect,
            watched=watched,
            values=values,
            probe=_Known(newest.get(over)),
            stored=stored and engine.dialect.name == "duckdb",
        )
        found.append(Prepared(over, compiled, watched))
    if not any(tree.uses_clock or _reads_clock(tree) for plan in plans for tree in plan.trees()):
        with _lock:
            _kept[key] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found


@dataclass(frozen=True)
class _Known:
    """The newest launch day, which was asked for already."""

    day: dt.date | None

    def __call__(self, table: Table, column: str) -> dt.date | None:  # noqa: ARG002 a Probe's arguments
        return self.day


def _reads_clock(tree: Any) -> bool:
    return any(call.function.lower() in READ_CLOCK for call in tree.series_calls())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _newest_launches(rules: Sequence[Mapping[str, Any]], world: World, engine: Engine) -> dict[str, dt.date | None]:
    """Return the newest launch day behind each table that rules are over, where there is one."""
    found: dict[str, dt.date | None] = {}
    for over in dict.fromkeys(str(rule["over"]) for rule in rules):
        subject = world.subject(over)
        path = subject.launched_on
        if path is None or not subject.has_column(path):
            continue
        link, _, column = path.rpartition(".")
        table: Table = world.tables[str(world.link(over, link)) if link else over]
        found[over] = engine.newest_day(table, column)
    return found


def _groups(plans: Sequence[Plan], asked: Asked) -> list[list[Plan]]:
    """Return the plans that become one query: those over one table on one evaluation day."""
    groups: dict[tuple[str, dt.date], list[Plan]] = {}
    for plan in plans:
        groups.setdefault((plan.subject.name, asked.day(plan.rule)), []).append(plan)
    return list(groups.values())
