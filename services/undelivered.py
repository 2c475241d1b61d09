"""What could not be sent: the reason stays on its row, and its recipient finds the notice in the built-in mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services import webhook_calls
from services.addressing import MAILBOX
from services.cards import CARD
from services.workspace import Workspace
from store import outbox
from store.database import Session
from store.outbox import AttemptState, Delivery


def give_up(
    session: Session,
    workspace: Workspace,
    delivery: Delivery,
    worker: str,
    reason: str,
    *,
    state: str = "failed",
    told: bool = False,
) -> None:
    """Note that a row cannot be sent as it is; its recipient finds it in the mailbox, unless *told* in another way."""
    now = workspace.clock()
    attempt = AttemptState(delivery.attempt, now, "permanent", "", reason[:2000])
    outbox.settle_many(session, [(delivery, {"state": state, "error": reason[:2000]}, attempt)], worker)
    if not told:
        to_mailbox(session, workspace, delivery, reason)


def to_mailbox(session: Session, workspace: Workspace, delivery: Delivery, reason: str) -> None:
    """Put a notice that could not be sent into the recipient's mailbox; a call to a server has no mailbox."""
    if delivery.message == webhook_calls.WORD:
        webhook_calls.give_up(workspace, session, delivery, reason)
        return
    if not delivery.recipient or delivery.channel == MAILBOX or delivery.message == CARD:
        return
    row: Mapping[str, Any] = {
        "idempotency_key": f"{delivery.idempotency_key}:{MAILBOX}",
        "channel": MAILBOX,
        **outbox.content_of(delivery),
    }
    outbox.enqueue(session, [row], now=workspace.clock())
