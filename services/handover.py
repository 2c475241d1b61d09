"""A colleague leaves: every open to-do of theirs goes to somebody else, one instance a transaction, so that it can go on where it stopped."""

from __future__ import annotations

from typing import Any

from services import approve, flows
from services.directory import People
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions, seats
from store.database import Session
from workflows import Refused as StepRefused

BATCH = 100
MOST = 2_000


def hand_over(workspace: Workspace, *, user: str, to: str, by: str) -> dict[str, Any]:
    """Give what *user* holds to *to*; calling it again goes on where it stopped.

    Args:
        workspace: where.
        user: who leaves.
        to: who takes over.
        by: the administrator who asks for it.

    Returns:
        `moved` instances, those that `failed` with the reason, `left` still to do, and `named`: workflows that name the
        person in a step, which somebody has to change.

    Raises:
        Refused: they are the same, or *to* is not active.
    """
    with workspace.read() as session:
        people = People(session, workspace.clock())
        if user == to or not people.active(to):
            raise Refused("invalid", "请选另一位在职的同事接手", "Choose another active colleague to take over")
        names = {"user": people.name(user), "to": people.name(to)}
    moved, after = 0, ""
    failed: list[dict[str, str]] = []
    while moved + len(failed) < MOST:
        with workspace.read() as session:
            keys = seats.instances_of(session, user, limit=BATCH, after=after)
        for key in keys:
            problem = _one(workspace, key, user, to, by)
            moved += problem is None
            failed += [problem] if problem else []
        if len(keys) < BATCH:
            break
        after = keys[-1]
    with workspace.read() as session:
        left = len(seats.instances_of(session, user, limit=MOST)) - len(failed)
        return {"moved": moved, "failed": failed, "left": max(0, left), "named": naming(session, user), **names}


def _one(workspace: Workspace, key: str, user: str, to: str, by: str) -> dict[str, str] | None:
    def work(session: Session) -> None:
        flow = flows.lock(session, workspace, People(session, workspace.clock()), key)
        approve.taken(flow, {"op": "handover", "user": user, "to": to}, by)

    try:
        workspace.transact(work)
    except StepRefused as refused:
        return {"instance": key, "message": refused.message, "message_en": refused.message_en}
    except Refused as refused:
        return {"instance": key, "message": refused.message, "message_en": refused.message_en}
    return None


def naming(session: Session, user: str) -> list[dict[str, str]]:
    """Return the steps of published workflows that name *user* as a person."""
    return [
        {"workflow": state.key, "name": state.name, "node": node, "step": str(settings.get("name", node))}
        for state in definitions.every(session, "workflow")
        for node, settings in state.document.get("nodes", {}).items()
        if {user, f"user:{user}"} & {str(source) for source in settings.get("approvers") or settings.get("to") or ()}
    ]
