"""What people do with a plan: look, change quantities, take lines as orders and transfers, put lines aside."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from engine.problems import EvaluationError
from services import audit, purchasing, records, transfers
from services.purchasing import Order
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import plans, settings
from store import records as kept
from store.database import Session

TRIAL = "plan.trial"
MOST_LINES = 2_000


def current(workspace: Workspace, *, id: int | None = None) -> dict[str, Any]:  # noqa: A002 the API's word
    """Return the newest plan (or plan *id*) with its totals by kind and supplier; `{plan: null}` when there is none."""
    with workspace.read() as session:
        run = plans.newest(session, id)
        trial = settings.get(session, TRIAL)
        if run is None:
            return {"plan": None, "trial": trial}
        kinds = plans.totals(session, run["id"], equal={})
        suppliers = plans.totals(session, run["id"], equal={"kind": "buy"}, by="supplier")
        states = plans.totals(session, run["id"], equal={}, by="state")
        names = kept.named(session, "supplier", [row["supplier"] for row in suppliers if row["supplier"]])
        places = {row["code"]: row.get("name") or row["code"] for row in _all(session, "warehouse")}
    for row in suppliers:
        row["name"] = names[row["supplier"]].values.get("name") if row["supplier"] in names else row["supplier"]
    return {"plan": run, "kinds": kinds, "suppliers": suppliers, "states": states, "warehouses": places, "trial": trial}


def _all(session: Session, form: str) -> list[dict[str, Any]]:
    return kept.page(session, form, kept.Wanted(), limit=1000, total=False).rows


def lines(
    workspace: Workspace, *, id: int, q: str = "", sort: str = "urgency", limit: int = 100, cursor: str | None = None,  # noqa: A002 the API's word
    **equal: str,
) -> dict[str, Any]:  # fmt: skip
    """Return lines of a plan: filtered, sorted, a page of them, and the totals of all that match."""
    offset = int(cursor) if cursor and cursor.isdigit() else 0
    with workspace.read() as session:
        items = plans.page(session, id, equal=equal, q=q, sort=sort, limit=limit + 1, offset=offset)
        # All that match are counted once, with the first page.
        total = plans.totals(session, id, equal=equal, q=q, by="state") if offset == 0 else None
        names = kept.named(session, "supplier", {row["supplier"] for row in items if row["supplier"]})
    for row in items:
        row["supplier_name"] = names[row["supplier"]].values.get("name") if row["supplier"] in names else None
    return {
        "items": items[:limit],
        "next_cursor": str(offset + limit) if len(items) > limit else None,
        **({} if total is None else _sum(total)),
    }


def _sum(total: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "total": sum(int(row["lines"]) for row in total),
        "money": sum(float(row["money"] or 0) for row in total),
    }


def flows(workspace: Workspace, *, id: int) -> dict[str, Any]:  # noqa: A002 the API's word
    """Return the transfers of a plan by lane, and each warehouse's stock: what the map draws."""
    with workspace.read() as session:
        moves = plans.page(session, id, equal={"kind": "transfer"}, limit=100_000)
        stock = kept.arrow(session, "stock", ["warehouse", "on_hand", "in_transit"]).to_pylist()
        places = _all(session, "warehouse")
        drafts = [row for row in _all(session, "transfer_order") if row["status"] in {"draft", "sent"}]
    lanes: dict[tuple[str, str], dict[str, Any]] = {}
    for line in moves:
        if line["state"] != "open":
            continue
        key = (line["from_warehouse"], line["warehouse"])
        lane = lanes.setdefault(key, {"from": key[0], "to": key[1], "lines": 0, "units": 0.0, "money": 0.0})
        lane["lines"] += 1
        lane["units"] += line["quantity"]
        lane["money"] += line["quantity"] * (line["unit_cost"] or 0)
    found = {row["code"]: {"code": row["code"], "name": row.get("name") or row["code"]} for row in places}
    for one in found.values():
        one |= {"on_hand": 0, "in_transit": 0}
    for row in stock:
        if row["warehouse"] in found:
            found[row["warehouse"]]["on_hand"] += row["on_hand"] or 0
            found[row["warehouse"]]["in_transit"] += row["in_transit"] or 0
    orders = [
        {
            "id": row["_id"], "code": row["code"], "from": row["from_warehouse"], "to": row["to_warehouse"],
            "status": row["status"], "units": sum(float(line["quantity"]) for line in row["lines"] or []),
        }
        for row in drafts
    ]  # fmt: skip
    return {"warehouses": list(found.values()), "lanes": list(lanes.values()), "orders": orders}


def change(workspace: Workspace, *, id: int, line: int, quantity: float, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Change a line's quantity; what was proposed stays beside it."""

    def work(session: Session) -> dict[str, Any]:
        found = plans.chosen(session, id, ids=[line], equal={})
        if not found:
            raise not_found("待处理的建议", "open proposal", line)
        plans.set_(session, [line], quantity=quantity, changed_by=user)
        return {**found[0], "quantity": quantity, "changed_by": user}

    return workspace.transact(work)


def put_aside(
    workspace: Workspace, *, id: int, user: str, ids: Sequence[int] | None = None, equal: Mapping[str, str] | None = None  # noqa: A002 the API's word
) -> dict[str, Any]:  # fmt: skip
    """Put lines aside: they are not asked again in this plan."""

    def work(session: Session) -> int:
        found = plans.chosen(session, id, ids=ids, equal=equal or {})
        plans.set_(session, [row["id"] for row in found], state="dismissed", changed_by=user)
        return len(found)

    return {"lines": workspace.transact(work)}


def take(
    workspace: Workspace,
    *,
    id: int,  # noqa: A002 the API's word
    user: str,
    ids: Sequence[int] | None = None,
    equal: Mapping[str, str] | None = None,
    q: str = "",
    send: bool = False,
) -> dict[str, Any]:
    """Take lines: purchases become one order a supplier and warehouse, transfers one a lane; clearances are noted.

    Args:
        workspace: where.
        id: the plan.
        user: who decides.
        ids: the lines; None: all open ones that *equal* and *q* show.
        equal: as the list's filter.
        q: as the list's search.
        send: order at once; else they are drafts to look over.

    Returns:
        `{lines, orders: [{id, code, supplier, warehouse, total}], transfers: [{id, code, from, to, units}]}`.
    """

    def work(session: Session) -> dict[str, Any]:
        found = [row for row in plans.chosen(session, id, ids=ids, equal=equal or {}, q=q) if row["quantity"] > 0]
        if not found:
            raise Refused("conflict", "没有待处理的建议", "no open proposals were chosen")
        orders = [_order(session, workspace, part, user, send=send) for part in _groups(found, "buy")]
        moved = [_transfer(session, workspace, part, user) for part in _groups(found, "transfer")]
        noted = [row["id"] for row in found if row["kind"] == "clear"]
        plans.set_(session, noted, state="accepted", changed_by=user)
        _note(session, workspace, user, id, (len(found), len(orders), len(moved)))
        return {"lines": len(found), "orders": orders, "transfers": moved}

    done = workspace.transact(work)
    if send:
        for one in done["transfers"]:
            transfers.send(workspace, id=one["id"], user=user)
    return done


def _groups(found: Sequence[dict[str, Any]], kind: str) -> list[list[dict[str, Any]]]:
    groups: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        if row["kind"] == kind:
            groups[row["supplier"] or row["from_warehouse"] or "", row["warehouse"]].append(row)
    return [part for key in sorted(groups) for part in _parts(groups[key])]


def _parts(lines: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Cut what no form holds in one record."""
    return [lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES)]


def _order(
    session: Session, workspace: Workspace, part: Sequence[Mapping[str, Any]], user: str, *, send: bool
) -> dict[str, Any]:
    first = part[0]
    days = max(float(row["numbers"].get("protection") or 7) for row in part)
    values = {
        "supplier": first["supplier"], "warehouse": first["warehouse"],
        "lines": [{"sku": row["sku"], "quantity": row["quantity"], "price": row["unit_cost"]} for row in part],
        "expected_on": (workspace.today() + dt.timedelta(days=int(days))).isoformat(),
    }  # fmt: skip
    made = records.create_in(session, workspace, form=purchasing.FORM, values=values, user=user, depth=1)
    if send:
        made = purchasing.send_in(Order(session, workspace, made["id"], user))
    code = str(made["values"]["code"])
    plans.set_(session, [row["id"] for row in part], state="accepted", document=code, changed_by=user)
    return {
        "id": made["id"], "code": code, "supplier": made["labels"].get("supplier") or first["supplier"],
        "warehouse": made["labels"].get("warehouse") or first["warehouse"], "total": made["values"].get("total"),
    }  # fmt: skip


def _transfer(session: Session, workspace: Workspace, part: Sequence[Mapping[str, Any]], user: str) -> dict[str, Any]:
    first = part[0]
    values = {
        "from_warehouse": first["from_warehouse"], "to_warehouse": first["warehouse"],
        "lines": [{"sku": row["sku"], "quantity": row["quantity"]} for row in part],
        "reason": f"{len(part)} 个商品,先调拨后采购",
    }  # fmt: skip
    made = records.create_in(session, workspace, form=transfers.FORM, values=values, user=user, depth=1)
    code = str(made["values"]["code"])
    plans.set_(session, [row["id"] for row in part], state="accepted", document=code, changed_by=user)
    units = sum(float(row["quantity"]) for row in part)
    return {"id": made["id"], "code": code, "from": first["from_warehouse"], "to": first["warehouse"], "units": units}


def _note(session: Session, workspace: Workspace, user: str, number: int, counts: tuple[int, int, int]) -> None:
    audit.add(
        session,
        audit.Entry(
            at=workspace.clock(), actor=user, action="plan.take", kind="plan", key=str(number),
            summary=f"采纳计划 {number} 的 {counts[0]} 条建议:{counts[1]} 张采购单,{counts[2]} 张调拨单",
            summary_en=f"took {counts[0]} proposals of plan {number}: {counts[1]} orders, {counts[2]} transfers",
        ),
    )  # fmt: skip


def try_on_history(workspace: Workspace, *, lead_days: int = 7, weeks: int = 13, user: str) -> dict[str, Any]:
    """Replay four policies on the shop's own sales and keep the answer: what each gives, and whether 95 % means 95 %."""
    import pyarrow as pa  # noqa: PLC0415 only a trial needs it

    from engine.replenishment.trial import try_policies  # noqa: PLC0415 LightGBM costs a second that a login need not pay

    today = workspace.today()
    facts = workspace.facts("sales")
    names = set(facts.schema().names)
    if not {"sku", "date", "quantity"} <= names:
        raise Refused("conflict", "还没有销量历史", "there are no sales to try on yet")
    since = today - dt.timedelta(days=7 * weeks + 400)
    table = facts.read(columns=["sku", "date", "quantity"], since=since, until=today - dt.timedelta(days=1))
    if not table.num_rows:
        raise Refused("conflict", "还没有销量历史", "there are no sales to try on yet")
    try:
        tried = try_policies(pa.table(table), today, lead_days=lead_days, weeks=weeks)
    except EvaluationError as error:
        text, _, text_en = str(error).partition(" / ")
        raise Refused("conflict", text, text_en) from error
    answer = {**tried, "day": today.isoformat()}
    with workspace.write() as session:
        settings.put(session, TRIAL, answer, user=user, now=workspace.clock())
    return answer
