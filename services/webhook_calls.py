"""Calls that workflows make to other servers: made by the worker, answered to the node that waits for them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from engine.problems import BeihuoError
from integrations import http
from integrations.address import AddressRefused
from integrations.channel import Outcome, OutcomeState
from services.workspace import Workspace
from store import events
from store.database import Session
from store.outbox import Delivery

WORD = "webhook"
ANSWER = "webhook.answered"
_AGAIN = {408, 425, 429}


def call(workspace: Workspace, delivery: Delivery) -> Outcome:
    """Make the call and tell the node what came back; the key goes along, so that the other side can know a repetition."""
    asked: Mapping[str, Any] = delivery.payload["call"]
    headers = {**asked.get("headers", {}), "Idempotency-Key": delivery.idempotency_key}
    try:
        answer = http.request(
            str(asked.get("method", "POST")), delivery.address, json=asked.get("body"), headers=headers
        )
    except AddressRefused as error:
        return Outcome("", OutcomeState.PERMANENT, "address", str(error))
    except http.Unreachable as error:
        return Outcome("", OutcomeState.UNKNOWN if error.sent else OutcomeState.RETRY, "unreachable", str(error))
    code, text = str(answer.status), str(answer.body)[:500]
    if answer.status in _AGAIN or answer.status >= 500:
        return Outcome("", OutcomeState.RETRY, code, text)
    if answer.status >= 300:
        return Outcome("", OutcomeState.PERMANENT, code, text)
    _answer(workspace, delivery, result={"status": answer.status, "body": answer.body})
    return Outcome("", OutcomeState.ACCEPTED, code, text)


def give_up(workspace: Workspace, session: Session, delivery: Delivery, reason: str) -> None:
    """Let the node know, through an event, that the call came to nothing."""
    data = {"instance": delivery.payload["instance"], "effect": delivery.payload["effect"], "error": reason}
    events.add_many(session, [{"name": ANSWER, "data": data}], at=workspace.clock())


def tell(workspace: Workspace, data: Mapping[str, Any]) -> None:
    """Tell the node that waits what became of its call."""
    from services import effects  # noqa: PLC0415 workflows are heavy, and most notices call nobody

    # A node that was answered before, or left meanwhile, refuses: that is as it should be.
    with contextlib.suppress(BeihuoError):
        effects.webhook_done(
            workspace,
            instance=data["instance"],
            effect=data["effect"],
            result=data.get("result"),
            error=str(data.get("error") or ""),
        )


def _answer(workspace: Workspace, delivery: Delivery, *, result: Any) -> None:
    tell(workspace, {**delivery.payload, "result": result})
