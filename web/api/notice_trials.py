"""Trying notices out before anybody gets them: a route on an alert, a template on a sample, our own address from a phone."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import message_preview, reachability, route_trial
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("notice_trials", __name__, tag="routes 通知路由")
TRIAL = {
    "type": "object",
    "required": ["definition"],
    "additionalProperties": False,
    "properties": {
        "definition": {"type": "object"},
        "alert": {"type": "integer", "minimum": 1, "maximum": 1_000_000_000_000},
        "data": {"type": "object", "maxProperties": 200},
        "at": {"type": "string", "format": "date-time", "maxLength": 40},
    },
}
TEXT = {
    "type": "object",
    "required": ["definition"],
    "additionalProperties": False,
    "properties": {"definition": {"type": "object"}},
}


@api.post("/route-trials")
@endpoint("designer", body=TRIAL)
def try_route(body: dict[str, Any]) -> dict[str, Any]:
    """试走路由 / Who would get what, when and why, now or at a past moment; nothing is sent."""
    return route_trial.trial(workspace(), **body)


@api.post("/message-previews")
@endpoint("designer", body=TEXT)
def preview(body: dict[str, Any]) -> dict[str, Any]:
    """预览模板 / A template on a sample alert, with what is wrong with it."""
    return message_preview.preview(workspace(), **body)


@api.get("/message-previews/defaults")
@endpoint("designer")
def defaults() -> dict[str, Any]:
    """内置文字 / The built-in texts."""
    return message_preview.defaults()


@api.get("/public-address")
@endpoint("admin")
def address() -> dict[str, Any]:
    """公开地址 / Our own address, what is wrong with it, and whether a phone has opened it."""
    return reachability.look(workspace(), user=principal().key)
