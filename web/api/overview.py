"""The first page: how things stand, and what this role has still to set up."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import overview
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("overview", __name__, tag="overview 总览")


@api.get("/overview")
@endpoint("viewer")
def show() -> dict[str, Any]:
    """总览 / Open alerts, my to-dos, tasks, the last run, and the checklist of my role."""
    return overview.show(workspace(), user=principal().user)


@api.get("/health")
@endpoint("viewer")
def health() -> dict[str, Any]:
    """运行状况 / What the server needs, and whether it is there."""
    checks = overview.readiness(workspace())
    return {"ok": all(check["ok"] for check in checks if check["required"]), "checks": checks}
