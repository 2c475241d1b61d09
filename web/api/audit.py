"""The audit trail: who did what to what, and whether the log is whole."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import audit
from web.endpoint import endpoint, workspace

api = APIBlueprint("audit", __name__, tag="audit 审计")
PAGE = {
    "actor": {"type": "string", "maxLength": 80},
    "kind": {"type": "string", "maxLength": 60},
    "key": {"type": "string", "maxLength": 80},
    "q": {"type": "string", "maxLength": 200},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200},
    "cursor": {"type": "string", "maxLength": 200},
}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}


@api.get("/audit")
@endpoint("designer", query=PAGE, answer=LIST)
def list_(query: dict[str, Any]) -> dict[str, Any]:
    """审计记录 / Newest first, with the state before and after."""
    return audit.list_(workspace(), **query)


@api.get("/audit/verify")
@endpoint("admin")
def verify() -> dict[str, Any]:
    """校验 / Recompute the seals: was anything changed or removed?"""
    return audit.verify(workspace())
