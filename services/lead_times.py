"""Lead times as they were: from the day an order was sent to the day its goods came, by supplier and by SKU; a score."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from services.workspace import Workspace
from store import records
from store.database import Session

ENOUGH = 3
_PAGE = 1_000
Measured = dict[str, float]


def measured(session: Session) -> dict[tuple[str, str], list[tuple[int, float, bool | None]]]:
    """Return, by (supplier, SKU), each receipt: days since the order was sent, units, whether it came by the day promised."""
    if records.state(session, "shipment") is None or records.state(session, "purchase_order") is None:
        return {}
    orders = {row["code"]: row for row in _all(session, "purchase_order", {}) if row.get("sent_on")}
    found: defaultdict[tuple[str, str], list[tuple[int, float, bool | None]]] = defaultdict(list)
    for shipment in _all(session, "shipment", {"status": "arrived"}):
        order = orders.get(shipment.get("purchase_order") or "")
        if order is None or not shipment.get("arrived_on") or not order.get("supplier"):
            continue
        arrived = dt.date.fromisoformat(shipment["arrived_on"])
        days = (arrived - dt.date.fromisoformat(order["sent_on"])).days
        promised = {line["sku"]: line.get("promised_on") for line in order.get("lines") or []}
        for line in shipment.get("lines") or []:
            due = promised.get(line["sku"]) or order.get("expected_on")
            punctual = arrived <= dt.date.fromisoformat(due) if due else None
            found[order["supplier"], line["sku"]].append((days, float(line.get("quantity") or 0), punctual))
    return dict(found)


def days_of(
    receipts: Mapping[tuple[str, str], list[tuple[int, float, bool | None]]],
) -> dict[tuple[str, str], Measured]:
    """Return mean, deviation and 90 % quantile of the days, by (supplier, SKU) and by (supplier, ""), of enough receipts."""
    pooled: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for (supplier, sku), rows in receipts.items():
        pooled[supplier, sku] += [row[0] for row in rows]
        pooled[supplier, ""] += [row[0] for row in rows]
    return {key: _figures(days) for key, days in pooled.items() if len(days) >= ENOUGH}


def _figures(days: list[int]) -> Measured:
    ordered = sorted(days)
    return {
        "receipts": len(days),
        "mean": round(statistics.fmean(days), 2),
        "deviation": round(statistics.pstdev(days), 2),
        "p90": ordered[min(math.ceil(0.9 * len(ordered)) - 1, len(ordered) - 1)],
    }


def scores(workspace: Workspace) -> dict[str, Any]:
    """Return each supplier's record: receipts, days, punctuality, how much of what was ordered came, open and late orders."""
    today = workspace.today().isoformat()
    with workspace.read() as session:
        if records.state(session, "supplier") is None:
            return {"items": []}
        receipts = measured(session)
        figures = days_of(receipts)
        orders = _all(session, "purchase_order", {}) if records.state(session, "purchase_order") else []
        suppliers = _all(session, "supplier", {})
    items = [
        _score(one, receipts, figures, [o for o in orders if o["supplier"] == one["code"]], today) for one in suppliers
    ]
    return {"items": sorted(items, key=lambda item: (-item["late_now"], -item["orders"], item["supplier"]))}


def _score(
    supplier: Mapping[str, Any],
    receipts: Mapping[tuple[str, str], list[tuple[int, float, bool | None]]],
    figures: Mapping[tuple[str, str], Measured],
    orders: list[dict[str, Any]],
    today: str,
) -> dict[str, Any]:
    code = supplier["code"]
    mine = [row for (of, _), rows in receipts.items() if of == code for row in rows]
    told = [row[2] for row in mine if row[2] is not None]
    over = [order for order in orders if order["status"] in {"received", "cancelled"} and order.get("sent_on")]
    lines = [line for order in over for line in order.get("lines") or []]
    ordered = sum(float(line.get("quantity") or 0) for line in lines)
    came = sum(min(float(line.get("received") or 0), float(line.get("quantity") or 0)) for line in lines)
    open_ = [order for order in orders if order["status"] in {"sent", "confirmed", "receiving"}]
    late = [order["code"] for order in open_ if (order.get("expected_on") or today) < today]
    return {
        "supplier": code, "name": supplier.get("name") or code, "stated_days": supplier.get("lead_time_days"),
        "orders": len(orders), "open": len(open_), "late_now": len(late), "late_orders": late[:20],
        "receipts": len(mine), **{name: figures.get((code, ""), {}).get(name) for name in ("mean", "deviation", "p90")},
        "punctual": round(sum(told) / len(told), 4) if told else None,
        "filled": round(came / ordered, 4) if ordered else None,
    }  # fmt: skip


def _all(session: Session, form: str, equal: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = records.page(session, form, records.Wanted(equal=equal), limit=_PAGE, cursor=cursor, total=False)
        rows += page.rows
        cursor = page.next_cursor
        if cursor is None:
            return rows
