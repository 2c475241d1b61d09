"""Notification channels: set-up, and a test message."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import budget, channels
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("channels", __name__, tag="channels 渠道")
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
CHANNEL = {
    "type": "object",
    "required": ["type", "name", "settings"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "maxLength": 55},
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "enabled": {"type": "boolean"},
        "settings": {"type": "object"},
    },
}
TEST = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"address": {"type": "string", "maxLength": 200}},
}


@api.get("/channels")
@endpoint("operator", answer=LIST)
def list_() -> dict[str, Any]:
    """渠道列表 / The channels; secrets are never among their settings."""
    return channels.list_(workspace())


@api.get("/channels/sms-budget")
@endpoint("operator")
def get_budget() -> dict[str, Any]:
    """短信预算与今日用量 / The budget of text messages, and what today has used."""
    return budget.get(workspace())


@api.put("/channels/sms-budget")
@endpoint("admin", body=budget.SCHEMA)
def save_budget(body: dict[str, Any]) -> dict[str, Any]:
    """设置短信预算 / Set the budget of text messages."""
    return budget.save(workspace(), values=body, user=principal().key)


@api.get("/channels/<key>/callbacks")
@endpoint("admin", answer=LIST)
def callbacks(key: str) -> dict[str, Any]:
    """最近的回调 / What the provider reported last, and what we made of it."""
    return channels.reports(workspace(), key=key)


@api.get("/channels/<key>")
@endpoint("operator")
def get(key: str) -> dict[str, Any]:
    """一个渠道 / One channel."""
    return channels.get(workspace(), key)


@api.put("/channels/<key>")
@endpoint("admin", body=CHANNEL)
def save(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """保存渠道 / Set a channel up; a secret that is null or absent stays as it was."""
    return channels.save(workspace(), key=key, user=principal().key, **body)


@api.delete("/channels/<key>")
@endpoint("admin", answer=None)
def remove(key: str) -> None:
    """删除渠道 / Forget a channel."""
    channels.remove(workspace(), key=key, user=principal().key)


@api.post("/channels/<key>/test")
@endpoint("admin", body=TEST)
def test(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """发送测试消息 / Send a test message and explain what the provider said."""
    return channels.try_(workspace(), key=key, user=principal().key, **body)
