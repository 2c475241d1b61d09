"""Stock as a matrix: SKUs down, warehouses across, each cell with what is there, what comes, and how many days it lasts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from services.workspace import Workspace
from store import records
from store.database import Session

RECENT = 28
NUMBERS = ("on_hand", "reserved", "in_transit", "on_order")
SORTS = ("urgency", "days", "sku", "value", "sold")
Pace = dict[tuple[str, str], float]


def matrix(
    workspace: Workspace, *, q: str = "", category: str = "", sort: str = "urgency", limit: int = 100,
    cursor: str | None = None, only: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Return rows of SKUs with a cell a warehouse, the most urgent first.

    Args:
        workspace: where.
        q: words that code or name must contain.
        category: only of this category.
        sort: `urgency` (the fewest days in any warehouse that sells), `days` (over all), `sku`, `value`, `sold`.
        limit: rows.
        cursor: where the page begins.
        only: `short` (some cell lasts less than a week), `out`, `over` (more than half a year).

    Returns:
        `{warehouses, items: [{sku, name, category, stage, sold, days, value, cells: {warehouse: {…, days}}}], total,
        next_cursor, categories}`.
    """
    offset = int(cursor) if cursor and cursor.isdigit() else 0
    with workspace.read() as session:
        if records.state(session, "stock") is None:
            return {"warehouses": [], "items": [], "total": 0, "next_cursor": None, "categories": []}
        stock = records.arrow(session, "stock").to_pylist()
        skus = {row["code"]: row for row in _every(session, "sku")}
        places = [{"code": row["code"], "name": row.get("name") or row["code"]} for row in _every(session, "warehouse")]
    pace = _pace(workspace)
    rows = _rows(stock, skus, pace)
    categories = sorted({row["category"] for row in rows if row["category"]})
    words = q.casefold().split()
    shown = [
        row for row in rows
        if (not category or row["category"] == category)
        and all(word in f"{row['sku']} {row['name']}".casefold() for word in words) and _is(row, only)
    ]  # fmt: skip
    shown.sort(key=_order(sort))
    return {
        "warehouses": places, "items": shown[offset : offset + limit], "total": len(shown), "categories": categories,
        "next_cursor": str(offset + limit) if offset + limit < len(shown) else None,
    }  # fmt: skip


def _every(session: Session, form: str) -> list[dict[str, Any]]:
    return records.arrow(session, form).to_pylist() if records.state(session, form) is not None else []


def _pace(workspace: Workspace) -> Pace:
    """Return the mean units a day of the last 28 days, by place."""
    facts = workspace.facts("sales")
    names = set(facts.schema().names)
    if not {"sku", "warehouse", "date", "quantity"} <= names:
        return {}
    today = workspace.today()
    columns = ["sku", "warehouse", "quantity"]
    table = facts.read(columns=columns, since=today - dt.timedelta(days=RECENT), until=today - dt.timedelta(days=1))
    flat = pa.table(
        {
            "sku": table["sku"].cast(pa.string()),
            "warehouse": table["warehouse"].cast(pa.string()),
            "quantity": pc.cast(table["quantity"], pa.float64()),
        }
    )
    summed = flat.group_by(["sku", "warehouse"]).aggregate([("quantity", "sum")]).to_pylist()
    return {(row["sku"], row["warehouse"] or ""): (row["quantity_sum"] or 0) / RECENT for row in summed}


def _rows(stock: list[dict[str, Any]], skus: dict[str, dict[str, Any]], pace: Pace) -> list[dict[str, Any]]:
    cells: defaultdict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in stock:
        numbers = {name: row.get(name) or 0 for name in NUMBERS}
        available = numbers["on_hand"] - numbers["reserved"]
        daily = pace.get((row["sku"], row["warehouse"] or ""), 0.0)
        cells[row["sku"]][row["warehouse"] or ""] = {
            **numbers,
            "available": available,
            "daily": round(daily, 2),
            "days": _days(available, daily),
        }
    rows = []
    for sku, mine in cells.items():
        own = skus.get(sku, {})
        available, daily = (sum(cell[name] for cell in mine.values()) for name in ("available", "daily"))
        on_hand = sum(cell["on_hand"] for cell in mine.values())
        rows.append(
            {
                "sku": sku, "name": own.get("name") or sku, "category": own.get("category") or "",
                "stage": own.get("stage") or "", "sold": round(daily, 2), "days": _days(available, daily),
                "value": round(on_hand * float(own.get("unit_cost") or 0), 2), "on_hand": on_hand, "cells": mine,
                "active": own.get("active") is not False,
            }
        )  # fmt: skip
    return rows


def _days(available: float, daily: float) -> float | None:
    return round(max(available, 0) / daily, 1) if daily > 0 else None


def _worst(row: dict[str, Any]) -> float:
    return min((cell["days"] for cell in row["cells"].values() if cell["days"] is not None), default=1e9)


def _is(row: dict[str, Any], only: str) -> bool:
    if only == "short":
        return _worst(row) < 7
    if only == "out":
        return any(cell["available"] <= 0 and cell["daily"] > 0 for cell in row["cells"].values())
    if only == "over":
        return row["on_hand"] > 0 and (row["days"] is None or row["days"] > 180)
    return True


def _order(sort: str) -> Any:
    if sort == "sku":
        return lambda row: row["sku"]
    if sort in {"value", "sold"}:
        return lambda row: (-row[sort], row["sku"])
    if sort == "days":
        return lambda row: (row["days"] if row["days"] is not None else 1e9, row["sku"])
    return lambda row: (_worst(row), -row["sold"], row["sku"])
