"""Withdrawing: work that is not wanted any more is taken back from everybody, with its clocks and children."""

from __future__ import annotations

from collections.abc import Collection

from workflows import clocks
from workflows.flow import Flow
from workflows.instance import ENDED
from workflows.position import Run


def withdraw_run(flow: Flow, run: Run, reason: str, *, status: str = "cancelled") -> None:
    """Take the work of one run back: seats cancelled, clocks stopped, child cancelled, answer not awaited.

    A run that is held for this one by a direct return goes with it, and the other way round.
    """
    if not run.live:
        return
    run.status = status
    run.work = False
    run.effect = None
    run.ended = flow.moment
    clocks.disarm(flow, run)
    told = [seat.user for seat in run.seats if seat.state == "open"]
    for seat in run.seats:
        if seat.undecided:
            seat.reason = reason
            flow.move(run, seat, "cancelled", "withdrawn", reason=reason)
    flow.instance.incidents = [found for found in flow.instance.incidents if found.get("run") != run.id]
    if run.child is not None and run.child.status not in ENDED:
        cancel_child(flow, run)
    for other in flow.instance.runs:
        if other.live and (other.parent == run.id or other.id == run.resume or other.resume == run.id):
            withdraw_run(flow, other, reason, status=status)
    flow.notify("withdrawn", run.node, told, cause=reason)


def cancel_child(flow: Flow, run: Run) -> None:
    """Cancel the child instance at *run* with everything in it."""
    if run.child is None:
        return
    child = flow.under(run, run.child, lost=True)
    withdraw_everything(child, "parent")
    child.instance.status = "cancelled"
    child.log("cancelled", actor="system")


def withdraw_everything(flow: Flow, reason: str) -> None:
    """Take back all work, tokens, clocks and children of the instance."""
    for run in list(flow.instance.runs):
        withdraw_run(flow, run, reason)
    instance = flow.instance
    instance.tokens.clear()
    instance.timers.clear()
    instance.joins.clear()
    instance.signals.clear()
    instance.incidents.clear()
    instance.replay.clear()


def withdraw_region(flow: Flow, nodes: Collection[str], edges: Collection[str], reason: str) -> None:
    """Take back all work at *nodes* and every token on *edges*."""
    for run in list(flow.instance.runs):
        if run.node in nodes:
            withdraw_run(flow, run, reason)
    instance = flow.instance
    instance.tokens = {edge: tokens for edge, tokens in instance.tokens.items() if edge not in edges}
    instance.incidents = [found for found in instance.incidents if found.get("edge") not in edges]
