"""The built-in mailbox: my notices."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import mailbox
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("messages", __name__, tag="messages 站内消息")
PAGE = {
    "unread": {"type": "boolean"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200},
    "cursor": {"type": "string", "maxLength": 200},
}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}


@api.get("/messages")
@endpoint("viewer", query=PAGE, answer=LIST)
def list_(query: dict[str, Any]) -> dict[str, Any]:
    """我的消息 / My notices, newest first."""
    return mailbox.list_(workspace(), user=principal().key, **query)


@api.post("/messages/<number:number>/read")
@endpoint("viewer")
def read(number: int) -> dict[str, Any]:
    """标为已读 / Note that I have read one."""
    return mailbox.read(workspace(), id=number, user=principal().key)
