"""A workflow tried out before it runs: who would decide, and what happens step by step with sample data; nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import workflows
from engine.problems import DefinitionError
from services import flows, publish, task_record
from services.directory import People
from services.workspace import Workspace
from store.database import Session
from workflows import Refused as StepRefused


def preview(
    workspace: Workspace,
    *,
    definition: Mapping[str, Any],
    user: str,
    variables: Mapping[str, Any] | None = None,
    record_id: int | None = None,
    initiator: str | None = None,
) -> dict[str, Any]:
    """Return who would decide, in order, if everybody agrees, with the rule that names each person.

    Raises:
        DefinitionError: everything that is wrong with the definition.
        Refused: there is no such record.
    """
    _refuse(workspace, definition)
    with workspace.read() as session:
        people = People(session, workspace.clock())
        around = flows.surroundings(session, workspace, people, workspace.clock())
        values = _values(session, workspace, definition, variables, record_id)
        around.pop("calendar")
        stops = workflows.preview(definition, values, initiator=initiator or user, **around)
        return {"items": [_named(stop, people) for stop in stops]}


def trial(
    workspace: Workspace,
    *,
    definition: Mapping[str, Any],
    user: str,
    variables: Mapping[str, Any] | None = None,
    record_id: int | None = None,
    initiator: str | None = None,
    answers: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what happens at every node with sample data: path, inputs, outputs, people, what would be asked of the outside.

    Raises:
        DefinitionError: everything that is wrong with the definition.
        Refused: there is no such record.
    """
    _refuse(workspace, definition)
    with workspace.read() as session:
        people = People(session, workspace.clock())
        around = flows.surroundings(session, workspace, people, workspace.clock())
        values = _values(session, workspace, definition, variables, record_id)
        found = workflows.test_run(definition, values, initiator=initiator or user, answers=answers, **around)
        refusals = [_told(refusal) for refusal in found["refusals"]]
        return {**found, "steps": [_named(step, people) for step in found["steps"]], "refusals": refusals}


def _refuse(workspace: Workspace, definition: Mapping[str, Any]) -> None:
    problems = publish.check(workspace, kind="workflow", definition=definition)
    if problems:
        raise DefinitionError(problems)


def _values(
    session: Session,
    workspace: Workspace,
    definition: Mapping[str, Any],
    variables: Mapping[str, Any] | None,
    record_id: int | None,
) -> dict[str, Any]:
    about = task_record.about(session, workspace, form=definition.get("form"), record_id=record_id)
    return {**about.variables, **(variables or {})}


def _named(step: Mapping[str, Any], people: People) -> dict[str, Any]:
    named = [{**person, "name": people.name(person.get("user"))} for person in step.get("people", ())]
    return {**step, "people": named}


def _told(refusal: Any) -> Any:
    if isinstance(refusal, StepRefused):
        return {"reason": refusal.reason, "message": refusal.message, "message_en": refusal.message_en}
    return refusal
