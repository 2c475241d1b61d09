"""What I want to be told, when and how; my PIN for action links."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import pins, preferences
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("preferences", __name__, tag="preferences 通知偏好")
PIN = {
    "type": "object",
    "required": ["pin"],
    "additionalProperties": False,
    "properties": {"pin": {"type": "string", "maxLength": 8}},
}


@api.get("/preferences")
@endpoint("viewer")
def get() -> dict[str, Any]:
    """我的通知偏好 / My quiet hours, subscriptions and channels by severity."""
    return preferences.get(workspace(), person=principal().key)


@api.put("/preferences")
@endpoint("viewer", body=preferences.SCHEMA)
def save(body: dict[str, Any]) -> dict[str, Any]:
    """修改我的通知偏好 / Change them."""
    return preferences.save(workspace(), person=principal().key, values=body)


@api.put("/preferences/pin")
@endpoint("viewer", body=PIN, answer=None, secret=True)
def set_pin(body: dict[str, Any]) -> None:
    """设置操作链接的 PIN / Choose the PIN of my action links."""
    pins.choose(workspace(), person=principal().key, pin=body["pin"])
