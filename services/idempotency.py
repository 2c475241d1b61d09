"""Answers that were given: the same request of the same person again is answered from here, not done again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from services.refusal import Refused
from services.workspace import Workspace
from store import idempotency

KEPT = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given."""

    status: int
    body: Any


def begin(workspace: Workspace, *, user: str, key: str, request_hash: str) -> Answer | None:
    """Take *key* for this request: None when it is ours to do now, the answer when it was done.

    Raises:
        Refused: another request has this key, or the first one is still running.
    """
    now = workspace.clock()
    with workspace.write() as session:
        kept = idempotency.begin(session, user=user, key=key, request_hash=request_hash, now=now)
    if kept is None:
        return None
    if kept.request_hash != request_hash:
        raise Refused(
            "conflict",
            "这个 Idempotency-Key 已用于另一个请求,请换一个",
            "This Idempotency-Key was used for another request: take a new one",
        )
    if kept.status is None:
        raise Refused(
            "conflict", "同一请求正在处理,请稍候再查", "The same request is being carried out: look again soon"
        )
    return Answer(kept.status, kept.body)


def finish(workspace: Workspace, *, user: str, key: str, status: int, body: Any) -> None:
    """Keep the answer."""
    with workspace.write() as session:
        idempotency.finish(session, user=user, key=key, status=status, body=body)


def forget(workspace: Workspace, *, user: str, key: str) -> None:
    """Give *key* back: nothing was done."""
    with workspace.write() as session:
        idempotency.forget(session, user=user, key=key)
