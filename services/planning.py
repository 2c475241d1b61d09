"""From schedules to due moments: each due moment becomes one row, missed ones are recorded, none is silently dropped."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from services.cron import next_after
from services.workspace import Workspace
from store import slots
from store.database import Session
from store.slots import ScheduleState

ON_TIME = dt.timedelta(seconds=90)
MOST_MISSED = 5_000


def plan_due(workspace: Workspace, now: dt.datetime) -> int:
    """Write a slot for each moment that has come; return how many are new. Any number of workers may do so at once."""
    with workspace.read() as session:
        if not slots.due(session, now, limit=1):
            return 0
    new = 0
    with workspace.write() as session:
        for schedule in slots.due(session, now):
            new += _plan(session, schedule, now)
    return new


def _plan(session: Session, schedule: ScheduleState, now: dt.datetime) -> int:
    moments, upcoming = moments_until(schedule, now)
    if not slots.advance(session, schedule, upcoming):
        return 0  # another scheduler was here first
    due, missed = split(moments, schedule.missed, now)
    new = slots.add(session, schedule.kind, schedule.key, missed, state="missed")
    return new + slots.add(session, schedule.kind, schedule.key, due)


def moments_until(schedule: ScheduleState, now: dt.datetime) -> tuple[list[dt.datetime], dt.datetime | None]:
    """Return the moments of *schedule* that have come by *now*, oldest first, and the first one to come."""
    zone = zoneinfo.ZoneInfo(schedule.timezone)
    moments: list[dt.datetime] = []
    upcoming = schedule.next_at
    while upcoming is not None and upcoming <= now:
        moments.append(upcoming)
        if len(moments) >= MOST_MISSED:
            upcoming = next_after(schedule.cron, zone, now)
            break
        upcoming = next_after(schedule.cron, zone, upcoming)
    return moments, upcoming


def split(moments: list[dt.datetime], policy: str, now: dt.datetime) -> tuple[list[dt.datetime], list[dt.datetime]]:
    """Return which moments are to be done and which were missed.

    Args:
        moments: those that have come, oldest first.
        policy: `latest` does the newest, `each` does all, `skip` does only one that is on time (within 90 s).
        now: the moment now.
    """
    if policy == "each":
        return moments, []
    newest = moments[-1:]
    if policy == "skip" and newest and now - newest[0] > ON_TIME:
        newest = []
    return newest, moments[: len(moments) - len(newest)]
