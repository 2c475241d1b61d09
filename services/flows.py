"""A workflow instance inside one transaction: locked, moved on by one step, its effects carried out, saved with its log.

Everything that moves an instance (a decision, a link, a timer, an answer from outside) goes through here, so that the
position, people's seats, the clock and the outbox always say the same.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.directory import People
from services.refusal import Refused, not_found
from services.work_time import WorkTime
from services.workspace import Workspace
from store import definitions, instances, seats, timers
from store.database import Session
from store.instances import LogRow
from store.seats import Opening, Synced
from workflows import Instance, advance, start
from workflows.instance import ENDED, label

MOST_STEPS = 1_000
MOST_DEPTH = 8
Carry = Callable[["Flow", Mapping[str, Any]], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody acted at a seat."""

    seat_id: int
    work: str
    op: str
    comment: str


@dataclass(slots=True)
class Flow:
    """One instance being moved.

    Attributes:
        session: the transaction.
        workspace: where it happens.
        people: who is who.
        definition: the version that the instance is pinned to.
        instance: the position as it is now.
        form: the form of the record that it is about, if any.
        record_id: the record's number.
        episode_id: the alert that started it, if one did.
        title: how people call it.
        depth: how many automations led to it.
        changed: what effects made: form → the records' names, for the answer to whoever decided.
        unsaved: whether the position has moved since it was saved.
        lock_version: the version of the position that was read.
        acted: the seat at which somebody acted; it closes with what they did, unless it stays open.
        summary: the record in a few labelled values, for lists of to-dos.
    """

    session: Session
    workspace: Workspace
    people: People
    definition: Mapping[str, Any]
    instance: Instance
    now: dt.datetime
    form: str | None = None
    record_id: int | None = None
    episode_id: int | None = None
    title: str = ""
    depth: int = 0
    changed: dict[str, list[str]] = field(default_factory=dict)
    unsaved: bool = True
    lock_version: int = 1
    acted: Acted | None = None
    summary: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The instance's key."""
        return self.instance.id

    def surroundings(self) -> dict[str, Any]:
        """Return what a step asks the outside: the time, who is who, the subprocesses, work time."""
        return surroundings(self.session, self.workspace, self.people, self.now)

    def move(self, event: Mapping[str, Any], carry: Carry) -> None:
        """Take one step and carry out what it asks for, until nothing more is asked.

        Raises:
            workflows.Refused: the step may not be taken; nothing has changed.
        """
        self.instance, effects = advance(self.definition, self.instance, event, **self.surroundings())
        self.unsaved = True
        self.settle(effects, carry)

    def settle(self, effects: list[dict[str, Any]], carry: Carry) -> None:
        """Carry out *effects*; an answer moves the instance on, which may ask for more."""
        waiting, steps = list(effects), 0
        while waiting:
            steps += 1
            if steps > MOST_STEPS:
                raise Refused(
                    "conflict",
                    "流程的自动步骤过多,已停下",
                    "The workflow takes too many automatic steps and was stopped",
                )
            effect = waiting.pop(0)
            if effect["type"] == "notify" and self.unsaved:
                self.save()  # a notice points to a seat, which must be there
            answer = carry(self, effect)
            if answer is not None:
                self.unsaved = True
                event = {"op": "effect_done", "effect": effect["id"], **answer}
                self.instance, more = advance(self.definition, self.instance, event, **self.surroundings())
                waiting.extend(more)

    def save(self) -> Synced:
        """Keep the position, the new rows of the log, people's seats and the next due moment.

        Raises:
            Refused: somebody else moved the instance meanwhile.
        """
        ended = self.instance.status in ENDED
        incident = self.instance.incident
        kept = instances.save(
            self.session,
            self.id,
            lock_version=self.lock_version,
            position=self.instance.to_json(log=False),
            status="incident" if incident and not ended else self.instance.status,
            incident=dict(incident) if incident else None,
            updated_at=self.now,
            finished_at=self.now if ended else None,
        )
        if not kept:
            raise Refused(
                "stale", "流程刚刚被别人推进,请刷新后再试", "Somebody moved the workflow just now: look again"
            )
        self.lock_version += 1
        instances.add_log(self.session, self.id, [_log_row(row) for row in self.instance.log])
        openings = [] if ended or self.instance.status == "suspended" else list(_open(self.instance, "", self.summary))
        if self.acted is not None and self.acted.work not in {opening.work for opening in openings}:
            by = self.acted
            seats.decide(self.session, by.seat_id, op=by.op, comment=by.comment, now=self.now)
        synced = seats.sync(self.session, self.id, openings, now=self.now)
        seats.add_copies(self.session, self.id, self.instance.copies, now=self.now)
        self._set_clock(ended=ended)
        self.instance.log = []
        self.unsaved = False
        return synced

    def _set_clock(self, *, ended: bool) -> None:
        due = None if ended else self.instance.next_due()
        if due is None:
            timers.cancel(self.session, kind="workflow", subject=self.id)
        else:
            moment = dt.datetime.fromisoformat(due)
            timers.set_(self.session, f"workflow:{self.id}", kind="workflow", subject=self.id, due_at=moment)


def _log_row(row: Mapping[str, Any]) -> LogRow:
    known = {"seq", "at", "actor", "op", "node", "comment", "on_behalf_of", "request_id"}
    return LogRow(
        sequence=row["seq"],
        at=dt.datetime.fromisoformat(row["at"]),
        actor=str(row.get("actor", "system")),
        op=row["op"],
        node=str(row.get("node") or ""),
        comment=str(row.get("comment") or ""),
        on_behalf_of=row.get("on_behalf_of"),
        data={name: value for name, value in row.items() if name not in known},
        request_id=row.get("request_id"),
    )


def _open(instance: Instance, path: str, summary: list[Any]) -> Iterator[Opening]:
    """Yield the seats that should be open, those of subprocesses with their path."""
    due = {timer.run: timer.due for timer in reversed(instance.timers) if timer.kind == "timeout"}
    for run in instance.runs:
        if run.status != "active":
            continue
        node = f"{path}{label(run)}"
        if run.child is not None:
            yield from _open(run.child, f"{node}/", summary)
        moment = due.get(run.id)
        for seat in run.seats:
            if seat.state == "open":
                due_at = dt.datetime.fromisoformat(moment) if moment else None
                yield Opening(f"{node}:{seat.user}", node, seat.user, seat.owner, due_at, summary)


def surroundings(session: Session, workspace: Workspace, people: People, now: dt.datetime) -> dict[str, Any]:
    """Return the arguments that every step of every workflow shares."""
    library = {state.key: state.document for state in definitions.every(session, "workflow") if state.runs}
    return {"now": now, "directory": people, "library": library, "calendar": WorkTime(workspace.zone)}


def begin(  # noqa: PLR0913 what an instance is about
    session: Session,
    workspace: Workspace,
    people: People,
    *,
    workflow: str,
    variables: Mapping[str, Any],
    initiator: str,
    carry: Carry,
    title: str = "",
    form: str | None = None,
    record_id: int | None = None,
    episode_id: int | None = None,
    depth: int = 0,
    summary: Sequence[dict[str, Any]] = (),
) -> Flow:
    """Start an instance of the published *workflow* and carry it as far as it goes by itself.

    Raises:
        Refused: the workflow does not exist or is off, or automations start each other without end.
    """
    if depth > MOST_DEPTH:
        raise Refused("conflict", "自动化互相触发层数过多,已停下", "Automations start each other too deep; stopped")
    state = definitions.get(session, "workflow", workflow)
    if state is None:
        raise not_found("工作流", "workflow", workflow)
    if not state.runs:
        raise Refused("conflict", f"工作流“{state.name}”没有启用", f"The workflow “{state.name}” is not on")
    now = workspace.clock()
    key = f"{workflow}-{secrets.token_hex(6)}"
    definition = {**state.document, "version": state.version}
    around = surroundings(session, workspace, people, now)
    instance, effects = start(definition, dict(variables), initiator=initiator, id=key, **around)
    name = title or state.name
    instances.add(
        session,
        id=key,
        workflow=workflow,
        version=state.version,
        title=name,
        form=form,
        record_id=record_id,
        episode_id=episode_id,
        initiator=initiator,
        status=instance.status,
        position=instance.to_json(log=False),
        depth=depth,
        incident=None,
        started_at=now,
        updated_at=now,
        finished_at=None,
    )
    flow = Flow(session, workspace, people, definition, instance, now, form, record_id, episode_id, name, depth)
    flow.summary = list(summary)
    flow.settle(effects, carry)
    flow.save()
    return flow


def lock(session: Session, workspace: Workspace, people: People, instance_id: str) -> Flow:
    """Return an instance, locked until the transaction ends.

    Raises:
        Refused: there is none.
    """
    row = instances.lock(session, instance_id)
    if row is None:
        raise not_found("流程实例", "workflow instance", instance_id)
    document = definitions.document(session, "workflow", row.workflow, row.version)
    if document is None:
        raise not_found("工作流版本", "workflow version", f"{row.workflow} v{row.version}")
    definition = {**document, "version": row.version}
    return Flow(
        session,
        workspace,
        people,
        definition,
        Instance.from_json(row.position),
        workspace.clock(),
        row.form,
        row.record_id,
        row.episode_id,
        row.title,
        row.depth,
        lock_version=row.lock_version,
    )
