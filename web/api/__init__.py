"""The API, one blueprint file per noun; each module's `api` is found by scan."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from apiflask import APIBlueprint

PREFIX = "/api/v1"


def blueprints() -> Iterator[APIBlueprint]:
    """Yield the blueprints of every module of this folder: `api`, or a list of them."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        found = getattr(importlib.import_module(f"{__name__}.{module.name}"), "api", None)
        if isinstance(found, list):
            yield from found
        elif found is not None:
            yield found
