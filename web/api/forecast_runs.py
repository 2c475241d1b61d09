"""Forecast runs: start one, follow it, cancel it, read what changed and why."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import forecast
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("forecast_runs", __name__, tag="forecast-runs 预测运行")
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
START = {"type": "object", "additionalProperties": False, "properties": {"challenge": {"type": "boolean"}}}


@api.get("/forecast-runs")
@endpoint("viewer", query={"limit": {"type": "integer", "minimum": 1, "maximum": 200}}, answer=LIST)
def list_(query: dict[str, Any]) -> dict[str, Any]:
    """预测记录 / Runs, newest first."""
    return {"items": forecast.list_(workspace(), limit=query.get("limit", 30))}


@api.post("/forecast-runs")
@endpoint("operator", body=START, status=202)
def start(body: dict[str, Any]) -> dict[str, Any]:
    """运行预测 / Forecast the whole shop in the background; `challenge` lets the global model compete."""
    return forecast.start(workspace(), user=principal().key, challenge=body.get("challenge"))


@api.get("/forecast-runs/<number:run>")
@endpoint("viewer")
def show(run: int) -> dict[str, Any]:
    """预测进度与结果 / How far a run is, what it found, what changed since the one before and why."""
    return forecast.get(workspace(), run=run)


@api.post("/forecast-runs/<number:run>/cancel")
@endpoint("operator")
def cancel(run: int) -> dict[str, Any]:
    """取消预测 / Ask a run to end."""
    return forecast.cancel(workspace(), run=run, user=principal().key)
