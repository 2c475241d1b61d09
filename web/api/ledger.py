"""The stock ledger: entries, reservations, channels, and the books for finance."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from services import books, channel_stock, ledger
from services.ledger import Posting
from web.api.stock import see_all_stock
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("ledger", __name__, tag="stock 库存")
CODE = {"type": "string", "minLength": 1, "maxLength": 200}
TEXT = {"type": "string", "maxLength": 500}
DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
UNITS = {"type": "number", "exclusiveMinimum": 0, "maximum": 1e12}
MONEY = {"type": "number", "minimum": 0, "maximum": 1e12}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
# What a shop system or a person may post; orders, transfers and counts post their own entries.
POSTED = ["receipt", "sale", "return", "damage"]
LINES = {
    "type": "object",
    "required": ["lines"],
    "additionalProperties": False,
    "properties": {
        "lines": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1000,
            "items": {
                "type": "object",
                "required": ["key", "kind", "sku", "warehouse", "quantity"],
                "additionalProperties": False,
                "properties": {
                    "key": CODE, "kind": {"enum": POSTED}, "sku": CODE, "warehouse": CODE, "quantity": UNITS,
                    "unit_cost": MONEY, "price": MONEY, "channel": TEXT, "document": TEXT, "note": TEXT,
                },
            },
        }
    },
}  # fmt: skip
RESERVE = {
    "type": "object",
    "required": ["key", "sku", "warehouse", "quantity"],
    "additionalProperties": False,
    "properties": {
        "key": CODE, "sku": CODE, "warehouse": CODE, "quantity": UNITS, "channel": TEXT, "order_ref": TEXT,
        "minutes": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 525600},
    },
}  # fmt: skip
SHIP = {
    "type": "object",
    "required": ["parcel"],
    "additionalProperties": False,
    "properties": {"parcel": CODE, "quantity": UNITS, "price": MONEY},
}
EMPTY = {"type": "object", "additionalProperties": False}
FILTER = {
    "sku": CODE, "warehouse": CODE, "kind": CODE, "document": CODE, "channel": CODE, "since": DAY, "until": DAY,
    "before": {"type": "integer", "minimum": 1, "maximum": 2**53}, "limit": {"type": "integer", "minimum": 1, "maximum": 500},
    "cursor": {"type": "integer", "minimum": 1, "maximum": 2**53},
}  # fmt: skip
PERIOD = {
    "since": DAY, "until": DAY, "method": {"enum": list(books.METHODS)}, "layout": {"type": "string", "maxLength": 55},
}  # fmt: skip
COLUMNS = {"type": "object", "maxProperties": 60, "additionalProperties": {"type": "string", "maxLength": 55}}
FORMATS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "entries": {
            "type": "object",
            "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2, "items": CODE},
        },
        "accounts": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 100}},
        "formats": {"type": "object", "maxProperties": 20, "additionalProperties": COLUMNS},
    },
}


@api.get("/ledger/movements")
@endpoint("viewer", query=FILTER, answer=LIST)
def list_movements(query: dict[str, Any]) -> dict[str, Any]:
    """库存流水 / Entries of the ledger, newest first, and what a SKU's warehouses hold now."""
    see_all_stock()
    cursor, before = query.pop("cursor", None), query.pop("before", None)
    return ledger.movements(workspace(), before=cursor or before, **query)


@api.post("/ledger/movements")
@endpoint("operator", body=LINES, answer=LIST)
def post_movements(body: dict[str, Any]) -> dict[str, Any]:
    """记一笔或多笔 / Post entries, all or none; each line's key makes it count once."""
    lines = [Posting(**line) for line in body["lines"]]
    return {"items": ledger.post(workspace(), lines, user=principal().key)}


@api.get("/ledger/verify")
@endpoint("viewer")
def verify() -> dict[str, Any]:
    """核对 / Whether every stock row is what its entries add up to."""
    see_all_stock()
    return ledger.verify(workspace())


@api.get("/ledger/channels")
@endpoint("viewer", query={"sku": CODE, "warehouse": CODE}, required=("sku",))
def channels(query: dict[str, Any]) -> dict[str, Any]:
    """渠道可卖 / What each channel may sell of a SKU, by warehouse, and why; open reservations."""
    see_all_stock()
    return channel_stock.overview(workspace(), **query)


@api.post("/ledger/reservations")
@endpoint("operator", body=RESERVE, status=201)
def reserve(body: dict[str, Any]) -> dict[str, Any]:
    """占用 / Promise units to an order; it lapses after `minutes` (null: never)."""
    return channel_stock.reserve(workspace(), user=principal().key, **body)


@api.post("/ledger/reservations/<id:key>/release")
@endpoint("operator", body=EMPTY)
def release(key: str, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """释放占用 / Give back what is left of a reservation."""
    return channel_stock.release(workspace(), key=key, user=principal().key)


@api.post("/ledger/reservations/<id:key>/ship")
@endpoint("operator", body=SHIP)
def ship(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """发货 / Ship reserved units, all or some of them; one call a parcel."""
    return channel_stock.ship(workspace(), key=key, user=principal().key, **body)


@api.get("/ledger/books")
@endpoint("viewer", query=PERIOD, required=("since", "until"))
def show_books(query: dict[str, Any]) -> dict[str, Any]:
    """库存账 / Opening, in, out and closing in money, by weighted average cost."""
    see_all_stock()
    query.pop("layout", None)
    return books.journal(workspace(), **query)


@api.get("/ledger/vouchers.csv")
@endpoint("viewer", query=PERIOD, required=("since", "until"), files=True)
def vouchers(query: dict[str, Any]) -> Response:
    """凭证文件 / The vouchers of a period as CSV, in the columns of `layout` (csv, kingdee, yonyou or one's own)."""
    see_all_stock()
    name = f"vouchers-{query.get('layout', 'csv')}-{query['since']}-{query['until']}.csv"
    content = books.voucher_file(workspace(), **query)
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@api.get("/ledger/formats")
@endpoint("viewer")
def show_formats() -> dict[str, Any]:
    """凭证格式 / Accounts, debit and credit of each kind, and the columns of each voucher format."""
    return books.formats(workspace())


@api.put("/ledger/formats")
@endpoint("admin", body=FORMATS)
def put_formats(body: dict[str, Any]) -> dict[str, Any]:
    """修改凭证格式 / Keep the workspace's own accounts, entries and formats."""
    return books.set_formats(workspace(), values=body, user=principal().key)
