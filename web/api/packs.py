"""Packs: the templates at hand, what installing one would do, installing it, and taking that back."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import packs
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("packs", __name__, tag="packs 模板包")
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}
KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"}
INSTALL = {
    "type": "object",
    "required": ["pack"],
    "additionalProperties": False,
    "properties": {
        # The key of a shipped pack, or a whole pack as somebody uploaded it.
        "pack": {"type": ["string", "object"], "pattern": "^[a-z][a-z0-9_]{0,54}$"},
        "inputs": {"type": "object"},
        "choices": {"type": "object", "additionalProperties": {"enum": ["keep", "replace", "rename"]}},
        "people": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "channels": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 200}},
    },
}
NAME = {"type": "string", "pattern": "^[a-z]+/[a-z][a-z0-9_]{0,54}$"}
CONFIRM = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"only": {"type": "array", "items": NAME}},
}
EXPORT = {
    "type": "object",
    "required": ["about"],
    "additionalProperties": False,
    "properties": {
        "about": {"type": "object"},
        "definitions": {"type": "array", "items": NAME, "minItems": 1},
        "sample": {"type": "array", "items": KEY, "maxItems": 50},
    },
}


def _answers(body: dict[str, Any]) -> packs.Answers:
    return packs.Answers(**{name: value for name, value in body.items() if name != "pack"})


@api.get("/packs")
@endpoint("viewer", answer=LIST)
def list_() -> dict[str, Any]:
    """模板包列表 / The packs at hand, and what is installed of them."""
    return {"items": packs.list_(workspace())}


@api.get("/packs/<key:key>")
@endpoint("viewer")
def show(key: str) -> dict[str, Any]:
    """一个模板包 / One pack with its inputs and definitions."""
    return packs.get(workspace(), pack=key)


@api.post("/packs/show")
@endpoint("designer", body=INSTALL)
def show_one(body: dict[str, Any]) -> dict[str, Any]:
    """一个上传的模板包 / A pack that was uploaded, as `GET /packs/{key}` shows a shipped one."""
    return packs.get(workspace(), pack=body["pack"])


@api.post("/packs/preview")
@endpoint("designer", body=INSTALL)
def preview(body: dict[str, Any]) -> dict[str, Any]:
    """预览安装 / What installing would change and may do, its conflicts and gaps, and what the pack's own tests say."""
    return packs.preview(workspace(), pack=body["pack"], answers=_answers(body))


@api.post("/packs/try")
@endpoint("designer", body=INSTALL)
def try_(body: dict[str, Any]) -> dict[str, Any]:
    """试用 / What the pack would tell on its own sample data, in a throw-away workspace."""
    return {"items": packs.try_(pack=body["pack"], inputs=body.get("inputs"))}


@api.post("/packs/install")
@endpoint("admin", body=INSTALL)
def install(body: dict[str, Any]) -> dict[str, Any]:
    """安装或升级 / Install or upgrade in one transaction; your own changes are kept, what it may do stays off."""
    return packs.install(workspace(), pack=body["pack"], answers=_answers(body), user=principal().key)


@api.post("/packs/<key:key>/confirm")
@endpoint("admin", body=CONFIRM)
def confirm(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """启用 / Switch on what the installation left off, all of it or some."""
    return packs.confirm(workspace(), pack=key, only=body.get("only"), user=principal().key)


@api.post("/packs/<key:key>/undo")
@endpoint("admin")
def undo(key: str) -> dict[str, Any]:
    """撤销安装 / Take the last installation back; data stay."""
    return packs.undo(workspace(), pack=key, user=principal().key)


@api.post("/packs/<key:key>/remove")
@endpoint("admin")
def remove(key: str) -> dict[str, Any]:
    """移除 / Put the pack's definitions away; data stay."""
    return packs.remove(workspace(), pack=key, user=principal().key)


@api.post("/packs/export")
@endpoint("designer", body=EXPORT)
def export(body: dict[str, Any]) -> dict[str, Any]:
    """导出为模板包 / Your own definitions as a pack, with all that they name and no secret."""
    return packs.export(workspace(), about=body["about"], names=body.get("definitions"), sample=body.get("sample", ()))
