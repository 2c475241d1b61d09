"""Deliveries: every notice with what became of it, and sending a failed one again."""

from __future__ import annotations

from typing import Any

from services.directory import People
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import audit, outbox


def list_(
    workspace: Workspace,
    *,
    limit: int = 50,
    cursor: str | None = None,
    state: str | None = None,
    channel: str | None = None,
    recipient: str | None = None,
    alert: int | None = None,
) -> dict[str, Any]:
    """Return deliveries, newest first, with how many there are in each state."""
    before = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 16 else None
    with workspace.read() as session:
        rows = outbox.page(
            session,
            before_id=before,
            limit=limit + 1,
            state=state,
            channel=channel,
            recipient=recipient,
            episode_id=alert,
        )
        counts = outbox.count_by_state(session)
        people = People(session, workspace.clock())
    more = str(rows[limit - 1].id) if len(rows) > limit else None
    items = [{**shown(row), "recipient_name": people.name(row.recipient)} for row in rows[:limit]]
    return {"items": items, "next_cursor": more, "counts": counts}


def get(workspace: Workspace, *, id: int) -> dict[str, Any]:  # noqa: A002 the API's word
    """Return one delivery with each attempt: what the provider answered, receipts, and what its reader did.

    Raises:
        Refused: there is none.
    """
    with workspace.read() as session:
        row = outbox.get(session, id)
        if row is None:
            raise not_found("发送记录", "delivery", id)
        people = People(session, workspace.clock())
        tried = outbox.attempts(session, id)
    told = [
        {"attempt": one.attempt, "at": one.at, "outcome": one.outcome, "code": one.code, "text": one.text}
        for one in tried
    ]
    return {**shown(row), "recipient_name": people.name(row.recipient), "attempts_made": told}


def retry(workspace: Workspace, *, id: int, user: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Let a failed delivery be sent again.

    Raises:
        Refused: there is none, or it has not failed.
    """
    now = workspace.clock()
    with workspace.write() as session:
        known = outbox.get(session, id)
        if known is None:
            raise not_found("发送记录", "delivery", id)
        if not outbox.retry(session, id, now):
            raise Refused("conflict", "只有失败的才能重发", "Only what has failed can be sent again")
        entry = audit.Entry(
            at=now,
            actor=user,
            action="delivery.retry",
            kind="delivery",
            key=str(id),
            summary=f"重新发送:{known.title}",
            summary_en=f"sent again: {known.title}",
        )
        audit.add(session, entry)
        again = outbox.get(session, id)
    return shown(again or known)


def shown(row: outbox.Delivery) -> dict[str, Any]:
    """Return a delivery as the API shows it."""
    return {
        "id": row.id,
        "channel": row.channel,
        "recipient": row.recipient,
        "state": row.state,
        "attempts": row.attempt,
        "created_at": row.created_at,
        "sent_at": row.sent_at,
        "error": row.error,
        "due_at": row.due_at,
        "address": row.address,
        "provider_id": row.provider_id,
        "acted_at": row.acted_at,
        "acted_op": row.acted_op,
        "message": row.message,
        "alert": row.episode_id,
        "instance": row.instance,
        "title": row.title,
        "title_en": row.payload.get("title_en", row.title),
    }
