"""Stocktakes: a count sheet, the differences to the book at the moment of counting, an approval, and the adjustment.

The difference of a line is fixed when it is counted, so that what is sold between the count and its approval stays sold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services import ledger, records
from services.directory import People
from services.ledger import Posting
from services.refusal import Refused
from services.workspace import Workspace
from store import ledger as kept
from store import records as rows_of
from store.database import Session

FORM = "stocktake"
MAY_APPROVE = ("manager", "admin")
_MOST = 5_000


def begin(
    workspace: Workspace, *, warehouse: str, user: str, skus: Sequence[str] | None = None, note: str = ""
) -> dict[str, Any]:
    """Make a count sheet of a warehouse: of the SKUs named, or of all that have a stock row there."""

    def work(session: Session) -> dict[str, Any]:
        chosen = list(skus or [])
        if not chosen:
            found = rows_of.page(
                session, "stock", rows_of.Wanted(equal={"warehouse": warehouse}), sort="sku", limit=1000, total=False
            )
            chosen = [row["sku"] for row in found.rows]
        if not chosen:
            raise Refused("conflict", f"仓库 {warehouse} 没有库存可盘", f"warehouse {warehouse} has nothing to count")
        lines = [{"sku": sku, "book": None, "counted": None} for sku in chosen[:_MOST]]
        values = {"warehouse": warehouse, "lines": lines, "counted_by": user, "note": note}
        return records.create_in(session, workspace, form=FORM, values=values, user=user)

    return workspace.transact(work)


def count(
    workspace: Workspace,
    *,
    id: int,  # noqa: A002 the API's word
    counts: Sequence[Mapping[str, Any]],
    user: str,
) -> dict[str, Any]:
    """Write what was counted, `[{sku, counted, note?}]`; the book of that moment is kept beside it."""

    def work(session: Session) -> dict[str, Any]:
        values = _values(session, workspace, id, "counting")
        book = {
            row["sku"]: row.get("on_hand") or 0
            for row in kept.stock_rows(session, [(one["sku"], values["warehouse"]) for one in counts])
        }
        lines = {line["sku"]: dict(line) for line in values["lines"]}
        for one in counts:
            line = lines.setdefault(one["sku"], {"sku": one["sku"]})
            line |= {"book": book.get(one["sku"], 0), "counted": one["counted"]}
            line |= {"note": one["note"]} if one.get("note") else {}
        return _save(session, workspace, id, user, lines=list(lines.values()))

    return workspace.transact(work)


def submit(workspace: Workspace, *, id: int, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Hand the sheet in; lines that nobody counted are left out."""

    def work(session: Session) -> dict[str, Any]:
        values = _values(session, workspace, id, "counting")
        lines = [line for line in values["lines"] if line.get("counted") is not None]
        if not lines:
            raise Refused("conflict", "还没有盘到任何商品", "nothing was counted yet")
        day = workspace.today().isoformat()
        return _save(session, workspace, id, user, lines=lines, status="submitted", counted_by=user, counted_on=day)

    return workspace.transact(work)


def decide(workspace: Workspace, *, id: int, approve: bool, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Approve the differences, which adjusts the stock, or send the sheet back to be counted again.

    Raises:
        Refused: `forbidden` for who counted, and for who is neither manager nor administrator.
    """

    def work(session: Session) -> dict[str, Any]:
        values = _values(session, workspace, id, "submitted")
        people = People(session, workspace.clock())
        if not any(user in people.in_role(role) for role in MAY_APPROVE):
            raise Refused("forbidden", "盘点差异由主管审批", "a manager approves the differences of a stocktake")
        if user == values.get("counted_by"):
            raise Refused("forbidden", "盘点人不能审批自己的盘点", "who counted does not approve")
        if not approve:
            return _save(session, workspace, id, user, status="rejected", decided_by=user)
        postings = []
        for line in values["lines"]:
            difference = float(line["counted"]) - float(line.get("book") or 0)
            kind = "count_gain" if difference > 0 else "count_loss"
            key = f"st:{id}:{line['sku']}"
            if difference:
                one = Posting(key, kind, line["sku"], values["warehouse"], abs(difference), document=values["code"])
                postings.append(one)
        ledger.post_in(session, workspace, postings, user=user, depth=1)
        return _save(session, workspace, id, user, status="approved", decided_by=user)

    return workspace.transact(work)


def _values(session: Session, workspace: Workspace, number: int, status: str) -> dict[str, Any]:
    values: dict[str, Any] = records.get_in(session, workspace, form=FORM, id=number)["values"]
    if values.get("status") != status:
        code = values.get("code")
        raise Refused("conflict", f"盘点单 {code} 现在不能这样做", f"stocktake {code} is {values.get('status')}")
    return values


def _save(session: Session, workspace: Workspace, number: int, user: str, **values: Any) -> dict[str, Any]:
    return records.update_in(session, workspace, form=FORM, id=number, values=values, user=user, depth=1)
