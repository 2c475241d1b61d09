"""Expressions: checked, evaluated on one record, completed, and drawn as groups of conditions."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import expressions
from web.api.definitions import ITEMS
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("expressions", __name__, tag="expressions 表达式")
SOURCE = {"type": "string", "maxLength": 2000}
FORM = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"}
NAMES = {"type": "object", "additionalProperties": {"type": "string", "maxLength": 2000}}
DRAFT = {"type": "object", "required": ["fields"], "properties": {"fields": {"type": "array", "maxItems": 500}}}
CHECK = {
    "type": "object",
    "required": ["source"],
    "additionalProperties": False,
    "properties": {
        "source": SOURCE,
        "form": FORM,
        "over": FORM,
        "result": {"type": "string"},
        "let": NAMES,
        "draft": DRAFT,
    },
}
EVALUATE = {
    "type": "object",
    "required": ["source", "form"],
    "additionalProperties": False,
    "properties": {
        "source": SOURCE,
        "form": FORM,
        "record": {"type": "object"},
        "keys": {"type": "object"},
        "let": NAMES,
    },
}
DRAWN = {"type": "object", "required": ["draft"], "additionalProperties": False, "properties": {"draft": DRAFT}}
GROUPS = {
    "type": "object",
    "required": ["groups"],
    "additionalProperties": False,
    "properties": {"groups": {"type": "object"}},
}


@api.post("/expressions/check")
@endpoint("viewer", body=CHECK)
def check(body: dict[str, Any]) -> dict[str, Any]:
    """检查表达式 / Its type, its problems, and its tree for the browser."""
    return expressions.check(
        workspace(),
        source=body["source"],
        form=body.get("form") or body.get("over"),
        result=body.get("result"),
        let=body.get("let", {}),
        draft=body.get("draft"),
        user=principal().key,
    )


@api.post("/expressions/evaluate")
@endpoint("viewer", body=EVALUATE)
def evaluate(body: dict[str, Any]) -> dict[str, Any]:
    """求值 / Its value for one record, with the value of each part."""
    return expressions.evaluate(workspace(), **body, user=principal().key)


@api.post("/expressions/from-groups")
@endpoint("viewer", body=GROUPS)
def from_groups(body: dict[str, Any]) -> dict[str, Any]:
    """由条件组生成 / The source of a group of conditions."""
    return expressions.from_groups(body["groups"])


@api.get("/expressions/fields")
@endpoint("viewer", query={"over": FORM}, required=("over",), answer=ITEMS)
def fields(query: dict[str, Any]) -> dict[str, Any]:
    """可用字段 / Every path that an expression over a form may use, with its label."""
    return {"items": expressions.fields(workspace(), form=query["over"], user=principal().key)}


@api.post("/expressions/fields")
@endpoint("viewer", body=DRAWN, answer=ITEMS)
def draft_fields(body: dict[str, Any]) -> dict[str, Any]:
    """草稿的可用字段 / Every path that an expression over a form being drawn may use."""
    draft = body["draft"]
    return {"items": expressions.fields(workspace(), form=str(draft.get("key", "")), draft=draft, user=principal().key)}


@api.get("/forms/<key:key>/logic")
@endpoint("viewer")
def logic(key: str) -> dict[str, Any]:
    """表单逻辑 / Formulas, rules, checks and options of a form as trees, for live forms."""
    return expressions.logic(workspace(), form=key, user=principal().key)


@api.post("/forms/logic")
@endpoint("viewer", body=DRAWN)
def draft_logic(body: dict[str, Any]) -> dict[str, Any]:
    """草稿的表单逻辑 / The same of a form that is being drawn."""
    return expressions.logic(workspace(), draft=body["draft"], user=principal().key)
