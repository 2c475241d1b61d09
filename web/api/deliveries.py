"""Deliveries: what was sent to whom, what became of it, and trying again."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import deliveries
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("deliveries", __name__, tag="deliveries 发送记录")
PAGE = {
    "state": {"type": "string", "enum": ["queued", "sending", "accepted", "delivered", "acted", "failed", "dead"]},
    "channel": {"type": "string", "maxLength": 40},
    "recipient": {"type": "string", "maxLength": 63},
    "alert": {"type": "integer", "minimum": 1, "maximum": 1_000_000_000_000},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200},
    "cursor": {"type": "string", "maxLength": 200},
}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}


@api.get("/deliveries")
@endpoint("operator", query=PAGE, answer=LIST)
def list_(query: dict[str, Any]) -> dict[str, Any]:
    """发送记录 / Every notice with each of its attempts."""
    return deliveries.list_(workspace(), **query)


@api.get("/deliveries/<number:number>")
@endpoint("operator")
def get(number: int) -> dict[str, Any]:
    """一条发送记录 / One notice with what the provider answered at each attempt, receipts, and what its reader did."""
    return deliveries.get(workspace(), id=number)


@api.post("/deliveries/<number:number>/retry")
@endpoint("operator")
def retry(number: int) -> dict[str, Any]:
    """重新发送 / Send a failed one again."""
    return deliveries.retry(workspace(), id=number, user=principal().key)
