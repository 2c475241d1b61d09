"""Work to do and work in progress: people's to-dos, workflow instances, replenishment tasks and purchase orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from services import records, workflow_load
from services.directory import People
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import definitions, instances, seats
from store.database import Session
from store.instances import InstanceState
from store.seats import SeatState
from workflows import Instance, return_targets, side_effects

ACTIONS = ("approve", "reject", "return", "add_sign", "transfer", "delegate")


def box(
    workspace: Workspace, *, user: str, box: str = "open", limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """Return a box of *user*'s to-dos: `open`, `done`, `started` (by them) or `cc` (copied to them)."""
    before = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 16 else None
    with workspace.read() as session:
        names = _names(session)
        if box == "started":
            found = instances.page(session, limit=limit, initiator=user)
            return {"items": [_as_todo(session, row, names) for row in found], "next_cursor": None}
        if box == "cc":
            copies = seats.copies(session, user, before_id=before, limit=limit + 1)
            rows = [row for _, key in copies[:limit] if (row := instances.get(session, key)) is not None]
            more = str(copies[limit - 1][0]) if len(copies) > limit else None
            return {"items": [_as_todo(session, row, names) for row in rows], "next_cursor": more}
        state = "open" if box == "open" else "done"
        held = seats.page(session, user, state=state, before_id=before, limit=limit + 1)
        more = str(held[limit - 1].id) if len(held) > limit else None
        items = [_item(session, seat, names) for seat in held[:limit]]
        total = seats.count_open(session, user) if box == "open" else None
    return {"items": items, "next_cursor": more, "total": total}


def todo(workspace: Workspace, *, seat: int, user: str) -> dict[str, Any]:
    """Return one to-do with the record's fields, the timeline, and what its person may do.

    Raises:
        Refused: there is none, or it is not this person's.
    """
    with workspace.read() as session:
        found = seats.get(session, seat)
        if found is None:
            raise not_found("待办", "to-do", seat)
        people = People(session, workspace.clock())
        if user not in {found.user, found.owner} and user not in people.in_role("admin"):
            raise Refused("forbidden", "这不是你的待办", "This to-do is not yours")
        row = _instance(session, found.instance)
        document = definitions.document(session, "workflow", row.workflow, row.version) or {}
        node = _node(document, found.node)
        values, fields = _fields(session, workspace, row, node, writable=found.state == "open")
        names = _names(session)
        back = returns(row, document, found.node, people) if found.state == "open" else []
        may = [op for op in node.get("actions") or _standard_actions(node) if op != "return" or back]
        return {
            **_item(session, found, names),
            "state": found.state,
            "returns": back,
            "fields": fields,
            "reason": str(values.get("reason") or ""),
            "keys": {name: str(values[name]) for name in ("sku", "warehouse") if values.get(name)},
            "timeline": timeline(session, row, people, document),
            "actions": may if found.state == "open" else [],
            "curve_alert": row.episode_id,
        }


def returns(row: InstanceState, document: Mapping[str, Any], node: str, people: People) -> list[dict[str, Any]]:
    """Return where a to-do may be sent back to, and what that would not undo; the initiator only when that is a person."""
    if "/" in node:
        return []
    instance = Instance.from_json(row.position)
    found = []
    for target in return_targets(document, instance, node):
        if target == "START" and not people.active(row.initiator):
            continue
        name = people.name(row.initiator) if target == "START" else _node(document, target)["name"]
        undone = [_node(document, one)["name"] for one in side_effects(document, instance, target)]
        found.append({"node": target, "name": name, "not_undone": undone})
    return found


def timeline(session: Session, row: InstanceState, people: People, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what happened in an instance, oldest first, as people read it."""
    nodes = document.get("nodes", {})
    return [
        {
            "at": step.at,
            "actor": people.name(step.actor),
            "op": step.op,
            "node": nodes.get(step.node, {}).get("name", step.node),
            "comment": step.comment,
            "on_behalf_of": people.name(step.on_behalf_of) or None,
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
        names, people = _names(session), People(session, workspace.clock())
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
        row = _instance(session, id)
        people = People(session, workspace.clock())
        document = definitions.document(session, "workflow", row.workflow, row.version) or {}
        held = seats.of_instance(session, id)
        return {
            **_shown(row, _names(session), people),
            "incident": row.incident,
            "variables": row.position.get("variables", {}),
            "definition": document,
            "active": workflow_load.standing(row),
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


def _instance(session: Session, key: str) -> InstanceState:
    row = instances.get(session, key)
    if row is None:
        raise not_found("流程实例", "workflow instance", key)
    return row


def _names(session: Session) -> dict[str, str]:
    return {state.key: state.name for state in definitions.every(session, "workflow", archived=True)}


def _node(document: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Return the settings of the node at *address* (`N`, `M[0]`); of a subprocess's node only its name is known."""
    name = address.rsplit("/", 1)[-1].split("[", maxsplit=1)[0]
    node: dict[str, Any] = document.get("nodes", {}).get(name, {}) if "/" not in address else {}
    return {"type": "approval", "name": name, **node}


def _standard_actions(node: Mapping[str, Any]) -> tuple[str, ...]:
    return ("complete", "transfer") if node["type"] == "task" else ACTIONS


def _item(session: Session, seat: SeatState, names: Mapping[str, str]) -> dict[str, Any]:
    row = _instance(session, seat.instance)
    document = definitions.document(session, "workflow", row.workflow, row.version) or {}
    return {
        **_base(row, names),
        "id": seat.id,
        "node": {"id": seat.node, "name": _node(document, seat.node)["name"]},
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


def _fields(
    session: Session, workspace: Workspace, row: InstanceState, node: Mapping[str, Any], *, writable: bool
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the record's values and its fields as this node shows them: hidden ones left out, writable ones marked."""
    if row.form is None or row.record_id is None:
        return {}, []
    record = records.get_in(session, workspace, form=row.form, id=row.record_id)
    state = definitions.get(session, "form", row.form)
    write = set(node.get("write", ())) if writable else set()
    hidden, only = set(node.get("hide", ())), set(node.get("read", ()))
    fields = []
    for field in state.document["fields"] if state else []:
        key = field["key"]
        if field.get("hidden") or key in hidden or (only and key not in only | write):
            continue
        shown = {name: field[name] for name in ("key", "type", "label", "label_en", "unit", "options") if name in field}
        value = record["values"].get(key)
        text = record.get("labels", {}).get(key)
        fields.append({**shown, "value": value, "text": text, "access": "write" if key in write else "read"})
    return record["values"], fields


def _after(cursor: str | None) -> tuple[dt.datetime, str] | None:
    moment, sign, key = (cursor or "").partition("~")
    try:
        return (dt.datetime.fromisoformat(moment), key) if sign else None
    except ValueError:
        return None
