"""Forecasts by group: curves, parts, accuracy, people's changes, what is known about items, signals from outside."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import forecast_accuracy, forecast_explore, forecast_overrides, forecast_signals
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("forecast_series", __name__, tag="forecast-series 预测")
LEVELS = ("category", "sku", "warehouse", "region", "channel")
WORD = {"type": "string", "minLength": 1, "maxLength": 200}
WHERE = dict.fromkeys(LEVELS, WORD)
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
DAY = {"type": "string", "format": "date", "maxLength": 10}
OVERRIDE = {
    "type": "object",
    "required": ["from", "to", "value", "reason"],
    "additionalProperties": False,
    "properties": {
        "where": {"type": "object", "additionalProperties": False, "properties": WHERE},
        "from": DAY,
        "to": DAY,
        "value": {"type": "number", "minimum": 0, "maximum": 1e12},
        "relative": {"type": "boolean"},
        "reason": {"type": "string", "maxLength": 1000},
        "expires": DAY,
    },
}
ITEM = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "analogs": {"type": "array", "items": WORD, "maxItems": 20, "uniqueItems": True},
        "ends_on": {"type": ["string", "null"], "format": "date", "maxLength": 10},
    },
}
SIGNAL = {
    "type": "object",
    "required": ["name", "rows"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "maxLength": 55},
        "known_ahead": {"type": "boolean"},
        "rows": {"type": "array", "minItems": 1, "maxItems": 100_000, "items": {"type": "object"}},
    },
}


def _where(query: dict[str, Any]) -> dict[str, str]:
    return {name: query[name] for name in LEVELS if query.get(name)}


@api.get("/forecast-series")
@endpoint("viewer", query={**WHERE, "history": {"type": "integer", "minimum": 28, "maximum": 730}})
def series(query: dict[str, Any]) -> dict[str, Any]:
    """预测曲线 / History, forecast with its band, promotions, days without stock and people's changes of a group."""
    return forecast_explore.series(
        workspace(), where=_where(query), history=query.get("history", forecast_explore.HISTORY)
    )


PARTS = {
    "level": {"enum": list(LEVELS)},
    "q": {"type": "string", "maxLength": 200},
    "limit": {"type": "integer", "minimum": 1, "maximum": 500},
    "offset": {"type": "integer", "minimum": 0, "maximum": 10_000_000},
}


@api.get("/forecast-parts")
@endpoint("viewer", query={**WHERE, **PARTS}, required=("level",))
def parts(query: dict[str, Any]) -> dict[str, Any]:
    """下钻 / The parts of a group with their last and next 28 days, biggest first."""
    return forecast_explore.children(
        workspace(), level=query["level"], where=_where(query), q=query.get("q", ""), limit=query.get("limit", 50),
        offset=query.get("offset", 0),
    )  # fmt: skip


@api.get("/forecast-accuracy")
@endpoint("viewer", query={"length": {"enum": ["7", "14", "28"]}, "category": WORD})
def accuracy(query: dict[str, Any]) -> dict[str, Any]:
    """预测准确度 / WAPE, bias, coverage and value added by level, the worst items, people's changes scored."""
    return forecast_accuracy.report(
        workspace(), length=int(query.get("length", 28)), category=query.get("category", "")
    )


@api.get("/forecast-overrides")
@endpoint("viewer", query={"live": {"type": "boolean"}}, answer=LIST)
def overrides(query: dict[str, Any]) -> dict[str, Any]:
    """人工修改 / What people said instead of the forecast, newest first."""
    return {"items": forecast_overrides.list_(workspace(), live=query.get("live", False))}


@api.post("/forecast-overrides")
@endpoint("operator", body=OVERRIDE, status=201)
def override(body: dict[str, Any]) -> dict[str, Any]:
    """修改预测 / Say something else at any level, with a reason; it is shared out in proportion and counts at once."""
    return forecast_overrides.add(workspace(), values=body, user=principal().key)


@api.post("/forecast-overrides/<number:override>/withdraw")
@endpoint("operator")
def withdraw(override: int) -> dict[str, Any]:
    """撤回修改 / Take an override back."""
    return forecast_overrides.withdraw(workspace(), override=override, user=principal().key)


@api.get("/forecast-items/<path:sku>")
@endpoint("viewer")
def item(sku: str) -> dict[str, Any]:
    """商品的已知情况 / What people know about an item: what it will sell like, its last day."""
    return forecast_overrides.item(workspace(), sku=sku)


@api.put("/forecast-items/<path:sku>")
@endpoint("operator", body=ITEM)
def put_item(sku: str, body: dict[str, Any]) -> dict[str, Any]:
    """说明商品 / Name items that this one will sell like, or its last day; the next forecast heeds it."""
    return forecast_overrides.put_item(
        workspace(), sku=sku, analogs=body.get("analogs", []), ends_on=body.get("ends_on"), user=principal().key
    )


@api.get("/forecast-signals")
@endpoint("viewer", answer=LIST)
def signals() -> dict[str, Any]:
    """外部信号 / The signals that are kept."""
    return {"items": forecast_signals.list_(workspace())}


@api.post("/forecast-signals")
@endpoint("operator", body=SIGNAL, status=201)
def signal(body: dict[str, Any]) -> dict[str, Any]:
    """写入信号 / Values of a signal: date, value, optionally sku, category, warehouse, region, channel."""
    return forecast_signals.put(
        workspace(), name=body["name"], rows=body["rows"], known_ahead=body.get("known_ahead", True)
    )


@api.delete("/forecast-signals/<name>")
@endpoint("operator", answer=None)
def remove_signal(name: str) -> None:
    """删除信号 / Forget a signal."""
    forecast_signals.remove(workspace(), name=name)
