"""Triggers that wait for a day of a record: fourteen days before a promotion begins, three after it ends, when a deadline has passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from services.workspace import Workspace
from store import definitions, events, records
from store.database import Session

ON = "date_field"
_AT = "09:00"
_PAGE = 1000


def schedule_of(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schedule by which *trigger* looks at its records: once a day at its `at`; a day missed is looked at later."""
    hour, _, minute = str(trigger.get("at", _AT)).partition(":")
    return {"cron": f"{int(minute[:2] or 0)} {int(hour)} * * *", "missed": "each"}


def due_records(session: Session, workspace: Workspace, key: str, moment: dt.datetime) -> int:
    """Write an event for each record whose day has come at *moment*; return how many. A trigger that is off or gone has none.

    A record's day is its `date_field` plus `offset_days` (−14 is two weeks before), by the calendar of the workspace.
    """
    state = definitions.get(session, "trigger", key)
    if state is None or not state.runs or state.document["on"] != ON:
        return 0
    trigger = state.document
    zone = ZoneInfo(workspace.settings.timezone)
    day = moment.astimezone(zone).date() - dt.timedelta(days=int(trigger.get("offset_days", 0)))
    found = _on_day(session, str(trigger["form"]), str(trigger["date_field"]), day, zone)
    rows = [
        {"name": ON, "form": trigger["form"], "record_id": number, "data": {"trigger": key, "record": record}}
        for number, record in found.items()
    ]
    events.add_many(session, rows, at=workspace.clock())
    return len(rows)


def _on_day(session: Session, form: str, field: str, day: dt.date, zone: ZoneInfo) -> dict[int, dict[str, Any]]:
    """Return the records of *form* whose date (or moment, by the wall clock of *zone*) is *day*, by number."""
    found: dict[int, dict[str, Any]] = {}
    cursor: str | None = None
    while True:
        page = records.page(session, form, records.Wanted(), limit=_PAGE, cursor=cursor, total=False)
        for row in page.rows:
            if _day_of(row.get(field), zone) == day:
                found[row["_id"]] = {name: value for name, value in row.items() if not name.startswith("_")}
        cursor = page.next_cursor
        if cursor is None:
            return found


def _day_of(value: Any, zone: ZoneInfo) -> dt.date | None:
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).date()
    return value if isinstance(value, dt.date) else None
