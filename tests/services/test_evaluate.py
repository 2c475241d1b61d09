"""A run: what fires and why, what follows from it in one transaction, and that doing it again does nothing again."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from small_shop import RULE, Clock, open_shop

from engine.problems import DefinitionError
from services import evaluate, publish, records
from services.refusal import Refused
from services.workspace import Settings, open_workspace
from store import audit, episodes, instances, outbox, runs, seats
from store import records as kept


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    open_shop(folder).close()
    return folder


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shop(template, tmp_path, clock):
    shutil.copytree(template, tmp_path / "shop")
    workspace = open_workspace(Settings(data_dir=tmp_path / "shop", secret_key="x" * 32), clock)
    yield workspace
    workspace.close()


def live(shop):
    with shop.read() as session:
        return {(e.keys["sku"], e.keys["warehouse"]): e for e in episodes.live(session).values()}


def set_stock(shop, sku, warehouse, **values):
    answer = records.bulk_upsert(
        shop, form="stock", rows=[{"sku": sku, "warehouse": warehouse, **values}], user="admin"
    )
    assert [] == answer["errors"]


def counts(shop):
    with shop.read() as session:
        return {
            "episodes": len(episodes.live(session)),
            "deliveries": len(outbox.page(session)),
            "tasks": kept.count(session, "replenishment_task"),
            "instances": len(instances.page(session)),
            "seats": seats.count_open(session),
        }


def test_what_fires_is_what_the_numbers_say(shop):
    """A001 in hd: 12 − 3 = 9 < 5 a day × 7 days × 1.2 = 42; A002: 20 < 12 × 7 × 1.2; the others have enough."""
    result = evaluate.run(shop)

    assert {("A001", "hd"): "critical", ("A002", "hd"): "critical"} == {k: e.level for k, e in live(shop).items()}
    assert (1, 2, 0, 0) == (result["rules"], result["fired"], result["changed"], result["resolved"])
    alert = live(shop)["A001", "hd"]
    assert {"sku": "A001 珍珠耳环", "warehouse": "hd 华东仓"} == alert.labels
    assert "9" in alert.explanation
    assert "42" in alert.explanation
    assert {"daily": 5, "available": 9}.items() <= {v["source"]: v["value"] for v in alert.measured}.items()


def test_everything_that_follows_is_kept_with_the_alert(shop):
    """Each critical alert: one notice to the buyer, one task, one approval; over 50000 it waits for the manager."""
    result = evaluate.run(shop)

    assert 2 == result["tasks"]
    with shop.read() as session:
        chen, wang = seats.page(session, "chen"), seats.page(session, "wang")
        told = {(row.recipient, row.message) for row in outbox.page(session)}
        rows = kept.page(session, "replenishment_task", kept.Wanted(), sort="sku").rows
    assert (1, 1) == (len(chen), len(wang))
    assert {("chen", "alert"), ("chen", "todo"), ("wang", "todo")} == told
    assert [("A001", "approving"), ("A002", "approving")] == [(row["sku"], row["status"]) for row in rows]
    assert {row["_id"] for row in rows} == {e.task_id for e in live(shop).values()}


def test_the_quantity_is_in_whole_packs_and_has_a_reason(shop):
    """5 a day × (7 + 7 days) − 9 = 61 → 70 in packs of 10; the reason says so."""
    evaluate.run(shop)
    with shop.read() as session:
        task = kept.find(session, "replenishment_task", sku="A001")

    assert 70 == task.values["quantity"]
    assert 4200 == task.values["amount"]
    assert "70" in task.values["reason"]


def test_a_second_run_on_the_same_data_changes_nothing(shop):
    """Nothing fires again, nobody is told again, no task is made twice, and no episode is written."""
    evaluate.run(shop)
    before, alerts = counts(shop), live(shop)
    result = evaluate.run(shop)

    assert (0, 0, 0, 0, 0) == tuple(result[name] for name in ("fired", "changed", "resolved", "notices", "tasks"))
    assert before == counts(shop)
    assert alerts == live(shop)


def test_a_due_moment_is_evaluated_once(shop):
    """A worker that was lost after it had committed is not run again for the same moment."""
    moment = dt.datetime(2026, 11, 25, 0, 0, tzinfo=dt.UTC)
    first = evaluate.run(shop, rules=["low_stock"], scheduled_for=moment, trigger="schedule")
    second = evaluate.run(shop, rules=["low_stock"], scheduled_for=moment, trigger="schedule")

    assert (2, 0) == (first["fired"], second["fired"])
    assert second["run_id"] is None
    with shop.read() as session:
        assert 1 == len(runs.of_rule(session, "low_stock"))


def test_stock_that_arrives_ends_the_alert_and_those_who_knew_are_told(shop):
    evaluate.run(shop)
    set_stock(shop, "A001", "hd", on_hand=500)
    result = evaluate.run(shop)

    assert 1 == result["resolved"]
    assert {("A002", "hd")} == set(live(shop))
    with shop.read() as session:
        assert ["resolved"] == [row.message for row in outbox.page(session) if row.message == "resolved"]


def test_a_level_that_rises_keeps_the_episode(shop):
    """From warning to critical: the same alert, told again, and only now a task."""
    set_stock(shop, "A003", "hd", on_hand=50)
    evaluate.run(shop)
    before = live(shop)["A003", "hd"]
    set_stock(shop, "A003", "hd", on_hand=10)
    result = evaluate.run(shop)
    after = live(shop)["A003", "hd"]

    assert ("warning", "critical", before.id) == (before.level, after.level, after.id)
    assert (None, 1, 1) == (before.task_id, result["changed"], result["tasks"])


def test_an_open_task_is_not_doubled(shop):
    """When the alert comes back while its task is open, it points to that task."""
    evaluate.run(shop)
    task = live(shop)["A001", "hd"].task_id
    set_stock(shop, "A001", "hd", on_hand=500)
    evaluate.run(shop)
    set_stock(shop, "A001", "hd", on_hand=5)
    result = evaluate.run(shop)

    assert (1, 0) == (result["fired"], result["tasks"])
    assert task == live(shop)["A001", "hd"].task_id


def test_the_evaluation_day_may_lie_in_the_past(shop):
    """As of the day after the first day of sales, one seventh is known: 5 / 7 a day."""
    result = evaluate.run(shop, as_of="2026-10-17")

    alert = live(shop)["A001", "hd"] if result["fired"] else None
    assert alert is None or {v["source"]: v["value"] for v in alert.measured}["daily"] < 5


def test_the_records_that_a_run_read_can_be_read_again(shop):
    """The SQL side of the snapshot is a Parquet file a table, the facts side a version."""
    result = evaluate.run(shop)
    with shop.read() as session:
        run = runs.get(session, result["run_id"])
    folder = shop.settings.data_dir / "runs" / str(result["run_id"])

    assert {"stock.parquet", "sku.parquet"} <= {path.name for path in folder.iterdir()}
    assert 0 == run.snapshot["facts"]["sales"]


def test_a_run_is_in_the_audit_log(shop):
    evaluate.run(shop, user="lin")
    with shop.read() as session:
        row = audit.page(session, kind="run")[0]

    assert ("lin", "rule.run") == (row.actor, row.action)
    assert "触发 2" in row.summary


def test_preview_says_what_matches_and_keeps_nothing(shop):
    """A lower threshold matches less, at once, and nothing is written."""
    milder = {**RULE, "levels": [{"level": "critical", "when": "available < daily"}]}
    found = evaluate.preview(shop, definition=milder)
    strict = evaluate.preview(shop, definition=RULE)

    assert (0, 2, 4) == (found["total"], strict["total"], strict["rows"])
    assert "A001 珍珠耳环" == next(s for s in strict["sample"] if s["keys"]["sku"] == "A001")["labels"]["sku"]
    assert {} == live(shop)


def test_preview_of_a_broken_rule_tells_every_problem(shop):
    broken = {**RULE, "levels": [{"level": "critical", "when": "avalable < dayly"}]}

    with pytest.raises(DefinitionError) as refused:
        evaluate.preview(shop, definition=broken)

    assert {"$.levels[0].when"} == {problem.path for problem in refused.value.problems}
    assert "available" in refused.value.problems[0].hint


def test_explain_answers_why_nothing_fired(shop):
    """A003 has 1000 against 42: the answer has both numbers."""
    found = evaluate.explain(shop, rule="low_stock", keys={"sku": "A003", "warehouse": "hd"})

    assert False is found["fires"]
    assert "1000" in found["sentence"] or "1,000" in found["sentence"]


def test_a_rule_that_is_off_is_not_run(shop):
    publish.enable(shop, kind="rule", key="low_stock", enabled=False, user="lin")

    assert 0 == evaluate.run(shop)["rules"]
    with pytest.raises(Refused):
        evaluate.run(shop, rules=["low_stock"])


def test_an_unknown_rule_is_refused(shop):
    with pytest.raises(Refused) as refused:
        evaluate.run(shop, rules=["no_such"])

    assert "not_found" == refused.value.reason


def test_a_run_for_a_past_day_orders_by_the_sales_before_that_day(shop):
    """On 2026-10-20 three days of sales were known; the task is dated from that day, not from today."""
    evaluate.run(shop, as_of="2026-10-20")
    with shop.read() as session:
        rows = kept.page(session, "replenishment_task", kept.Wanted()).rows

    assert [] != rows
    assert all("2026-10-20" <= row["needed_by"] < "2026-11-10" for row in rows)


def test_a_run_before_any_sale_needs_no_order_and_does_not_fail(shop):
    assert 0 == evaluate.run(shop, as_of="2025-01-01")["tasks"]


def test_a_shop_that_has_sold_nothing_yet_is_evaluated(shop):
    shutil.rmtree(shop.folder("facts") / "sales")

    done = evaluate.run(shop)

    assert (1, 0) == (done["rules"], done["fired"])  # nothing is below a line of 0
