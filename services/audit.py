"""The audit log: who did what to what, as the API shows it; sealed in chained batches, and verified."""

from __future__ import annotations

from typing import Any

from services.workspace import Workspace
from store import audit
from store.audit import Entry, add
from store.errors import Conflict
from store.types import iso

__all__ = ["Entry", "add", "list_", "seal", "verify"]


def list_(
    workspace: Workspace,
    *,
    cursor: str | None = None,
    limit: int = 50,
    actor: str | None = None,
    kind: str | None = None,
    key: str | None = None,
    q: str | None = None,
) -> dict[str, Any]:
    """Return a page of the log, newest first, as `GET /audit` shows it."""
    before = int(cursor) if cursor and cursor.isdecimal() else None
    with workspace.read() as session:
        rows = audit.page(session, before_id=before, limit=limit + 1, actor=actor, kind=kind, key=key, q=q)
    items = [
        {
            "id": row.id,
            "at": iso(row.at),
            "actor": row.actor,
            "action": row.action,
            "subject": {"kind": row.kind, "key": row.key},
            "summary": row.summary,
            "summary_en": row.summary_en,
            "before": row.before,
            "after": row.after,
        }
        for row in rows[:limit]
    ]
    return {"items": items, "next_cursor": str(items[-1]["id"]) if len(rows) > limit else None}


def seal(workspace: Workspace) -> int:
    """Seal what was logged since the last seal; return how many rows. Another worker's seal is no error."""
    try:
        with workspace.write() as session:
            return audit.seal(session, workspace.clock())
    except Conflict:
        return 0


def verify(workspace: Workspace) -> dict[str, Any]:
    """Recompute every seal; return `{sound, rows, sealed, seals, last_digest, broken: […]}`."""
    with workspace.read() as session:
        found = audit.verify(session)
    return {
        "sound": found.sound,
        "rows": found.rows,
        "sealed": found.sealed,
        "seals": found.seals,
        "last_digest": found.last_digest,
        "broken": list(found.broken),
    }
