"""Starting a workflow by hand: on a record that is there, or on a new one written in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services import records
from services.approve import start_workflow
from services.workspace import Workspace
from store import definitions, instances
from store.database import Session


def submit(
    workspace: Workspace,
    *,
    workflow: str,
    user: str,
    record_id: int | None = None,
    variables: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    draft: str | None = None,
) -> dict[str, Any]:
    """Start a published workflow by hand, on a record of its form when one is named.

    Args:
        workspace: where.
        workflow: which one.
        user: who starts it.
        record_id: the record that it is about.
        variables: further values for its conditions.
        values: a new record, written in the same transaction, that it is about.
        draft: what was saved before and is submitted now.

    Raises:
        Refused: the workflow or the record does not exist.
        DefinitionError: the values have problems.
    """

    def work(session: Session) -> dict[str, Any]:
        state = definitions.get(session, "workflow", workflow)
        form = state.document.get("form") if state is not None else None
        about = record_id
        if form is not None and values is not None:
            made = records.create_in(session, workspace, form=form, values=values, user=user)
            about = int(made["id"])
        if draft is not None:
            instances.remove_draft(session, draft, user)
        key = start_workflow(
            session,
            workspace,
            workflow=workflow,
            user=user,
            variables=variables,
            form=form if about is not None else None,
            record_id=about,
        )
        row = instances.get(session, key)
        return {"instance": key, "status": row.status if row else "running"}

    return workspace.transact(work)
