"""Clocks: timeouts, boundary events and timer nodes, armed on entry and disarmed when their node ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.durations import later, read_duration, read_moment
from workflows.flow import Flow
from workflows.position import Run, Timer
from workflows.refusal import Trouble


def arm(flow: Flow, run: Run) -> None:
    """Start the clocks of a run that was entered or opened again: its timeout entries and its boundary events.

    Raises:
        Trouble: a duration or a form date cannot be read.
    """
    settings = flow.settings(run.node)
    for number, entry in enumerate(settings.get("timeout") or ()):
        due = first_due(flow, entry, settings)
        if due is not None:
            add(flow, run, "timeout", due, str(number))
    for event in settings.get("boundary") or ():
        due = first_due(flow, event, settings)
        if due is not None:
            add(flow, run, "boundary", due, str(event["id"]))


def add(flow: Flow, run: Run, kind: str, due: datetime, key: str = "") -> None:
    """Start one clock and tell the outside when it is due."""
    flow.instance.timers.append(Timer(flow.number(), run.id, kind, due.isoformat(), key))
    flow.emit("timer", run.node, due=due.isoformat(), kind=kind, **({"key": key} if key else {}))


def disarm(flow: Flow, run: Run) -> None:
    """Stop every clock of *run*."""
    flow.instance.timers = [timer for timer in flow.instance.timers if timer.run != run.id]


def first_due(flow: Flow, entry: Mapping[str, Any], settings: Mapping[str, Any]) -> datetime | None:
    """Return when *entry* is due first, or None when the form date that it counts from is empty.

    `after` counts from now, or from the form date in `from`; `before` counts back from that date, or without one from
    the node's deadline (its first entry that decides).
    """
    base: datetime | None = flow.now
    if entry.get("from"):
        base = read_moment(flow.value(entry["from"]), flow.now)
    kind = entry.get("calendar")
    if "before" in entry:
        deadline = base if entry.get("from") else _deadline(flow, settings)
        return None if deadline is None else deadline - read_duration(entry["before"])
    if base is None:
        return None
    return later(base, entry.get("after", 0), flow.calendar, kind)


def _deadline(flow: Flow, settings: Mapping[str, Any]) -> datetime | None:
    for entry in settings.get("timeout") or ():
        if entry.get("action") != "remind" and "before" not in entry:
            return first_due(flow, entry, settings)
    return None


def repeat(flow: Flow, timer: Timer, entry: Mapping[str, Any]) -> None:
    """Let *timer* run again: its `every` counts from the due moment before it."""
    length = read_duration(entry["every"])
    if length.total_seconds() <= 0:
        raise Trouble("bad_duration", "重复间隔必须大于零", "a repeat must be longer than nothing")
    due = later(datetime.fromisoformat(timer.due), length, flow.calendar, entry.get("calendar"))
    timer.due = due.isoformat()
    timer.count += 1
    flow.instance.timers.append(timer)
