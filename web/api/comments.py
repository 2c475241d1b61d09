"""Comments on records."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import comments
from web.api.definitions import ITEMS
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("comments", __name__, tag="records 记录")
FILES = {"type": "array", "maxItems": 20, "items": {"type": "object", "required": ["id", "name"]}}
COMMENT = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": {"type": "string", "maxLength": 4000},
        "mentions": {"type": "array", "maxItems": 50, "items": {"type": "string", "maxLength": 63}},
        "files": FILES,
    },
}


@api.get("/forms/<key:key>/records/<number:record_id>/comments")
@endpoint("viewer", answer=ITEMS)
def list_(key: str, record_id: int) -> dict[str, Any]:
    """评论 / The comments of a record, oldest first."""
    return {"items": comments.list_(workspace(), form=key, id=record_id, user=principal().key)}


@api.post("/forms/<key:key>/records/<number:record_id>/comments")
@endpoint("operator", body=COMMENT, status=201)
def add(key: str, record_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """写评论 / Add a comment; whoever is in `mentions` and sees the record finds a note in their mailbox."""
    return comments.add(workspace(), form=key, id=record_id, user=principal().key, **body)


@api.delete("/forms/<key:key>/records/<number:record_id>/comments/<number:comment>")
@endpoint("operator", answer=None)
def remove(key: str, record_id: int, comment: int) -> None:
    """删除评论 / Remove a comment of one's own."""
    comments.remove(workspace(), form=key, id=record_id, comment=comment, user=principal().key)
