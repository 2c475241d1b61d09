"""What one wants to know before deciding on a purchase: the last price, the total, and until when it must be ordered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services.workspace import Workspace
from store import definitions, records
from store.database import Session

ORDERS = "purchase_order"
LOOKED_AT = 200  # orders


def of_task(workspace: Workspace, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return labelled facts about a replenishment task; what is not known is left out.

    Args:
        workspace: where orders and lead times are.
        values: the task's fields: sku, supplier, quantity, unit_cost, needed_by.
    """
    with workspace.read() as session:
        last = _last_price(session, str(values.get("sku") or ""))
        lead = _lead_time(session, values)
    found: list[dict[str, Any]] = []
    price, quantity = values.get("unit_cost"), values.get("quantity")
    if price is not None and quantity is not None:
        found.append({"key": "total", "value": round(float(price) * float(quantity), 2)})
    if last is not None:
        found.append({"key": "last_price", "value": last})
    needed = values.get("needed_by")
    if needed and lead is not None:
        day = needed if isinstance(needed, dt.date) else dt.date.fromisoformat(str(needed)[:10])
        found.append({"key": "order_by", "value": (day - dt.timedelta(days=int(lead))).isoformat()})
    return found


def _last_price(session: Session, sku: str) -> float | None:
    if not sku or definitions.get(session, "form", ORDERS) is None or records.state(session, ORDERS) is None:
        return None
    page = records.page(session, ORDERS, records.Wanted(), sort="-created_at", limit=LOOKED_AT, total=False)
    for row in page.rows:
        for line in row.get("lines") or ():
            if line.get("sku") == sku and line.get("price") is not None:
                return float(line["price"])
    return None


def _lead_time(session: Session, values: Mapping[str, Any]) -> float | None:
    """Return the days from order to arrival: of the SKU, else of the supplier."""
    for form in ("sku", "supplier"):
        code = values.get(form)
        if code and records.state(session, form) is not None:
            found = records.find(session, form, code=str(code))
            days = found.values.get("lead_time_days") if found else None
            if days is not None:
                return float(days)
    return None
