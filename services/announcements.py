"""What runs and workflows tell to triggers: an alert fired, changed or ended, a workflow came to its end."""

from __future__ import annotations

from collections.abc import Iterable

from services.episodes import Happened
from services.flows import Flow
from services.happenings import announce, waited_for
from services.workspace import Workspace
from store import events
from store.database import Session
from workflows.instance import ENDED

TOLD = {"fired": "alert.fired", "changed": "alert.changed", "resolved": "alert.resolved"}


def of_alerts(session: Session, workspace: Workspace, happened: Iterable[Happened]) -> None:
    """Write an event for each thing that happened to an alert, as far as a trigger waits for it."""
    waited = {name for name, _ in waited_for(session)}
    rows = [
        {
            "name": name,
            "data": {
                "rule": one.seen.rule,
                "level": one.event.level,
                "alert": one.episode_id,
                "record": {**one.record, **one.seen.keys},
            },
            "depth": 1,
        }
        for one in happened
        if (name := TOLD.get(one.event.kind.value)) in waited
    ]
    events.add_many(session, rows, at=workspace.clock())


def of_flow(flow: Flow) -> None:
    """Write that a workflow has ended, when it has and a trigger waits for it."""
    if flow.instance.status in ENDED:
        announce(
            flow.session,
            flow.workspace,
            "workflow.finished",
            form=flow.form,
            depth=flow.depth + 1,
            workflow=flow.definition["key"],
            instance=flow.id,
            status=flow.instance.status,
            record={
                name: value for name, value in flow.instance.variables.items() if name not in {"result", "outcome"}
            },
        )
