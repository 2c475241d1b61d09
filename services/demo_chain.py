"""The demo shop's chain of supply: past orders whose lead times can be measured, and a day's work on the plan, told once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import numpy as np

from services import bulk, channel_stock, ledger, plan_lines, plans, purchasing, records, stocktakes, transfers
from services.ledger import Posting
from services.refusal import Refused
from services.workspace import Workspace
from store import plans as kept_plans
from store import records as kept
from store import settings

MARK = "demo.chain"
BUYER, MANAGER, COUNTER = "chen", "wang", "chen"
PAST_ORDERS = 54
RULES: tuple[dict[str, Any], ...] = (
    {"channel": "tmall", "share": 0.6, "priority": 10, "guarantee": 0, "buffer": 2},
    {"channel": "jd", "share": 0.5, "priority": 20, "guarantee": 0, "buffer": 2},
    {"channel": "pdd", "share": 0.4, "priority": 30, "guarantee": 0, "buffer": 5},
    {"channel": "douyin", "share": 1.0, "priority": 5, "guarantee": 10, "buffer": 0},
)


def play(workspace: Workspace) -> None:
    """Play the chain once: orders of the past, channels, a plan and what is made of it, a stocktake, today's sales."""
    with workspace.read() as session:
        if settings.get(session, MARK):
            return
    _past_orders(workspace)
    bulk.bulk_upsert(workspace, form="channel_allocation", rows=RULES, user=BUYER, match=["channel"])
    ledger.reconcile(workspace)
    _today(workspace)
    _stocktake(workspace)
    with workspace.write() as session:
        settings.put(session, MARK, value=True, user=BUYER, now=workspace.clock())
    plans.make(workspace, user=BUYER)


def _past_orders(workspace: Workspace) -> None:
    """Write orders of the last months as they ended, with their receipts: what lead times are measured from."""
    generator, today = np.random.default_rng(618), workspace.today()
    with workspace.read() as session:
        sources = kept.page(session, "source", kept.Wanted(equal={"preferred": True}), limit=1000, total=False).rows
        suppliers = {
            row["code"]: row for row in kept.page(session, "supplier", kept.Wanted(), limit=200, total=False).rows
        }
    by_supplier: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sources:
        by_supplier[row["supplier"]].append(row)
    names = sorted(by_supplier)
    orders, arrivals = [], []
    for number in range(PAST_ORDERS if names else 0):
        supplier = names[number % len(names)]
        stated = float(suppliers[supplier].get("lead_time_days") or 7)
        sent = today - dt.timedelta(days=int(25 + stated + 100 * number / PAST_ORDERS))
        # Every third supplier is late as a habit.
        days = max(round(generator.normal(stated * (1.25 if names.index(supplier) % 3 == 0 else 1.0), 1.6)), 1)
        arrived, promised = sent + dt.timedelta(days=days), sent + dt.timedelta(days=int(stated))
        part = by_supplier[supplier][:3]
        code = f"PO{sent:%Y%m%d}-9{number:03d}"
        lines = [
            {
                "sku": row["sku"], "quantity": 60, "price": row.get("price"), "confirmed": 60,
                "promised_on": promised.isoformat(), "received": 60 if number % 7 else 52,
            }
            for row in part
        ]  # fmt: skip
        orders.append(
            {
                "code": code, "supplier": supplier, "warehouse": ("hd", "hn", "hb")[number % 3], "status": "received",
                "lines": lines, "sent_on": sent.isoformat(), "confirmed_on": sent.isoformat(),
                "expected_on": promised.isoformat(), "received_on": arrived.isoformat(),
            }
        )  # fmt: skip
        goods = [{"sku": line["sku"], "quantity": line["received"]} for line in lines]
        arrivals.append(
            {
                "code": f"SH{arrived:%Y%m%d}-9{number:03d}", "purchase_order": code, "warehouse": orders[-1]["warehouse"],
                "status": "arrived", "lines": goods, "arrived_on": arrived.isoformat(), "carrier": "德邦",
            }
        )  # fmt: skip
    for form, rows in (("purchase_order", orders), ("shipment", arrivals)):
        bulk.bulk_upsert(workspace, form=form, rows=rows, user=BUYER, match=["code"], batch=f"demo-{form}")


def _today(workspace: Workspace) -> None:
    """Plan, and take a part of it: orders sent, answered, half received and late; transfers sent and received; sales."""
    made = plans.make(workspace, user=BUYER)
    with workspace.read() as session:
        buys = kept_plans.page(session, made["id"], equal={"kind": "buy"}, limit=400)
        moves = kept_plans.page(session, made["id"], equal={"kind": "transfer"}, limit=400)
    chosen = [row["id"] for row in buys[:: max(len(buys) // 10, 1)][:10]]
    lanes = sorted({(row["from_warehouse"], row["warehouse"]) for row in moves})[:3]
    chosen += [row["id"] for row in moves if (row["from_warehouse"], row["warehouse"]) in lanes][:6]
    if not chosen:
        return
    done = plan_lines.take(workspace, id=made["id"], ids=chosen, user=BUYER)
    _orders(workspace, [one["id"] for one in done["orders"]])
    for place, one in enumerate(done["transfers"][:2]):
        transfers.send(workspace, id=one["id"], user=BUYER)
        if place == 0:
            transfers.receive(workspace, id=one["id"], user=BUYER)
    _sales(workspace)


def _orders(workspace: Workspace, orders: list[int]) -> None:
    today = workspace.today()
    for place, number in enumerate(orders):
        if place == 0:
            continue  # one stays a draft
        purchasing.send(workspace, id=number, user=BUYER)
        values = records.get(workspace, form="purchase_order", id=number)["values"]
        lines = [{"line": at, "quantity": line["quantity"]} for at, line in enumerate(values["lines"])]
        if place in {2, 3, 4}:
            due = today + dt.timedelta(days=(-1, 5, 9)[place - 2])
            answer = [{**line, "date": due.isoformat()} for line in lines]
            purchasing.confirm(workspace, id=number, lines=answer, user=BUYER, note="" if place != 3 else "下周一发")
        if place in {4, 5}:
            share = 0.5 if place == 4 else 1.0
            part = [{**line, "quantity": max(round(line["quantity"] * share), 1)} for line in lines]
            purchasing.receive(workspace, id=number, lines=part, key="demo", user=COUNTER)


def _sales(workspace: Workspace) -> None:
    """Sell and reserve a few pieces of what is there today, through each channel."""
    with workspace.read() as session:
        rows = kept.page(session, "stock", kept.Wanted(), sort="-on_hand", limit=24, total=False).rows
    channels = [rule["channel"] for rule in RULES]
    for place, row in enumerate(rows):
        channel, order = channels[place % 4], f"D{workspace.today():%m%d}-{place + 1:03d}"
        wish = {"sku": row["sku"], "warehouse": row["warehouse"], "quantity": 1 + place % 3, "user": "shop"}
        try:
            if place % 3 == 0:
                minutes = None if place % 2 else 60 * 24
                channel_stock.reserve(workspace, key=order, channel=channel, order_ref=order, minutes=minutes, **wish)
            else:
                sale = Posting(order, "sale", row["sku"], row["warehouse"], wish["quantity"], price=39.0, channel=channel,
                               document=order)  # fmt: skip
                ledger.post(workspace, [sale], user="shop")
        except Refused:
            continue


def _stocktake(workspace: Workspace) -> None:
    """Count a few SKUs in two warehouses: one sheet approved, one waiting for its approval, one being counted."""
    with workspace.read() as session:
        rows = {
            place: kept.page(
                session, "stock", kept.Wanted(equal={"warehouse": place}), sort="-on_hand", limit=12, total=False
            ).rows
            for place in ("hd", "hn", "hb")
        }
    for place, (warehouse, mine) in enumerate(rows.items()):
        skus = [row["sku"] for row in mine]
        if not skus:
            continue
        sheet = stocktakes.begin(workspace, warehouse=warehouse, skus=skus, user=COUNTER)["id"]
        book = {row["sku"]: row["on_hand"] for row in mine}
        counts = [
            {"sku": sku, "counted": max(book[sku] - (2 if at % 5 == 0 else 0) + (1 if at % 7 == 3 else 0), 0)}
            for at, sku in enumerate(skus)
        ]
        stocktakes.count(workspace, id=sheet, counts=counts if place < 2 else counts[:4], user=COUNTER)
        if place < 2:
            stocktakes.submit(workspace, id=sheet, user=COUNTER)
        if place == 0:
            stocktakes.decide(workspace, id=sheet, approve=True, user=MANAGER)
