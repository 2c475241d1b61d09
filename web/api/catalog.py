"""The catalog: functions, field types, nodes, channels and connectors, each with the schema of its settings."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from services import catalog
from web.endpoint import endpoint

api = APIBlueprint("catalog", __name__, tag="catalog 目录")


@api.get("/catalog")
@endpoint("viewer")
def show() -> dict[str, Any]:
    """目录 / What builders draw palettes and settings panels from."""
    return catalog.show()
