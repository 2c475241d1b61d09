"""The stock ledger: every change of stock is an entry with a key; the `stock` form's rows are what the entries add up to.

Somebody may also write the stock form by hand or by import: the difference becomes an entry of its own (`edit`), with that
person and moment, before the next entry is made. So the ledger and the rows that rules read never part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.inventory import Movement, Position, apply
from engine.inventory.ledger import KINDS, Oversold
from engine.problems import DefinitionError, EvaluationError, Problem
from services.happenings import tell
from services.refusal import Refused
from services.workspace import Workspace
from store import ledger as kept
from store import records
from store.database import Session
from store.history import Change
from store.ledger import NUMBERS, Place

STOCK = "stock"
EDIT = "edit"
RECONCILED = 2_000


@dataclass(frozen=True, slots=True)
class Posting:
    """One change of stock that somebody asks for.

    Args:
        key: idempotency key; the same key again changes nothing and answers with the first entry.
        kind: a word of `engine.inventory.ledger.KINDS`, or `count` (quantity = what was counted).
        sku: the SKU's code.
        warehouse: the warehouse's code.
        quantity: units, ≥ 0.
        from_reserved: the units were reserved before.
        unit_cost: what a unit cost, of receipts.
        price: what a unit was sold for, of sales.
        channel: where it was sold.
        document: the code of the order, count sheet … that it belongs to.
        note: anything else.
    """

    key: str
    kind: str
    sku: str
    warehouse: str
    quantity: float
    from_reserved: bool = False
    unit_cost: float | None = None
    price: float | None = None
    channel: str = ""
    document: str = ""
    note: str = ""

    @property
    def place(self) -> Place:
        """The SKU and the warehouse."""
        return self.sku, self.warehouse


def post(workspace: Workspace, postings: Sequence[Posting], *, user: str) -> list[dict[str, Any]]:
    """Make entries, all or none; return them in their order, each with `repeated`.

    Raises:
        Refused: `conflict` when there is not enough, or a key belongs to another entry.
        DefinitionError: SKUs, warehouses or kinds that are not known.
    """
    return workspace.transact(lambda session: post_in(session, workspace, postings, user=user))


def post_in(
    session: Session, workspace: Workspace, postings: Sequence[Posting], *, user: str, depth: int = 0
) -> list[dict[str, Any]]:
    """Make entries inside a transaction."""
    if not postings:
        return []
    _check(session, postings)
    now = workspace.clock()
    rows = kept.lock(session, [one.place for one in postings], user=user, now=now)
    known = kept.known(session, [one.key for one in postings])
    for one in postings:
        if one.key in known:
            _refuse_other(one, known[one.key])
    fresh = [one for one in {one.key: one for one in postings}.values() if one.key not in known]
    entries = _edits(session, workspace, {place: rows[place] for place in {one.place for one in fresh}})
    positions = {place: _position(row) for place, row in rows.items()}
    for one in fresh:
        before = positions[one.place]
        after = _applied(before, one)
        positions[one.place] = after
        entries.append(_entry(workspace, one, before, after, user=user, now=now))
    kept.add(session, entries)
    _write(session, workspace, rows, positions, user=user, depth=depth)
    made = kept.known(session, [one.key for one in postings])
    return [{**made[one.key], "repeated": one.key in known} for one in postings]


def _refuse_other(one: Posting, there: Mapping[str, Any]) -> None:
    """Refuse a key that an entry of something else has: it would be lost without a word."""
    asked = (one.kind, one.sku, one.warehouse, float(one.quantity))
    if asked != (there["kind"], there["sku"], there["warehouse"], float(there["quantity"])):
        raise Refused(
            "conflict",
            f"键 {one.key} 已被另一笔变动用过({there['kind']} {there['sku']} {there['quantity']:g})",
            f"the key {one.key} belongs to another entry ({there['kind']} {there['sku']} {there['quantity']:g})",
        )


def _check(session: Session, postings: Sequence[Posting]) -> None:
    """Refuse what names unknown things, everything at once; only SKUs that have no stock row yet need looking up."""
    problems = []
    names = {"sku": {one.sku for one in postings}, "warehouse": {one.warehouse for one in postings}}
    words = {"sku": ("商品", "SKU"), "warehouse": ("仓库", "warehouse")}
    for form, codes in names.items():
        found = records.named(session, form, codes)
        for code in sorted(codes - set(found)):
            word, word_en = words[form]
            problems.append(Problem(f"$.{form}", f"没有{word}“{code}”", "", f"no such {word_en}: {code}"))
    for place, one in enumerate(postings):
        if one.kind not in KINDS and one.kind != "count":
            text = f"没有名为“{one.kind}”的库存变动"
            problems.append(Problem(f"$.lines[{place}].kind", text, "", f"unknown movement “{one.kind}”"))
        if not one.quantity >= 0:
            text = "数量不能为负"
            problems.append(Problem(f"$.lines[{place}].quantity", text, "", "a quantity cannot be negative"))
    if problems:
        raise DefinitionError(problems)


def _applied(before: Position, one: Posting) -> Position:
    quantity: Any = one.quantity
    try:
        return apply(before, Movement(one.key, one.kind, quantity, from_reserved=one.from_reserved))
    except Oversold as error:
        raise short(one.sku, one.warehouse, one.quantity, before) from error
    except EvaluationError as error:
        raise Refused("invalid", str(error)) from error


def short(sku: str, warehouse: str, quantity: float, position: Position) -> Refused:
    """Return the refusal when there is not enough of a SKU in a warehouse."""
    return Refused(
        "conflict",
        f"库存不足:{sku} 在 {warehouse} 要 {quantity:g} 件,在库 {position.on_hand:g},占用 {position.reserved:g},"
        f"可用只有 {position.available:g} 件",
        f"not enough {sku} in {warehouse}: {quantity:g} wanted, {position.on_hand:g} on hand, "
        f"{position.reserved:g} reserved, {position.available:g} available",
        {"sku": sku, "warehouse": warehouse, "available": position.available},
    )


def _position(row: Mapping[str, Any]) -> Position:
    return Position(*(row.get(name) or 0 for name in NUMBERS))


def _numbers(position: Position) -> dict[str, float]:
    return {name: getattr(position, name) for name in NUMBERS}


def _entry(
    workspace: Workspace, one: Posting, before: Position, after: Position, *, user: str, now: dt.datetime
) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind,
        "sku": one.sku,
        "warehouse": one.warehouse,
        "quantity": one.quantity,
        **{f"d_{name}": value - getattr(before, name) for name, value in _numbers(after).items()},
        **_numbers(after),
        "unit_cost": one.unit_cost,
        "price": one.price,
        "channel": one.channel,
        "document": one.document,
        "note": one.note,
        "actor": user,
        "day": now.astimezone(workspace.zone).date().isoformat(),
        "at": now,
    }


def _edits(session: Session, workspace: Workspace, rows: Mapping[Place, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries for what was written into the stock form since the newest entry of each place."""
    last = kept.last_of(session, rows)
    entries = []
    for place, row in rows.items():
        now, before = _position(row), _position(last.get(place, {}))
        if now == before:
            continue
        key = f"{EDIT}:{row['_id']}:{row['_version']}"
        note = "期初库存" if place not in last else "直接修改或导入了库存"
        one = Posting(key, EDIT, *place, now.on_hand - before.on_hand, note=note)
        at: dt.datetime = row["_updated_at"]
        entries.append(_entry(workspace, one, before, now, user=row["_updated_by"], now=at))
    return entries


def _write(
    session: Session,
    workspace: Workspace,
    rows: Mapping[Place, Mapping[str, Any]],
    positions: Mapping[Place, Position],
    *,
    user: str,
    depth: int,
) -> None:
    """Bring the stock rows in step, and tell the rules that wait for it."""
    changes: dict[int, dict[str, float]] = {}
    told, now = [], {}
    for place, row in rows.items():
        wanted = _numbers(positions[place])
        changed = {n: v for n, v in wanted.items() if n in row and v != (row.get(n) or 0)}
        if changed:
            changes[row["_id"]] = changed
            pairs = {name: [row.get(name), value] for name, value in changed.items()}
            told.append(Change(row["_id"], row["_version"] + 1, "updated", pairs))
            now[row["_id"]] = {**row, **changed}
    kept.set_rows(session, changes, user=user, now=workspace.clock())
    if told:
        tell(session, workspace, form=STOCK, changes=told, records=now, depth=depth)


def reconcile(workspace: Workspace) -> int:
    """Make the entries for all that was written into the stock form directly; return how many. Nightly, and before books.

    A part at a time: after a first import of many places nobody else waits long to write.
    """
    with workspace.read() as session:
        places = kept.drifted(session) if records.state(session, STOCK) is not None else []
    made = 0
    for start in range(0, len(places), RECONCILED):
        part = places[start : start + RECONCILED]

        def work(session: Session, part: list[Place] = part) -> int:
            rows = kept.lock(session, part, user="system", now=workspace.clock())
            entries = _edits(session, workspace, rows)
            kept.add(session, entries)
            return len(entries)

        made += workspace.transact(work)
    return made


def verify(workspace: Workspace) -> dict[str, Any]:
    """Return whether every stock row is what its entries add up to: `{places, entries_balance, wrong: […]}`."""
    with workspace.read() as session:
        rows = {(row["sku"], row["warehouse"]): row for row in kept.stock_rows(session)}
        sums = kept.sums(session)
    wrong = []
    for place, total in sums.items():
        stands = tuple(float(rows.get(place, {}).get(name) or 0) for name in NUMBERS)
        if any(abs(one - other) > 1e-6 for one, other in zip(total, stands, strict=True)):
            wrong.append({"sku": place[0], "warehouse": place[1], "entries": total, "stock": stands})
    return {"places": len(sums), "balanced": not wrong, "wrong": wrong[:100]}


def movements(
    workspace: Workspace, *, limit: int = 100, before: int | None = None, since: str = "", until: str = "",
    **equal: str,
) -> dict[str, Any]:  # fmt: skip
    """Return entries, newest first, and what the place holds now when a SKU is named."""
    with workspace.read() as session:
        rows = kept.page(session, equal=equal, since=since, until=until, before=before, limit=limit + 1)
        stock = []
        if equal.get("sku") and records.state(session, STOCK) is not None:
            wanted = {name: equal[name] for name in ("sku", "warehouse") if equal.get(name)}
            stock = records.page(session, STOCK, records.Wanted(equal=wanted), limit=200, total=False).rows
        codes = {row["sku"] for row in rows[:limit]}
        named = records.named(session, "sku", codes) if codes else {}
    names = {code: record.values.get("name") or code for code, record in named.items()}
    balances = [{name: row.get(name) for name in ("sku", "warehouse", *NUMBERS)} for row in stock]
    items = [{**row, "sku_name": names.get(row["sku"], row["sku"])} for row in rows[:limit]]
    return {"items": items, "next_cursor": str(rows[limit - 1]["id"]) if len(rows) > limit else None, "stock": balances}


def known_in(session: Session, prefix: str) -> bool:
    """Say whether some entry's key begins with *prefix*: a step that was made already."""
    return kept.begins(session, prefix)
