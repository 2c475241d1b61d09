"""The outbox: each notice is claimed by one worker, settled by the attempt that holds it, and never lost."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from store import outbox, outcomes
from store.database import Database, Session
from store.outbox import AttemptState

SECOND = dt.timedelta(seconds=1)
GONE = dt.timedelta(seconds=-1)


def _rows(number: int, **columns: Any) -> list[dict[str, Any]]:
    return [
        {"idempotency_key": f"k{n}", "channel": "mailbox", "recipient": "chen", "title": f"n{n}", **columns}
        for n in range(number)
    ]


def _accepted(now: dt.datetime, attempt: int) -> AttemptState:
    return AttemptState(attempt, now, "accepted", "250", "ok")


def test_the_same_key_is_written_once(database: Database, now: dt.datetime) -> None:
    """A cause that is worked twice sends once."""
    with database.write() as session:
        assert [3, 0] == [outbox.enqueue(session, _rows(3), now=now) for _ in range(2)]


def test_no_row_is_claimed_by_two(database: Database, now: dt.datetime) -> None:
    """Four workers share 200 rows without overlap and without remainder."""
    with database.write() as session:
        outbox.enqueue(session, _rows(200), now=now)

    def take_all(worker: str) -> list[int]:
        mine: list[int] = []
        while taken := database.transact(lambda s: outbox.take(s, now, worker=worker, limit=7), attempts=20):
            mine += [delivery.id for delivery in taken]
        return mine

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(take_all, "abcd"))

    together = [number for share in shares for number in share]
    assert 200 == len(together) == len(set(together))


def test_what_a_lost_worker_held_is_sent_again(database: Database, now: dt.datetime) -> None:
    """After its lease a claimed row is queued again, and the log of attempts says why."""
    with database.write() as session:
        outbox.enqueue(session, _rows(1), now=now)
        outbox.take(session, now, worker="lost", lease=GONE)
    with database.write() as session:
        again = outbox.take(session, now, worker="next")
        told = outbox.attempts(session, again[0].id)

    assert (2, 1) == (again[0].attempt, again[0].unsure)
    assert [(1, "lost")] == [(attempt.attempt, attempt.outcome) for attempt in told]


def test_a_worker_that_slept_cannot_write_over_its_successor(database: Database, now: dt.datetime) -> None:
    """Whoever finishes names the attempt that it began; an old one changes nothing."""
    with database.write() as session:
        outbox.enqueue(session, _rows(1), now=now)
        old = outbox.take(session, now, worker="sleeper", lease=GONE)[0]
        new = outbox.take(session, now, worker="successor")[0]
        failed = outbox.settle_many(session, [(old, {"state": "failed"}, _accepted(now, 1))], "sleeper")
        done = outbox.settle_many(session, [(new, {"state": "accepted"}, _accepted(now, 2))], "successor")
        state = outbox.get(session, new.id).state

    assert (0, 1, "accepted") == (failed, done, state)


def test_a_held_row_is_left_alone(database: Database, now: dt.datetime) -> None:
    """While the lease lasts nobody else takes it; renewing prolongs it; releasing gives it back."""
    with database.write() as session:
        outbox.enqueue(session, _rows(1), now=now)
        held = outbox.take(session, now, worker="a", lease=GONE)
        outbox.renew(session, held)
        assert [] == outbox.take(session, now, worker="b")
        assert not outbox.has_work(session, now)
        outbox.release(session, held)
        assert outbox.has_work(session, now)
        assert 1 == len(outbox.take(session, now, worker="b"))


def test_the_urgent_come_first(database: Database, now: dt.datetime) -> None:
    """Severity before age; what is not due yet waits; a channel that rests is left out."""
    with database.write() as session:
        outbox.enqueue(
            session,
            [
                {
                    "idempotency_key": "late",
                    "channel": "email",
                    "recipient": "a",
                    "severity": 5,
                    "due_at": now - SECOND,
                },
                {"idempotency_key": "urgent", "channel": "email", "recipient": "a", "severity": 1, "due_at": now},
                {
                    "idempotency_key": "later",
                    "channel": "email",
                    "recipient": "a",
                    "severity": 1,
                    "due_at": now + SECOND,
                },
                {"idempotency_key": "resting", "channel": "sms", "recipient": "a", "severity": 1, "due_at": now},
            ],
            now=now,
        )
        taken = outbox.take(session, now, worker="w", channels_not=["sms"])

    assert ["urgent", "late"] == [delivery.idempotency_key for delivery in taken]


def test_a_batch_is_settled_whole(database: Database, now: dt.datetime) -> None:
    """Only rows whose lease still holds count."""
    with database.write() as session:
        outbox.enqueue(session, _rows(3), now=now)
        taken = outbox.take(session, now, worker="w")
        outbox.release(session, taken[:1])

        assert 2 == outbox.settle_accepted(session, taken, now=now, worker="w")
        assert {"accepted": 2, "queued": 1} == outbox.count_by_state(session)


def _sent(session: Session, now: dt.datetime) -> int:
    outbox.enqueue(session, _rows(1, channel="sms"), now=now)
    taken = outbox.take(session, now, worker="w")
    columns = {"state": "accepted", "provider_id": "p1", "sent_at": now}
    outbox.settle_many(session, [(taken[0], columns, _accepted(now, 1))], "w")
    return taken[0].id


def test_a_state_never_goes_back(database: Database, now: dt.datetime) -> None:
    """A receipt that comes twice, or out of order, changes nothing the second time."""
    with database.write() as session:
        number = _sent(session, now)
        told = {"channel": "sms", "provider_id": "p1", "code": "DELIVERED", "now": now}
        first = outcomes.receipt(session, delivered=True, **told)
        second = outcomes.receipt(session, delivered=False, **told)
        stranger = outcomes.receipt(session, delivered=True, **{**told, "provider_id": "p2"})
        session.expire_all()

        assert (True, True, False) == (first, second, stranger)
        assert "delivered" == outbox.get(session, number).state


def test_only_what_failed_can_be_sent_again(database: Database, now: dt.datetime) -> None:
    """A person may ask for another attempt of a dead row, not of a sent one."""
    with database.write() as session:
        number = _sent(session, now)
        assert not outbox.retry(session, number, now)
        outbox.enqueue(session, [{"idempotency_key": "d", "channel": "mailbox", "recipient": "a"}], now=now)
        dead = outbox.take(session, now, worker="w")[0]
        outbox.settle_many(session, [(dead, {"state": "dead"}, _accepted(now, 1))], "w")
        assert outbox.retry(session, dead.id, now)
        assert ["d"] == [delivery.idempotency_key for delivery in outbox.take(session, now, worker="w")]


def test_deliveries_are_listed_newest_first(database: Database, now: dt.datetime) -> None:
    """By state, channel, recipient or alert."""
    with database.write() as session:
        outbox.enqueue(session, _rows(3, episode_id=None), now=now)
        page = outbox.page(session, limit=2)

        assert ["n2", "n1"] == [delivery.title for delivery in page]
        assert ["n0"] == [delivery.title for delivery in outbox.page(session, before_id=page[-1].id)]
        assert [] == outbox.page(session, state="dead")
        assert now == outbox.next_due(session)


@pytest.mark.parametrize(("since", "expected"), [(0, 1), (1, 0)])
def test_what_one_person_was_sent_is_counted(database: Database, now: dt.datetime, since: int, expected: int) -> None:
    """Limits of cost count what was sent to one person through one channel."""
    with database.write() as session:
        _sent(session, now)

        assert expected == outcomes.sent_since(session, channels=["sms"], recipient="chen", since=now + since * SECOND)
