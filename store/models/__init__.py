"""The tables, one file per aggregate; importing this package knows them all."""

from __future__ import annotations

from store.models import (
    alert,
    around,
    audit,
    batch,
    callback,
    definition,
    forecast,
    instance,
    outbox,
    record,
    run,
    stock,
    user,
    workspace,
)
from store.models.parent import Model

METADATA = Model.metadata

__all__ = [
    "METADATA",
    "Model",
    "alert",
    "around",
    "audit",
    "batch",
    "callback",
    "definition",
    "forecast",
    "instance",
    "outbox",
    "record",
    "run",
    "stock",
    "user",
    "workspace",
]
