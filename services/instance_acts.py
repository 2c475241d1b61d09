"""What is done to a whole instance: recalled, urged, commented on, read, revoked, cancelled, tried again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services import flows
from services.approve import taken
from services.directory import People
from services.flows import Flow
from services.refusal import Refused
from services.workspace import Workspace
from store import instances, seats
from store.database import Session


def act(
    workspace: Workspace,
    *,
    instance: str,
    op: str,
    user: str,
    comment: str = "",
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Carry out an operation on a whole instance: recall and urge by its initiator, cancel and retry by an administrator.

    Args:
        workspace: where.
        instance: which one.
        op: recall, urge, comment, read, revoke, cancel, retry.
        user: who acts.
        comment: why; of a comment its text.
        extra: `users` whom a comment mentions and its `files`.
    """

    def work(session: Session) -> dict[str, Any]:
        people = People(session, workspace.clock())
        flow = flows.lock(session, workspace, people, instance)
        is_admin = user in people.in_role("admin")
        if op in {"recall", "urge", "revoke"} and user != flow.instance.initiator and not is_admin:
            raise Refused("forbidden", "只有发起人可以这样做", "Only who started it may do this")
        if op in {"comment", "read"} and not (is_admin or _takes_part(flow, user)):
            raise Refused("forbidden", "只有参与的人可以评论", "Only those who take part may comment")
        if op == "read":
            seats.mark_copy_read(session, flow.id, user, flow.now)
        return taken(flow, {"op": op, "user": user, "comment": comment, **(extra or {})}, user)

    return workspace.transact(work)


def _takes_part(flow: Flow, user: str) -> bool:
    """Say whether *user* started the instance, holds or held a seat in it, was copied, or was mentioned."""
    if user == flow.instance.initiator or user in flow.instance.copies:
        return True
    if any(user in {seat.user, seat.owner} for seat in seats.of_instance(flow.session, flow.id)):
        return True
    return any(user in ((row.data or {}).get("users") or ()) for row in instances.log(flow.session, flow.id))
