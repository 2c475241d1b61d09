"""Schedules and slots: a due moment is done once, however many schedulers there are."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from store import slots
from store.database import Database
from store.slots import ScheduleState

MINUTE = dt.timedelta(minutes=1)
GONE = dt.timedelta(seconds=-1)


def _schedule(now: dt.datetime) -> ScheduleState:
    return ScheduleState("rule", "low", "0 8 * * *", "Asia/Shanghai", "latest", now)


def test_one_scheduler_moves_a_schedule_on(database: Database, now: dt.datetime) -> None:
    """The second of two that saw the same moment is told."""
    with database.write() as session:
        slots.plan(session, _schedule(now))
        found = slots.due(session, now)
        first = slots.advance(session, found[0], now + MINUTE)
        second = slots.advance(session, found[0], now + MINUTE)

        assert ([_schedule(now)], True, False) == (found, first, second)
        assert [] == slots.due(session, now)


def test_a_moment_is_one_slot(database: Database, now: dt.datetime) -> None:
    """Writing it again adds nothing."""
    with database.write() as session:
        assert [2, 1] == [slots.add(session, "rule", "low", [now, now + n * MINUTE]) for n in (1, 2)]


def test_a_slot_is_done_by_one_worker(database: Database, now: dt.datetime) -> None:
    """Four workers at once share the slots."""
    with database.write() as session:
        slots.add(session, "rule", "low", [now + n * MINUTE for n in range(40)])
    with ThreadPoolExecutor(4) as pool:
        shares = list(
            pool.map(lambda _: database.transact(lambda session: slots.take(session, limit=10), attempts=20), range(4))
        )

    taken = [slot.id for share in shares for slot in share]
    assert 40 == len(taken) == len(set(taken))


def test_a_lost_worker_s_slot_is_done_by_another(database: Database, now: dt.datetime) -> None:
    """The attempt is counted, and the lost one cannot finish it any more."""
    with database.write() as session:
        slots.add(session, "rule", "low", [now])
        lost = slots.take(session, lease=GONE)[0]
        again = slots.take(session)[0]

        assert (1, 2) == (lost.attempt, again.attempt)
        assert not slots.finish(session, lost, state="done", now=now)
        assert slots.finish(session, again, state="done", now=now, run_id=7)
        assert [("done", 7)] == [(slot.state, slot.run_id) for slot in slots.of(session, "rule", "low")]
        assert not slots.has_work(session)


def test_a_renewed_slot_is_not_taken(database: Database, now: dt.datetime) -> None:
    """Long work keeps its lease; stopping gives it back."""
    with database.write() as session:
        slots.add(session, "rule", "low", [now])
        held = slots.take(session, lease=GONE)
        slots.renew(session, held)
        assert [] == slots.take(session)
        slots.release(session, held[0])
        assert (1, 1) == (slots.count_open(session), len(slots.take(session)))


def test_missed_moments_are_kept(database: Database, now: dt.datetime) -> None:
    """They are recorded and not done."""
    with database.write() as session:
        slots.add(session, "rule", "low", [now], state="missed")

        assert [] == slots.take(session)
        assert ["missed"] == [slot.state for slot in slots.of(session, "rule", "low")]


def test_a_schedule_can_be_taken_away(database: Database, now: dt.datetime) -> None:
    """A rule that was switched off is due no more."""
    with database.write() as session:
        slots.plan(session, _schedule(now))
        slots.unplan(session, "rule", "low")

        assert [] == slots.schedules(session)
