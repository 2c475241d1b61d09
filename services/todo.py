"""One to-do: the record's fields as its step shows them, what its person may do, who dealt with it when it is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from form_builder import FIELD_TYPES
from services import records, tasks
from services.directory import People
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import definitions, instances, seats
from store.database import Session
from store.instances import ENDED, InstanceState
from store.seats import SeatState
from workflows import Instance, return_targets, side_effects
from workflows.instance import START
from workflows.position import Run, Seat

ACTIONS = ("approve", "reject", "return", "add_sign", "transfer", "delegate")
DECISIVE = frozenset({"approve", "reject", "return", "complete", "transfer", "recall", "cancel", "timeout"})


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
        row = tasks.instance_row(session, found.instance)
        document = definitions.document(session, "workflow", row.workflow, row.version) or {}
        node = tasks.node_at(document, found.node)
        values, fields = _fields(session, workspace, row, node, writable=found.state == "open")
        back = returns(row, document, found.node, people) if found.state == "open" else []
        return {
            **tasks.item(session, found, tasks.workflow_names(session)),
            "state": found.state,
            "owner": found.owner,
            "returns": back,
            "resume": node.get("resume", "ask"),
            "required": node.get("required_on", {}),
            "choose_next": any("previous" in (each.get("approvers") or ()) for each in document["nodes"].values()),
            "added": _added(row, found, people),
            "fields": fields,
            "reason": str(values.get("reason") or ""),
            "keys": {name: str(values[name]) for name in ("sku", "warehouse") if values.get(name)},
            "timeline": tasks.timeline(session, row, people, document),
            "actions": _actions(found, node, row, back, user),
            "decided": _decided(session, found, people),
            "curve_alert": row.episode_id,
        }


def _actions(seat: SeatState, node: Mapping[str, Any], row: InstanceState, back: Sequence[Any], user: str) -> list[str]:
    """Return what *user* may do at the seat now; whether it really may be taken back the step itself says."""
    if seat.state != "open":
        mine = seat.state == "done" and seat.op in {"approve", "reject"} and row.status not in ENDED
        return ["retract"] if mine else []
    if seat.user != user and seat.owner == user:
        return ["take_back"]
    if seat.node == START:
        return ["resubmit", "recall"]
    standard = ("complete", "transfer") if node["type"] in {"task", "each"} else ACTIONS
    return [op for op in node.get("actions") or standard if op != "return" or back]


def _decided(session: Session, seat: SeatState, people: People) -> dict[str, Any] | None:
    if seat.state == "open":
        return None
    by, at = decided_by(session, seat.id)
    return {"by": by, "name": people.name(by), "at": at, "op": seat.op}


def decided_by(session: Session, seat_id: int) -> tuple[str, dt.datetime | None]:
    """Return who closed a seat and when: its person, or who decided its node before them."""
    seat = seats.get(session, seat_id)
    if seat is None:
        return "system", None
    if seat.op is not None:
        return seat.user, seat.done_at
    steps = [row for row in instances.log(session, seat.instance) if seat.done_at is None or row.at <= seat.done_at]
    own = [row for row in steps if row.node == seat.node and row.op in DECISIVE] or steps
    return (own[-1].actor, own[-1].at) if own else ("system", seat.done_at)


def _added(row: InstanceState, seat: SeatState, people: People) -> list[dict[str, str]]:
    """Return the people whom this seat's person has added and who have not acted."""
    if "/" in seat.node:
        return []
    for run in Instance.from_json(row.position).runs:
        mine = _seat_of(run, seat)
        if mine is not None:
            theirs = [one for one in run.seats if one.parent == mine.id and one.undecided]
            return [{"user": one.user, "name": people.name(one.user)} for one in theirs]
    return []


def _seat_of(run: Run, seat: SeatState) -> Seat | None:
    if run.node != seat.node.partition("[")[0] or not run.live:
        return None
    return next((one for one in run.seats if one.user == seat.user and one.undecided), None)


def returns(row: InstanceState, document: Mapping[str, Any], node: str, people: People) -> list[dict[str, Any]]:
    """Return where a to-do may be sent back to, and what that would not undo; the initiator only when that is a person."""
    if "/" in node or node == START:
        return []
    instance = Instance.from_json(row.position)
    found = []
    for target in return_targets(document, instance, node):
        if target == START and not people.active(row.initiator):
            continue
        name = people.name(row.initiator) if target == START else tasks.node_at(document, target)["name"]
        undone = [tasks.node_at(document, one)["name"] for one in side_effects(document, instance, target)]
        found.append({"node": target, "name": name, "not_undone": undone})
    return found


def _fields(
    session: Session, workspace: Workspace, row: InstanceState, node: Mapping[str, Any], *, writable: bool
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the record's values and its fields as this node shows them: hidden ones left out, writable ones marked."""
    if row.form is None or row.record_id is None:
        return {}, []
    record = records.get_in(session, workspace, form=row.form, id=row.record_id)
    state = definitions.get(session, "form", row.form)
    hidden, only = set(node.get("hide", ())), set(node.get("read", ()))
    fields = []
    for field in state.document["fields"] if state else []:
        key, write = field["key"], writable and _may_write(node, field)
        if field.get("hidden") or key in hidden or (only and key not in only and not write):
            continue
        names = ("key", "type", "label", "label_en", "unit", "options", "form", "required", "precision")
        shown = {name: field[name] for name in names if name in field}
        value, text = record["values"].get(key), record.get("labels", {}).get(key)
        fields.append({**shown, "value": value, "text": text, "access": "write" if write else "read"})
    return record["values"], fields


def _may_write(node: Mapping[str, Any], field: Mapping[str, Any]) -> bool:
    """Say whether this step's people may write the field; who submits or does the work may write all unless said."""
    allowed = node.get("write")
    if allowed is not None:
        return field["key"] in allowed or "*" in allowed
    kind = FIELD_TYPES[field["type"]]
    follows = kind.computed(field) or field.get("read_only") or field["key"] == "status"
    return node["type"] in {"task", "start"} and not follows
