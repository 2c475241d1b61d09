"""Work over the API: to-dos and their boxes, returns, trials of workflows, instances, exports, silences."""

from __future__ import annotations

import csv
import io

import pytest
from small_shop import WORKFLOW

from services import evaluate
from store import events


@pytest.fixture
def ran(shop):
    evaluate.run(shop)
    return shop


def first_todo(one):
    return one.get(f"/todos/{one.get('/todos')['items'][0]['id']}")


def test_a_todo_that_is_not_mine_is_not_shown_and_not_decided(ran, browser):
    """Only its holder sees and decides it; an administrator may look."""
    number = first_todo(browser("chen"))["id"]
    wang = browser("wang")

    assert 403 == wang.call("GET", f"/todos/{number}").status_code
    assert 403 == wang.call("POST", f"/todos/{number}/decide", {"op": "approve"}).status_code
    assert 200 == browser("admin").call("GET", f"/todos/{number}").status_code


def test_the_same_decision_again_is_answered_and_not_repeated(ran, browser):
    """A retry with the same request id gets the answer; without one it is told that it was decided."""
    chen = browser("chen")
    number = first_todo(chen)["id"]
    decision = {"op": "approve", "request_id": "r-1"}
    first = chen.post(f"/todos/{number}/decide", decision)
    again = chen.post(f"/todos/{number}/decide", decision)
    other = chen.call("POST", f"/todos/{number}/decide", {"op": "reject"})

    assert ("completed", False, True) == (first["status"], first["repeated"], again["repeated"])
    assert "采购单 PO" in first["message"]
    assert (409, "stale") == (other.status_code, other.get_json()["reason"])
    assert "陈宁" in other.get_json()["detail"]
    assert 1 == chen.get("/orders")["total"]


def test_a_todo_can_be_handed_over(ran, browser):
    chen = browser("chen")
    number = first_todo(chen)["id"]
    chen.post(f"/todos/{number}/decide", {"op": "transfer", "to": "wang"})

    assert [] == chen.get("/todos")["items"]
    assert 2 == len(browser("wang").get("/todos")["items"])
    assert 1 == len(chen.get("/todos?box=done")["items"])


def test_a_return_says_where_it_may_go_and_the_initiator_gets_it_back(ran, browser):
    """The owner of the SKU started it: sent back, it is a to-do of hers to submit again."""
    wang, chen = browser("wang"), browser("chen")
    todo = first_todo(wang)

    assert ["START"] == [target["node"] for target in todo["returns"]]
    wang.post(f"/todos/{todo['id']}/decide", {"op": "return", "comment": "数量再核实"})
    assert {"START"} < {item["node"]["id"] for item in chen.get("/todos")["items"]}


def test_who_started_it_may_take_it_back_before_anybody_decided(ran, browser):
    chen = browser("chen")
    started = chen.get("/todos?box=started")["items"]
    chen.post(f"/instances/{started[0]['instance']}/recall", {})

    assert "recalled" == chen.get(f"/instances/{started[0]['instance']}")["status"]
    assert 403 == browser("wang").call("POST", f"/instances/{started[1]['instance']}/recall", {}).status_code


def test_an_instance_shows_where_it_stands(ran, browser):
    chen = browser("chen")
    listed = chen.get("/instances?status=running")
    shown = chen.get(f"/instances/{listed['items'][0]['id']}")

    assert {"running": 2} == listed["counts"]
    assert shown["active"][0] in shown["definition"]["nodes"]
    assert "提交" in {step["node"] for step in shown["timeline"]}


def test_an_administrator_ends_an_instance_with_a_reason(ran, browser):
    admin = browser("admin")
    key = admin.get("/instances")["items"][0]["id"]

    assert 422 == admin.call("POST", f"/instances/{key}/cancel", {}).status_code
    assert "cancelled" == admin.post(f"/instances/{key}/cancel", {"comment": "不做了"})["status"]
    assert 404 == admin.call("GET", "/instances/no-such").status_code


def test_a_preview_names_who_would_decide(browser):
    """Over 50000 the manager decides, below it the buyer; nothing is kept."""
    chen = browser("chen")
    for amount, expected in ((60_000, ["王敏"]), (100, ["陈宁"])):
        found = chen.post("/workflows/preview", {"definition": WORKFLOW, "variables": {"amount": amount}})
        assert expected == [person["name"] for stop in found["items"] for person in stop["people"]]
    assert [] == chen.get("/instances")["items"]


def test_a_trial_walks_through_with_sample_data(browser):
    found = browser("lin").post(
        "/workflows/test",
        {"definition": WORKFLOW, "variables": {"amount": 100, "quantity": 5}, "answers": {"buyer": "reject"}},
    )

    assert "rejected" == found["status"]
    assert "buyer" in [step["node"] for step in found["steps"]]


def test_a_broken_workflow_is_not_tried(browser):
    broken = {**WORKFLOW, "edges": []}

    assert 422 == browser("lin").call("POST", "/workflows/test", {"definition": broken}).status_code


def test_a_workflow_can_be_started_by_hand_on_a_record(browser):
    chen = browser("chen")
    values = {"sku": "A003", "warehouse": "hd", "quantity": 10, "unit_cost": 5}
    task = chen.post("/forms/replenishment_task/records", {"values": values})
    started = chen.post("/workflows/replenishment_approval/start", {"record_id": task["id"]})

    assert "running" == started["status"]
    assert "approving" == chen.get(f"/forms/replenishment_task/records/{task['id']}")["values"]["status"]


def test_records_leave_as_a_file(browser):
    answer = browser("guest").call("GET", "/forms/sku/export?format=csv&sort=code&filter=unit_cost+%3C+100")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))

    assert "attachment; filename=sku.csv" == answer.headers["Content-Disposition"]
    assert ["A001", "A003"] == [row[0] for row in rows[1:]]


def test_a_silence_keeps_people_from_being_told(shop, browser):
    """The alert is recorded all the same."""
    chen = browser("chen")
    made = chen.post("/silences", {"keys": {"sku": "A001"}, "ends_at": "2026-11-26T00:00:00Z", "comment": "清仓"})
    result = evaluate.run(shop)

    assert (2, 1) == (result["fired"], result["notices"])
    assert 204 == chen.call("DELETE", f"/silences/{made['id']}").status_code
    assert [] == chen.get("/silences")["items"]


@pytest.mark.parametrize(
    "body", [{"ends_at": "2026-11-26T00:00:00Z"}, {"rule": "low_stock", "ends_at": "2020-01-01T00:00:00Z"}]
)
def test_a_silence_of_nothing_or_of_the_past_is_refused(browser, body):
    assert 422 == browser("chen").call("POST", "/silences", body).status_code


def test_what_happens_is_told_to_triggers_that_wait_for_it(shop, browser):
    """A trigger on a fired alert and on a finished workflow finds an event for each."""
    lin = browser("lin")
    for key, on in (("on_fire", "alert.fired"), ("on_end", "workflow.finished")):
        definition = {"kind": "trigger", "key": key, "name": key, "on": on, "evaluate": ["low_stock"]}
        lin.put(f"/triggers/{key}/draft", {"definition": definition})
        lin.post(f"/triggers/{key}/publish", {})
    evaluate.run(shop)
    chen = browser("chen")
    chen.post(f"/todos/{first_todo(chen)['id']}/decide", {"op": "approve"})
    with shop.write() as session:
        names = [event.name for event in events.take(session, shop.clock())]

    assert ["alert.fired", "alert.fired", "workflow.finished"] == names


def test_the_builder_works_formulas_out_for_a_record(browser):
    """Series and names of the rule included; what cannot be worked out has a reason and is no error."""
    lin = browser("lin")
    ask = {
        "form": "stock",
        "keys": {"sku": "A001", "warehouse": "hd"},
        "let": {"daily": "avg_daily(sales.quantity, 7)"},
    }

    assert 35 == lin.post("/expressions/evaluate", {**ask, "source": "daily * sku.lead_time_days"})["value"]
    empty = lin.post("/expressions/evaluate", {**ask, "source": "on_hand / 0"})
    assert (None, True) == (empty["value"], bool(empty["reason"]))
    wrong = lin.post("/expressions/evaluate", {**ask, "source": "on_hnd + 1"})
    assert (0, 6) == (wrong["problems"][0]["start"], wrong["problems"][0]["end"])
    checked = lin.post("/expressions/check", {"source": "on_hand < 5", "over": "stock", "result": "boolean"})
    assert ("boolean", []) == (checked["type"], checked["problems"])
    assert "on_hand < 5" == lin.post("/expressions/from-groups", {"groups": checked["groups"]})["source"]
    assert {"sku.name", "on_hand", "sales.quantity"} <= {
        field["path"] for field in lin.get("/expressions/fields?over=stock")["items"]
    }


def test_the_catalog_has_everything_that_builders_draw_from(browser):
    catalog = browser("guest").get("/catalog")

    assert {"functions", "fields", "nodes", "channels", "connectors"} == set(catalog)
    for group in ("fields", "nodes", "channels", "connectors"):
        assert all(each["title"] and each["title_en"] and "schema" in each for each in catalog[group]), group
