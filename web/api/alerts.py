"""Alerts: what is firing and why, and taking note of it."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import alerts, curve
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("alerts", __name__, tag="alerts 预警")
LIMIT = {"type": "integer", "minimum": 1, "maximum": 500}
FILTER = {
    "state": {"enum": ["firing", "pending", "resolved", "all"], "type": "string"},
    "level": {"type": "string", "maxLength": 40},
    "rule": {"type": "string", "maxLength": 55},
    "q": {"type": "string", "maxLength": 200},
    "group_by": {"type": "string", "maxLength": 60},
    "acknowledged": {"type": "boolean"},
    "warehouse": {"type": "string", "maxLength": 200},
    "limit": LIMIT,
    "cursor": {"type": "string", "maxLength": 200},
}
NOTE = {"type": "object", "additionalProperties": False, "properties": {"note": {"type": "string", "maxLength": 1000}}}
IDS = {
    "type": "array",
    "minItems": 1,
    "maxItems": 1000,
    "items": {"type": "integer", "minimum": 1, "maximum": 999_999_999_999_999},
}
MANY = {
    "type": "object",
    "required": ["ids"],
    "additionalProperties": False,
    "properties": {
        "ids": IDS,
        "note": {"type": "string", "maxLength": 1000},
    },
}
SNOOZE = {
    "type": "object",
    "required": ["until"],
    "additionalProperties": False,
    "properties": {"until": {"type": "string", "format": "date-time"}},
}
SNOOZE_MANY = {
    "type": "object",
    "required": ["ids", "until"],
    "additionalProperties": False,
    "properties": {"ids": IDS, "until": {"type": "string", "format": "date-time"}},
}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
CURVE = {"type": "object", "required": ["days", "sales", "stock", "threshold"]}
DAYS = {"days": {"type": "integer", "minimum": 7, "maximum": 730}}


@api.get("/alerts")
@endpoint("viewer", query=FILTER, answer=LIST)
def list_(query: dict[str, Any]) -> dict[str, Any]:
    """预警列表 / Alerts with their explanation, and how many there are of each level."""
    return alerts.list_(workspace(), user=principal().key, **query)


@api.get("/alerts/<number:number>")
@endpoint("viewer")
def show(number: int) -> dict[str, Any]:
    """一条预警 / One alert with its history and deliveries."""
    return alerts.get(workspace(), id=number, user=principal().key)


@api.get("/alerts/<number:number>/curve")
@endpoint("viewer", query=DAYS, answer=CURVE)
def show_curve(number: int, query: dict[str, Any]) -> dict[str, Any]:
    """销量与库存曲线 / Sales, stock and threshold by day."""
    alerts.get(workspace(), id=number, user=principal().key)
    return curve.of_alert(workspace(), id=number, days=query.get("days", 60))


@api.post("/alerts/<number:number>/acknowledge")
@endpoint("operator", body=NOTE)
def acknowledge(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """确认 / Take note: repeats and escalation stop until the level rises."""
    who = principal().key
    alerts.acknowledge(workspace(), ids=[number], note=body.get("note", ""), user=who)
    return alerts.get(workspace(), id=number, user=who)


@api.post("/alerts/<number:number>/snooze")
@endpoint("operator", body=SNOOZE)
def snooze(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """暂缓提醒 / Tell nobody before a moment; what happens meanwhile is told afterwards."""
    who = principal().key
    alerts.snooze(workspace(), id=number, until=body["until"], user=who)
    return alerts.get(workspace(), id=number, user=who)


@api.post("/alerts/acknowledge")
@endpoint("operator", body=MANY)
def acknowledge_many(body: dict[str, Any]) -> dict[str, Any]:
    """批量确认 / Take note of many at once."""
    return alerts.acknowledge(workspace(), ids=body["ids"], note=body.get("note", ""), user=principal().key)


@api.post("/alerts/snooze")
@endpoint("operator", body=SNOOZE_MANY)
def snooze_many(body: dict[str, Any]) -> dict[str, Any]:
    """批量暂缓提醒 / Tell nobody of many before a moment."""
    return alerts.snooze_many(workspace(), ids=body["ids"], until=body["until"], user=principal().key)
