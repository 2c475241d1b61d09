"""Work to do and work in progress: people's to-dos, workflow instances, replenishment tasks and purchase orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services import records, workflow_load
from services.directory import People
from services.refusal import not_found
from services.workspace import Workspace
from store import definitions, instances, seats
from store.database import Session
from store.instances import InstanceState
from store.seats import SeatState
from workflows.instance import START


def box(
    workspace: Workspace, *, user: str, box: str = "open", limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """Return a box of *user*: to-dos `open` or `done`, what they `started`, were copied (`cc`) or began (`drafts`)."""
    before = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 16 else None
    with workspace.read() as session:
        names = workflow_names(session)
        if box in {"started", "drafts"}:
            status = "draft" if box == "drafts" else None
            found = instances.page(session, limit=limit + 1, initiator=user, status=status, after=_after(cursor))
            more = f"{found[limit - 1].started_at.isoformat()}~{found[limit - 1].id}" if len(found) > limit else None
            return {"items": [_as_todo(session, row, names) for row in found[:limit]], "next_cursor": more}
        if box == "cc":
            copies = seats.copies(session, user, before_id=before, limit=limit + 1)
            rows = [row for _, key in copies[:limit] if (row := instances.get(session, key)) is not None]
            more = str(copies[limit - 1][0]) if len(copies) > limit else None
            return {"items": [_as_todo(session, row, names) for row in rows], "next_cursor": more}
        state = "open" if box == "open" else "done"
        held = seats.page(session, user, state=state, before_id=before, limit=limit + 1)
        more = str(held[limit - 1].id) if len(held) > limit else None
        items = [item(session, seat, names) for seat in held[:limit]]
        total = seats.count_open(session, user) if box == "open" else None
    return {"items": items, "next_cursor": more, "total": total}


START_NAME = "发起人修改"


_CONCERNED = {
    **dict.fromkeys(("transfer", "delegate", "take_back", "handover"), "after"),
    **dict.fromkeys(("add_sign", "remove_sign", "comment"), "users"),
    **dict.fromkeys(("opened", "remind", "urge"), "holder"),
    "copied": "to",
}


def _named(op: str, data: Mapping[str, Any]) -> list[Any]:
    """Return whom a step concerns: who was added, to whom it went, whose turn it is."""
    people = data.get(_CONCERNED.get(op, ""))
    return people if isinstance(people, list) else [people] if people else []


def timeline(session: Session, row: InstanceState, people: People, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what happened in an instance, oldest first, as people read it."""
    nodes = document.get("nodes", {})
    return [
        {
            "at": step.at,
            "actor": people.name(step.actor),
            "op": step.op,
            "node": START_NAME if step.node == START else nodes.get(step.node, {}).get("name", step.node),
            "node_id": step.node,
            "comment": step.comment,
            "on_behalf_of": people.name(step.on_behalf_of) or None,
            "people": [people.name(str(one)) for one in _named(step.op, step.data or {})],
            "files": (step.data or {}).get("files") or [],
        }
        for step in instances.log(session, row.id)
    ]


def instances_of(
    workspace: Workspace,
    *,
    status: str | None = None,
    workflow: str | None = None,
    q: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Return workflow instances, newest first."""
    after = _after(cursor)
    with workspace.read() as session:
        names, people = workflow_names(session), People(session, workspace.clock())
        rows = instances.page(session, limit=limit + 1, after=after, status=status, workflow=workflow)
        items = [_shown(row, names, people) for row in rows[:limit] if q.casefold() in row.title.casefold()]
        counts = instances.count_by_status(session)
    last = rows[limit - 1] if len(rows) > limit else None
    more = f"{last.started_at.isoformat()}~{last.id}" if last else None
    return {"items": items, "next_cursor": more, "counts": counts}


def instance(workspace: Workspace, *, id: str) -> dict[str, Any]:  # noqa: A002 the API's word
    """Return one instance: where it stands, its log, the version that it runs.

    Raises:
        Refused: there is none.
    """
    with workspace.read() as session:
        row = instance_row(session, id)
        people = People(session, workspace.clock())
        document = definitions.document(session, "workflow", row.workflow, row.version) or {}
        held = seats.of_instance(session, id)
        return {
            **_shown(row, workflow_names(session), people),
            "incident": row.incident,
            "variables": row.position.get("variables", {}),
            "definition": document,
            "active": workflow_load.standing(row),
            "copies": row.position.get("copies", []),
            "readers": row.position.get("readers", []),
            "passed": _passed(row, document),
            "seats": [
                {
                    "id": seat.id,
                    "node": seat.node,
                    "user": seat.user,
                    "name": people.name(seat.user),
                    "state": seat.state,
                    "op": seat.op,
                    "arrived_at": seat.arrived_at,
                    "done_at": seat.done_at,
                }
                for seat in held
            ],
            "timeline": timeline(session, row, people, document),
        }


def _passed(row: InstanceState, document: Mapping[str, Any]) -> list[str]:
    """Return the steps that the instance has left behind it, which the drawing shows as done."""
    runs = row.position.get("runs", [])
    done = {run["node"] for run in runs if run.get("status") == "done"}
    return sorted(done & set(document.get("nodes", {})))


def records_of(workspace: Workspace, *, form: str, user: str, status: str | None = None, **page: Any) -> dict[str, Any]:
    """Return the records of a system form with their labels, newest first; an empty list where the form is not installed."""
    with workspace.read() as session:
        if definitions.get(session, "form", form) is None:
            return {"items": [], "next_cursor": None, "total": 0}
    chosen = f"status == '{status}'" if status else None
    return records.list_(workspace, form=form, user=user, sort="-created_at", filter=chosen, **page)


def instance_row(session: Session, key: str) -> InstanceState:
    """Return an instance as it is kept.

    Raises:
        Refused: there is none.
    """
    row = instances.get(session, key)
    if row is None:
        raise not_found("流程实例", "workflow instance", key)
    return row


def workflow_names(session: Session) -> dict[str, str]:
    """Return what each workflow is called, the archived ones too."""
    return {state.key: state.name for state in definitions.every(session, "workflow", archived=True)}


def node_at(document: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Return the settings of the node at *address* (`N`, `M[0]`); of a subprocess's node only its name is known."""
    if address == START:
        nodes: list[dict[str, Any]] = list(document.get("nodes", {}).values())
        start = next((one for one in nodes if one.get("type") == "start"), {})
        return {**start, "type": "start", "name": START_NAME}
    name = address.rsplit("/", 1)[-1].split("[", maxsplit=1)[0]
    node: dict[str, Any] = document.get("nodes", {}).get(name, {}) if "/" not in address else {}
    return {"type": "approval", "name": name, **node}


def item(session: Session, seat: SeatState, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a to-do as a box lists it."""
    row = instance_row(session, seat.instance)
    document = definitions.document(session, "workflow", row.workflow, row.version) or {}
    return {
        **_base(row, names),
        "id": seat.id,
        "node": {"id": seat.node, "name": node_at(document, seat.node)["name"]},
        "summary": seat.summary,
        "arrived_at": seat.arrived_at,
        "due_at": seat.due_at,
        "op": seat.op,
        "done_at": seat.done_at,
    }


def _as_todo(session: Session, row: InstanceState, names: Mapping[str, str]) -> dict[str, Any]:
    """Return an instance as an item of a box where nothing is to be decided."""
    held = seats.of_instance(session, row.id)
    return {
        **_base(row, names),
        "id": held[-1].id if held else None,
        "node": {"id": "", "name": ""},
        "summary": held[-1].summary if held else [],
        "arrived_at": row.started_at,
        "due_at": None,
    }


def _base(row: InstanceState, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": row.title,
        "workflow": {"key": row.workflow, "name": names.get(row.workflow, row.workflow)},
        "instance": row.id,
        "form": row.form,
        "record_id": row.record_id,
        "initiator": row.initiator,
        "status": row.status,
    }


def _shown(row: InstanceState, names: Mapping[str, str], people: People) -> dict[str, Any]:
    return {
        **_base(row, names),
        "id": row.id,
        "version": row.version,
        "initiator_name": people.name(row.initiator),
        "episode": row.episode_id,
        "started_at": row.started_at,
        "updated_at": row.updated_at,
        "finished_at": row.finished_at,
    }


def _after(cursor: str | None) -> tuple[dt.datetime, str] | None:
    moment, sign, key = (cursor or "").partition("~")
    try:
        return (dt.datetime.fromisoformat(moment), key) if sign else None
    except ValueError:
        return None
