"""What somebody has begun to fill in and not submitted: an instance in the status `draft`, seen by its author alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from services.refusal import not_found
from services.workspace import Workspace
from store import definitions, instances


def save(
    workspace: Workspace, *, workflow: str, values: Mapping[str, Any], user: str, draft: str | None = None
) -> dict[str, Any]:
    """Keep *values* as a draft of *user*, in place of the draft of that key when one is named; return its `id`.

    Raises:
        Refused: there is no such workflow.
    """
    now = workspace.clock()
    with workspace.write() as session:
        state = definitions.get(session, "workflow", workflow)
        if state is None:
            raise not_found("工作流", "workflow", workflow)
        if draft is not None:
            instances.remove_draft(session, draft, user)
        key = draft or f"{workflow}-{secrets.token_hex(6)}"
        instances.add(
            session,
            id=key,
            workflow=workflow,
            version=state.version,
            title=state.name,
            form=state.document.get("form"),
            record_id=None,
            episode_id=None,
            initiator=user,
            status="draft",
            position={"variables": dict(values)},
            depth=0,
            incident=None,
            started_at=now,
            updated_at=now,
            finished_at=None,
        )
    return {"id": key, "saved_at": now}


def get(workspace: Workspace, *, draft: str, user: str) -> dict[str, Any]:
    """Return a draft of *user*: `id`, `workflow`, `values`, `saved_at`.

    Raises:
        Refused: there is none.
    """
    with workspace.read() as session:
        row = instances.get(session, draft)
    if row is None or row.status != "draft" or row.initiator != user:
        raise not_found("草稿", "draft", draft)
    return {"id": row.id, "workflow": row.workflow, "values": row.position["variables"], "saved_at": row.updated_at}


def remove(workspace: Workspace, *, draft: str, user: str) -> None:
    """Forget a draft of *user*.

    Raises:
        Refused: there is none.
    """
    with workspace.write() as session:
        if not instances.remove_draft(session, draft, user):
            raise not_found("草稿", "draft", draft)
