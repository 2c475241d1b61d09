"""From alerts to replenishment tasks: how much to order by the policy, with the reason; one open task for each record."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.problems import BeihuoError
from engine.replenishment import plan
from services import records
from services.workspace import Workspace
from store import definitions, episodes
from store import records as kept
from store.database import Session

FORM = "replenishment_task"
OPEN = ("proposed", "approving", "approved")
SYSTEM = "system"
STANDARD_LEAD_TIME = 7
# What a workspace without a policy of its own orders by: up to the 95 % quantile of what is sold until the order after
# this one arrives, ordering once a week.
STANDARD_POLICY: dict[str, Any] = {"type": "rs", "lead_time": STANDARD_LEAD_TIME, "review": 7, "service_level": 0.95}
QUICK = frozenset({"z_sigma", "days_of_cover", "static_threshold", "purchase_days", "odoo", "erpnext"})
SHORT_HISTORY, LONG_HISTORY = 120, 760
Key = tuple[str, str]
Orders = Mapping[str, Mapping[Key, "Order"]]


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


@dataclass(frozen=True, slots=True)
class Order:
    """What the policy wants of one SKU in one warehouse."""

    quantity: int
    daily: float
    position: float
    reason: str


def propose(
    session: Session,
    workspace: Workspace,
    *,
    targets: Sequence[Target],
    policy: str = "default",
    orders: Orders | None = None,
    day: dt.date | None = None,
) -> list[dict[str, Any]]:
    """Make a task for every target that has no open one and needs an order; return the new tasks.

    The alert points to its task, new or already open. *orders* is what `prepare` worked out before the transaction,
    *day* the evaluation day (today unless said).

    Raises:
        DefinitionError: the policy cannot be used.
    """
    if not targets or definitions.get(session, "form", FORM) is None:
        return []
    tasks = _open_tasks(session, [target.key[0] for target in targets])
    wanted = [target for target in targets if target.key not in tasks]
    skus = kept.named(session, "sku", {target.key[0] for target in wanted})
    ready = dict((orders or {}).get(policy, {}))
    missing = {target.key for target in wanted} - set(ready)
    on = day or workspace.today()
    ready |= _orders(session, workspace, missing, skus, _policy(session, policy), on)
    made, links = [], []
    for target in targets:
        order = ready.get(target.key)
        if target.key not in tasks and order is not None and order.quantity > 0:
            task = _task(session, workspace, target, order, skus[target.key[0]].values, on)
            tasks[target.key] = task["id"]
            made.append(task)
        if target.episode_id is not None and target.key in tasks:
            links.append((target.episode_id, {"task_id": tasks[target.key]}))
    episodes.save_many(session, links)
    return made


def prepare(workspace: Workspace, wanted: Mapping[str, set[Key]], day: dt.date) -> dict[str, dict[Key, Order]]:
    """Work out, before the run's transaction, what each policy wants on *day* of the keys that may need an order.

    A forecast takes seconds, during which nobody should wait to write. A policy that cannot be used is left out: it is told
    when its orders are asked for.
    """
    found: dict[str, dict[Key, Order]] = {}
    with workspace.read() as session:
        if definitions.get(session, "form", FORM) is None:
            return found
        for policy, keys in wanted.items():
            skus = kept.named(session, "sku", {sku for sku, _ in keys})
            with contextlib.suppress(BeihuoError):
                found[policy] = _orders(session, workspace, keys, skus, _policy(session, policy), day)
    return found


def _policy(session: Session, key: str) -> dict[str, Any]:
    state = definitions.get(session, "policy", key)
    return state.document if state is not None and state.runs else STANDARD_POLICY


def _orders(
    session: Session,
    workspace: Workspace,
    keys: set[Key],
    skus: Mapping[str, kept.Record],
    policy: Mapping[str, Any],
    day: dt.date,
) -> dict[Key, Order]:
    """Return what the policy wants, by key; nothing for a SKU that is not known."""
    known = sorted(key for key in keys if key[0] in skus)
    if not known:
        return {}
    stock = [_stock_row(session, key, skus[key[0]].values) for key in known]
    history = SHORT_HISTORY if policy.get("type") in QUICK else LONG_HISTORY
    sales = daily_sales(workspace, known, since=day - dt.timedelta(days=history), until=day - dt.timedelta(days=1))
    frame = plan(sales, pa.Table.from_pylist(stock), policy, now=day, keys=["sku", "warehouse"], challenge=False)
    recent = _recent(sales, day)
    wants = set(known)
    position = {(row["sku"], row["warehouse"]): row["on_hand"] + row["in_transit"] - row["reserved"] for row in stock}
    found = {}
    for row in frame.to_dict("records"):
        key = (str(row["sku"]), str(row["warehouse"]))
        if key not in wants:
            continue
        quantity = int(row["order_quantity"]) if row["order_quantity"] == row["order_quantity"] else 0
        found[key] = Order(quantity, recent.get(key, 0.0), position.get(key, 0.0), str(row["reason"]))
    return found


def _stock_row(session: Session, key: Key, sku: Mapping[str, Any]) -> dict[str, Any]:
    """Return stock and buying terms as `engine.replenishment.plan` reads them; without a warehouse, of all together."""
    equal = {"sku": key[0], "warehouse": key[1]} if key[1] else {"sku": key[0]}
    rows = kept.page(session, "stock", kept.Wanted(equal=equal), limit=1000, total=False).rows

    def total(*names: str) -> float:
        return sum(float(row.get(name) or 0) for row in rows for name in names)

    return {
        "sku": key[0],
        "warehouse": key[1],
        "on_hand": total("on_hand"),
        "reserved": total("reserved"),
        "in_transit": total("in_transit", "on_order"),
        "lead_time_days": float(sku.get("lead_time_days") or STANDARD_LEAD_TIME),
        "moq": float(sku.get("moq") or 0),
        "pack_size": float(sku.get("pack_size") or 1),
        "unit_cost": float(sku.get("unit_cost") or 0),
    }


def daily_sales(workspace: Workspace, keys: Sequence[Key], *, since: dt.date, until: dt.date) -> pa.Table:
    """Return units a day by SKU and warehouse, exceptional orders left out; a key that sold nothing has one day of 0."""
    facts = workspace.facts("sales")
    names = set(facts.schema().names)
    columns = [name for name in ("sku", "warehouse", "date", "quantity", "exceptional") if name in names]
    if not {"sku", "date", "quantity"} <= set(columns):
        return _quiet(keys, until)
    table = facts.read(columns=columns, since=since, until=until)
    table = table.filter(pc.is_in(table["sku"], value_set=pa.array(sorted({sku for sku, _ in keys}), pa.string())))
    quantity = pc.cast(table["quantity"], pa.float64())
    if "exceptional" in columns:
        quantity = pc.subtract(quantity, pc.fill_null(pc.cast(table["exceptional"], pa.float64()), 0.0))
    together = not any(warehouse for _, warehouse in keys) or "warehouse" not in columns
    warehouse = pa.array([""] * table.num_rows, pa.string()) if together else table["warehouse"].cast(pa.string())
    flat = pa.table({"sku": table["sku"], "warehouse": warehouse, "date": table["date"], "quantity": quantity})
    summed = flat.group_by(["sku", "warehouse", "date"]).aggregate([("quantity", "sum")])
    named = summed.rename_columns(["sku", "warehouse", "date", "quantity"])
    sold = set(zip(named["sku"].to_pylist(), named["warehouse"].to_pylist(), strict=True))
    return pa.concat_tables([named, _quiet([key for key in keys if key not in sold], until)])


def _quiet(keys: Sequence[Key], day: dt.date) -> pa.Table:
    """Return one day of no sales for each of *keys*."""
    return pa.table(
        {
            "sku": pa.array([sku for sku, _ in keys], pa.string()),
            "warehouse": pa.array([warehouse for _, warehouse in keys], pa.string()),
            "date": pa.array([day] * len(keys), pa.date32()),
            "quantity": pa.array([0.0] * len(keys), pa.float64()),
        }
    )


def _recent(sales: pa.Table, today: dt.date) -> dict[Key, float]:
    """Return the mean units a day over the last four weeks."""
    recent = sales.filter(pc.greater_equal(sales["date"].cast(pa.date32()), pa.scalar(today - dt.timedelta(days=28))))
    rows = recent.group_by(["sku", "warehouse"]).aggregate([("quantity", "sum")]).to_pylist()
    return {(row["sku"], row["warehouse"]): row["quantity_sum"] / 28 for row in rows}


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


def _task(
    session: Session, workspace: Workspace, target: Target, order: Order, sku: Mapping[str, Any], day: dt.date
) -> dict[str, Any]:
    lead_time = float(sku.get("lead_time_days") or STANDARD_LEAD_TIME)
    lasts = math.floor(max(order.position, 0) / order.daily) if order.daily > 0 else lead_time
    values = {
        "sku": target.key[0],
        "warehouse": target.key[1] or None,
        "supplier": sku.get("supplier"),
        "quantity": order.quantity,
        "unit_cost": sku.get("unit_cost"),
        "needed_by": (day + dt.timedelta(days=int(lasts))).isoformat(),
        "reason": ";".join(filter(None, (target.reason, order.reason))),
        "alert": str(target.episode_id) if target.episode_id else None,
    }
    return records.create_in(session, workspace, form=FORM, values=values, user=SYSTEM, depth=1)
