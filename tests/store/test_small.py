"""The small aggregates: links, silences, imports, settings, answers, numbers, messages, events, runs, history."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import text

from store import (
    batches,
    counters,
    events,
    history,
    idempotency,
    links,
    messages,
    runs,
    settings,
    silences,
)
from store.database import Database
from store.history import Change
from store.runs import WorkerState

HOUR = dt.timedelta(hours=1)
GONE = dt.timedelta(seconds=-1)


def test_a_link_is_used_once(database: Database, now: dt.datetime) -> None:
    """Of ten presses one counts; an expired link counts for none; the secret is not kept."""
    with database.write() as session:
        columns = {"person": "chen", "seat_id": 1, "episode_id": None, "nonce": "n", "created_at": now}
        number = links.add(session, "secret", expires_at=now + HOUR, **columns)
        late = links.add(session, "late", expires_at=now, **columns)
        links.note_opened(session, number, now)

    def use(_: int) -> bool:
        return database.transact(lambda s: links.use(s, number, used_for="approve", now=now), attempts=20)

    with ThreadPoolExecutor(5) as pool:
        assert 1 == sum(pool.map(use, range(10)))
    with database.write() as session:
        assert not links.use(session, late, used_for="approve", now=now)
        found = links.find(session, "secret")
        assert ("chen", now, "approve", now) == (found.person, found.used_at, found.used_for, found.opened_at)
        assert links.find(session, "Secret") is None
        assert "secret" not in session.execute(text("SELECT token_hash FROM action_link")).scalars().all()


def test_links_to_a_decided_seat_end(database: Database, now: dt.datetime) -> None:
    """What was decided elsewhere cannot be decided again through a link."""
    with database.write() as session:
        number = links.add(
            session, "s", person="a", seat_id=1, episode_id=None, nonce="n", created_at=now, expires_at=now + HOUR
        )
        links.expire(session, seat_id=1, now=now)

        assert not links.use(session, number, used_for="approve", now=now)


def test_silences_hold_for_their_time(database: Database, now: dt.datetime) -> None:
    """They can be ended early."""
    with database.write() as session:
        columns: dict[str, Any] = {"created_by": "lin", "created_at": now, "keys": {"sku": "A"}}
        one = silences.add(session, starts_at=now, ends_at=now + HOUR, rule="low", **columns)
        silences.add(session, starts_at=now + HOUR, ends_at=now + 2 * HOUR, rule=None, **columns)

        assert [one.id] == [silence.id for silence in silences.current(session, now)]
        assert [True, False] == [silences.end(session, one.id, now) for _ in range(2)]
        assert [] == silences.current(session, now)
        assert 2 == len(silences.page(session))


def test_an_import_is_worked_by_one(database: Database, now: dt.datetime) -> None:
    """The oldest first; a lost worker's import is taken up again."""
    with database.write() as session:
        for number in (2, 1):
            batches.add(
                session, id=f"b{number}", form="sales", file="x.csv", created_by="lin", created_at=now + number * HOUR
            )
        first = batches.take(session, lease=GONE)
        again = batches.take(session)
        second = batches.take(session)

        assert ("b1", "b1", 2, "b2") == (first.id, again.id, again.attempt, second.id)
        assert batches.take(session) is None
        batches.progress(session, "b1", 5, 10)
        batches.change(session, "b1", state="done", result={"rows": 10})
        session.expire_all()
        done = batches.get(session, "b1")
        assert ("done", 5, 10, {"rows": 10}) == (done.state, done.done, done.total, done.result)
        assert ["b2", "b1"] == [batch.id for batch in batches.page(session)]


def test_settings_are_kept_by_name(database: Database, now: dt.datetime) -> None:
    """A prefix finds its own only; a secret is not among the values."""
    with database.write() as session:
        settings.put(session, "channel:mail", {"host": "x"}, user="lin", now=now, encrypted=b"hidden")
        settings.put(session, "channel_count", 1, user="lin", now=now)
        settings.put(session, "channel:mail", {"host": "y"}, user="lin", now=now, encrypted=b"hidden")

        assert {"channel:mail": {"host": "y"}} == settings.every(session, "channel:")
        assert (b"hidden", None) == (settings.secret(session, "channel:mail"), settings.secret(session, "none"))
        assert (1, "x") == (settings.get(session, "channel_count"), settings.get(session, "none", "x"))
        settings.remove(session, "channel_count")
        assert settings.get(session, "channel_count") is None


def test_a_request_is_answered_once(database: Database, now: dt.datetime) -> None:
    """While it runs there is no answer; afterwards the same one; forgotten, it is free again."""
    with database.write() as session:
        asked = {"user": "lin", "key": "k"}
        assert idempotency.begin(session, request_hash="h", now=now, **asked) is None
        running = idempotency.begin(session, request_hash="h", now=now, **asked)
        idempotency.finish(session, status=201, body={"id": 1}, **asked)
        session.expire_all()
        done = idempotency.begin(session, request_hash="h", now=now, **asked)

        assert (None, 201, {"id": 1}) == (running.status, done.status, done.body)
        idempotency.forget_before(session, now)
        session.expire_all()
        assert idempotency.begin(session, request_hash="h", now=now, **asked) is not None
        idempotency.forget(session, **asked)
        session.expire_all()
        assert idempotency.begin(session, request_hash="h", now=now, **asked) is None


def test_numbers_run_without_gap_by_name(database: Database) -> None:
    """Each name has its own run."""
    with database.write() as session:
        assert [1, 2, 1, 3] == [counters.take(session, name) for name in ("a", "a", "b", "a")]


def test_a_message_is_there_once(database: Database, now: dt.datetime) -> None:
    """Sent twice under one key it stands once; only its owner can read it."""
    row = {"idempotency_key": "k", "user": "chen", "at": now, "title": "缺货", "body": "A001"}
    with database.write() as session:
        assert [1, 0] == [messages.add_many(session, [row]) for _ in range(2)]
        message = messages.page(session, "chen")[0]
        assert (1, []) == (messages.count_unread(session, "chen"), messages.page(session, "lin"))
        assert not messages.mark_read(session, message.id, user="lin", now=now)
        assert messages.mark_read(session, message.id, user="chen", now=now)
        assert messages.mark_read(session, message.id, user="chen", now=now + HOUR)
        session.expire_all()
        assert (0, now) == (messages.count_unread(session, "chen"), messages.get(session, message.id).read_at)


def test_events_are_worked_in_order_once(database: Database, now: dt.datetime) -> None:
    """A failed one waits; a lost one is worked again."""
    with database.write() as session:
        events.add_many(session, [{"name": "a"}, {"name": "b", "form": "stock", "data": {"x": 1}}], at=now)
        first, second = events.take(session, now, lease=GONE)
        assert ("a", "b", {"x": 1}) == (first.name, second.name, second.data)
        again = events.take(session, now)
        assert [2, 2] == [event.attempt for event in again]
        assert not events.finish(session, first)
        assert events.finish(session, again[0])
        assert events.retry(session, again[1], now + HOUR, "broken")
        assert not events.has_work(session, now)
        assert ["b"] == [event.name for event in events.take(session, now + HOUR)]


def test_a_run_is_kept_for_the_whole_and_for_each_rule(database: Database, now: dt.datetime) -> None:
    """The newest of each rule is found at once; an unfinished run is not the last one."""
    with database.write() as session:
        for fired in (1, 2):
            number = runs.begin(session, trigger="manual", as_of="2026-11-25", started_at=now, rules=1)
            runs.add_rule_runs(session, number, [{"rule": "low", "version": 1, "at": now, "fired": fired}])
            runs.finish(session, number, finished_at=now, fired=fired)
        runs.begin(session, trigger="schedule", as_of="2026-11-25", started_at=now)

        assert (2, 2) == (runs.last(session).fired, runs.last_of_rules(session)["low"].fired)
        assert [2, 1] == [run.fired for run in runs.of_rule(session, "low")]
        assert [0, 2, 1] == [run.fired for run in runs.page(session)]
        runs.exclusive(session)


def test_workers_are_seen_while_they_live(database: Database, now: dt.datetime) -> None:
    """One that stopped is forgotten, one that is silent does not count."""
    with database.write() as session:
        for name, seen in (("a", now), ("b", now - HOUR)):
            runs.beat(session, WorkerState(name, "host", 1, embedded=False, started_at=now, seen_at=seen))

        assert (1, ["a"]) == (runs.count_workers(session, now), [w.name for w in runs.workers(session, now)])
        runs.leave(session, "a")
        assert 0 == runs.count_workers(session, now)


def test_the_history_of_a_record_and_of_an_import(database: Database, now: dt.datetime) -> None:
    """Newest first for a record, in order for an import."""
    with database.write() as session:
        one = Change(1, 1, "created", {"name": [None, "耳环"]})
        two = Change(1, 2, "updated", {"name": ["耳环", "项链"]})
        history.add_many(session, "sku", [one], actor="lin", at=now, batch="b1")
        history.add_many(session, "sku", [two], actor="chen", at=now)

        assert [(2, "chen"), (1, "lin")] == [(row.version, row.actor) for row in history.of(session, "sku", 1)]
        assert [("sku", {"name": [None, "耳环"]})] == [(f, r.changes) for f, r in history.of_batch(session, "b1")]
