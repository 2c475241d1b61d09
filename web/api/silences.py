"""Silences: for a time, matching alerts tell nobody."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import silences
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("silences", __name__, tag="silences 静默")
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
MOMENT = {"type": "string", "format": "date-time"}
SILENCE = {
    "type": "object",
    "required": ["ends_at"],
    "additionalProperties": False,
    "properties": {
        "rule": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"},
        "keys": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 200}},
        "comment": {"type": "string", "maxLength": 1000},
        "starts_at": MOMENT,
        "ends_at": MOMENT,
    },
}


@api.get("/silences")
@endpoint("viewer", answer=LIST)
def list_() -> dict[str, Any]:
    """静默列表 / Silences that are on or to come."""
    return {"items": silences.list_(workspace())}


@api.post("/silences")
@endpoint("operator", body=SILENCE, status=201)
def create(body: dict[str, Any]) -> dict[str, Any]:
    """新增静默 / Silence a rule, or the alerts of a record."""
    return silences.create(workspace(), user=principal().key, **body)


@api.delete("/silences/<number:number>")
@endpoint("operator", answer=None)
def end(number: int) -> None:
    """结束静默 / End a silence now."""
    silences.end(workspace(), id=number, user=principal().key)
