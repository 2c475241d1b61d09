"""What a rule does beside telling people: tasks, workflows, records, calls to other servers; once for each level entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.problems import BeihuoError
from services import approve, records, replenish
from services.conditions import value_of
from services.directory import People
from services.episodes import Happened
from services.notices import alert_data, shared_row, wanted
from services.refusal import Refused
from services.workspace import Workspace
from store import definitions, episodes, instances, outbox
from store.database import Session
from store.episodes import EventRow

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class _Doing:
    """The transaction in which actions are carried out, and who is who in it."""

    session: Session
    workspace: Workspace
    people: People


def carry_out(
    session: Session,
    workspace: Workspace,
    people: People,
    rules: Mapping[str, Mapping[str, Any]],
    happened: Sequence[Happened],
    orders: replenish.Orders | None = None,
    day: dt.date | None = None,
) -> int:
    """Run the actions of every level that was entered; return how many replenishment tasks were made.

    Tasks come first, so that a workflow of the same alert starts on its task. An action that cannot be carried out is
    told in the alert's history and keeps nothing else from happening.
    """
    due = [
        (one, action) for one in happened for action in rules[one.seen.rule].get("actions", ()) if wanted(action, one)
    ]
    asking = [(one, action) for one, action in due if action["type"] == "replenish"]
    made = _replenish(session, workspace, asking, orders, day)
    doing = _Doing(session, workspace, people)
    for one, action in due:
        handler = HANDLERS.get(action["type"])
        if handler is None:
            continue
        try:
            with session.begin_nested():
                handler(doing, one, {**action, "rule": rules[one.seen.rule]})
        except Refused as refused:
            _note(session, workspace, one, action["type"], f"{refused.message} / {refused.message_en}")
    return made


def _replenish(
    session: Session,
    workspace: Workspace,
    due: Sequence[tuple[Happened, Mapping[str, Any]]],
    orders: replenish.Orders | None,
    day: dt.date | None,
) -> int:
    made = 0
    for policy in dict.fromkeys(str(action.get("policy") or "default") for _, action in due):
        targets = [
            replenish.Target(one.episode_id, one.seen.keys, one.seen.explanation)
            for one, action in due
            if str(action.get("policy") or "default") == policy
        ]
        try:
            made += len(replenish.propose(session, workspace, targets=targets, policy=policy, orders=orders, day=day))
        except BeihuoError as error:  # a policy that cannot be used keeps nobody from being told
            for one, action in due:
                _note(session, workspace, one, action["type"], str(error))
    return made


def _start_workflow(doing: _Doing, one: Happened, action: Mapping[str, Any]) -> None:
    session = doing.session
    episode = episodes.get(session, one.episode_id)
    task = episode.task_id if episode else None
    workflow = str(action["workflow"])
    state = definitions.get(session, "workflow", workflow)
    if task is None and state is not None and state.document.get("form") == replenish.FORM:
        _note(
            session, doing.workspace, one, "start_workflow", "没有需要补货的任务,不发起流程 / no task, so no workflow"
        )
        return
    if task is not None:
        running = instances.page(session, limit=1, status="open", form=replenish.FORM, record_id=task)
        ended = instances.page(session, limit=1, workflow=workflow, form=replenish.FORM, record_id=task)
        if running or ended:
            return
    owner = one.record.get("sku.owner")
    initiator = str(owner) if owner and doing.people.active(str(owner)) else SYSTEM
    approve.start_workflow(
        session,
        doing.workspace,
        workflow=workflow,
        user=initiator,
        variables=alert_data(one) if task is None else {"level": one.event.level, "rule": one.seen.rule},
        form=replenish.FORM if task is not None else None,
        record_id=task,
        episode_id=one.episode_id,
        depth=1,
    )


def _create_record(doing: _Doing, one: Happened, action: Mapping[str, Any]) -> None:
    values = {name: value_of(source, alert_data(one)) for name, source in (action.get("values") or {}).items()}
    records.create_in(doing.session, doing.workspace, form=str(action["form"]), values=values, user=SYSTEM, depth=1)


def _webhook(doing: _Doing, one: Happened, action: Mapping[str, Any]) -> None:
    now = doing.workspace.clock()
    outbox.enqueue(doing.session, [shared_row(action["rule"], one, str(action["channel"]))], now=now)


HANDLERS: dict[str, Callable[[_Doing, Happened, Mapping[str, Any]], None]] = {
    "start_workflow": _start_workflow,
    "create_record": _create_record,
    "webhook": _webhook,
}


def _note(session: Session, workspace: Workspace, one: Happened, kind: str, reason: str) -> None:
    row = EventRow(one.episode_id, workspace.clock(), "action_failed", kind, one.event.level, SYSTEM, reason)
    episodes.add_events(session, [row])
