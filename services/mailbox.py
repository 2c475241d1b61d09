"""The built-in mailbox: a person's own notices."""

from __future__ import annotations

from typing import Any

from services.refusal import not_found
from services.workspace import Workspace
from store import messages


def list_(
    workspace: Workspace, *, user: str, limit: int = 50, cursor: str | None = None, unread: bool = False
) -> dict[str, Any]:
    """Return the notices of *user*, newest first, and how many are unread."""
    before = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 16 else None
    with workspace.read() as session:
        rows = messages.page(session, user, before_id=before, limit=limit + 1, unread=unread)
        count = messages.count_unread(session, user)
    more = rows[limit - 1].id if len(rows) > limit else None
    return {
        "items": [_shown(row) for row in rows[:limit]],
        "next_cursor": str(more) if more else None,
        "unread": count,
    }


def read(workspace: Workspace, *, id: int, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Note that *user* has read a notice.

    Raises:
        Refused: it is not theirs.
    """
    with workspace.write() as session:
        if not messages.mark_read(session, id, user=user, now=workspace.clock()):
            raise not_found("消息", "message", id)
        row = messages.get(session, id)
    if row is None:
        raise not_found("消息", "message", id)
    return _shown(row)


def _shown(row: messages.Message) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "title": row.title,
        "body": row.body,
        "language": row.language,
        "link": row.link or None,
        "read_at": row.read_at,
        "alert": row.episode_id,
        "todo": row.seat_id,
    }
