"""Workflow instances: stepped by one at a time, logged for good."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from store import instances
from store.database import Database
from store.errors import Duplicate
from store.instances import LogRow


def _instance(now: dt.datetime, number: int = 1, **columns: Any) -> dict[str, Any]:
    return {
        "id": f"i{number}",
        "workflow": "approval",
        "version": 3,
        "initiator": "lin",
        "status": "running",
        "position": {"tokens": {"e1": 1}},
        "started_at": now + dt.timedelta(seconds=number),
        "updated_at": now,
        **columns,
    }


def test_the_second_step_from_one_position_is_refused(database: Database, now: dt.datetime) -> None:
    """Two people cannot both go on from the same place."""
    with database.write() as session:
        instances.add(session, **_instance(now))
        before = instances.lock(session, "i1")
        first = instances.save(session, "i1", lock_version=before.lock_version, status="completed", position={})
        second = instances.save(session, "i1", lock_version=before.lock_version, status="rejected", position={})
        session.expire_all()

        assert (True, False, "completed") == (first, second, instances.get(session, "i1").status)


def test_steps_are_logged_in_order_and_for_good(database: Database, now: dt.datetime) -> None:
    """A step's number is used once; a request that was answered is found again; nothing is changed afterwards."""
    rows = [
        LogRow(1, now, "lin", "start", data={}),
        LogRow(2, now, "chen", "approve", "N", "同意", data={"answer": 1}, request_id="r1"),
    ]
    with database.write() as session:
        instances.add(session, **_instance(now))
        instances.add_log(session, "i1", rows)
        assert rows == instances.log(session, "i1")
        assert {"answer": 1} == instances.step_of_request(session, "i1", "r1")
        assert instances.step_of_request(session, "i1", "r2") is None
    with pytest.raises(Duplicate), database.write() as session:
        instances.add_log(session, "i1", [LogRow(2, now, "wang", "reject", data={})])
    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        session.execute(text("UPDATE instance_log SET actor = 'x'"))


def test_instances_are_listed_newest_first(database: Database, now: dt.datetime) -> None:
    """By status, workflow, initiator, record or alert; pages follow each other."""
    with database.write() as session:
        instances.add(session, **_instance(now, 1, form="task", record_id=7))
        instances.add(session, **_instance(now, 2, status="incident", episode_id=5))
        instances.add(session, **_instance(now, 3, status="completed"))
        first = instances.page(session, limit=2)
        rest = instances.page(session, after=(first[-1].started_at, first[-1].id))

        def ids(**wanted: Any) -> list[str]:
            return [instance.id for instance in instances.page(session, **wanted)]

        assert (["i3", "i2"], ["i1"]) == ([i.id for i in first], [i.id for i in rest])
        assert (["i2", "i1"], ["i3"]) == (ids(status="open"), ids(status="completed"))
        assert (["i1"], ["i2"], []) == (ids(form="task", record_id=7), ids(episode_id=5), ids(initiator="wang"))
        assert {"running": 1, "incident": 1, "completed": 1} == instances.count_by_status(session)
