"""Faults that the rules survive: killed runs, frozen workers, rules changed under their alerts, storms, data that stop.

The numbers are those of the project's list of faults (FI-01, 07, 11, 24, 28, 35, 40); FI-02, 06, 08, 09, 10 and 33 stand in
test_scheduler, test_planning, test_cron and test_triggers.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_shop import RULE, Clock, open_shop

from services import evaluate, planning, publish, record_lists, records, run_replay, slot_work
from services.refusal import Refused
from services.workspace import Settings, Workspace, open_workspace
from store import audit, episodes, outbox, slots

ROOT = Path(__file__).resolve().parents[2]
KILLS = 4
SECRET = "x" * 32
RUN = """
import datetime as dt, sys
from pathlib import Path
from services import slot_work
from services.workspace import Settings, open_workspace
moment = dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC)
workspace = open_workspace(Settings(data_dir=Path(sys.argv[1]), secret_key="x" * 32), lambda: moment)
print("ready", flush=True)
slot_work.work(workspace)
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_shop(folder).close()
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(template, tmp_path, clock):
    shutil.copytree(template, tmp_path / "shop")
    workspace = open_workspace(Settings(data_dir=tmp_path / "shop", secret_key=SECRET), clock)
    yield workspace
    workspace.close()


def live(shop: Workspace) -> dict[tuple[str, str], episodes.Episode]:
    with shop.read() as session:
        return {(e.keys["sku"], e.keys["warehouse"]): e for e in episodes.live(session).values()}


def set_stock(shop: Workspace, **values: object) -> None:
    answer = records.bulk_upsert(shop, form="stock", rows=[{"sku": "A001", "warehouse": "hd", **values}], user="admin")
    assert [] == answer["errors"]


def test_a_killed_run_is_done_once_in_effect(shop):
    """FI-01: killed at random points of a scheduled run; each slot ends once, no alert is missing or doubled."""
    rnd = random.Random(1)
    for number in range(KILLS):
        with shop.write() as session:
            slots.add(session, "rule", "low_stock", [shop.clock() - dt.timedelta(minutes=number)])
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(shop.settings.data_dir)], cwd=ROOT, stdout=subprocess.PIPE, env=os.environ
        )
        assert process.stdout is not None
        assert b"ready\n" == process.stdout.readline()
        time.sleep(rnd.uniform(0, 0.6))  # where the kill falls is the point, not a wait for something
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with shop.write() as session:  # the lease runs out at once instead of in half a minute
            for slot in slots.of(session, "rule", "low_stock"):
                if slot.state == "running":
                    slots.release(session, slot)
        while slot_work.work(shop):
            pass
    with shop.read() as session:
        found = slots.of(session, "rule", "low_stock")
        told = [row.idempotency_key for row in outbox.page(session)]
    assert {"done"} == {slot.state for slot in found}
    assert KILLS == len({slot.scheduled_for for slot in found}) == len(found)
    assert {("A001", "hd"), ("A002", "hd")} == set(live(shop))
    assert len(told) == len(set(told))


def test_a_frozen_worker_cannot_finish_what_another_took(shop):
    """FI-07: its lease has run out and another worker has the slot: what the woken one writes is refused."""
    with shop.write() as session:
        slots.add(session, "rule", "low_stock", [shop.clock()])
    with shop.write() as session:
        (frozen,) = slots.take(session, lease=dt.timedelta(0))
    with shop.write() as session:
        (other,) = slots.take(session)
    with shop.write() as session:
        assert not slots.finish(session, frozen, state="done", now=shop.clock())
        assert slots.finish(session, other, state="done", now=shop.clock())
    assert other.attempt == frozen.attempt + 1


def test_slow_runs_do_not_pile_up(shop, clock):
    """FI-11: three due moments passed while one run was at work: the newest is done, the others are recorded as missed."""
    publish.publish_many(shop, [{**RULE, "schedule": {"cron": "* * * * *"}}], user="admin")
    for _ in range(4):  # four minutes in which nobody came round
        clock.now += dt.timedelta(minutes=1)
    planning.plan_due(shop, clock.now)
    while slot_work.work(shop):
        pass
    with shop.read() as session:
        found = [slot.state for slot in slots.of(session, "rule", "low_stock")]
    assert (1, len(found) - 1) == (found.count("done"), found.count("missed"))
    assert len(found) >= 3


def test_a_storm_is_one_notice_a_person(shop):
    """FI-24: a thousand alerts at once: each is an episode of its own, each person gets one notice."""
    skus = [{"code": f"S{number:04d}", "name": f"S{number:04d}", "owner": "chen"} for number in range(1000)]
    records.bulk_upsert(shop, form="sku", rows=skus, user="admin")
    rows = [{"sku": one["code"], "warehouse": "hd", "on_hand": 1} for one in skus]
    records.bulk_upsert(shop, form="stock", rows=rows, user="admin")
    storm = {
        **RULE,
        "key": "storm",
        "levels": [{"level": "warning", "when": "on_hand == 1"}],
        "actions": [{"type": "notify"}],
    }
    wide = {"kind": "route", "key": "wide", "name": "全部", "to": ["role:buyer"], "channels": ["mailbox"]}
    publish.publish_many(shop, [wide, {**storm, "route": "wide"}], user="admin")
    result = evaluate.run(shop, rules=["storm"])
    with shop.read() as session:
        told = [row.recipient for row in outbox.page(session)]
    assert (1000, ["chen"]) == (result["fired"], told)


def test_a_rule_changed_under_its_alert(shop):
    """FI-28: the episode keeps the version that opened it and is closed by the new one."""
    evaluate.run(shop)
    assert 1 == live(shop)["A001", "hd"].rule_version
    publish.publish_many(shop, [{**RULE, "levels": [{"level": "critical", "when": "available < 1"}]}], user="lin")
    result = evaluate.run(shop)
    assert (2, {}) == (result["resolved"], live(shop))


def test_a_field_that_is_gone_is_an_incident_and_not_silence(shop):
    """FI-28: the rule that reads it is kept, off, with its problem told; its alerts stay open."""
    evaluate.run(shop)
    before = set(live(shop))
    form = publish.show(shop, kind="form", key="stock")["definition"]
    fields = [field for field in form["fields"] if field["key"] != "in_transit"]
    publish.publish_many(shop, [{**form, "fields": fields}], user="lin")
    shown = publish.show(shop, kind="rule", key="low_stock")
    assert any("in_transit" in problem["message"] for problem in shown["problems"])
    with pytest.raises(Refused):
        evaluate.run(shop, rules=["low_stock"])
    assert before == set(live(shop))
    with shop.read() as session:
        assert "definition.broken" in {row.action for row in audit.page(session)}


def test_a_rule_that_kills_its_worker_is_given_up(shop):
    """FI-35: the attempt is counted before the run; after three the slot has failed, and it is told."""
    with shop.write() as session:
        slots.add(session, "rule", "low_stock", [shop.clock()])
    for _ in range(slot_work.MOST_ATTEMPTS):
        with shop.write() as session:  # taken, and then the worker was gone
            assert 1 == len(slots.take(session, lease=dt.timedelta(0)))
    slot_work.work(shop)
    with shop.read() as session:
        (slot,) = slots.of(session, "rule", "low_stock")
        told = [row for row in audit.page(session) if row.action == "schedule.failed"]
    assert ("failed", 1) == (slot.state, len(told))


@pytest.mark.parametrize(("policy", "states"), [("keep", 2), ("resolve", 1)])
def test_a_record_that_is_gone_follows_the_policy(shop, policy, states):
    """FI-40: no data is neither all right nor an alert of its own: the rule says what becomes of the open one."""
    publish.publish_many(shop, [{**RULE, "no_data": policy}], user="lin")
    evaluate.run(shop)
    row = next(
        one
        for one in record_lists.list_(shop, form="stock", user="admin")["items"]
        if (one["values"]["sku"], one["values"]["warehouse"]) == ("A001", "hd")
    )
    records.delete(shop, form="stock", id=row["id"], user="admin")
    evaluate.run(shop)
    assert states == len(live(shop))


def test_a_past_run_is_done_again_from_its_snapshot(shop):
    """Stock, rule and sales have changed since: the replay still finds what the run found, and keeps nothing."""
    first = evaluate.run(shop)["run_id"]
    set_stock(shop, on_hand=900)
    publish.publish_many(shop, [{**RULE, "levels": [{"level": "warning", "when": "available < 1"}]}], user="lin")
    shop.facts("sales").append(shop.facts("sales").read().drop_columns(["batch"]).slice(0, 5), "more")
    found = run_replay.replay(shop, run=first)
    assert (2, True, [], []) == (found["breaches"], found["same"], found["missing"], found["added"])
    with pytest.raises(Refused):
        run_replay.replay(shop, run=99)
