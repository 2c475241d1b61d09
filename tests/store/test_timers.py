"""Timers: due once, in order; setting one anew overtakes whoever holds the old one."""

from __future__ import annotations

import datetime as dt

from store import timers
from store.database import Database

MINUTE = dt.timedelta(minutes=1)
GONE = dt.timedelta(seconds=-1)


def test_timers_are_due_in_order(database: Database, now: dt.datetime) -> None:
    """The longest due first; what is to come waits."""
    with database.write() as session:
        for number, name in ((2, "c"), (-1, "b"), (-2, "a")):
            timers.set_(session, name, kind="workflow", subject=name, due_at=now + number * MINUTE)

        assert ["a", "b"] == [timer.name for timer in timers.take(session, now)]
        assert [] == timers.take(session, now)


def test_a_timer_that_was_done_does_not_ring_again(database: Database, now: dt.datetime) -> None:
    """A lost worker's timer rings for another one, though."""
    with database.write() as session:
        timers.set_(session, "a", kind="workflow", subject="i1", due_at=now)
        timers.take(session, now, lease=GONE)
        again = timers.take(session, now, lease=GONE)

        assert 2 == again[0].attempt
        assert timers.finish(session, again[0])
        assert [] == timers.take(session, now)


def test_setting_a_timer_anew_overtakes_the_old_one(database: Database, now: dt.datetime) -> None:
    """Whoever worked on the old one cannot end the new one."""
    with database.write() as session:
        timers.set_(session, "a", kind="workflow", subject="i1", due_at=now)
        old = timers.take(session, now)[0]
        timers.set_(session, "a", kind="workflow", subject="i1", due_at=now + MINUTE, data={"n": 2})
        session.flush()

        assert not timers.finish(session, old)
        assert [{"n": 2}] == [timer.data for timer in timers.waiting(session)]


def test_a_subject_s_timers_are_cancelled(database: Database, now: dt.datetime) -> None:
    """But not those to keep, and not those of others."""
    with database.write() as session:
        for name, subject in (("a", "i1"), ("b", "i1"), ("c", "i2")):
            timers.set_(session, name, kind="workflow", subject=subject, due_at=now)
        timers.cancel(session, kind="workflow", subject="i1", keep=("b",))

        assert ["b", "c"] == [timer.name for timer in timers.waiting(session)]
        assert ["c"] == [timer.name for timer in timers.waiting(session, "i2")]


def test_a_timer_that_failed_rings_later(database: Database, now: dt.datetime) -> None:
    """With the error kept beside it."""
    with database.write() as session:
        timers.set_(session, "a", kind="workflow", subject="i1", due_at=now)
        timers.retry(session, timers.take(session, now)[0], now + MINUTE, "broken")

        assert [] == timers.take(session, now)
        assert ["broken"] == [timer.error for timer in timers.take(session, now + MINUTE)]
