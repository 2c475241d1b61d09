"""Everything that builders draw palettes and panels from: functions, field types, nodes, channels, connectors."""

from __future__ import annotations

import inspect
from typing import Any

from engine import expression
from form_builder import FIELD_TYPES
from integrations.channel import CHANNELS
from integrations.connector import CONNECTORS
from workflows.node import NODE_TYPES


def show() -> dict[str, Any]:
    """Return the catalog; the browser draws each settings panel from the plug-in's own JSON Schema."""
    return {
        "functions": [_function(each) for each in expression.catalog()],
        "fields": [
            {**_plug_in(name, kind), "type": name, "widget": kind.widget, "group": kind.group, "example": kind.example}
            for name, kind in FIELD_TYPES.items()
        ],
        "nodes": [
            {
                **_plug_in(name, kind),
                "type": name,
                "group": kind.group,
                "example": dict(kind.example),
                "sentence": kind.sentence,
                "sentence_en": kind.sentence_en,
            }
            for name, kind in NODE_TYPES.items()
        ],
        "channels": [
            {**_plug_in(name, kind), "type": name, "key": name, "address": kind.address, "example": kind.example}
            for name, kind in CHANNELS.items()
        ],
        "connectors": [{**_plug_in(name, kind), "type": name} for name, kind in CONNECTORS.items()],
    }


def _plug_in(name: str, kind: Any) -> dict[str, Any]:
    return {
        "title": kind.title,
        "title_en": getattr(kind, "title_en", name),
        "icon": getattr(kind, "icon", ""),
        "schema": dict(kind.schema),
        "doc": (inspect.getdoc(kind) or "").split("\n\n")[0],
    }


def _function(doc: Any) -> dict[str, Any]:
    names = ("name", "alias", "signature", "doc", "doc_en", "category", "examples")
    return {name: getattr(doc, name) for name in names}
