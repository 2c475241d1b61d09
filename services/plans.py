"""The replenishment plan of a day: forecasts, stock, what is on the way and what is asked for already, in; proposals out.

What a task, a draft order or a draft transfer asks for already counts as coming, so that nothing is proposed twice.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from engine.replenishment import plan
from services import forecast_store, lead_times, replenish
from services.purchasing import wanted
from services.refusal import Refused
from services.replenish import STANDARD_LEAD_TIME, STANDARD_POLICY, Key
from services.workspace import Workspace
from store import definitions, plans, records
from store.database import Session

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
FORECAST_POLICIES = frozenset({"rs", "ss", "newsvendor", "newsvendor_projected"})
KEPT_PLANS = 10
_HISTORY = 400


def make(
    workspace: Workspace,
    *,
    user: str,
    policy: str = "default",
    budget: float | None = None,
    move: bool = True,
    service_level: float | None = None,
) -> dict[str, Any]:
    """Work out today's plan and keep it; return `{id, summary}`.

    Args:
        workspace: where.
        user: who asks.
        policy: the key of a policy; without one of that name the standard policy.
        budget: money that may be spent; None for any.
        move: propose transfers before purchases.
        service_level: in place of the policy's own.

    Raises:
        Refused: there is no stock, or the policy cannot be used.
    """
    began, day = time.perf_counter(), workspace.today()
    with workspace.read() as session:
        if records.state(session, "stock") is None:
            raise Refused("conflict", "还没有库存可以计划", "there is no stock to plan yet")
        settings = _settings(session, policy, service_level)
        shop = _Shop(session)
    if not shop.rows:
        raise Refused("conflict", "还没有库存可以计划", "there is no stock to plan yet")
    frame, source = _places(workspace, shop, settings, day)
    from engine.replenishment.workbench import work_out  # noqa: PLC0415 SciPy costs 0.3 s that a login need not pay

    found = work_out(frame, budget=budget, capacity=shop.capacity, move=move)
    lines = [_kept(shop, rank, line) for rank, line in enumerate(found.lines)]
    summary = {
        **found.summary, "places": len(frame), "seconds": round(time.perf_counter() - began, 2), "source": source,
        "netted": shop.netted,
    }  # fmt: skip
    run = {
        "day": day.isoformat(), "at": workspace.clock(), "actor": user, "summary": summary,
        "settings": {"policy": policy, "document": settings, "budget": budget, "move": move},
    }  # fmt: skip

    def work(session: Session) -> int:
        number = plans.add(session, run, lines)
        plans.forget_but(session, KEPT_PLANS)
        return number

    return {"id": workspace.transact(work), "summary": summary}


def _settings(session: Session, policy: str, level: float | None) -> dict[str, Any]:
    state = definitions.get(session, "policy", policy)
    found = dict(state.document) if state is not None and state.runs else dict(STANDARD_POLICY)
    if level is not None:
        found["service_level"] = level
    return found


class _Shop:
    """What a plan reads of the workspace in one snapshot: stock, SKUs, terms of buying, what is asked for already."""

    def __init__(self, session: Session) -> None:
        self.skus = {row["code"]: row for row in every(session, "sku") if row.get("active") is not False}
        stock = records.arrow(session, "stock").to_pylist()
        self.rows = [row for row in stock if row["sku"] in self.skus and row["warehouse"]]
        self.places = {row["code"]: str(row.get("name") or row["code"]) for row in every(session, "warehouse")}
        self.suppliers = {row["code"]: row for row in every(session, "supplier")}
        self.sources: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.preferred: dict[str, str] = {}
        self.capacity: dict[str, float] = {}
        for row in every(session, "source"):
            self.sources[row["sku"], row["supplier"]] = row
            if row.get("preferred"):
                self.preferred[row["sku"]] = row["supplier"]
        self.measured = lead_times.days_of(lead_times.measured(session))
        self.asked = _asked(session)
        self.netted = round(sum(self.asked.values()), 3)

    def supplier_of(self, sku: str) -> str:
        """Return who delivers a SKU: the preferred source, else the SKU's own supplier."""
        return self.preferred.get(sku) or str(self.skus[sku].get("supplier") or "")

    def lead_days(self, sku: str, supplier: str) -> float:
        """Return the lead time: measured from receipts, else of the source, the SKU, the supplier, else a week."""
        for key in ((supplier, sku), (supplier, "")):
            if key in self.measured:
                return max(float(math.ceil(self.measured[key]["mean"])), 1.0)
        source = self.sources.get((sku, supplier), {})
        stated = (source, self.skus[sku], self.suppliers.get(supplier, {}))
        return next((float(one["lead_time_days"]) for one in stated if one.get("lead_time_days")), STANDARD_LEAD_TIME)

    def terms(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a stock row as `engine.replenishment.plan` reads it."""
        sku, warehouse = row["sku"], row["warehouse"]
        supplier, own = self.supplier_of(sku), self.skus[sku]
        source = self.sources.get((sku, supplier), {})
        coming = float(row.get("in_transit") or 0) + float(row.get("on_order") or 0)
        return {
            "sku": sku, "warehouse": warehouse, "supplier": supplier, "place_name": self.places.get(warehouse, warehouse),
            "on_hand": float(row.get("on_hand") or 0), "reserved": float(row.get("reserved") or 0),
            "in_transit": coming + self.asked.get((sku, warehouse), 0.0),
            "lead_time_days": self.lead_days(sku, supplier),
            "moq": float(source.get("moq") or own.get("moq") or 0),
            "pack_size": float(source.get("pack_size") or own.get("pack_size") or 1),
            "unit_cost": float(source.get("price") or own.get("unit_cost") or 0), "price": float(own.get("price") or 0),
        }  # fmt: skip


def every(session: Session, form: str, equal: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return all records of a form; none where the form is not installed."""
    if records.state(session, form) is None:
        return []
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = records.page(session, form, records.Wanted(equal=equal or {}), limit=1000, cursor=cursor, total=False)
        rows += page.rows
        cursor = page.next_cursor
        if cursor is None:
            return rows


def _asked(session: Session) -> dict[Key, float]:
    """Return what open tasks, draft orders and draft transfers will bring, by place."""
    found: defaultdict[Key, float] = defaultdict(float)
    for row in every(session, replenish.FORM, {"status": list(replenish.OPEN)}):
        found[row["sku"], row["warehouse"] or ""] += float(row.get("quantity") or 0)
    for row in every(session, "purchase_order", {"status": "draft"}):
        for line in row.get("lines") or []:
            found[line["sku"], row.get("warehouse") or ""] += wanted(line)
    for row in every(session, "transfer_order", {"status": "draft"}):
        for line in row.get("lines") or []:
            found[line["sku"], row["to_warehouse"]] += float(line.get("quantity") or 0)
            found[line["sku"], row["from_warehouse"]] -= float(line.get("quantity") or 0)
    return dict(found)


def _places(workspace: Workspace, shop: _Shop, settings: Mapping[str, Any], day: dt.date) -> tuple[pd.DataFrame, str]:
    """Return one row a place with what the policy wants and why, and where the demand comes from."""
    import pandas as pd  # noqa: PLC0415 only a plan needs it

    from engine.inventory.profile import profile  # noqa: PLC0415 likewise

    stock = [shop.terms(row) for row in shop.rows]
    keys = [(row["sku"], row["warehouse"]) for row in stock]
    sales = replenish.daily_sales(
        workspace, keys, since=day - dt.timedelta(days=_HISTORY), until=day - dt.timedelta(days=1)
    )
    planned, source = _planned(workspace, stock, settings, sales, day)
    kept = profile(sales, keys, {code: float(row.get("price") or 0) for code, row in shop.skus.items()}, day)
    terms = pd.DataFrame(stock).drop(columns=["on_hand", "reserved", "in_transit"])
    frame = terms.merge(planned, on=["sku", "warehouse"], how="left").merge(kept, on=["sku", "warehouse"], how="left")
    frame["wanted"] = frame["order_quantity"].fillna(0)
    frame["protection"] = frame["lead_time_days"] + float(settings.get("review", 1))
    filled = {"available": 0.0, "incoming": 0.0, "reason": "", "reason_en": "", "daily": 0.0, "deviation": 0.0}
    return frame.fillna(filled), source


def _planned(
    workspace: Workspace, stock: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], sales: pa.Table, day: dt.date
) -> tuple[pd.DataFrame, str]:
    """Return the policy's word on each place: from the stored forecasts where there are some, else from the sales."""
    import pandas as pd  # noqa: PLC0415 only a plan needs it

    # Packs and minimum lots come after transfers: the policy says what it wants in single units.
    rows = [
        {name: row[name] for name in row if name not in {"moq", "pack_size", "supplier", "price", "place_name"}}
        for row in stock
    ]
    use_forecast = settings.get("type") in FORECAST_POLICIES and settings.get("period", "day") == "day"
    if use_forecast and forecast_store.newest(workspace, day) is not None:
        parts = []
        review = int(settings.get("review", 1))
        for lead in sorted({row["lead_time_days"] for row in rows}):
            mine = [row for row in rows if row["lead_time_days"] == lead]
            days = int(lead) + review
            keys = [(row["sku"], row["warehouse"]) for row in mine]
            totals = forecast_store.totals(workspace, days=days, levels=QUANTILES, keys=keys, day=day)
            if totals is None or "warehouse" not in totals.column_names or not totals.num_rows:
                continue
            totals = totals.append_column("ds", pa.array([day] * totals.num_rows, pa.date32()))
            totals = totals.append_column("horizon", pa.array([days] * totals.num_rows, pa.int32()))
            parts.append(plan(totals, pa.Table.from_pylist(mine), settings, now=day, keys=["sku", "warehouse"]))
        if parts:
            return pd.concat(parts, ignore_index=True), "forecast"
    table = pa.Table.from_pylist(rows)
    return plan(sales, table, settings, now=day, keys=["sku", "warehouse"], challenge=False), "sales"


def _kept(shop: _Shop, rank: int, line: Mapping[str, Any]) -> dict[str, Any]:
    own = shop.skus[line["sku"]]
    return {
        "rank": rank, "kind": line["kind"], "sku": line["sku"], "sku_name": str(own.get("name") or line["sku"]),
        "warehouse": line["warehouse"], "from_warehouse": line["from_warehouse"], "supplier": line["supplier"],
        "category": str(own.get("category") or ""), "stage": str(own.get("stage") or line["stage"] or ""),
        "abc_xyz": str(line["abc_xyz"] or ""), "proposed": line["quantity"], "quantity": line["quantity"],
        "unit_cost": line["unit_cost"], "days_left": line["days_left"], "numbers": line["numbers"],
        "reason": line["reason"], "reason_en": line["reason_en"], "state": "open",
    }  # fmt: skip
