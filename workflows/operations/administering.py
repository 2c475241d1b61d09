"""The life of the instance: recall, revocation, cancel, suspend, resume, retry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import children, clocks, deciding, tokens
from workflows.flow import Flow
from workflows.instance import REVOKE, START
from workflows.operations import work
from workflows.operations.system import effect_done
from workflows.position import Run, Seat
from workflows.refusal import Refused, Trouble
from workflows.withdrawal import withdraw_everything


def recall(flow: Flow, event: Mapping[str, Any]) -> None:
    """Take the whole instance back, by its initiator, as far as the policy allows."""
    user = work.need(event, "user")
    if user != flow.instance.initiator:
        raise Refused("not_initiator", "只有发起人能撤回", "only the initiator recalls")
    if flow.ended:
        if flow.instance.status == "completed" and flow.graph.policy.get("revoke", "never") != "never":
            revoke(flow, event)
            return
        raise Refused("ended", "流程已结束,不能撤回", "the instance has ended")
    policy = flow.graph.policy.get("recall", "before_first")
    if policy == "never":
        raise Refused("recall_never", "这个流程不允许撤回", "this workflow cannot be recalled")
    if policy == "before_first" and acted(flow):
        raise Refused("acted", "已有人处理,不能撤回", "somebody has already acted")
    withdraw_everything(flow, "recalled")
    flow.instance.status = "recalled"
    flow.log("recalled", None, comment=event.get("comment"))


def acted(flow: Flow) -> bool:
    """Say whether somebody has decided anything since the submission, in a subprocess too."""
    for run in flow.instance.runs:
        if run.node == START or any(seat.state == "returned" or seat.advice is not None for seat in run.seats):
            return True
        if any(seat.state in {"approved", "rejected"} and seat.reason != "submitted" for seat in run.seats):
            return True
        if run.by not in {None, "system", "timeout"}:
            return True
        if run.child is not None and acted(flow.under(run, run.child, lost=True)):
            return True
    return False


def revoke(flow: Flow, event: Mapping[str, Any]) -> None:
    """Ask the original approvers (or those of `policy.revoke`) for consent to undo a completed instance."""
    user = work.need(event, "user")
    if user != flow.instance.initiator:
        raise Refused("not_initiator", "只有发起人能撤销", "only the initiator revokes")
    policy = flow.graph.policy.get("revoke", "approvers")
    if flow.instance.status != "completed" or policy == "never":
        raise Refused("cannot_revoke", "现在不能撤销", "this cannot be revoked")
    users = _consenting(flow, policy)
    if not users:
        flow.instance.status = "recalled"
        flow.log("revoked", None, comment=event.get("comment"))
        return
    flow.instance.status = "revoking"
    run = tokens.new_run(flow, REVOKE, [])
    run.seats = [Seat(flow.number(), person, "open") for person in users]
    flow.log("revoke", run, comment=event.get("comment"), to=users)
    flow.notify("todo", REVOKE, users)


def _consenting(flow: Flow, policy: Any) -> list[str]:
    from workflows.assignee import people_of  # noqa: PLC0415 only a configured consent asks

    if isinstance(policy, list):
        return [person.user for person in people_of(flow, policy)]
    voted = [
        seat.user
        for run in flow.instance.runs
        if run.status == "done" and flow.settings(run.node).get("type") == "approval"
        for seat in run.seats
        if seat.state == "approved"
    ]
    return [user for user in dict.fromkeys(voted) if user != flow.instance.initiator and flow.directory.active(user)]


def cancel(flow: Flow, event: Mapping[str, Any]) -> None:
    """End the instance and its children; a reason is required."""
    if not event.get("comment"):
        raise Refused("missing", "取消流程必须写明原因", "a reason is required")
    withdraw_everything(flow, "cancelled")
    flow.instance.status = "cancelled"
    flow.log("cancelled", None, comment=event["comment"])


def suspend(flow: Flow, event: Mapping[str, Any]) -> None:
    """Stop the instance: nobody may act and no clock fires until it is resumed."""
    flow.instance.before, flow.instance.status = flow.instance.status, "suspended"
    flow.log("suspended", None, comment=event.get("comment"))


def resume(flow: Flow, event: Mapping[str, Any]) -> None:
    """Let a suspended instance go on; answers that came meanwhile are taken now."""
    flow.instance.status = flow.instance.before or "running"
    flow.instance.before = None
    flow.log("resumed", None, comment=event.get("comment"))
    answers, flow.instance.answers = flow.instance.answers, []
    for answer in answers:
        effect_done(flow, answer)


def retry(flow: Flow, event: Mapping[str, Any]) -> None:
    """Evaluate every incident again, each from the token that it stopped."""
    if flow.instance.incident is None:
        raise Refused("no_incident", "没有异常需要重试", "there is no incident")
    flow.log("retry", None, comment=event.get("comment"))
    incidents, flow.instance.incidents = flow.instance.incidents, []
    for incident in incidents:
        run = flow.instance.run(incident.get("run"))
        if run is not None and run.status == "incident":
            _again(flow, run)
    for run in list(flow.instance.runs):
        if run.live and run.child is not None and run.child.incident is not None:
            walk = flow.child_flow(run)
            retry(walk, event)
            tokens.settle(walk)
            children.finish(flow, run)


def _again(flow: Flow, run: Run) -> None:
    """Take up a run where it stopped: on its way out, in its votes, or from its entry."""
    if run.leaving is not None:
        run.status = "done"
        tokens.depart(flow, run, run.leaving or None)
        return
    if run.child is not None and run.child.ended:
        run.status = "active"
        children.finish(flow, run)
        return
    items = flow.sub_runs(run)
    if not run.seats and not items:
        tokens.begin(flow, run)
        return
    run.status = "active"
    try:
        clocks.disarm(flow, run)
        clocks.arm(flow, run)
        if items:
            deciding.count_items(flow, run)
        else:
            deciding.review(flow, run)
    except Trouble as trouble:
        flow.incident(run.node, trouble, run=run)
