"""Definitions: forms, rules, workflows and the small kinds share one set of routes, one blueprint a noun."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apiflask import APIBlueprint
from flask import request

from services import access_view, definition_copy, publish
from services.rule_start import publish_rule
from web.endpoint import Role, endpoint, principal, workspace

NOUNS: dict[str, tuple[str, str, Role]] = {
    "forms": ("form", "表单", "designer"),
    "rules": ("rule", "预警规则", "designer"),
    "workflows": ("workflow", "工作流", "designer"),
    "dashboards": ("dashboard", "看板", "designer"),
    "routes": ("route", "通知路由", "designer"),
    "calendars": ("calendar", "日历", "designer"),
    "message-templates": ("message", "消息模板", "designer"),
    "roles": ("role", "角色", "admin"),
    "triggers": ("trigger", "触发器", "designer"),
    "mappings": ("mapping", "导入映射", "designer"),
    "policies": ("policy", "补货策略", "designer"),
    "forecasts": ("forecast", "预测", "designer"),
}
DOCUMENT = {
    "type": "object",
    "required": ["definition"],
    "additionalProperties": False,
    "properties": {"definition": {"type": "object"}},
}
VERSION = {
    "type": "object",
    "required": ["version"],
    "additionalProperties": False,
    "properties": {"version": {"type": "integer", "minimum": 1, "maximum": 1_000_000}},
}
COPY = {
    "type": "object",
    "required": ["key", "name"],
    "additionalProperties": False,
    "properties": {
        "key": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"},
        "name": {"type": "string", "minLength": 1, "maxLength": 200},
    },
}
NOTE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"note": {"type": "string", "maxLength": 1000}, "start": {"enum": ["all", "new_only", "trial"]}},
}
ITEMS = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
FILTER = {"archived": {"type": "boolean"}, "q": {"type": "string", "maxLength": 200}}


def list_(kind: str, query: dict[str, Any]) -> dict[str, Any]:
    """列表 / List them, with state, version and number of problems."""
    items = publish.list_(workspace(), kind=kind, archived=query.get("archived", False))
    if kind == "form" and not principal().may("designer"):
        seen = access_view.forms_seen(workspace(), user=principal().key)
        items = [item for item in items if item["key"] in seen]
    wanted = query.get("q", "").casefold()
    return {"items": [item for item in items if wanted in f"{item['key']} {item['name']}".casefold()]}


def show(kind: str, key: str) -> dict[str, Any]:
    """查看 / One definition as published, with its problems and its draft."""
    found = publish.show(workspace(), kind=kind, key=key)
    return found if kind != "form" else _as_known(found)


def _as_known(found: dict[str, Any]) -> dict[str, Any]:
    """Return a form as the asker knows it: whole and with its draft for who designs, without hidden fields for others."""
    design = principal().may("designer")
    document = access_view.form_shown(workspace(), found["definition"], user=principal().key, design=design)
    return {**found, "definition": document or None, **({} if design else {"draft": None})}


def save_draft(kind: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """保存草稿 / Save the draft; `If-Match` carries the etag of the draft that was changed, a stale one gets 409."""
    etag = request.headers.get("If-Match", "").strip().strip('"') or None
    user = principal().key
    return publish.save_draft(workspace(), kind=kind, key=key, definition=body["definition"], etag=etag, user=user)


def check(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """检查 / Say everything that is wrong with a definition; nothing is saved."""
    problems = publish.check(workspace(), kind=kind, definition=body["definition"])
    return {"problems": [problem.as_dict() for problem in problems]}


def publish_(kind: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """发布 / Publish the draft as the next version; 422 with the problems when it cannot run.

    A rule may start for `all`, for what newly breaches only (`new_only`), or on `trial` (a week, told to the publisher).
    """
    if kind == "rule":
        note, start = body.get("note", ""), body.get("start", "all")
        return publish_rule(workspace(), key=key, user=principal().key, note=note, start=start)
    return publish.publish(workspace(), kind=kind, key=key, user=principal().key, note=body.get("note", ""))


def copy(kind: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """复制 / Copy it into the draft of a new one."""
    return definition_copy.copy(
        workspace(), kind=kind, key=key, to=body["key"], name=body["name"], user=principal().key
    )


def versions(kind: str, key: str) -> dict[str, Any]:
    """版本 / The published versions, newest first."""
    return {"items": publish.versions(workspace(), kind=kind, key=key)}


def version(kind: str, key: str, version: int) -> dict[str, Any]:
    """某一版本 / One published version."""
    found = publish.version(workspace(), kind=kind, key=key, version=version)
    return found if kind != "form" else _as_known(found)


def rollback(kind: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """回滚 / Publish an older version again, as the newest."""
    return publish.rollback(workspace(), kind=kind, key=key, version=body["version"], user=principal().key)


def archive(kind: str, key: str) -> dict[str, Any]:
    """归档 / Archive it: kept, not running, not listed."""
    return publish.archive(workspace(), kind=kind, key=key, user=principal().key)


def enable(kind: str, key: str) -> dict[str, Any]:
    """启用 / Switch it on."""
    return publish.enable(workspace(), kind=kind, key=key, enabled=True, user=principal().key)


def disable(kind: str, key: str) -> dict[str, Any]:
    """停用 / Switch it off."""
    return publish.enable(workspace(), kind=kind, key=key, enabled=False, user=principal().key)


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    path: str
    view: Callable[..., Any]
    writes: bool = False
    declared: Mapping[str, Any] = field(default_factory=dict)


ROUTES = (
    _Route("GET", "", list_, declared={"query": FILTER, "answer": ITEMS}),
    _Route("POST", "/check", check, writes=True, declared={"body": DOCUMENT}),
    _Route("GET", "/<key:key>", show),
    _Route("PUT", "/<key:key>/draft", save_draft, writes=True, declared={"body": DOCUMENT}),
    _Route("POST", "/<key:key>/publish", publish_, writes=True, declared={"body": NOTE}),
    _Route("POST", "/<key:key>/copy", copy, writes=True, declared={"body": COPY}),
    _Route("GET", "/<key:key>/versions", versions, declared={"answer": ITEMS}),
    _Route("GET", "/<key:key>/versions/<number:version>", version),
    _Route("POST", "/<key:key>/rollback", rollback, writes=True, declared={"body": VERSION}),
    _Route("POST", "/<key:key>/archive", archive, writes=True),
    _Route("POST", "/<key:key>/enable", enable, writes=True),
    _Route("POST", "/<key:key>/disable", disable, writes=True),
)


def _blueprint(noun: str, kind: str, label: str, role: Role) -> APIBlueprint:
    blueprint = APIBlueprint(noun.replace("-", "_"), __name__, tag=f"{noun} {label}")
    for route in ROUTES:
        view = functools.update_wrapper(functools.partial(route.view, kind), route.view)
        declared = endpoint(role if route.writes else "viewer", **route.declared)(view)
        blueprint.add_url_rule(f"/{noun}{route.path}", route.view.__name__.strip("_"), declared, methods=[route.method])
    return blueprint


api = [_blueprint(noun, *described) for noun, described in NOUNS.items()]
