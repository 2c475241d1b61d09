"""Out of office, and the hand-over of a colleague who leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from apiflask import APIBlueprint

from services import agencies, handover
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("agencies", __name__, tag="agencies 代理")
MOMENT = {"type": "string", "format": "date-time"}
NAME = {"type": "string", "minLength": 1, "maxLength": 80}
NEW = {
    "type": "object",
    "required": ["agent", "starts_at", "ends_at"],
    "additionalProperties": False,
    "properties": {
        "agent": NAME,
        "starts_at": MOMENT,
        "ends_at": MOMENT,
        "workflow": {"type": ["string", "null"], "maxLength": 55},
    },
}
TO = {"type": "object", "required": ["to"], "additionalProperties": False, "properties": {"to": NAME}}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}


@api.get("/agencies")
@endpoint("operator", answer=LIST)
def list_() -> dict[str, Any]:
    """我的代理 / Who acts for me, and for whom I act."""
    return agencies.list_(workspace(), user=principal().key)


@api.post("/agencies")
@endpoint("operator", body=NEW, status=201)
def add(body: dict[str, Any]) -> dict[str, Any]:
    """请人代理 / Let a colleague decide for me for a time."""
    return agencies.add(
        workspace(),
        user=principal().key,
        agent=body["agent"],
        starts_at=dt.datetime.fromisoformat(body["starts_at"]),
        ends_at=dt.datetime.fromisoformat(body["ends_at"]),
        workflow=body.get("workflow"),
    )


@api.delete("/agencies/<number:number>")
@endpoint("operator", answer=None)
def end(number: int) -> None:
    """结束代理 / End an agency of mine now."""
    agencies.end(workspace(), user=principal().key, number=number)


@api.post("/users/<id:key>/handover")
@endpoint("admin", body=TO)
def hand_over(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """交接 / Give everything that waits for somebody who leaves to a colleague; again goes on where it stopped."""
    return handover.hand_over(workspace(), user=key, to=body["to"], by=principal().key)
