"""The interactive reference at /api/docs: drawn here from the OpenAPI document, with nothing fetched from elsewhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, render_template
from flask.typing import ResponseReturnValue

from services.refusal import STATUS
from web.errors import TITLES
from web.openapi import document

pages = Blueprint("reference", __name__)


def install(app: Flask) -> None:
    """Serve the reference."""
    app.register_blueprint(pages)


@pages.get("/api/docs")
def docs() -> ResponseReturnValue:
    """Show every operation with its parameters, body and answers, and a form that calls it."""
    spec = document(current_app.extensions["beihuo"])
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append({"path": path, "method": method, **operation})
    return render_template(
        "docs.html",
        info=spec["info"],
        groups=groups,
        schemas=spec["components"]["schemas"],
        reasons=STATUS,
        titles=TITLES,
    )
