"""Transfer orders: goods leave one warehouse, are in transit, and are counted in at the other; what is missing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services import ledger, records
from services.ledger import Posting
from services.refusal import Refused
from services.workspace import Workspace
from store.database import Session

FORM = "transfer_order"


def send(workspace: Workspace, *, id: int, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Send the goods: out of one warehouse, in transit to the other, in one transaction.

    Raises:
        Refused: it is no draft, or there is not enough to send.
    """

    def work(session: Session) -> dict[str, Any]:
        values = _values(session, workspace, id, "draft")
        postings = []
        for place, line in enumerate(values.get("lines") or []):
            units = float(line.get("quantity") or 0)
            for kind, warehouse in (
                ("transfer_out", values["from_warehouse"]),
                ("transfer_sent", values["to_warehouse"]),
            ):
                key = f"to:{id}:send:{place}:{kind}"
                postings.append(Posting(key, kind, line["sku"], warehouse, units, document=values["code"]))
        ledger.post_in(session, workspace, postings, user=user, depth=1)
        return _save(session, workspace, id, user, status="sent", sent_on=workspace.today().isoformat())

    return workspace.transact(work)


def receive(
    workspace: Workspace,
    *,
    id: int,  # noqa: A002 the API's word
    lines: Sequence[Mapping[str, Any]] | None = None,
    user: str,
) -> dict[str, Any]:
    """Count the goods in: all of them, or `[{line, quantity}]`; what does not come is lost on the way."""

    def work(session: Session) -> dict[str, Any]:
        values = _values(session, workspace, id, "sent")
        came = {int(one["line"]): float(one["quantity"]) for one in lines or []}
        kept, postings = [], []
        for place, line in enumerate(values.get("lines") or []):
            sent = float(line.get("quantity") or 0)
            units = sent if lines is None else came.get(place, 0.0)
            if not 0 <= units <= sent:
                raise Refused(
                    "invalid", f"{line['sku']} 只发出 {sent:g} 件", f"only {sent:g} of {line['sku']} were sent"
                )
            for kind, part in (("transfer_in", units), ("lost", sent - units)):
                key = f"to:{id}:receive:{place}:{kind}"
                if part:
                    postings.append(
                        Posting(key, kind, line["sku"], values["to_warehouse"], part, document=values["code"])
                    )
            kept.append({**line, "received": units})
        ledger.post_in(session, workspace, postings, user=user, depth=1)
        today = workspace.today().isoformat()
        return _save(session, workspace, id, user, status="received", received_on=today, lines=kept)

    return workspace.transact(work)


def cancel(workspace: Workspace, *, id: int, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Cancel a transfer that has not left."""

    def work(session: Session) -> dict[str, Any]:
        _values(session, workspace, id, "draft")
        return _save(session, workspace, id, user, status="cancelled")

    return workspace.transact(work)


def _values(session: Session, workspace: Workspace, number: int, status: str) -> dict[str, Any]:
    values: dict[str, Any] = records.get_in(session, workspace, form=FORM, id=number)["values"]
    if values.get("status") != status:
        code = values.get("code")
        raise Refused("conflict", f"调拨单 {code} 现在不能这样做", f"transfer {code} is {values.get('status')}")
    return values


def _save(session: Session, workspace: Workspace, number: int, user: str, **values: Any) -> dict[str, Any]:
    return records.update_in(session, workspace, form=FORM, id=number, values=values, user=user, depth=1)
