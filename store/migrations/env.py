"""Run the migrations over the connection that `Database.upgrade()` hands over."""

from __future__ import annotations

from typing import Literal

from alembic import context

from store import types
from store.models import METADATA


def include_object(_thing: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Say whether a table is ours: `f_…` belong to users' forms."""
    return not (kind == "table" and (name or "").startswith("f_"))


def render_item(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Write our own column types by their names into new migrations."""
    if kind == "type":
        for name in ("Id", "Json"):
            if thing is getattr(types, name):
                return f"store.types.{name}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_object=include_object,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=False,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
