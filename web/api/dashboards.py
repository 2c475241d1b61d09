"""Dashboards: what their widgets show now."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import dashboards
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("dashboard_data", __name__, tag="dashboards 看板")


@api.get("/dashboards/<key:key>/data")
@endpoint("viewer")
def data(key: str) -> dict[str, Any]:
    """看板数据 / Each widget's number, groups or rows."""
    return dashboards.data(workspace(), key=key, user=principal().key)
