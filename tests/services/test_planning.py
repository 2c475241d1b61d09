"""What was missed is recorded, and done as the rule says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services import planning
from services.workspace import Workspace
from store import slots
from store.slots import ScheduleState


def _plan(workspace: Workspace, next_at: dt.datetime, missed: str) -> None:
    with workspace.write() as session:
        slots.plan(session, ScheduleState("rule", "low", "*/10 * * * *", "Asia/Shanghai", missed, next_at))


def _slots(workspace: Workspace) -> list[tuple[str, str]]:
    with workspace.read() as session:
        found = slots.of(session, "rule", "low")
    return [(slot.scheduled_for.strftime("%H:%M"), slot.state) for slot in reversed(found)]


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        ("latest", [("01:30", "missed"), ("01:40", "missed"), ("01:50", "missed"), ("02:00", "due")]),
        ("each", [("01:30", "due"), ("01:40", "due"), ("01:50", "due"), ("02:00", "due")]),
        ("skip", [("01:30", "missed"), ("01:40", "missed"), ("01:50", "missed"), ("02:00", "missed")]),
    ],
)
def test_after_an_outage(empty: Workspace, clock: Any, missed: str, expected: list[tuple[str, str]]) -> None:
    """Every moment of the outage has its row; never silently none."""
    _plan(empty, clock.now - dt.timedelta(minutes=30), missed)
    planning.plan_due(empty, clock.now + dt.timedelta(minutes=5))

    assert expected == _slots(empty)


@pytest.mark.parametrize("missed", ["latest", "each", "skip"])
def test_on_time(ws: Workspace, clock: Any, missed: str) -> None:
    """A moment that has just come is done under every policy, once."""
    _plan(ws, clock.now, missed)

    assert [1, 0] == [planning.plan_due(ws, clock.now + dt.timedelta(seconds=2)) for _ in range(2)]
    assert [("02:00", "due")] == _slots(ws)


def test_the_clock_set_back_repeats_nothing(ws: Workspace, clock: Any) -> None:
    """An hour that is lived twice has its moments once."""
    _plan(ws, clock.now, "latest")
    planning.plan_due(ws, clock.now)
    planning.plan_due(ws, clock.now - dt.timedelta(hours=1))
    planning.plan_due(ws, clock.now)

    assert [("02:00", "due")] == _slots(ws)


def test_three_days_of_a_minute_rule(ws: Workspace, clock: Any) -> None:
    """4,320 missed moments are recorded quickly; one is done."""
    with ws.write() as session:
        start = clock.now - dt.timedelta(days=3)
        slots.plan(session, ScheduleState("rule", "low", "* * * * *", "Asia/Shanghai", "latest", start))

    assert 4_321 == planning.plan_due(ws, clock.now)
    with ws.read() as session:
        assert 1 == slots.count_open(session)
