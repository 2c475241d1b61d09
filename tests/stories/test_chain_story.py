"""The chain of supply in one story: forecast, plan, order, receipt, sales, stock, alert, transfer, finance; every number checked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import threading

import pytest
from small_shop import Clock, open_shop
from stock_shop import row_of
from werkzeug.serving import make_server

from services import (
    alerts,
    books,
    dispatch,
    evaluate,
    ledger,
    mailbox,
    nightly,
    plan_lines,
    plans,
    purchasing,
    records,
    supplier_links,
    transfers,
)
from services.ledger import Posting
from web import create_app

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def shop(tmp_path):
    """A shop whose pearls run out: 12 of A001 in hd, 3 of them reserved, 5 sold a day, 7 days of lead time."""
    workspace = open_shop(tmp_path / "shop", clock=Clock())
    yield workspace
    workspace.close()


@pytest.fixture
def address(shop):
    """The address of a real server of the shop."""
    server = make_server("127.0.0.1", 0, create_app(shop), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def only(shop, form, **equal):
    """Return the one record of a form that has these values."""
    filter_ = " and ".join(f"{name} == '{value}'" for name, value in equal.items()) or None
    (found,) = records.list_(shop, form=form, user="chen", filter=filter_)["items"]
    return found


def alert_of(shop, sku):
    """Return the newest alert on a SKU in hd."""
    found = alerts.list_(shop, state="all", limit=100)["items"]
    return next(one for one in found if one["keys"] == {"sku": sku, "warehouse": "hd"})


def link_of(shop, user):
    """Return the path of the page on which *user* decides the one thing that waits."""
    (letter,) = [one for one in mailbox.list_(shop, user=user)["items"] if one["todo"]]
    return letter["link"].removeprefix(shop.settings.base_url)


@pytest.mark.parametrize("visit", ["phone"], indirect=True)
def test_from_the_forecast_to_the_books(shop, address, visit):
    phone = visit("chain").page

    # The plan sees it coming: hn has too much of A001, so it is moved; A002 lies nowhere else, so it is bought.
    made = plans.make(shop, user="chen")
    found = {(one["kind"], one["sku"], one["warehouse"]): one for one in plan_lines.lines(shop, id=made["id"])["items"]}
    assert "hn" == found["transfer", "A001", "hd"]["from_warehouse"]
    bought = found["buy", "A002", "hd"]
    assert bought["quantity"] % 10 == 0
    assert bought["quantity"] >= 50
    assert "起订 50、箱规 10" in bought["reason"]

    # Four are sold: 12 − 4 = 8 on hand, 3 reserved, 5 to sell; no fifth order of six is taken.
    sale = Posting("tmall:1", "sale", "A001", "hd", 4, channel="tmall", price=129, document="T1")
    ledger.post(shop, [sale], user="admin")
    ledger.post(shop, [sale], user="admin")
    assert (8, 3, 0, 0) == row_of(shop, "A001")

    # The rule fires: 8 + 0 − 3 = 5 < 5 × 7 × 1.2; a task waits for the buyer, who approves 80 on the phone.
    evaluate.run(shop)
    alert = alert_of(shop, "A001")
    assert ("critical", "firing") == (alert["level"], alert["state"])
    assert "5" in alert["explanation"]
    task = only(shop, "replenishment_task", sku="A001")
    assert "approving" == task["values"]["status"]
    dispatch.work(shop)
    phone.goto(address + link_of(shop, "chen"))
    phone.get_by_label("补货数量").fill("80")
    phone.get_by_role("button", name="同意").click()
    phone.get_by_text("办好了").wait_for()

    # The task has become an order of 80 × 60; sent, it stands as on order.
    order = only(shop, "purchase_order")
    assert (4800, "draft") == (order["values"]["total"], order["values"]["status"])
    purchasing.send(shop, id=order["id"], user="chen")
    assert (8, 3, 0, 80) == row_of(shop, "A001")

    # The supplier, on his telephone and without an account, can deliver 70 on the second of December.
    issued = supplier_links.issue(shop, id=order["id"], user="chen")
    page = issued["url"].removeprefix(shop.settings.base_url)
    phone.goto(address + page)
    phone.get_by_label("珍珠耳环 确认数量").fill("70")
    phone.get_by_label("珍珠耳环 承诺到货日").fill("2026-12-02")
    phone.get_by_role("button", name="确认订单").click()
    phone.get_by_text("已收到你的确认").wait_for()
    assert (8, 3, 0, 70) == row_of(shop, "A001")
    assert "2026-12-02" == only(shop, "purchase_order")["values"]["expected_on"]
    again = plan_lines.lines(shop, id=plans.make(shop, user="chen")["id"])["items"]
    assert [] == [one for one in again if (one["kind"], one["sku"], one["warehouse"]) == ("buy", "A001", "hd")]

    # Fifty come: 58 on hand; 58 − 3 = 55 is over 5 × 7 × 1.5, the alert ends, and the order still waits for 20.
    half = purchasing.receive(shop, id=order["id"], lines=[{"line": 0, "quantity": 50}], key="r1", user="chen")
    assert [{"sku": "A001", "units": 20}] == half["short"]
    assert (58, 3, 0, 20) == row_of(shop, "A001")
    evaluate.run(shop)
    assert "resolved" == alert_of(shop, "A001")["state"]

    # Twenty-five come for the last twenty: the order and its task are done, five are over.
    rest = purchasing.receive(shop, id=order["id"], lines=[{"line": 0, "quantity": 25}], key="r2", user="chen")
    assert [{"sku": "A001", "units": 5}] == rest["over"]
    assert (83, 3, 0, 0) == row_of(shop, "A001")
    assert "received" == only(shop, "purchase_order")["values"]["status"]
    assert "done" == only(shop, "replenishment_task", sku="A001")["values"]["status"]

    # Thirty are moved from hn, two of them are lost.
    values = {"from_warehouse": "hn", "to_warehouse": "hd", "lines": [{"sku": "A001", "quantity": 30}]}
    move = records.create(shop, form="transfer_order", values=values, user="chen")["id"]
    transfers.send(shop, id=move, user="chen")
    assert [(370, 0, 20, 0), (83, 3, 30, 0)] == [row_of(shop, "A001", "hn"), row_of(shop, "A001")]
    transfers.receive(shop, id=move, lines=[{"line": 0, "quantity": 28}], user="chen")
    assert (111, 3, 0, 0) == row_of(shop, "A001")

    # Finance: 4 sold and 2 lost at the average of 60, 75 bought at 60; the books and every voucher balance.
    found = books.journal(shop, since="2026-11-25", until="2026-11-25")
    amounts = {one["kind"]: one["amount"] for one in found["kinds"]}
    assert (True, 240, 120, 4200, 300) == (
        found["balanced"], amounts["sale"], amounts["lost"], amounts["receive"], amounts["receipt"]
    )  # fmt: skip
    file = books.voucher_file(shop, since="2026-11-25", until="2026-11-25", layout="kingdee").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert sum(float(row["借方金额"]) for row in rows) == sum(float(row["贷方金额"]) for row in rows) > 0
    assert ledger.verify(shop)["balanced"]

    # At night the day's sales become facts: the forecast of tomorrow knows them.
    nightly.close_ledger(shop, shop.clock() + dt.timedelta(days=1))
    day = shop.today()
    sold = shop.facts("sales").read(since=day, until=day).to_pylist()
    assert [("A001", "hd", 4, 516)] == [(r["sku"], r["warehouse"], r["quantity"], r["revenue"]) for r in sold]
