"""On-call rotas, which routes name as `rota:<key>`."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import rotas
from web.endpoint import endpoint, principal, workspace

api = APIBlueprint("rotas", __name__, tag="rotas 值班表")
LIST = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array"}}}


@api.get("/rotas")
@endpoint("operator", answer=LIST)
def list_() -> dict[str, Any]:
    """值班表 / The rotas, with who is on call now and on the next days."""
    return rotas.list_(workspace())


@api.put("/rotas/<key:key>")
@endpoint("designer", body=rotas.SCHEMA)
def save(key: str, body: dict[str, Any]) -> dict[str, Any]:
    """保存值班表 / Keep a rota."""
    return rotas.save(workspace(), key=key, values=body, user=principal().key)


@api.delete("/rotas/<key:key>")
@endpoint("designer", answer=None)
def remove(key: str) -> None:
    """删除值班表 / Forget a rota."""
    rotas.remove(workspace(), key=key, user=principal().key)
