"""Which events of a calendar are on, and the rule as it holds on a day: `during` blocks merged into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ActiveEvent:
    """One event that is on: its name and phase, the factor on demand, whom it concerns (channels, a condition)."""

    name: str
    phase: str
    multiplier: float
    channels: tuple[str, ...]
    where: str | None


def active_events(calendar: Mapping[str, Any], day: dt.date) -> list[ActiveEvent]:
    """Return the events of *calendar* that are on at *day*; the first and last day of a phase belong to it."""
    found = []
    for event in calendar.get("events", ()):
        for phase in event.get("phases") or [event]:
            if "from" not in phase or not phase["from"] <= day.isoformat() <= phase["to"]:
                continue
            multiplier = float(phase.get("multiplier", event.get("multiplier", 1.0)))
            phase_name = "" if phase is event else str(phase.get("name", ""))
            channels = tuple(event.get("channels", ()))
            found.append(ActiveEvent(str(event["name"]), phase_name, multiplier, channels, event.get("where")))
    return found


def by_key(calendars: Any) -> dict[str, Mapping[str, Any]]:
    """Return *calendars* (a mapping by key, or a list of definitions, or None) as a mapping by key."""
    if calendars is None:
        return {}
    if isinstance(calendars, Mapping):
        return dict(calendars)
    return {calendar["key"]: calendar for calendar in calendars}


def rule_on(rule: Mapping[str, Any], calendars: Any, day: dt.date) -> dict[str, Any]:
    """Return *rule* with the `schedule`, `for`, `route` and `repeat_every` of the calendars that are on at *day*.

    A later block wins over an earlier one. Conditions and `let` depend on the record and are merged where the rule is
    compiled, not here.
    """
    known = by_key(calendars)
    merged = dict(rule)
    for block in rule.get("during", ()):
        calendar = known.get(block["calendar"])
        if calendar is not None and active_events(calendar, day):
            merged.update({key: block[key] for key in ("schedule", "for", "route", "repeat_every") if key in block})
    return merged
