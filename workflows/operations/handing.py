"""Handing work on: transfer (转交), delegate (委派), take back, hand-over of a leaving colleague (交接)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import children, deciding, tokens
from workflows.flow import Flow
from workflows.instance import REVOKE, START
from workflows.operations import work
from workflows.position import Run, Seat
from workflows.refusal import Refused


def transfer(flow: Flow, event: Mapping[str, Any]) -> None:
    """Give one's seat to somebody else for good."""
    run, seat, to = _receiver(flow, event, "transfer")
    give(flow, run, seat, to, "transfer")


def give(flow: Flow, run: Run, seat: Seat, to: str, op: str) -> None:
    """Let *to* hold the seat; the owner is who held it first."""
    before, seat.user = seat.user, to
    if seat.owner is None:
        seat.owner = before
    seat.via, seat.urged, seat.lender = "transfer", None, None
    flow.log(op, run, seat, before=before, after=to, comment=flow.event.get("comment"))
    flow.notify("todo", run.node, [to], cause=op)


def delegate(flow: Flow, event: Mapping[str, Any]) -> None:
    """Ask somebody for advice: the seat comes back whatever the helper answers."""
    run, seat, to = _receiver(flow, event, "delegate")
    seat.lender, seat.user, seat.urged = seat.user, to, None
    if seat.owner is None:
        seat.owner = seat.lender
    flow.log("delegate", run, seat, before=seat.lender, after=to, comment=event.get("comment"))
    flow.notify("todo", run.node, [to], cause="delegate")


def _receiver(flow: Flow, event: Mapping[str, Any], op: str) -> tuple[Run, Seat, str]:
    run, seat = work.seat_of(flow, event)
    if run.node in {START, REVOKE}:
        raise Refused("action_not_allowed", "这里不能转交", "this cannot be handed on")
    work.allowed(flow, run, op)
    work.own(seat)
    to = work.need(event, "to")
    if to == seat.user:
        raise Refused("self", "不能转给自己", "you cannot hand it to yourself")
    if any(other.user == to and other.living for other in run.seats):
        raise Refused("already_approver", f"“{to}”已是这个节点的审批人", f"“{to}” already decides here")
    if not flow.directory.active(to):
        raise Refused("inactive", f"“{to}”已停用", f"“{to}” is not active")
    return run, seat, to


def take_back(flow: Flow, event: Mapping[str, Any]) -> None:
    """Take one's seat back from a helper or an agent who has not acted."""
    user = work.need(event, "user")
    runs = work.runs_at(flow, event)
    for run in runs:
        for seat in run.seats:
            if not run.live or not seat.undecided:
                continue
            lent = seat.lender == user
            if lent or (seat.via == "agent" and seat.owner == user):
                _home(flow, run, seat, user)
                return
    raise Refused(
        "not_yours", f"“{event['node']}”没有您可收回的待办", f"nothing of yours to take back at “{event['node']}”"
    )


def _home(flow: Flow, run: Run, seat: Seat, user: str) -> None:
    before, seat.user = seat.user, user
    if seat.owner == user:
        seat.owner, seat.via = None, None
    seat.lender = None
    flow.log("take_back", run, seat, before=before, after=user)
    flow.notify("withdrawn", run.node, [before], cause="take_back")
    if seat.state == "open":
        flow.notify("todo", run.node, [user])


def handover(flow: Flow, event: Mapping[str, Any]) -> None:
    """Move everything undecided of a person who leaves to another; flag future nodes that name the person."""
    user, to = work.need(event, "user"), work.need(event, "to")
    if to == user:
        raise Refused("self", "不能交接给自己", "one cannot hand over to oneself")
    if not flow.directory.active(to):
        raise Refused("inactive", f"“{to}”已停用", f"“{to}” is not active")
    touched = [run for run, seat in list(work.everyone(flow)) if _move(flow, run, seat, user, to)]
    flagged = [
        node
        for node, settings in flow.graph.nodes.items()
        if {user, f"user:{user}"} & {str(source) for source in (settings.get("approvers") or settings.get("to") or ())}
    ]
    flow.log("handover", None, before=user, after=to, flagged=flagged)
    for number in dict.fromkeys(run.id for run in touched):
        found = flow.instance.run(number)
        if found is not None and found.status == "active" and flow.settings(found.node).get("type") == "approval":
            deciding.review(flow, found)
    for run in list(flow.instance.runs):
        if run.live and run.child is not None and not run.child.ended:
            walk = flow.child_flow(run)
            handover(walk, event)
            tokens.settle(walk)
            children.finish(flow, run)


def _move(flow: Flow, run: Run, seat: Seat, user: str, to: str) -> bool:
    """Move one seat; where the receiver already has one, the seat goes."""
    if seat.owner == user:
        seat.owner = to
    if seat.lender == user:
        seat.lender = to
    if seat.user != user:
        return False
    if any(other.user == to and other.living for other in run.seats):
        for gone in [seat, *(other for other in run.seats if other.parent == seat.id and other.group != "parallel")]:
            if gone.undecided:
                gone.reason = "handover"
                flow.move(run, gone, "cancelled", "handover", reason="merged")
        return True
    seat.user = to
    seat.via = seat.via or "handover"
    seat.urged = None
    flow.log("handover", run, seat, before=user, after=to)
    if seat.state == "open":
        flow.notify("todo", run.node, [to], cause="handover")
    return True
