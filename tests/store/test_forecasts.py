"""Forecast runs are made by one worker each and can be cancelled; overrides, items and plans are kept as they were said."""

from __future__ import annotations

import datetime as dt

from store import forecasts, promotions
from store.database import Database

GONE = dt.timedelta(seconds=-1)


def test_a_run_is_taken_once_and_again_when_its_worker_was_lost(database: Database, now: dt.datetime) -> None:
    with database.write() as session:
        columns = {"trigger": "manual", "horizon": 56, "created_by": "chen", "created_at": now}
        run = forecasts.add_run(session, day="2026-11-25", options={"challenge": True}, **columns)
        assert forecasts.has_work(session)
        first = forecasts.take(session, lease=GONE)
        again = forecasts.take(session)
        none = forecasts.take(session)
    assert first is not None
    assert again is not None
    assert (run.id, 1, 2, None) == (first.id, first.attempt, again.attempt, none)


def test_progress_tells_the_maker_of_a_wish_to_cancel(database: Database, now: dt.datetime) -> None:
    with database.write() as session:
        columns = {"trigger": "manual", "horizon": 56, "created_by": "chen", "created_at": now}
        run = forecasts.add_run(session, day="2026-11-25", **columns)
        assert not forecasts.progress(session, run.id, "model", 2, 9)
        forecasts.change_run(session, run.id, cancel=True)
        assert forecasts.progress(session, run.id, "model", 3, 9)
        kept = forecasts.run(session, run.id)
    assert kept is not None
    assert ("model", 3, 9) == (kept.step, kept.done, kept.total)


def test_the_newest_run_is_the_one_of_the_latest_day(database: Database, now: dt.datetime) -> None:
    """However late an older day was forecast again; runs that failed count for nothing."""
    with database.write() as session:
        for day, state in (("2026-11-24", "done"), ("2026-11-25", "failed"), ("2026-11-20", "done")):
            columns = {"trigger": "nightly", "horizon": 56, "created_by": "system", "created_at": now}
            forecasts.add_run(session, day=day, state=state, **columns)
        newest = forecasts.newest(session)
        before = forecasts.newest(session, until="2026-11-22")
        none = forecasts.newest(session, trigger="weekly")
    assert newest is not None
    assert before is not None
    assert ("2026-11-24", "2026-11-20", None) == (newest.day, before.day, none)


def test_an_override_is_taken_back_once(database: Database, now: dt.datetime) -> None:
    with database.write() as session:
        columns = {
            "from_day": "2026-11-25",
            "to_day": "2026-11-27",
            "reason": "直播",
            "author": "chen",
            "created_at": now,
        }
        said = forecasts.add_override(session, where={"sku": "A"}, value=12.5, **columns)
        taken = [forecasts.withdraw(session, said.id, user="wang", now=now) for _ in range(2)]
        live, every = forecasts.overrides(session, live=True), forecasts.overrides(session)
    assert [True, False] == taken
    assert [] == live
    assert [({"sku": "A"}, 12.5, "wang")] == [(one.where, one.value, one.withdrawn_by) for one in every]


def test_what_is_known_of_an_item_is_the_last_word(database: Database, now: dt.datetime) -> None:
    with database.write() as session:
        for ends in ("2026-12-01", None):
            forecasts.put_item(session, sku="A", analogs=["B"], ends_on=ends, author="chen", updated_at=now)
        found = forecasts.items(session)
    assert [("A", ["B"], None)] == [(one.sku, one.analogs, one.ends_on) for one in found]


def test_archived_plans_are_not_listed(database: Database, now: dt.datetime) -> None:
    with database.write() as session:
        columns = {"plan": {"phases": []}, "result": {}, "author": "wang", "created_at": now, "updated_at": now}
        plans = [
            promotions.add(session, name=name, from_day=day, to_day=day, **columns)
            for name, day in (("618", "2027-06-01"), ("双11", "2026-11-11"))
        ]
        promotions.change(session, plans[0].id, state="archived")
        shown = [plan.name for plan in promotions.every(session)]
        every = [plan.name for plan in promotions.every(session, archived=True)]
    assert (["双11"], ["618", "双11"]) == (shown, every)
