"""From alerts to replenishment tasks: how much to order, with the reason; one open task for a SKU and warehouse."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from services import records
from services.workspace import Workspace
from store import definitions, episodes
from store import records as kept
from store.database import Session

FORM = "replenishment_task"
OPEN = ("proposed", "approving", "approved")
SYSTEM = "system"
HISTORY_DAYS = 28
REVIEW_DAYS = 7
STANDARD_LEAD_TIME = 7
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """An alert (if one) that asks for replenishment of a SKU in a warehouse, and what it says."""

    episode_id: int | None
    keys: Mapping[str, str]
    reason: str = ""

    @property
    def key(self) -> Key:
        """The SKU and the warehouse; empty text for a rule that is over SKUs alone."""
        return self.keys.get("sku") or self.keys.get("code", ""), self.keys.get("warehouse", "")


def propose(
    session: Session, workspace: Workspace, *, targets: Sequence[Target], policy: str = "default"
) -> list[dict[str, Any]]:
    """Make a task for every target that has no open one; return the new tasks.

    The alert points to its task, new or already open.
    """
    if not targets or definitions.get(session, "form", FORM) is None:
        return []
    tasks = _open_tasks(session, [target.key[0] for target in targets])
    demand = daily_demand(workspace, {target.key for target in targets})
    made, links = [], []
    for target in targets:
        number = tasks.get(target.key)
        if number is None:
            task = _task(session, workspace, target, demand.get(target.key, 0.0))
            if task is None:
                continue
            number = tasks[target.key] = task["id"]
            made.append(task)
        if target.episode_id is not None:
            links.append((target.episode_id, {"task_id": number}))
    episodes.save_many(session, links)
    return made


def daily_demand(workspace: Workspace, keys: set[Key]) -> dict[Key, float]:
    """Return the mean units a day over the last four weeks, exceptional orders left out."""
    facts, today = workspace.facts("sales"), workspace.today()
    names = set(facts.schema().names)
    if not {"sku", "quantity", "date"} <= names:
        return {}
    columns = [name for name in ("sku", "warehouse", "quantity", "exceptional") if name in names]
    table = facts.read(
        columns=columns, since=today - dt.timedelta(days=HISTORY_DAYS), until=today - dt.timedelta(days=1)
    )
    table = table.filter(pc.is_in(table["sku"], value_set=pa.array(sorted({sku for sku, _ in keys}), pa.string())))
    sums: dict[Key, float] = {}
    for row in table.to_pylist():
        units = float(row["quantity"] or 0) - float(row.get("exceptional") or 0)
        for key in ((row["sku"], row.get("warehouse") or ""), (row["sku"], "")):
            sums[key] = sums.get(key, 0.0) + units
    return {key: sums.get(key, 0.0) / HISTORY_DAYS for key in keys}


def order_quantity(
    *, daily: float, lead_time: float, safety_stock: float, position: float, moq: float, pack: float
) -> tuple[int, float]:
    """Return (units to order, order-up-to level).

    Up to what is sold during lead time and review period, plus the safety stock; in whole packs, at least the MOQ.
    """
    level = daily * (lead_time + REVIEW_DAYS) + safety_stock
    missing = level - position
    if missing <= 0:
        return 0, level
    size = max(pack, 1.0)
    return int(math.ceil(max(missing, moq) / size) * size), level


def _open_tasks(session: Session, skus: Sequence[str]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    wanted = kept.Wanted(equal={"status": list(OPEN), "sku": sorted(set(skus))})
    cursor: str | None = None
    while True:
        page = kept.page(session, FORM, wanted, limit=1000, cursor=cursor, total=False)
        found |= {(row["sku"], row["warehouse"] or ""): row["_id"] for row in page.rows}
        cursor = page.next_cursor
        if cursor is None:
            return found


def _task(session: Session, workspace: Workspace, target: Target, daily: float) -> dict[str, Any] | None:
    sku_code, warehouse = target.key
    sku = kept.find(session, "sku", code=sku_code)
    if sku is None:
        return None
    stock = kept.find(session, "stock", sku=sku_code, warehouse=warehouse) if warehouse else None
    numbers = stock.values if stock else {}
    position = sum(float(numbers.get(name) or 0) for name in ("on_hand", "in_transit", "on_order")) - float(
        numbers.get("reserved") or 0
    )
    lead_time = float(sku.values.get("lead_time_days") or STANDARD_LEAD_TIME)
    quantity, level = order_quantity(
        daily=daily,
        lead_time=lead_time,
        safety_stock=float(sku.values.get("safety_stock") or 0),
        position=position,
        moq=float(sku.values.get("moq") or 0),
        pack=float(sku.values.get("pack_size") or 1),
    )
    if quantity == 0:
        return None
    days = math.floor(max(position, 0) / daily) if daily > 0 else lead_time
    reason = (
        f"{target.reason};日均 {daily:.2f} 件,提前期 {lead_time:g} 天,目标库存 {level:.0f} 件,"
        f"现有(含在途) {position:g} 件,应补 {quantity} 件"
    )
    values = {
        "sku": sku_code,
        "warehouse": warehouse or None,
        "supplier": sku.values.get("supplier"),
        "quantity": quantity,
        "unit_cost": sku.values.get("unit_cost"),
        "needed_by": (workspace.today() + dt.timedelta(days=int(days))).isoformat(),
        "reason": reason.lstrip(";"),
        "alert": str(target.episode_id) if target.episode_id else None,
    }
    return records.create_in(session, workspace, form=FORM, values=values, user=SYSTEM, depth=1)
