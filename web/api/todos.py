"""To-dos: what waits for a person's decision."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import approve, batch_decide, tasks, todo
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("todos", __name__, tag="todos 待办")
OPS = (
    "approve",
    "reject",
    "return",
    "complete",
    "resubmit",
    "transfer",
    "delegate",
    "add_sign",
    "remove_sign",
    "take_back",
    "retract",
    "comment",
)
NAMES = {"type": "array", "maxItems": 50, "items": {"type": "string", "minLength": 1, "maxLength": 80}}
DECISION = {
    "type": "object",
    "required": ["op"],
    "additionalProperties": False,
    "properties": {
        "op": {"type": "string", "enum": list(OPS)},
        "comment": {"type": "string", "maxLength": 2000},
        "form": {"type": "object"},
        "to": {"type": "string", "maxLength": 80},
        "users": NAMES,
        "kind": {"type": "string", "enum": ["before", "after", "parallel"]},
        "mode": {"type": "string", "enum": ["any", "all", "sequential"]},
        "resume": {"type": "string", "enum": ["replay", "direct", "changed"]},
        "request_id": {"type": "string", "minLength": 1, "maxLength": 80},
    },
}
MANY = {
    "type": "object",
    "required": ["ids", "op"],
    "additionalProperties": False,
    "properties": {
        "ids": {"type": "array", "minItems": 1, "maxItems": 500, "items": {"type": "integer", "minimum": 1}},
        "op": {"type": "string", "enum": ["approve", "reject", "complete"]},
        "comment": {"type": "string", "maxLength": 2000},
        "request_id": {"type": "string", "minLength": 1, "maxLength": 60},
    },
}
BOX = {
    "box": {"type": "string", "enum": ["open", "done", "started", "cc", "drafts"]},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200},
    "cursor": {"type": "string", "maxLength": 200},
}
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}


@api.get("/todos")
@endpoint("viewer", query=BOX, answer=LIST)
def list_(query: dict[str, Any]) -> dict[str, Any]:
    """待办箱 / What waits for me, what I decided, what I started, what I was copied."""
    return tasks.box(
        workspace(),
        user=principal().key,
        box=query.get("box", "open"),
        limit=query.get("limit", 50),
        cursor=query.get("cursor"),
    )


@api.get("/todos/<number:number>")
@endpoint("viewer")
def show(number: int) -> dict[str, Any]:
    """一件待办 / One to-do with the form, the timeline and what may be done."""
    return todo.todo(workspace(), seat=number, user=principal().key)


@api.post("/todos/<number:number>/decide")
@endpoint("operator", body=DECISION)
def decide(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """办理 / Decide; the same `request_id` again gets the first answer again."""
    extra: dict[str, Any] = {name: body[name] for name in ("to", "users", "kind", "mode", "resume") if name in body}
    return approve.decide(
        workspace(),
        seat=number,
        op=body["op"],
        form=body.get("form", {}),
        comment=body.get("comment", ""),
        user=principal().key,
        request_id=body.get("request_id"),
        extra=extra,
    )


@api.post("/todos/decide")
@endpoint("operator", body=MANY)
def decide_many(body: dict[str, Any]) -> dict[str, Any]:
    """批量办理 / Decide several alike; each is answered by itself."""
    return batch_decide.decide_many(
        workspace(),
        seats=body["ids"],
        op=body["op"],
        comment=body.get("comment", ""),
        user=principal().key,
        request_id=body.get("request_id"),
    )
