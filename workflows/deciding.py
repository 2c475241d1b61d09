"""Deciding: what happens when people's nodes are entered, pass, are rejected, or run out of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows import returning, seating, tokens
from workflows.assignee import people_of, resolve
from workflows.flow import Flow
from workflows.position import Run
from workflows.refusal import Refused, Trouble
from workflows.withdrawal import withdraw_everything, withdraw_run


def seat_people(flow: Flow, run: Run, settings: Mapping[str, Any], *, own: bool) -> str:
    """Give the people of *run* their seats and return "", or return pass or reject when nobody has to decide.

    Raises:
        Trouble: nobody is left and the empty policy calls for an administrator.
    """
    choice = resolve(flow, run, settings, own=own)
    if choice.verdict == "incident":
        raise Trouble("no_approver", f"“{run.node}”没有可用的审批人", f"nobody can decide at “{run.node}”")
    if choice.verdict:
        run.by = "system"
        flow.log("auto", run, actor="system", reason=choice.reason, after=choice.verdict)
        return choice.verdict
    seating.sit(flow, run, choice.people)
    return ""


def copy_to(flow: Flow, node: str, sources: Sequence[Any]) -> None:
    """Send a copy (抄送) to everybody behind *sources* who has none yet: one a person and instance."""
    new = [person.user for person in people_of(flow, sources) if person.user not in flow.instance.copies]
    flow.instance.copies.extend(new)
    if new:
        flow.log("copied", None, node=node, to=new, actor="system")
    flow.notify("copy", node, new)


def copies(flow: Flow, run: Run, moment: str) -> None:
    """Send the copies that the node asks for on enter, pass or reject."""
    for entry in flow.settings(run.node).get("cc") or ():
        if entry.get("on", "pass") == moment:
            copy_to(flow, run.node, entry.get("to") or ())


def review(flow: Flow, run: Run) -> None:
    """Open the seats whose turn it is, count, and end the node when its result is final."""
    seating.arrange(flow, run)
    result = seating.verdict(flow, run)
    if result is not None:
        run.by = flow.event.get("user") or "system"
        conclude_vote(flow, run, passed=result)


def conclude_vote(flow: Flow, run: Run, *, passed: bool) -> None:
    """End an approval: write the outcome, tell the others, and go on, go back or reject the instance."""
    run.outcome = "approved" if passed else "rejected"
    run.ended = flow.moment
    seating.close(flow, run)
    flow.put("outcome", run.node, run.outcome)
    copies(flow, run, "pass" if passed else "reject")
    policy = str(flow.settings(run.node).get("on_reject", "end"))
    if passed or policy == "branch":
        tokens.finish(flow, run)
    elif policy.startswith("goto:"):
        send_back(flow, run, policy.removeprefix("goto:"))
    else:
        reject(flow, run)


def send_back(flow: Flow, run: Run, to: str) -> None:
    """Return from *run* by the system, by replay; a target that was not passed is an incident."""
    try:
        target = returning.check_target(flow, run.node, to)
    except Refused as refused:
        trouble = Trouble(refused.reason, refused.message, refused.message_en)
        flow.incident(run.node, trouble, run=run)
        return
    flow.log("return", run, to=target, resume="replay")
    resume = str(flow.settings(run.node).get("resume", "replay"))
    returning.go_back(flow, run, target, resume if resume == "changed" else "replay")


def reject(flow: Flow, run: Run) -> None:
    """Reject the instance: every sibling is withdrawn."""
    run.status = "done"
    run.ended = flow.moment
    withdraw_everything(flow, "rejected")
    flow.instance.status = "rejected"
    flow.log("rejected", run, actor="system")


def complete(flow: Flow, run: Run) -> None:
    """End a task, or an item of a multi-instance."""
    run.ended = flow.moment
    seating.close(flow, run)
    copies(flow, run, "pass")
    if run.parent is None:
        tokens.finish(flow, run)
        return
    run.status, run.work = "done", False
    parent = flow.instance.run(run.parent)
    if parent is not None:
        count_items(flow, parent)


def count_items(flow: Flow, run: Run) -> None:
    """Pass a multi-instance when its `until` holds or every item is done; the rest is withdrawn."""
    items = flow.sub_runs(run)
    done = sum(item.status == "done" for item in items)
    until = flow.settings(run.node).get("until")
    enough = done > 0 and until is not None and flow.holds(until, {"done": done, "total": len(items)})
    if done < len(items) and not enough:
        return
    for item in items:
        withdraw_run(flow, item, "decided")
    tokens.finish(flow, run)
