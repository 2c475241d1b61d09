"""The worker: due work is done once, whoever does it; a killed worker loses nothing; a stopped one leaves in order."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from engine.problems import BeihuoError
from services import publish, scheduler, slot_work
from services.workspace import Settings, Workspace, open_workspace, utc_now
from store import events, messages, outbox, runs, slots, timers
from store.slots import ScheduleState

ROOT = Path(__file__).resolve().parents[2]
NOTICES = 300
KILLS = 6


def _until(done: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for *done*; fail when it does not come."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def real(tmp_path: Path, database_url: str) -> Workspace:
    """A workspace whose clock is the real one, as other processes see it."""
    return open_workspace(Settings(data_dir=tmp_path, database_url=database_url), utc_now)


def _start(workspace: Workspace) -> subprocess.Popen[bytes]:
    """Start `beihuo worker` on *workspace* as a process of its own."""
    environment = {
        **os.environ,
        "BEIHUO_DATA_DIR": str(workspace.settings.data_dir),
        "BEIHUO_DATABASE_URL": workspace.settings.url,
    }
    command = [sys.executable, "-c", "from cli import main; main()", "worker"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _enqueue(workspace: Workspace, start: int, number: int) -> None:
    rows = [
        {"idempotency_key": f"k{n}", "channel": "mailbox", "recipient": "chen", "message": "decided", "title": f"n{n}"}
        for n in range(start, start + number)
    ]
    with workspace.write() as session:
        outbox.enqueue(session, rows, now=workspace.clock())


def _delivered(workspace: Workspace) -> int:
    with workspace.read() as session:
        return messages.count_unread(session, "chen")


def test_killing_the_worker_loses_no_notice(real: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill -9 again and again between commit and send: every notice arrives, each once, each kill is visible."""
    per_kill = NOTICES // KILLS
    for kill in range(KILLS):
        worker = _start(real)
        _enqueue(real, kill * per_kill, per_kill)
        before = _delivered(real)
        # Some are killed before they begin, some in the middle of it.
        if kill % 2:
            _until(lambda before=before: _delivered(real) > before)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    with real.write() as session:  # what a killed worker still holds: its lease is over at once
        session.execute(_expire())
    while scheduler.dispatch.work(real):
        pass

    with real.read() as session:
        assert {"accepted": NOTICES} == outbox.count_by_state(session)
        titles = [message.title for message in messages.page(session, "chen", limit=2 * NOTICES)]
    assert (NOTICES, NOTICES) == (len(titles), len(set(titles)))
    real.close()


def _expire() -> Any:
    from sqlalchemy import update

    from store.models.outbox import Delivery

    return update(Delivery).values(lease_until=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))


def test_two_workers_double_no_slot(real: Workspace) -> None:
    """Two processes on one database: each due moment has one row, one attempt, one event."""
    trigger = {"kind": "trigger", "key": "t", "name": "t", "on": "schedule", "schedule": {"every": "PT1M"}}
    publish.publish_many(real, [trigger], user="admin")
    with real.write() as session:  # people may ask for once a minute at most; the workers are tried with once a second
        slots.plan(session, ScheduleState("trigger", "t", "@every PT1S", "Asia/Shanghai", "latest", utc_now()))
    workers = [_start(real) for _ in range(2)]
    try:
        _until(lambda: sum(slot.state == "done" for slot in _slots(real)) >= 4)
    finally:
        for worker in workers:
            worker.terminate()
        codes = [worker.wait(30) for worker in workers]
    found = _slots(real)
    with real.read() as session:
        rang = [row.data["scheduled_for"] for row in session.scalars(_all_events())]

    assert [0, 0] == codes
    assert {1} == {slot.attempt for slot in found if slot.state == "done"}
    assert len(found) == len({slot.scheduled_for for slot in found})
    assert len(rang) == len(set(rang)) == sum(slot.state == "done" for slot in found)
    real.close()


def _all_events() -> Any:
    from sqlalchemy import select

    from store.models.record import Event

    return select(Event)


def _slots(workspace: Workspace) -> list[slots.SlotState]:
    with workspace.read() as session:
        return slots.of(session, "trigger", "t", limit=500)


def test_a_worker_leaves_in_order(real: Workspace) -> None:
    """SIGTERM: exit code 0, nothing stays claimed, the worker is not listed any more."""
    worker = _start(real)
    _until(lambda: _workers(real) == 1)
    _enqueue(real, 0, 50)
    worker.terminate()

    assert 0 == worker.wait(30)
    assert 0 == _workers(real)
    with real.read() as session:
        assert set(outbox.count_by_state(session)) <= {"queued", "accepted"}
    real.close()


def _workers(workspace: Workspace) -> int:
    with workspace.read() as session:
        return runs.count_workers(session, utc_now() - dt.timedelta(seconds=30))


def test_the_worker_goes_on_when_the_clock_is_set_back(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tick that stands still is noticed by a clock that cannot be set, and started again."""
    monkeypatch.setattr(scheduler, "STALLED_SECONDS", 1.5)
    worker, stop = scheduler.Worker(ws), threading.Event()
    started: list[float] = []
    start = worker._start

    def counted() -> Any:
        running = start()
        if not started:
            running.pause()  # as APScheduler does for an hour when the wall clock goes back an hour
        started.append(time.monotonic())
        return running

    worker._start = counted  # type: ignore[method-assign]
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    _enqueue(ws, 0, 1)
    try:
        _until(lambda: _delivered(ws) == 1)
    finally:
        stop.set()
        thread.join(30)

    assert 2 <= len(started)


def test_two_embedded_workers_on_one_file_are_refused(ws: Workspace) -> None:
    """Two servers on one SQLite file would fight over it; the second says what to do."""
    held = scheduler.only_embedded(ws)
    with pytest.raises(BeihuoError, match="--no-worker"):
        scheduler.only_embedded(ws)
    held.close()
    again = scheduler.only_embedded(ws)

    assert again is not None
    again.close()


def test_nightly_work_is_planned_once(ws: Workspace) -> None:
    """At five past midnight of the workspace's own zone, and what else is done every night."""
    for _ in range(2):
        scheduler.nightly.plan(ws)
    with ws.read() as session:
        found = {schedule.key: schedule.next_at.isoformat() for schedule in slots.schedules(session)}

    assert {
        "calendars": "2026-11-25T16:00:00+00:00",
        "stock_snapshot": "2026-11-25T16:05:00+00:00",
        "fold_hours": "2026-11-25T16:25:00+00:00",
        "ledger": "2026-11-25T16:15:00+00:00",
        "tidy": "2026-11-25T19:35:00+00:00",
        "governance": "2026-11-25T20:50:00+00:00",
        "forecast": "2026-11-25T17:20:00+00:00",
        "forecast_duel": "2026-11-28T18:20:00+00:00",
        "forecast_promotion": "2026-11-25T02:10:00+00:00",
    } == found


def test_the_closing_stock_is_kept_as_facts(shop: Workspace, clock: Any) -> None:
    """Of the day that has ended, once, with every row."""
    from services import records

    records.create(shop, form="sku", values={"code": "A"}, user="chen")
    records.create(shop, form="warehouse", values={"code": "hd"}, user="chen")
    records.create(shop, form="stock", values={"sku": "A", "warehouse": "hd", "on_hand": 7}, user="chen")
    scheduler.nightly.plan(shop)
    clock.pass_(hours=15)
    for _ in range(2):
        scheduler.tick(shop)
        with shop.write() as session:
            slots.add(session, "system", "stock_snapshot", [clock.now])
    rows = shop.facts("stock_snapshot").read().to_pylist()

    assert [("A", "hd", 7, dt.date(2026, 11, 25), False)] == [
        (row["sku"], row["warehouse"], row["on_hand"], row["date"], row["estimated"]) for row in rows
    ]


def test_a_slot_that_fails_is_told_and_holds_up_no_other(ws: Workspace, clock: Any) -> None:
    """A rule that does not exist any more fails with the reason; after three lost workers a slot is given up."""
    with ws.write() as session:
        slots.add(session, "rule", "gone", [clock.now])
        slots.add(session, "system", "tidy", [clock.now])
    slot_work.work(ws)
    with ws.write() as session:
        slots.add(session, "system", "stock_snapshot", [clock.now])
        for _ in range(3):
            slots.take(session, lease=dt.timedelta(seconds=-1))
    slot_work.work(ws)
    with ws.read() as session:
        found = {
            key: slots.of(session, kind, key)[0]
            for kind, key in (("rule", "gone"), ("system", "tidy"), ("system", "stock_snapshot"))
        }

    assert {"gone": "failed", "tidy": "done", "stock_snapshot": "failed"} == {k: s.state for k, s in found.items()}
    assert "gone" in (found["gone"].error or "")


def test_a_timer_of_something_that_is_gone_is_given_up(ws: Workspace, clock: Any) -> None:
    """It is tried again with growing waits, then fails with the reason; the others ring."""
    with ws.write() as session:
        timers.set_(session, "t", kind="workflow", subject="nothing", due_at=clock.now)
    rings = 0
    for _ in range(12):
        rings += scheduler.tick(ws)["timers"]
        clock.pass_(hours=1)

    assert 5 == rings
    with ws.read() as session:
        assert [] == timers.waiting(session)


def test_missed_and_due_moments_of_a_schedule(ws: Workspace, clock: Any) -> None:
    """One pass plans, does and finishes what is due."""
    with ws.write() as session:
        day = dt.timedelta(days=1)
        slots.plan(
            session, ScheduleState("system", "tidy", "35 3 * * *", "Asia/Shanghai", "latest", clock.now - 3 * day)
        )
    first, second = scheduler.tick(ws), scheduler.tick(ws)

    assert (4, 1, 0) == (first["slots"], first["runs"], second["slots"] + second["runs"])
    with ws.read() as session:
        states = [slot.state for slot in slots.of(session, "system", "tidy")]
        assert not events.has_work(session, clock.now)
    assert ["done", "missed", "missed", "missed"] == states


def test_a_promotion_has_its_own_schedule(shop: Workspace, clock: Any) -> None:
    """From the morning of the promotion the rule is due every hour; the day after, as before."""
    calendar = {
        "kind": "calendar",
        "key": "promotion",
        "name": "大促",
        "events": [{"name": "双12", "phases": [{"name": "当天", "from": "2026-11-27", "to": "2026-11-27"}]}],
    }
    rule = {
        "kind": "rule",
        "key": "busy",
        "name": "大促每小时",
        "over": "stock",
        "levels": [{"level": "warning", "when": "on_hand < 5"}],
        "schedule": {"cron": "0 8 * * *"},
        "during": [{"calendar": "promotion", "schedule": {"cron": "0 * * * *"}}],
    }
    publish.publish_many(shop, [calendar, rule], user="admin")
    seen = []
    for day in (25, 26, 27):
        clock.now = dt.datetime(2026, 11, day, 16, 0, tzinfo=dt.UTC)
        scheduler.nightly.WORK["calendars"](shop, clock.now)
        with shop.read() as session:
            (planned,) = [one for one in slots.schedules(session) if one.key == "busy"]
        seen.append((planned.cron, planned.next_at.isoformat()))

    assert [
        ("0 8 * * *", "2026-11-26T00:00:00+00:00"),
        ("0 * * * *", "2026-11-26T17:00:00+00:00"),
        ("0 8 * * *", "2026-11-28T00:00:00+00:00"),
    ] == seen


def test_the_hours_of_past_days_fold(shop: Workspace, clock: Any) -> None:
    """Yesterday and the days of promotions keep their hours; older days have one row a key."""
    days = [dt.date(2026, 11, day) for day in (20, 21, 24, 25)]
    rows = pa.table(
        {
            "sku": ["A"] * 8,
            "date": pa.array([day for day in days for _ in range(2)], pa.date32()),
            "hour": [9, 10] * 4,
            "quantity": [1] * 8,
        }
    )
    shop.facts("sales").append(rows, "b1")
    event = {"name": "预热", "from": "2026-11-21", "to": "2026-11-21"}
    calendar = {"kind": "calendar", "key": "promotion", "name": "大促", "events": [event]}
    publish.publish_many(shop, [calendar], user="admin")

    assert 1 == scheduler.nightly.WORK["fold_hours"](shop, clock.now)
    found = shop.facts("sales").read(["date", "hour", "quantity"]).to_pylist()
    assert [(20, None, 2), *((day, hour, 1) for day in (21, 24, 25) for hour in (9, 10))] == sorted(
        (row["date"].day, row["hour"], row["quantity"]) for row in found
    )
