"""The line that a record is held against, day by day: what each level compares with, as it was on each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from engine.alerting.calendars import active_events, by_key
from engine.alerting.plan import Plan, make_plan, ready
from engine.alerting.prepare import ZONE, Asked
from engine.alerting.reference import Reference
from engine.alerting.shown import comparisons, part
from engine.alerting.subject import World
from engine.problems import BeihuoError
from engine.tables.source import open_tables

NOON = dt.time(12)
Lines = dict[str, list[float | None]]


def thresholds(
    rule: Mapping[str, Any],
    keys: Mapping[str, Any],
    tables: Any,
    days: Sequence[dt.date],
    *,
    forms: Any = None,
    calendars: Any = None,
    zone: str = ZONE,
) -> Lines:
    """Return what each level of *rule* compares the record of *keys* with on each of *days*.

    The record and what it links to are as they are now, the facts are those before each day. The rule is planned once for
    all days on which the same calendars are on, and rows are read once.

    Args:
        rule: the definition.
        keys: the record's natural keys.
        tables: as for `evaluate`.
        days: evaluation days.
        forms: as for `evaluate`.
        calendars: likewise.
        zone: likewise.

    Returns:
        level → the right side of its first comparison by day; None where it is no number, or the level does not count then.

    Raises:
        DefinitionError: the rule is wrong.
        BeihuoError: there is no such record.
    """
    world, known = World(open_tables(tables), forms), by_key(calendars)
    its_zone = Asked(dt.datetime.now(dt.UTC), zone, known).zone_of(rule)
    plans: dict[str, Plan] = {}
    lines: Lines = {str(level["level"]): [None] * len(days) for level in rule.get("levels", ())}
    shared: Reference | None = None
    for place, day in enumerate(days):
        events = repr([active_events(calendar, day) for calendar in known.values()])
        if events not in plans:
            (plans[events],) = ready([make_plan(rule, world, known, day)])
        plan = plans[events]
        only = {key: str(keys[key]) for key in plan.subject.keys}
        noon = dt.datetime.combine(day, NOON, ZoneInfo(its_zone))
        reference = Reference(plan, noon, day, its_zone, known, only)
        if shared is not None:
            reference.share_rows(shared)
        shared = reference
        for level, value in _sides(reference, only).items():
            lines.setdefault(level, [None] * len(days))[place] = value
    return lines


def _sides(reference: Reference, only: Mapping[str, str]) -> dict[str, float | None]:
    """Return the right side of each level's first comparison on one day; of levels of one name, the first that counts."""
    record = next(reference.records(), None)
    if record is None:
        shown = "、".join(f"{key}={value}" for key, value in only.items())
        raise BeihuoError(f"没有记录 {shown} / there is no record {shown}")
    prepared, guards = reference.prepared(record)
    found: dict[str, float | None] = {}
    for condition in reference.plan.conditions:
        counts = condition.guard is None or guards[condition.guard]
        if condition.level in found or not counts or any(guards[number] for number in condition.unless):
            continue
        first = next(iter(comparisons(condition.when)), None)
        if first is None or len(first.args) < 2:
            continue
        value = reference.value(part(condition.when, first.args[1]), prepared)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        found[condition.level] = float(value) if is_number else None
    return found
