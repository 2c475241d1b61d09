"""The kinds of definition: each has its schema as a file of this folder, found by its name."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from engine.definitions.schema import problems_in
from engine.definitions.wording import suggestion
from engine.problems import BeihuoError, Problem

KINDS = (
    "form",
    "rule",
    "workflow",
    "dashboard",
    "forecast",
    "policy",
    "pack",
    "route",
    "calendar",
    "message",
    "role",
    "trigger",
    "mapping",
)
_FOLDER = Path(__file__).parent


@cache
def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of definitions of *kind*.

    Raises:
        BeihuoError: there is no such kind.
    """
    file = _FOLDER / f"{kind}.schema.json"
    if kind not in KINDS or not file.is_file():
        hint = suggestion(kind, list(KINDS))[0]
        raise BeihuoError(
            f"没有名为 “{kind}” 的定义{f'({hint})' if hint else ''} / unknown kind of definition “{kind}”"
        )
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def check(kind: str, document: Any) -> list[Problem]:
    """Return everything that is wrong with the form of *document*, a definition of *kind*; [] when nothing is."""
    return problems_in(schema(kind), document)
