"""From plans to one compiled query: when it is asked, in which zone, for which engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from engine.alerting.compile import Compiled, Compiler
from engine.alerting.plan import Plan
from engine.alerting.relation import Relation
from engine.alerting.stock import DEMAND_DAYS
from engine.alerting.stored import Asking, is_readable
from engine.alerting.writer import Writer
from engine.expression import Context
from engine.tables.dialect import Dialect
from engine.tables.source import Table
from engine.tables.window import windows_of

ZONE = "Asia/Shanghai"
Probe = Callable[[Table, str], dt.date | None]
"""The newest day in a column of a table."""


@dataclass(frozen=True)
class Asked:
    """When and with which calendars rules are asked.

    Args:
        now: the time of the run.
        zone: the time zone of rules that name none.
        calendars: calendars by key.
    """

    now: dt.datetime
    zone: str
    calendars: Mapping[str, Any]

    def zone_of(self, rule: Mapping[str, Any]) -> str:
        """Return the time zone of *rule*."""
        return str(rule.get("timezone") or rule.get("schedule", {}).get("timezone") or self.zone)

    def day(self, rule: Mapping[str, Any]) -> dt.date:
        """Return the evaluation day of *rule*: the local date of *now* in its zone."""
        zone = ZoneInfo(self.zone_of(rule))
        local = self.now.replace(tzinfo=zone) if self.now.tzinfo is None else self.now.astimezone(zone)
        return local.date()


def compile_plans(  # noqa: PLR0913 what is asked of one query, all by name
    plans: list[Plan],
    asked: Asked,
    dialect: Dialect,
    *,
    watched: bool = False,
    holds: bool = False,
    values: bool = True,
    probe: Probe | None = None,
    day: dt.date | None = None,
    days: tuple[dt.date, dt.date] | None = None,
    stored: bool = False,
) -> Compiled:
    """Return the one query of *plans*, all over one table and on one evaluation day.

    Args:
        plans: plans without problems.
        asked: when.
        dialect: the engine's.
        watched: whether open alerts are to come back too.
        holds: whether rows come back that would keep an alert going.
        values: whether shown values and reasons are to be worked out.
        probe: finds the newest launch day, so that a run without launches need not look at them; None: it looks.
        day: the evaluation day, where it is not the date of *asked* in the rules' zone.
        days: many evaluation days in one query (see `Relation`).
        stored: whether series come from the window store where it can answer.
    """
    subject, rule = plans[0].subject, plans[0].rule
    writer = Writer(
        replace(dialect, zone=asked.zone_of(rule)), Context(asked.now, asked.zone_of(rule), asked.calendars)
    )
    relation = Relation(subject, day or asked.day(rule), writer.dialect, writer)
    relation.days = days
    if stored and is_readable(subject.world.tables[subject.name]):
        relation.asking = Asking(subject, writer.node)
    relation.launches = probe is None or _launches(plans, probe, relation.day)
    return Compiler(relation, watched=watched, holds=holds, values=values).compile(plans)


def _launches(plans: list[Plan], probe: Probe, day: dt.date) -> bool:
    """Return whether some product was launched after the first day that a window of *plans* looks at."""
    subject = plans[0].subject
    path = subject.launched_on
    if path is None or not subject.has_column(path):
        return False
    calls = [call for plan in plans for tree in plan.trees() for call in tree.series_calls()]
    starts = [window.start for call in calls if call.family == "series" for window in windows_of(call, day)]
    if any(call.family == "stock" for call in calls):
        starts.append(day - dt.timedelta(days=DEMAND_DAYS))
    if not starts:
        return False
    link, _, column = path.rpartition(".")
    table = subject.world.tables[str(subject.world.link(subject.name, link)) if link else subject.name]
    newest = probe(table, column)
    return newest is not None and newest > min(starts)
