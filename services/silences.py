"""Silences: for a time, the alerts of a rule or of a record tell nobody; they go on being recorded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import audit, silences
from store.silences import SilenceState


def list_(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the silences that have not ended, newest first."""
    now = workspace.clock()
    with workspace.read() as session:
        return [_shown(each, now) for each in silences.page(session, limit=200) if each.ends_at > now]


def create(
    workspace: Workspace,
    *,
    user: str,
    ends_at: str,
    starts_at: str | None = None,
    rule: str | None = None,
    keys: dict[str, str] | None = None,
    comment: str = "",
) -> dict[str, Any]:
    """Silence a rule, the alerts of a record, or both together.

    Raises:
        Refused: it names neither, or ends before it starts.
    """
    now = workspace.clock()
    starts, ends = dt.datetime.fromisoformat(starts_at) if starts_at else now, dt.datetime.fromisoformat(ends_at)
    if rule is None and not keys:
        raise Refused("invalid", "请选择规则或商品、仓库", "Name a rule, or a SKU or warehouse")
    if starts.tzinfo is None or ends.tzinfo is None:
        raise Refused("invalid", "时间要带时区", "The moments need a time zone")
    if ends <= max(starts, now):
        raise Refused("invalid", "结束时间要晚于开始时间和现在", "It must end after it starts, and after now")
    with workspace.write() as session:
        made = silences.add(
            session,
            rule=rule,
            keys=keys or {},
            match="",
            comment=comment,
            created_by=user,
            created_at=now,
            starts_at=starts,
            ends_at=ends,
        )
        _note(session, now, user, "silence.create", made, "静默", "silenced")
    return _shown(made, now)


def end(workspace: Workspace, *, id: int, user: str) -> None:  # noqa: A002 the API's word
    """End a silence now.

    Raises:
        Refused: there is none, or it has ended.
    """
    now = workspace.clock()
    with workspace.write() as session:
        known = silences.get(session, id)
        if known is None or not silences.end(session, id, now):
            raise not_found("静默", "silence", id)
        _note(session, now, user, "silence.end", known, "结束静默", "ended the silence of")


def _note(session: Any, now: dt.datetime, user: str, action: str, one: SilenceState, word: str, word_en: str) -> None:
    what = one.rule or " ".join(f"{name}={value}" for name, value in one.keys.items())
    entry = audit.Entry(
        at=now,
        actor=user,
        action=action,
        kind="silence",
        key=str(one.id),
        summary=f"{word}:{what}",
        summary_en=f"{word_en} {what}",
        after={"rule": one.rule, "keys": one.keys, "ends_at": one.ends_at.isoformat()},
    )
    audit.add(session, entry)


def _shown(one: SilenceState, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "rule": one.rule,
        "keys": one.keys,
        "comment": one.comment,
        "created_by": one.created_by,
        "created_at": one.created_at,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "on": one.starts_at <= now,
    }
