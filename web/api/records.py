"""Records of the users' own forms: the same validator as the browser, import and automation."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from services import access_view, bulk_edit, record_groups, records
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("records", __name__, tag="records 记录")
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
PAGE = {
    "filter": {"type": "string", "maxLength": 2000},
    "sort": {"type": "string", "maxLength": 300},
    "q": {"type": "string", "maxLength": 200},
    "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
    "cursor": {"type": "string", "maxLength": 2000},
    "as": {"type": "string", "minLength": 1, "maxLength": 63},
}
NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**53}
PERSON = {"type": "string", "minLength": 1, "maxLength": 63}
VALUES = {
    "type": "object",
    "required": ["values"],
    "additionalProperties": False,
    "properties": {"values": {"type": "object"}},
}
CHANGE = {
    "type": "object",
    "required": ["values"],
    "additionalProperties": False,
    "properties": {"values": {"type": "object"}, "version": {"type": "integer", "minimum": 1, "maximum": 2**53}},
}
BULK = {
    "type": "object",
    "required": ["rows"],
    "additionalProperties": False,
    "properties": {
        "rows": {"type": "array", "maxItems": 10_000, "items": {"type": "object"}},
        "match": {"type": "array", "maxItems": 10, "items": {"type": "string", "maxLength": 55}},
    },
}
EDIT = {
    "type": "object",
    "required": ["values"],
    "additionalProperties": False,
    "properties": {
        "values": {"type": "object", "minProperties": 1},
        "ids": {"type": "array", "maxItems": 10_000, "items": NUMBER},
        "filter": {"type": "string", "maxLength": 2000},
        "q": {"type": "string", "maxLength": 200},
    },
}
DELETE = {
    "type": "object",
    "required": ["ids"],
    "additionalProperties": False,
    "properties": {"ids": {"type": "array", "minItems": 1, "maxItems": 10_000, "items": NUMBER}},
}
UNDO = {
    "type": "object",
    "required": ["batch"],
    "additionalProperties": False,
    "properties": {"batch": {"type": "string", "minLength": 1, "maxLength": 80}},
}
GROUPS = {
    "by": {"type": "array", "maxItems": 4, "items": {"type": "string", "maxLength": 70}},
    "totals": {"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 70}},
    "filter": PAGE["filter"],
    "q": PAGE["q"],
    "limit": PAGE["limit"],
    "as": PAGE["as"],
}


@api.get("/forms/<key:key>/records")
@endpoint("viewer", query=PAGE, answer=LIST)
def list_(key: str, query: dict[str, Any]) -> dict[str, Any]:
    """记录列表 / Records: `filter` is an expression, `sort` field names (`-created_at`), `q` a text to look for.

    `as` shows what somebody else sees; designers and administrators only.
    """
    user = access_view.person_for(workspace(), as_=query.pop("as", None), asker=principal().user)
    return records.list_(workspace(), form=key, user=user, **query)


@api.get("/forms/<key:key>/access")
@endpoint("viewer", query={"as": PERSON})
def access(key: str, query: dict[str, Any]) -> dict[str, Any]:
    """权限 / What you (or with `as` somebody else) may on a form: actions, fields, and the groups they come from."""
    user = access_view.person_for(workspace(), as_=query.get("as"), asker=principal().user)
    return access_view.describe(workspace(), form=key, user=user)


@api.get("/forms/<key:key>/records/<number:record_id>/why")
@endpoint("designer", query={"user": PERSON}, required=("user",))
def why(key: str, record_id: int, query: dict[str, Any]) -> dict[str, Any]:
    """为什么看不到 / Whether somebody sees a record, and by which group, or why not."""
    records.get(workspace(), form=key, id=record_id, user=principal().key)
    return access_view.why(workspace(), form=key, id=record_id, user=query["user"])


@api.post("/forms/<key:key>/records")
@endpoint("operator", body=VALUES, status=201)
def create(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """新增记录 / Add a record; every problem is told at once."""
    return records.create(workspace(), form=key, values=body["values"], user=principal().key)


@api.get("/forms/<key:key>/records/<number:record_id>")
@endpoint("viewer")
def show(key: str, record_id: int) -> dict[str, Any]:
    """一条记录 / One record."""
    return records.get(workspace(), form=key, id=record_id, user=principal().key)


@api.patch("/forms/<key:key>/records/<number:record_id>")
@endpoint("operator", body=CHANGE)
def change(key: str, record_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """修改记录 / Change fields; with `version` (or `If-Match`) a record that somebody else changed meanwhile gets 409."""
    etag = request.headers.get("If-Match", "").strip('"')
    version = body.get("version") or (int(etag) if etag.isascii() and etag.isdigit() and len(etag) < 16 else None)
    return records.update(
        workspace(), form=key, id=record_id, values=body["values"], version=version, user=principal().key
    )


@api.delete("/forms/<key:key>/records/<number:record_id>")
@endpoint("operator", answer=None)
def delete(key: str, record_id: int) -> None:
    """删除记录 / Delete a record."""
    records.delete(workspace(), form=key, id=record_id, user=principal().key)


@api.get("/forms/<key:key>/records/<number:record_id>/history")
@endpoint("viewer", answer=LIST)
def history(key: str, record_id: int) -> dict[str, Any]:
    """修改历史 / Who changed which field when."""
    return {"items": records.history(workspace(), form=key, id=record_id, user=principal().key)}


@api.post("/forms/<key:key>/records/bulk")
@endpoint("operator", body=BULK)
def bulk(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """批量写入 / Insert and update many by the fields in `match`; bad rows are told and left out."""
    return records.bulk_upsert(workspace(), form=key, rows=body["rows"], match=body.get("match"), user=principal().key)


@api.get("/forms/<key:key>/records/groups")
@endpoint("viewer", query=GROUPS)
def groups(key: str, query: dict[str, Any]) -> dict[str, Any]:
    """分组与合计 / Records by groups (`by=category,launched_on:month`) with totals (`totals=quantity:sum,price:avg`)."""
    user = access_view.person_for(workspace(), as_=query.pop("as", None), asker=principal().user)
    return record_groups.groups(workspace(), form=key, user=user, **query)


@api.post("/forms/<key:key>/records/bulk-edit")
@endpoint("operator", body=EDIT)
def bulk_edit_(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """批量修改 / Set the same values in many records, chosen by `ids` or by `filter` and `q`; `batch` takes it back."""
    return bulk_edit.edit(workspace(), form=key, user=principal().key, **body)


@api.post("/forms/<key:key>/records/bulk-delete")
@endpoint("operator", body=DELETE)
def bulk_delete(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """批量删除 / Delete many records; those that others point to stay and are told."""
    return bulk_edit.delete(workspace(), form=key, ids=body["ids"], user=principal().key)


@api.post("/forms/<key:key>/records/undo")
@endpoint("operator", body=UNDO)
def undo(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """撤销批量修改 / Take a bulk edit of one's own back."""
    return bulk_edit.undo(workspace(), form=key, batch=body["batch"], user=principal().key)
