"""Who is on call: people who take turns by day or week, with hand-over time and exceptions; the time is an argument."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

DAYS = {"day": 1, "week": 7}


def on_call(rota: Mapping[str, Any], now: dt.datetime, zone: str = "Asia/Shanghai") -> str | None:
    """Return who is on call at *now*; None for a rota without people.

    Args:
        rota: `people` in their order, `starts` (the day of the first one's first turn), `every` (day or week), `at` (the time
            of hand-over, "09:00"), `except` ([{from, to, person}] with days, the last included).
        now: the moment.
        zone: of days and hand-over time.
    """
    people = rota.get("people", ())
    if not people:
        return None
    local = now.astimezone(ZoneInfo(rota.get("timezone", zone)))
    hour, _, minute = str(rota.get("at", "09:00")).partition(":")
    handed = local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    day = local.date() if local >= handed else local.date() - dt.timedelta(days=1)
    for exception in rota.get("except", ()):
        if exception["from"] <= day.isoformat() <= exception["to"]:
            return str(exception["person"])
    turns = (day - dt.date.fromisoformat(rota["starts"])).days // DAYS[rota.get("every", "week")]
    return str(people[turns % len(people)])
