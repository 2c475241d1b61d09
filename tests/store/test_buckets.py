"""Limits that all workers share: never more in any window than the provider takes."""

from __future__ import annotations

import shutil

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.channel import Limit
from services.throttle import _shape
from store import buckets
from store.database import Database


def test_a_bucket_is_shared_and_fills_again(database: Database) -> None:
    """Two sessions take from one bucket; the wait is told, and after it there is one more."""
    take = {"most": 2, "per_seconds": 20.0}
    with database.write() as session:
        first = [buckets.take(session, "b", now=100.0, **take) for _ in range(2)]
    with database.write() as session:
        waiting = buckets.take(session, "b", now=100.0, **take)
        assert waiting == buckets.wait(session, "b", now=100.0, **take)
        again = buckets.take(session, "b", now=100.0 + waiting, **take)

    assert ([0.0, 0.0], 10.0, 0.0) == (first, waiting, again)


def test_a_blocked_bucket_lets_nothing_pass(database: Database) -> None:
    with database.write() as session:
        buckets.block(session, "limit:x", until=160.0, now=100.0)
        waiting = buckets.take(session, "limit:x", most=5, per_seconds=5, now=130.0)
        known = buckets.blocked(session, "limit:", 130.0)

    assert (30.0, {"x": (160.0, 0)}) == (waiting, known)


def test_failures_in_a_row_open_the_breaker_and_a_success_closes_it(database: Database) -> None:
    with database.write() as session:
        for _ in range(5):
            buckets.count(session, "breaker:x", failed=True, rest_after=5, rest=30, now=100.0)
        opened = buckets.blocked(session, "breaker:", 129.0)
        buckets.count(session, "breaker:x", failed=False, rest_after=5, rest=30, now=131.0)
        after = buckets.failing(session, "breaker:")

    assert ({"x": (130.0, 5)}, {}) == (opened, after)


@settings(max_examples=30, deadline=None)
@given(gaps=st.lists(st.floats(0, 20), min_size=40, max_size=120))
def test_no_minute_sees_more_than_the_limit(sqlite_template, tmp_path_factory, gaps) -> None:
    """Whatever the rhythm of the attempts, any 60 seconds hold 20 sendings at the most."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("bucket") / "b.db")
    database, now, sent = Database(f"sqlite:///{file}"), 1000.0, []
    with database.write() as session:
        for gap in gaps:
            now += gap
            while buckets.take(session, "b", now=now, **_shape(Limit(20, 60))) == 0:
                sent.append(now)
    database.close()

    assert 20 >= max(sum(1 for other in sent if one <= other < one + 60) for one in sent)
