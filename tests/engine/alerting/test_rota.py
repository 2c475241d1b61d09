"""Who is on call: turns, hand-over time, exceptions."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from engine.alerting.rota import on_call

ROTA = {
    "people": ["chen", "wang", "lin"],
    "starts": "2026-11-23",
    "every": "week",
    "at": "09:00",
    "except": [{"from": "2026-11-28", "to": "2026-11-29", "person": "lin"}],
}
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("moment", "person"),
    [
        ("2026-11-23T09:00", "chen"),
        ("2026-11-23T08:59", "lin"),
        ("2026-11-28T12:00", "lin"),
        ("2026-11-30T08:59", "lin"),
        ("2026-11-30T09:00", "wang"),
        ("2026-12-07T09:00", "lin"),
        ("2026-12-14T09:00", "chen"),
        ("2026-11-16T10:00", "lin"),
    ],
)
def test_the_turns(moment, person):
    """The week before the first turn belongs to the last; an exception lasts until the hand-over after its last day."""
    assert person == on_call(ROTA, dt.datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI))


def test_by_day_and_without_people():
    now = dt.datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)

    assert "lin" == on_call({**ROTA, "every": "day", "except": []}, now)
    assert on_call({"people": [], "starts": "2026-11-23"}, now) is None
