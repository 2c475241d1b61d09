"""Deciding: approve, reject, complete, and the vote taken back (拿回)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import clocks, deciding, seating
from workflows.flow import Flow
from workflows.instance import REVOKE, START
from workflows.node import NODE_TYPES
from workflows.operations import work
from workflows.position import OUTSIDE, Run, Seat
from workflows.refusal import Refused
from workflows.returning import rewind


def approve(flow: Flow, event: Mapping[str, Any]) -> None:
    """Agree at one's open seat."""
    _answer(flow, event, "approved")


def reject(flow: Flow, event: Mapping[str, Any]) -> None:
    """Refuse at one's open seat."""
    _answer(flow, event, "rejected")


def _answer(flow: Flow, event: Mapping[str, Any], state: str) -> None:
    run, seat = work.seat_of(flow, event)
    if run.node != REVOKE and flow.settings(run.node).get("type") != "approval":
        raise Refused("not_an_approval", f"“{run.node}”不是审批节点", f"“{run.node}” is not an approval")
    work.allowed(flow, run, str(event["op"]))
    work.write(flow, run, event, everything=False)
    if seat.lender is not None:
        _advise(flow, run, seat, state)
        return
    _choose_next(run, event)
    seating.vote(flow, run, seat, state, str(event["op"]))
    if run.node == REVOKE:
        _revocation(flow, run)
    else:
        deciding.review(flow, run)


def _choose_next(run: Run, event: Mapping[str, Any]) -> None:
    chosen = event.get("next") or event.get("users") or ()
    run.chosen = [chosen] if isinstance(chosen, str) else [str(user) for user in chosen]


def _advise(flow: Flow, run: Run, seat: Seat, state: str) -> None:
    """Take a helper's answer as advice: the seat goes back to who lent it, still undecided."""
    seat.advice = state
    flow.log("advice", run, seat, advice=state, comment=flow.event.get("comment"))
    seat.user, seat.lender = str(seat.lender), None
    if seat.via is None:
        seat.owner = None
    flow.notify("todo", run.node, [seat.user], advice=state)


def _revocation(flow: Flow, run: Run) -> None:
    """Count a consent flow: all agree and the instance is recalled, one refuses and it is completed again."""
    votes = [seating.value(run, seat) for seat in run.seats if seat.living]
    if None in votes and False not in votes:
        return
    agreed = False not in votes
    run.outcome, run.by = ("approved" if agreed else "rejected"), flow.event.get("user")
    seating.close(flow, run)
    run.status, run.ended = "done", flow.moment
    flow.instance.status = "recalled" if agreed else "completed"
    flow.log("revoked" if agreed else "revocation_refused", run)


def complete(flow: Flow, event: Mapping[str, Any]) -> None:
    """Do a task, or one item of a multi-instance."""
    user = event.get("user")
    run, seat = _task(flow, event, user)
    if flow.settings(run.node).get("type") == "approval" or run.node in {START, REVOKE}:
        raise Refused("not_a_task", f"“{run.node}”不是办理节点", f"“{run.node}” is not a task")
    work.write(flow, run, event, everything=True)
    if seat is not None and seat.lender is not None:
        _advise(flow, run, seat, "completed")
        return
    _choose_next(run, event)
    if seat is not None:
        seat.reason = "completed"
        seating.vote(flow, run, seat, "approved", "complete")
    else:
        flow.log("complete", run, comment=event.get("comment"))
    run.by = str(user) if user else OUTSIDE
    deciding.complete(flow, run)


def _task(flow: Flow, event: Mapping[str, Any], user: Any) -> tuple[Run, Seat | None]:
    runs = work.runs_at(flow, event)
    for run in runs:
        if run.status == "active" and run.work:
            return run, None
        for seat in run.seats:
            if run.status == "active" and seat.state == "open" and seat.user == user:
                return run, seat
    raise work.why_not(runs, str(event["node"]), str(user) if user else None)


def retract(flow: Flow, event: Mapping[str, Any]) -> None:
    """Take one's own vote back, until somebody acted or something ran after it."""
    user = work.need(event, "user")
    run, seat = _decided(flow, event, user)
    if run.live:
        _take_vote_back(flow, run, seat)
        return
    if run.parent is not None:
        raise Refused("cannot_retract", "这一行已办完,不能拿回", "an item that is done cannot be taken back")
    _check_nothing_after(flow, run)
    rewind(flow, flow.graph.leaving(run.node), set(), run.id + 1)
    run.status, run.ended, run.outcome, run.by, run.reads = "active", None, None, None, None
    outcome = dict(flow.instance.variables.get("outcome") or {})
    if outcome.pop(run.node, None) is not None:
        flow.instance.variables["outcome"] = outcome
    for other in run.seats:
        if other.state == "cancelled" and other.reason == "decided":
            other.reason = None
            flow.move(run, other, "wait", "reopened", actor="system")
    clocks.arm(flow, run)
    _take_vote_back(flow, run, seat)


def _decided(flow: Flow, event: Mapping[str, Any], user: str) -> tuple[Run, Seat]:
    runs = work.runs_at(flow, event)
    for run in reversed(runs):
        if run.status not in {"active", "done"} or run.node in {START, REVOKE}:
            continue
        for seat in run.seats:
            if seat.user == user and seat.state in {"approved", "rejected"} and seat.reason in {None, "completed"}:
                return run, seat
            if seat.user == user and seat.state == "auto":
                raise Refused("auto", "自动通过的不能拿回", "what passed by itself cannot be taken back")
        break
    raise Refused("not_decided", f"您没有在“{event['node']}”处理过", f"you have not decided at “{event['node']}”")


def _take_vote_back(flow: Flow, run: Run, seat: Seat) -> None:
    after = seating.group(run, seat, "after")
    if any(not member.undecided for member in after):
        raise Refused("cannot_retract", "您加签的人已处理,不能拿回", "somebody whom you added has already acted")
    for member in after:
        member.reason = "retracted"
        flow.move(run, member, "cancelled", "cancelled", actor="system", reason="retracted")
    seat.reason, seat.watch = None, None
    flow.move(run, seat, "open", "retract")
    if flow.settings(run.node).get("type") == "approval":
        deciding.review(flow, run)
    else:
        seating.arrange(flow, run)


def _check_nothing_after(flow: Flow, run: Run) -> None:
    """Refuse when a vote was given, or a side effect or child ran, at a node that can be reached from *run*."""
    after = flow.graph.downstream(run.node)
    for other in flow.instance.runs:
        if other.node not in after or other is run or other.status in {"undone", "cancelled"}:
            continue
        if other.id < run.id and not other.live:
            continue
        kind = NODE_TYPES[flow.graph.kind(other.node)]
        acted = other.by not in {None, "system"} or any(
            seat.state in {"approved", "rejected"} or seat.advice is not None for seat in other.seats
        )
        if acted or kind.effects or other.child is not None:
            raise Refused(
                "acted_after", f"“{other.node}”已处理,不能拿回", f"“{other.node}” has already been acted on: too late"
            )
