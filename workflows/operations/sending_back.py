"""Returning (退回) by a person, and the initiator's new submission after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import dedupe, returning, tokens
from workflows.flow import Flow
from workflows.instance import REVOKE, START
from workflows.operations import work
from workflows.position import Run, Seat
from workflows.refusal import Refused


def return_(flow: Flow, event: Mapping[str, Any]) -> None:
    """Send the work back to an earlier node, or to the initiator."""
    run, seat = _holder(flow, event)
    if run.node in {START, REVOKE}:
        raise Refused("action_not_allowed", "这里不能退回", "this cannot be returned")
    work.allowed(flow, run, "return")
    if seat is not None:
        work.own(seat)
    to = returning.check_target(flow, run.node, work.need(event, "to"))
    resume = _resume(flow, run, event.get("resume"))
    work.write(flow, run, event, everything=False)
    effects = returning.side_effects(flow, to) if resume != "direct" else []
    node = work.top(flow, run)
    if seat is not None and resume != "direct":
        flow.move(run, seat, "returned", "return", to=to, resume=resume, comment=event.get("comment"), kept=effects)
    else:
        flow.log("return", run, seat, to=to, resume=resume, comment=event.get("comment"))
    node.by = str(event["user"]) if event.get("user") else node.by
    returning.go_back(flow, node, to, resume)


def _holder(flow: Flow, event: Mapping[str, Any]) -> tuple[Run, Seat | None]:
    if event.get("user"):
        runs = work.runs_at(flow, event)
        for run in runs:
            if run.status == "active" and run.work:
                return run, None
        return work.seat_of(flow, event)
    runs = work.runs_at(flow, event)
    for run in runs:
        if run.status == "active" and run.work:
            return run, None
    if any(seat.undecided for run in runs for seat in run.seats if run.live):
        raise Refused("missing", "请说明由谁退回", "say who returns it")
    raise work.why_not(runs, str(event["node"]), None)


def _resume(flow: Flow, run: Run, asked: Any) -> str:
    fixed = flow.settings(run.node).get("resume", "ask")
    if asked is not None and asked not in returning.RESUMES:
        raise Refused("bad_resume", f"没有“{asked}”这种退回方式", f"there is no way “{asked}” to go on after a return")
    if fixed == "ask":
        return str(asked or "replay")
    if asked is not None and asked != fixed:
        raise Refused(
            "resume_fixed", f"“{run.node}”规定退回后为 {fixed}", f"“{run.node}” goes on by {fixed} after a return"
        )
    return str(fixed)


def resubmit(flow: Flow, event: Mapping[str, Any]) -> None:
    """Submit the form again, by its initiator, after a return to START."""
    user = work.need(event, "user")
    run = next((run for run in flow.instance.runs if run.node == START and run.status == "active"), None)
    if run is None:
        raise Refused("not_returned", "表单没有退回给发起人", "the form was not returned to its initiator")
    seat = run.seats[0]
    if seat.user != user:
        raise Refused("not_initiator", "只有发起人能重新提交", "only the initiator submits again")
    work.write(flow, run, event, everything=True)
    seat.reason, seat.watch = "submitted", dedupe.watch_of(flow)
    flow.move(run, seat, "approved", "resubmit", comment=event.get("comment"))
    run.by = user
    tokens.finish(flow, run)
