"""Saved views of forms' lists."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import views
from web.api.definitions import ITEMS
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("views", __name__, tag="records 记录")
PROPERTIES = {
    "name": {"type": "string", "minLength": 1, "maxLength": 80},
    "shared": {"type": "boolean"},
    "settings": {"type": "object", "maxProperties": 50},
}
VIEW = {"type": "object", "required": ["name", "settings"], "additionalProperties": False, "properties": PROPERTIES}
CHANGES = {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": PROPERTIES}


@api.get("/forms/<key:key>/views")
@endpoint("viewer", answer=ITEMS)
def list_(key: str) -> dict[str, Any]:
    """视图 / The views of a form's list that you have or that are shared."""
    return {"items": views.list_(workspace(), form=key, user=principal().key)}


@api.post("/forms/<key:key>/views")
@endpoint("viewer", body=VIEW, status=201)
def add(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """保存视图 / Keep how you look at the list; sharing it takes a designer."""
    return views.add(workspace(), form=key, user=principal().key, **body)


@api.put("/forms/<key:key>/views/<number:view>")
@endpoint("viewer", body=CHANGES)
def change(key: str, view: int, body: dict[str, Any]) -> dict[str, Any]:
    """修改视图 / Change a view of yours."""
    return views.change(workspace(), form=key, id=view, changes=body, user=principal().key)


@api.delete("/forms/<key:key>/views/<number:view>")
@endpoint("viewer", answer=None)
def remove(key: str, view: int) -> None:
    """删除视图 / Remove a view of yours."""
    views.remove(workspace(), form=key, id=view, user=principal().key)
