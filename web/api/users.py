"""Users, their roles and the tokens of their programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from apiflask import APIBlueprint

from services import sessions, users
from services.refusal import not_found
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("users", __name__, tag="users 用户")
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
TEXT = {"type": ["string", "null"], "maxLength": 200}
PROPERTIES: dict[str, Any] = {
    "name": {"type": "string", "minLength": 1, "maxLength": 80},
    "password": {"type": "string", "minLength": 10, "maxLength": 500},
    "roles": {
        "type": "array",
        "maxItems": 30,
        "items": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"},
    },
    "language": {"type": "string", "enum": ["zh", "en"]},
    "email": TEXT,
    "phone": TEXT,
    "superior": TEXT,
    "department": TEXT,
    "addresses": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 200}},
    "active": {"type": "boolean"},
}
DEPARTMENT = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {"name": PROPERTIES["name"], "parent": TEXT, "head": TEXT},
}
NEW = {
    "type": "object",
    "required": ["key", "name", "password"],
    "additionalProperties": False,
    "properties": {"key": {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,62}$"}, **PROPERTIES},
}
CHANGES = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": PROPERTIES}
TOKEN = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
        "expires_at": {"type": ["string", "null"], "format": "date-time"},
    },
}


@api.get("/users")
@endpoint("viewer", answer=LIST)
def list_() -> dict[str, Any]:
    """用户列表 / Users; addresses and phones only for administrators."""
    found = users.list_(workspace())
    if not principal().may("admin"):
        shown = ("key", "name", "roles", "superior", "department", "active")
        found = [{name: user.get(name) for name in shown} for user in found]
    return {"items": found}


@api.get("/departments")
@endpoint("viewer", answer=LIST)
def departments() -> dict[str, Any]:
    """部门 / The departments, with the one above and the head of each."""
    return {"items": users.departments(workspace())}


@api.put("/departments/<key:key>")
@endpoint("admin", body=DEPARTMENT)
def save_department(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """保存部门 / Add or change a department."""
    parent, head = body.get("parent"), body.get("head")
    return users.save_department(
        workspace(), key=key, name=body["name"], parent=parent, head=head, user=principal().key
    )


@api.post("/users")
@endpoint("admin", body=NEW, status=201)
def create(body: dict[str, Any]) -> dict[str, Any]:
    """新增用户 / Add a user."""
    return users.create(workspace(), values=body, user=principal().key)


@api.patch("/users/<id:key>")
@endpoint("admin", body=CHANGES)
def change(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """修改用户 / Change a user; a new password or role ends the sessions that are open."""
    return users.update(workspace(), key=key, changes=body, user=principal().key)


@api.get("/tokens")
@endpoint("operator", answer=LIST)
def list_tokens() -> dict[str, Any]:
    """我的令牌 / The tokens of my programs, without their secrets."""
    return sessions.tokens(workspace(), user=principal().key)


@api.post("/tokens")
@endpoint("operator", body=TOKEN, status=201, secret=True)
def issue_token(body: dict[str, Any]) -> dict[str, Any]:
    """新令牌 / A new token; it is shown this once."""
    who = principal().key
    expires = dt.datetime.fromisoformat(body["expires_at"]) if body.get("expires_at") else None
    return sessions.issue_token(workspace(), user=who, name=body["name"], expires_at=expires, by=who)


@api.delete("/tokens/<number:number>")
@endpoint("operator", answer=None)
def revoke_token(number: int) -> None:
    """撤销令牌 / Revoke a token."""
    mine = {token["id"] for token in sessions.tokens(workspace(), user=principal().key)["items"]}
    if number not in mine and not principal().may("admin"):
        raise not_found("令牌", "token", number)
    sessions.revoke_token(workspace(), token_id=number, by=principal().key)
