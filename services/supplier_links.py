"""The page that a supplier opens without an account: confirm or change an order, say what was shipped."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from services import purchasing, records
from services.purchasing import FORM, OPEN, Order, outstanding, wanted
from services.refusal import Refused
from services.workspace import Workspace
from store import settings, supplier_links
from store.database import Session

LIFETIME = dt.timedelta(days=90)
TOKEN_BYTES = 18
SUPPLIER = "supplier"


def issue(workspace: Workspace, *, id: int, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Return a new link to an order and a text to paste into a chat; older links to it end.

    Raises:
        Refused: the order was not sent, or is over.
    """
    secret = secrets.token_urlsafe(TOKEN_BYTES)

    def work(session: Session) -> dict[str, Any]:
        order = Order(session, workspace, id, user)
        order.only(*OPEN)
        now = workspace.clock()
        supplier_links.revoke(session, id, now=now)
        expires = now + LIFETIME
        nonce = secrets.token_urlsafe(12)
        supplier_links.add(session, secret, record_id=id, nonce=nonce, created_at=now, expires_at=expires)
        url = f"{workspace.settings.base_url}/s/{secret}"
        return {"url": url, "expires_at": expires.isoformat(), **_texts(order, url)}

    return workspace.transact(work)


def _texts(order: Order, url: str) -> dict[str, str]:
    goods = [f"{line['sku']} × {wanted(line):g}" for line in order.lines]
    total = f"{len(goods)} 个商品,{sum(wanted(line) for line in order.lines):g} 件"
    due = order.values.get("expected_on")
    return {
        "text": "\n".join(
            [
                f"【采购单 {order.code}】{total}",
                *goods,
                *([f"希望 {due} 前到货"] if due else []),
                f"请点开确认数量和交期:{url}",
            ]
        ),
        "text_en": "\n".join(
            [f"[Purchase order {order.code}]", *goods, *([f"wanted by {due}"] if due else []), f"Please confirm: {url}"]
        ),
    }


def open_(workspace: Workspace, *, token: str) -> dict[str, Any]:
    """Return what a link leads to; nothing but the first look is kept.

    `state` is `open` (still to be answered or shipped), `closed` (the order is over), `expired` or `unknown`.
    """
    with workspace.read() as session:
        link = supplier_links.find(session, token)
        if link is None or link["revoked_at"] is not None:
            return {"state": "unknown"}
        if link["expires_at"] <= workspace.clock():
            return {"state": "expired"}
        record = records.get_in(session, workspace, form=FORM, id=link["record_id"])
        shop = settings.get(session, "workspace.name") or ""
    if link["opened_at"] is None:
        workspace.transact(lambda session: supplier_links.note(session, link["id"], now=workspace.clock()))
    values = record["values"]
    lines = [
        {
            "line": place, "sku": line["sku"], "name": _name(workspace, line["sku"]), "ordered": line.get("quantity"),
            "quantity": wanted(line), "price": line.get("price"), "date": line.get("promised_on"),
            "received": line.get("received") or 0, "left": outstanding(line),
        }
        for place, line in enumerate(values.get("lines") or [])
    ]  # fmt: skip
    return {
        "state": "open" if values["status"] in OPEN else "closed", "status": values["status"], "code": values["code"],
        "nonce": link["nonce"], "shop": shop, "warehouse": record["labels"].get("warehouse") or values.get("warehouse"),
        "supplier": record["labels"].get("supplier") or "", "expected_on": values.get("expected_on"),
        "total": values.get("total"), "note": values.get("supplier_note") or "", "lines": lines,
        "answered_at": link["answered_at"], "shipments": _shipments(workspace, str(values["code"])),
    }  # fmt: skip


def _name(workspace: Workspace, sku: str) -> str:
    with workspace.read() as session:
        number = records.number_of(session, form="sku", code=sku)
        return str(records.get_in(session, workspace, form="sku", id=number)["values"].get("name") or sku)


def _shipments(workspace: Workspace, code: str) -> list[dict[str, Any]]:
    found = records.list_(
        workspace, form=purchasing.SHIPMENT, user=SUPPLIER, filter=f"purchase_order == '{code}'", limit=50
    )
    return [item["values"] for item in found["items"]]


def answer(
    workspace: Workspace, *, token: str, nonce: str, lines: Sequence[Mapping[str, Any]], note: str = ""
) -> dict[str, Any]:
    """Keep the supplier's answer: quantities and days by line. He may change it until goods have come."""
    return workspace.transact(
        lambda session: purchasing.confirm_in(_order(session, workspace, token, nonce), lines, note)
    )


def shipped(
    workspace: Workspace, *, token: str, nonce: str, lines: Sequence[Mapping[str, Any]], details: Mapping[str, Any]
) -> str:
    """Keep that the supplier has shipped; return the shipment's code."""
    return workspace.transact(lambda session: purchasing.ship(_order(session, workspace, token, nonce), lines, details))


def _order(session: Session, workspace: Workspace, token: str, nonce: str) -> Order:
    link = supplier_links.find(session, token)
    if link is None or link["revoked_at"] is not None:
        raise Refused("not_found", "链接无效,请向采购要新的链接", "The link is not valid: ask the buyer for a new one")
    if link["expires_at"] <= workspace.clock():
        raise Refused("gone", "链接已过期,请向采购要新的链接", "The link has expired: ask the buyer for a new one")
    if not hmac.compare_digest(nonce.encode(), link["nonce"].encode()):
        raise Refused("forbidden", "页面已过时,请重新打开链接", "This page is out of date: open the link again")
    supplier_links.note(session, link["id"], now=workspace.clock(), answered=True)
    return Order(session, workspace, link["record_id"], SUPPLIER)
