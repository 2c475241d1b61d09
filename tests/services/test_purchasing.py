"""Orders: what each step does to stock, to the order, and to what is known of the supplier."""

from __future__ import annotations

import re

import pytest
from stock_shop import prepare, row_of

from services import lead_times, ledger, purchasing, records, supplier_links
from services.refusal import Refused
from web import create_app


@pytest.fixture
def shop(ws):
    return prepare(ws, 5)


@pytest.fixture
def order(shop):
    """A draft of two lines: 100 of A1 at 3, 40 of A2 at 1.5."""
    task = {"sku": "A1", "warehouse": "hd", "quantity": 100, "supplier": "S1"}
    made = records.create(shop, form="replenishment_task", values=task, user="chen")
    lines = [{"sku": "A1", "quantity": 100, "price": 3}, {"sku": "A2", "quantity": 40, "price": 1.5}]
    values = {"supplier": "S1", "warehouse": "hd", "lines": lines, "task": made["values"]["code"]}
    return records.create(shop, form="purchase_order", values=values, user="chen")["id"]


def get(shop, number):
    return records.get(shop, form="purchase_order", id=number)["values"]


def receive(shop, order, first, second, key, **more):
    lines = [{"line": 0, "quantity": first}, {"line": 1, "quantity": second}]
    return purchasing.receive(shop, id=order, lines=lines, key=key, user="chen", **more)


def test_partial_over_and_under(shop, order):
    """100 and 40 ordered; 60 and 45 come, then the order is ended with 40 of the first missing."""
    purchasing.send(shop, id=order, user="chen")
    assert [(5, 0, 0, 100), (0, 0, 0, 40)] == [row_of(shop), row_of(shop, "A2")]

    first = receive(shop, order, 60, 45, "r1")
    assert ([{"sku": "A2", "units": 5}], [{"sku": "A1", "units": 40}]) == (first["over"], first["short"])
    assert [(65, 0, 0, 40), (45, 0, 0, 0)] == [row_of(shop), row_of(shop, "A2")]
    assert receive(shop, order, 60, 45, "r1")["repeated"]
    assert "receiving" == get(shop, order)["status"]

    purchasing.close(shop, id=order, user="chen", note="供应商停产")
    assert (65, 0, 0, 0) == row_of(shop)
    assert "received" == get(shop, order)["status"]
    task = records.get(shop, form="replenishment_task", id=1)["values"]
    assert "done" == task["status"]
    assert ledger.verify(shop)["balanced"]


def test_receipts_carry_the_price_into_the_books(shop, order):
    purchasing.send(shop, id=order, user="chen")
    receive(shop, order, 100, 40, "r1")
    found = ledger.movements(shop, sku="A2")["items"][0]

    assert ("receive", 40, 1.5, get(shop, order)["code"]) == tuple(
        found[name] for name in ("kind", "quantity", "unit_cost", "document")
    )


def test_the_supplier_answers_on_his_page(shop, order):
    """Without an account and without JavaScript: fewer of one, more of the other, a day; then goods leave; one GET changes nothing."""
    purchasing.send(shop, id=order, user="chen")
    issued = supplier_links.issue(shop, id=order, user="chen")
    assert issued["url"] in issued["text"]
    path = issued["url"].removeprefix(shop.settings.base_url)
    client = create_app(shop).test_client()
    page = client.get(path)
    assert (200, None) == (page.status_code, re.search("<script", page.text))
    nonce = re.search(r'name="nonce" value="([^"]+)"', page.text)[1]

    answer = {
        "op": "confirm",
        "nonce": nonce,
        "quantity.0": "80",
        "date.0": "2026-12-05",
        "quantity.1": "50",
        "note": "缺料",
    }
    assert 303 == client.post(path, data=answer).status_code
    assert [(5, 0, 0, 80), (0, 0, 0, 50)] == [row_of(shop), row_of(shop, "A2")]
    kept = get(shop, order)
    assert ("confirmed", "2026-12-05", "缺料") == (kept["status"], kept["expected_on"], kept["supplier_note"])

    goods = {
        "op": "ship",
        "nonce": nonce,
        "ship.0": "80",
        "ship.1": "0",
        "carrier": "顺丰",
        "expected_on": "2026-12-08",
    }
    assert 303 == client.post(path, data=goods).status_code
    assert (5, 0, 80, 0) == row_of(shop)
    assert "2026-12-08" == get(shop, order)["expected_on"]
    assert 422 == client.post(path, data=answer).status_code  # what has left is no longer changed

    shipment = records.list_(shop, form="shipment", user="chen")["items"][0]["values"]["code"]
    receive(shop, order, 78, 0, "r1", shipment=shipment)
    assert (83, 0, 0, 2) == row_of(shop)
    assert ledger.verify(shop)["balanced"]


def test_a_page_that_is_not_valid(shop, order):
    """An unknown token, an old page, an older link: nothing happens."""
    purchasing.send(shop, id=order, user="chen")
    old = supplier_links.issue(shop, id=order, user="chen")["url"].removeprefix(shop.settings.base_url)
    new = supplier_links.issue(shop, id=order, user="chen")["url"].removeprefix(shop.settings.base_url)
    client = create_app(shop).test_client()

    assert (404, 404) == (client.get("/s/nothing").status_code, client.get(old).status_code)
    assert 422 == client.post(new, data={"op": "confirm", "nonce": "old", "quantity.0": "1"}).status_code
    assert 422 == client.post(new, data={"op": "confirm", "nonce": "old", "quantity.0": "many"}).status_code
    assert (5, 0, 0, 100) == row_of(shop)


def test_steps_in_the_wrong_order_are_refused(shop, order):
    with pytest.raises(Refused):
        receive(shop, order, 1, 1, "r1")
    with pytest.raises(Refused):
        supplier_links.issue(shop, id=order, user="chen")
    purchasing.close(shop, id=order, user="chen")
    with pytest.raises(Refused):
        purchasing.send(shop, id=order, user="chen")
    assert (5, 0, 0, 0) == row_of(shop)


def test_lead_times_are_measured_from_receipts(shop, clock):
    """Three orders of 4, 6 and 9 days, one of them late: mean, 90 % quantile, punctuality."""
    for days in (4, 6, 9):
        lines = [{"sku": "A1", "quantity": 10, "price": 3}]
        values = {"supplier": "S1", "warehouse": "hd", "lines": lines, "expected_on": None}
        number = records.create(shop, form="purchase_order", values=values, user="chen")["id"]
        purchasing.send(shop, id=number, user="chen")
        due = (shop.today().replace(day=1)).isoformat() if days == 9 else "2027-01-31"
        purchasing.confirm(shop, id=number, lines=[{"line": 0, "quantity": 10, "date": due}], user="chen")
        clock.pass_(days=days)
        purchasing.receive(shop, id=number, lines=[{"line": 0, "quantity": 10}], key="r", user="chen")
    (score,) = lead_times.scores(shop)["items"]

    assert (3, 6.33, 9, 1.0) == tuple(score[name] for name in ("receipts", "mean", "p90", "filled"))
    assert 0.6667 == score["punctual"]
