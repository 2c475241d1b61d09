"""Seats: to-do lists follow what is open in the workflow; a seat is decided once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from store import instances, seats
from store.database import Database
from store.seats import Opening


@pytest.fixture
def flow(database: Database, now: dt.datetime) -> Iterator[Database]:
    """A database with one instance."""
    with database.write() as session:
        instances.add(
            session,
            id="i1",
            workflow="approval",
            version=1,
            initiator="lin",
            status="running",
            position={},
            started_at=now,
            updated_at=now,
        )
    return database


def test_to_dos_follow_the_workflow(flow: Database, now: dt.datetime) -> None:
    """New seats open, those that are gone are withdrawn, the others stay as they are."""
    with flow.write() as session:
        first = seats.sync(session, "i1", [Opening("N:a", "N", "a"), Opening("N:b", "N", "b")], now=now)
        second = seats.sync(session, "i1", [Opening("N:b", "N", "b", due_at=now), Opening("M:a", "M", "a")], now=now)

        assert ["N:a", "N:b"] == [seat.work for seat in first.opened]
        assert (["M:a"], ["N:a"]) == ([s.work for s in second.opened], [s.work for s in second.closed])
        assert (["M:a"], ["N:b"]) == tuple([s.work for s in seats.page(session, user)] for user in ("a", "b"))
        assert now == seats.page(session, "b")[0].due_at
        assert (2, 1) == (seats.count_open(session), seats.count_open(session, "a"))


def test_a_node_entered_twice_stands_twice(flow: Database, now: dt.datetime) -> None:
    """The same address may be open more than once."""
    with flow.write() as session:
        opened = seats.sync(session, "i1", [Opening("A", "A", "a"), Opening("A", "A", "a")], now=now).opened

        assert ["A", "A#2"] == [seat.work for seat in opened]


def test_a_handed_over_seat_is_a_new_one(flow: Database, now: dt.datetime) -> None:
    """The same place with another person closes for the first one."""
    with flow.write() as session:
        seats.sync(session, "i1", [Opening("A", "A", "a")], now=now)
        synced = seats.sync(session, "i1", [Opening("A", "A", "b")], now=now)

        assert (["b"], ["a"]) == ([s.user for s in synced.opened], [s.user for s in synced.closed])


def test_one_of_two_presses_decides(flow: Database, now: dt.datetime) -> None:
    """Of twenty presses at once exactly one counts."""
    with flow.write() as session:
        seat = seats.sync(session, "i1", [Opening("N:a", "N", "a")], now=now).opened[0]

    def press(number: int) -> bool:
        return flow.transact(
            lambda session: seats.decide(session, seat.id, op="approve", comment=str(number), now=now), attempts=20
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(press, range(20)))

    assert 1 == sum(answers)
    with flow.read() as session:
        assert ("done", "approve") == (seats.get(session, seat.id).state, seats.get(session, seat.id).op)
        assert [] == seats.of_instance(session, "i1", state="open")


def test_one_copy_a_person(flow: Database, now: dt.datetime) -> None:
    """However often a workflow passes the node."""
    with flow.write() as session:
        assert [2, 1] == [seats.add_copies(session, "i1", users, now=now) for users in (["a", "b"], ["b", "c"])]
        assert ["i1"] == [instance for _, instance in seats.copies(session, "b")]
        seats.mark_copy_read(session, "i1", "b", now)
