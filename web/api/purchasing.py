"""The steps of purchase orders, transfers and stocktakes, and the suppliers' record."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import lead_times, purchasing, stocktakes, supplier_links, transfers
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("purchasing", __name__, tag="orders 采购单")
EMPTY = {"type": "object", "additionalProperties": False}
TEXT = {"type": "string", "maxLength": 1000}
CODE = {"type": "string", "minLength": 1, "maxLength": 200}
UNITS = {"type": "number", "minimum": 0, "maximum": 1e9}
DAY = {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
PLACE = {"type": "integer", "minimum": 0, "maximum": 100_000}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}


def _lines(**more: Any) -> dict[str, Any]:
    item = {
        "type": "object",
        "required": ["line", "quantity"],
        "additionalProperties": False,
        "properties": {"line": PLACE, "quantity": UNITS, **more},
    }
    return {"type": "array", "minItems": 1, "maxItems": 5000, "items": item}


CONFIRM = {
    "type": "object",
    "required": ["lines"],
    "additionalProperties": False,
    "properties": {"lines": _lines(date=DAY), "note": TEXT},
}
RECEIVE = {
    "type": "object",
    "required": ["lines", "key"],
    "additionalProperties": False,
    "properties": {"lines": _lines(), "key": CODE, "shipment": CODE, "note": TEXT},
}
CLOSE = {"type": "object", "additionalProperties": False, "properties": {"note": TEXT}}
ARRIVED = {"type": "object", "additionalProperties": False, "properties": {"lines": _lines()}}
SHEET = {
    "type": "object",
    "required": ["warehouse"],
    "additionalProperties": False,
    "properties": {"warehouse": CODE, "skus": {"type": "array", "maxItems": 5000, "items": CODE}, "note": TEXT},
}
COUNTS = {
    "type": "object",
    "required": ["counts"],
    "additionalProperties": False,
    "properties": {
        "counts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 5000,
            "items": {
                "type": "object",
                "required": ["sku", "counted"],
                "additionalProperties": False,
                "properties": {"sku": CODE, "counted": UNITS, "note": TEXT},
            },
        }
    },
}
DECIDE = {
    "type": "object",
    "required": ["approve"],
    "additionalProperties": False,
    "properties": {"approve": {"type": "boolean"}},
}


@api.post("/orders/<number:number>/send")
@endpoint("operator", body=EMPTY)
def send(number: int, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """下单 / Order a draft; its goods stand as on order."""
    return purchasing.send(workspace(), id=number, user=principal().key)


@api.post("/orders/<number:number>/link")
@endpoint("operator", body=EMPTY, secret=True)
def link(number: int, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """供应商链接 / A new page for the supplier, and a text to paste into a chat; older links end."""
    return supplier_links.issue(workspace(), id=number, user=principal().key)


@api.post("/orders/<number:number>/confirm")
@endpoint("operator", body=CONFIRM)
def confirm(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """登记供应商确认 / Keep what the supplier said on the telephone."""
    return purchasing.confirm(workspace(), id=number, user=principal().key, **body)


@api.post("/orders/<number:number>/receive")
@endpoint("operator", body=RECEIVE)
def receive(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """收货 / Take goods in: all, some or more; the same `key` again changes nothing."""
    return purchasing.receive(workspace(), id=number, user=principal().key, **body)


@api.post("/orders/<number:number>/close")
@endpoint("operator", body=CLOSE)
def close(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """结束 / No more will come: what is still on order is taken back."""
    return purchasing.close(workspace(), id=number, user=principal().key, **body)


@api.get("/suppliers/scores")
@endpoint("viewer", answer=LIST)
def scores() -> dict[str, Any]:
    """供应商评分 / Measured lead times, punctuality and completeness of each supplier; late orders."""
    return lead_times.scores(workspace())


@api.post("/transfers/<number:number>/send")
@endpoint("operator", body=EMPTY)
def send_transfer(number: int, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """调拨发出 / The goods leave; they are in transit to the other warehouse."""
    return transfers.send(workspace(), id=number, user=principal().key)


@api.post("/transfers/<number:number>/receive")
@endpoint("operator", body=ARRIVED)
def receive_transfer(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """调拨收货 / Count the goods in; what does not come is lost on the way."""
    return transfers.receive(workspace(), id=number, user=principal().key, **body)


@api.post("/transfers/<number:number>/cancel")
@endpoint("operator", body=EMPTY)
def cancel_transfer(number: int, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """取消调拨 / Cancel a transfer that has not left."""
    return transfers.cancel(workspace(), id=number, user=principal().key)


@api.post("/stocktakes")
@endpoint("operator", body=SHEET, status=201)
def begin_stocktake(body: dict[str, Any]) -> dict[str, Any]:
    """开始盘点 / Make a count sheet of a warehouse."""
    return stocktakes.begin(workspace(), user=principal().key, **body)


@api.post("/stocktakes/<number:number>/count")
@endpoint("operator", body=COUNTS)
def count(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """登记实盘 / Write what was counted; the book of that moment is kept beside it."""
    return stocktakes.count(workspace(), id=number, counts=body["counts"], user=principal().key)


@api.post("/stocktakes/<number:number>/submit")
@endpoint("operator", body=EMPTY)
def submit_stocktake(number: int, body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 an empty body is read all the same
    """提交盘点 / Hand the sheet in for approval."""
    return stocktakes.submit(workspace(), id=number, user=principal().key)


@api.post("/stocktakes/<number:number>/decide")
@endpoint("operator", body=DECIDE)
def decide_stocktake(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """审批盘点 / Approve the differences, which adjusts the stock, or send the sheet back."""
    return stocktakes.decide(workspace(), id=number, approve=body["approve"], user=principal().key)
