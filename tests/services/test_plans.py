"""A plan of the workspace: proposals with reasons, taken as orders and transfers, never proposed twice."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from stock_shop import prepare, row_of

from services import ledger, plan_lines, plans, records
from services.ledger import Posting
from services.refusal import Refused


@pytest.fixture
def shop(ws):
    """A1 sells 4 a day in hd, where 5 are left, and nothing in hn, where 300 lie; A2 sells 2 a day in hn, where none is."""
    prepare(ws, 5)
    today = ws.today()
    days = [today - dt.timedelta(days=back) for back in range(1, 120)]
    rows = [("A1", "hd", day, 4) for day in days] + [("A2", "hn", day, 2) for day in days]
    rows += [("A1", "hn", day, 1) for day in days if day.day == 1]
    names = ("sku", "warehouse", "date", "quantity")
    ws.facts("sales").append(pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)}), "b1")
    ledger.post(ws, [Posting("r1", "receipt", "A1", "hn", 300)], user="chen")
    ledger.post(ws, [Posting("r3", "receipt", "A2", "hn", 1), Posting("s3", "sale", "A2", "hn", 1)], user="chen")
    return ws


def kinds(shop, number):
    found = plan_lines.lines(shop, id=number)["items"]
    return {(line["kind"], line["sku"], line["warehouse"]): line for line in found}


def test_a_plan_says_why(shop):
    made = plans.make(shop, user="chen")
    found = kinds(shop, made["id"])

    move, bought = found["transfer", "A1", "hd"], found["buy", "A2", "hn"]
    assert "hn" == move["from_warehouse"]
    assert move["quantity"] >= 40
    assert "先调" in move["reason"]
    assert ("S1", 2) == (bought["supplier"], bought["unit_cost"])
    assert "采购" in bought["reason"]
    assert ("clear", "A1", "hn") in found


def test_what_is_taken_is_not_proposed_again(shop):
    """Taken as a sent order and a sent transfer; the next plan asks for neither; receipts end it."""
    made = plans.make(shop, user="chen")
    changed = kinds(shop, made["id"])["buy", "A2", "hn"]
    plan_lines.change(shop, id=made["id"], line=changed["id"], quantity=77, user="chen")
    done = plan_lines.take(shop, id=made["id"], user="chen", equal={"state": "open"}, send=True)

    assert (1, 1) == (len(done["orders"]), len(done["transfers"]))
    assert 77 == row_of(shop, "A2", "hn")[3]
    assert done["transfers"][0]["units"] == row_of(shop, "A1", "hd")[2]
    again = kinds(shop, plans.make(shop, user="chen")["id"])
    assert {"clear"} >= {kind for kind, _, _ in again}
    order = records.get(shop, form="purchase_order", id=done["orders"][0]["id"])["values"]
    assert ("sent", 154) == (order["status"], order["total"])


def test_what_is_put_aside_is_not_taken(shop):
    made = plans.make(shop, user="chen")
    ids = [line["id"] for line in plan_lines.lines(shop, id=made["id"])["items"]]
    assert len(ids) == plan_lines.put_aside(shop, id=made["id"], ids=ids, user="chen")["lines"]
    with pytest.raises(Refused):
        plan_lines.take(shop, id=made["id"], ids=ids, user="chen")


def test_a_budget_is_kept(shop):
    made = plans.make(shop, user="chen", budget=20, move=False)

    assert 20 >= made["summary"]["buy"]["money"]
    assert 20 < made["summary"]["needed"]


def test_open_tasks_count_as_coming(shop):
    task = {"sku": "A2", "warehouse": "hn", "quantity": 500, "supplier": "S1"}
    records.create(shop, form="replenishment_task", values=task, user="chen")

    assert ("buy", "A2", "hn") not in kinds(shop, plans.make(shop, user="chen")["id"])


def test_the_map_shows_lanes_and_stock(shop):
    made = plans.make(shop, user="chen")
    found = plan_lines.flows(shop, id=made["id"])

    assert [("hn", "hd", 1)] == [(lane["from"], lane["to"], lane["lines"]) for lane in found["lanes"]]
    assert {"hd": 5, "hn": 300} == {one["code"]: one["on_hand"] for one in found["warehouses"]}
