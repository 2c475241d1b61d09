"""Forms beyond their definition: drawn from a file, changed while records are there, what was removed."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import form_changes, form_from_file
from web.api.definitions import DOCUMENT, ITEMS
from web.endpoint import endpoint, principal, workspace
from web.uploads import path_of

api = APIBlueprint("form_work", __name__, tag="forms 表单")
KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"}
FROM_FILE = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "minLength": 1, "maxLength": 80},
        "sheet": {"type": "string", "maxLength": 200},
        "header_row": {"type": "integer", "minimum": 1, "maximum": 1000},
        "name": {"type": "string", "maxLength": 200},
        "key": KEY,
    },
}
FIELD = {
    "type": "object",
    "required": ["field"],
    "additionalProperties": False,
    "properties": {"field": KEY},
}


@api.post("/forms/from-file")
@endpoint("designer", body=FROM_FILE)
def from_file(body: dict[str, Any]) -> dict[str, Any]:
    """由表格建表单 / A form drawn from an uploaded file (`POST /imports/analyse`), types guessed; nothing is kept."""
    options: dict[str, Any] = {name: body[name] for name in ("sheet", "header_row") if name in body}
    path = path_of(workspace(), body["file"])
    return form_from_file.draw(
        workspace(), path=path, options=options, name=body.get("name", ""), key=body.get("key", "")
    )


@api.post("/forms/<key:key>/migration")
@endpoint("designer", body=DOCUMENT)
def migration(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """改表预览 / What publishing the changed form would do to its records: values that would not convert."""
    return form_changes.preview(workspace(), form=key, definition=body["definition"], user=principal().key)


@api.get("/forms/<key:key>/removed")
@endpoint("designer", answer=ITEMS)
def removed(key: str) -> dict[str, Any]:
    """已移除的字段 / Fields that were removed and whose data is kept."""
    return {"items": form_changes.removed(workspace(), form=key)}


@api.post("/forms/<key:key>/purge")
@endpoint("admin", body=FIELD)
def purge(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """清除数据 / Throw the data of a removed field away for good."""
    return form_changes.purge(workspace(), form=key, field=body["field"], user=principal().key)
