"""Data governance: the checks, what they found, putting it right, and the score."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import governance, governance_fixes
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("governance", __name__, tag="governance 数据治理")
ITEMS = {
    "type": "array",
    "minItems": 1,
    "maxItems": 500,
    "items": {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 10,
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,54}$"},
        "additionalProperties": {"type": "string", "maxLength": 200},
    },
}
IGNORE = {
    "type": "object",
    "required": ["items"],
    "additionalProperties": False,
    "properties": {"items": ITEMS},
}
FIX = {
    "type": "object",
    "required": ["items"],
    "additionalProperties": False,
    "properties": {"items": ITEMS, "value": {"type": ["string", "number", "boolean", "null"], "maxLength": 200}},
}
EMPTY = {"type": "object", "additionalProperties": False}


@api.get("/governance")
@endpoint("viewer")
def show() -> dict[str, Any]:
    """数据治理 / The checks with what they last found, and the score month by month."""
    return governance.show(workspace(), user=principal().key)


@api.post("/governance/run")
@endpoint("operator", body=EMPTY)
def run(body: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 it holds nothing
    """立即检查 / Look at all data now."""
    governance.run(workspace())
    return governance.show(workspace(), user=principal().key)


@api.get("/governance/<key:check>")
@endpoint("viewer")
def findings(check: str) -> dict[str, Any]:
    """检查结果 / What one check found."""
    return governance.findings(workspace(), check=check, user=principal().key)


@api.post("/governance/<key:check>/fix")
@endpoint("operator", body=FIX)
def fix(check: str, body: dict[str, Any]) -> dict[str, Any]:
    """修正 / Put findings right for many records at once; `batch` takes it back."""
    return governance_fixes.fix(
        workspace(), check=check, items=body["items"], value=body.get("value"), user=principal().key
    )


@api.post("/governance/<key:check>/ignore")
@endpoint("operator", body=IGNORE)
def ignore(check: str, body: dict[str, Any]) -> dict[str, Any]:
    """不算问题 / Leave these out from now on."""
    governance.findings(workspace(), check=check, user=principal().key)
    return governance.ignore(workspace(), check=check, items=body["items"], user=principal().key)
