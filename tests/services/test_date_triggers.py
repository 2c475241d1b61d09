"""A trigger on a day of a record starts its workflow once for each record whose day has come, late days too."""

from __future__ import annotations

import pytest

from engine.problems import DefinitionError
from services import publish, records, triggers
from services.scheduler import tick
from store import instances

FORM = {
    "kind": "form",
    "key": "event",
    "name": "活动",
    "fields": [
        {"key": "code", "type": "text", "label": "编码"},
        {"key": "from_date", "type": "date", "label": "开始"},
        {"key": "at", "type": "datetime", "label": "时刻"},
    ],
}
FLOW = {
    "kind": "workflow",
    "key": "plan",
    "name": "做计划",
    "form": "event",
    "nodes": {"start": {"type": "start"}, "a": {"type": "task", "approvers": ["user:chen"], "empty": "admin"}, "end": {"type": "end"}},
    "edges": [{"id": "e1", "from": "start", "to": "a"}, {"id": "e2", "from": "a", "to": "end"}],
}  # fmt: skip
TRIGGER = {
    "kind": "trigger", "key": "near", "name": "临近", "on": "date_field", "form": "event", "date_field": "from_date", "offset_days": -14, "at": "09:00", "start": "plan",
}  # fmt: skip


@pytest.fixture
def waiting(ws):
    """A workspace at 10:00 in Shanghai on 25 November 2026, with three events."""
    publish.publish_many(ws, [FORM, FLOW, TRIGGER], user="admin")
    for code, day in (("A", "2026-12-10"), ("B", "2026-12-11"), ("C", None)):
        records.create(
            ws,
            form="event",
            values={"code": code, "from_date": day, "at": f"{day}T00:30:00+08:00" if day else None},
            user="admin",
        )
    return ws


def started(workspace):
    with workspace.read() as session:
        found = [
            records.get(workspace, form="event", id=one.record_id, user="admin") for one in instances.page(session)
        ]
    return sorted(one["values"]["code"] for one in found)


def later(workspace, clock, **time):
    clock.pass_(**time)
    tick(workspace)
    triggers.work(workspace)


def test_each_record_starts_on_its_day(waiting, clock):
    """14 days before 10 December is 26 November; each record once, however often the worker looks."""
    later(waiting, clock, hours=1)
    assert [] == started(waiting)

    later(waiting, clock, hours=23)
    later(waiting, clock, hours=1)
    assert ["A"] == started(waiting)

    later(waiting, clock, days=1)
    assert ["A", "B"] == started(waiting)


def test_days_without_a_worker_are_looked_at_later(waiting, clock):
    later(waiting, clock, days=5)

    assert ["A", "B"] == started(waiting)


def test_a_moment_counts_by_the_workspaces_calendar(waiting, clock):
    """00:30 in Shanghai on the 10th is still the 9th in UTC."""
    publish.publish_many(waiting, [{**TRIGGER, "date_field": "at"}], user="admin")

    later(waiting, clock, days=1)

    assert ["A"] == started(waiting)


def test_a_trigger_that_is_off_starts_nothing(waiting, clock):
    publish.enable(waiting, kind="trigger", key="near", enabled=False, user="admin")

    later(waiting, clock, days=3)

    assert [] == started(waiting)


@pytest.mark.parametrize(
    ("change", "path"),
    [({"date_field": "code"}, "$.definitions[0].date_field"), ({"form": None}, "$.definitions[0].form"), ({"on": "schedule"}, "$.definitions[0].schedule")],
)  # fmt: skip
def test_a_trigger_without_its_day_is_refused(waiting, change, path):
    broken = {key: value for key, value in {**TRIGGER, **change}.items() if value is not None}

    with pytest.raises(DefinitionError) as caught:
        publish.publish_many(waiting, [broken], user="admin")

    assert [path] == [problem.path for problem in caught.value.problems]
