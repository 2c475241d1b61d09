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
        "choices": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 200}},
    },
}


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


@api.post("/packs/preview")
@endpoint("designer", body=INSTALL)
def preview(body: dict[str, Any]) -> dict[str, Any]:
    """预览安装 / What installing would change, its conflicts, and what the pack's own tests say."""
    return packs.preview(workspace(), pack=body["pack"], inputs=body.get("inputs"), choices=body.get("choices"))


@api.post("/packs/install")
@endpoint("designer", body=INSTALL)
def install(body: dict[str, Any]) -> dict[str, Any]:
    """安装或升级 / Install or upgrade in one transaction; your own changes are kept."""
    return packs.install(
        workspace(),
        pack=body["pack"],
        inputs=body.get("inputs"),
        choices=body.get("choices"),
        user=principal().key,
    )


@api.post("/packs/<key:key>/undo")
@endpoint("designer")
def undo(key: str) -> dict[str, Any]:
    """撤销安装 / Take the last installation back; data stay."""
    return packs.undo(workspace(), pack=key, user=principal().key)
