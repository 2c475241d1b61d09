"""The time passes: everything due happens in due order, each repeat by itself, at its own due moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from workflows import children, clocks, deciding, seating, tokens
from workflows.flow import MAX_ENTRIES, Flow
from workflows.operations import handing
from workflows.position import Run, Seat, Timer
from workflows.refusal import Trouble
from workflows.withdrawal import withdraw_run

Ring = tuple[datetime, int, int, Flow, Timer, list[tuple[Flow, Run]]]


def run_clocks(flow: Flow) -> None:
    """Fire every clock that is due at or before now, children's too; a step fires at most 10,000."""
    limit = flow.now
    for _ in range(MAX_ENTRIES):
        due = min(_due(flow, limit, []), key=lambda ring: ring[:3], default=None)
        if due is None:
            break
        moment, _, _, walk, timer, parents = due
        flow.now = walk.now = moment
        _fire(walk, timer)
        tokens.settle(walk)
        for parent, run in reversed(parents):
            parent.now = moment
            children.finish(parent, run)
            tokens.settle(parent)
    flow.now = limit


def _due(flow: Flow, limit: datetime, parents: list[tuple[Flow, Run]]) -> Iterator[Ring]:
    if flow.ended:
        return
    for timer in flow.instance.timers:
        moment = datetime.fromisoformat(timer.due)
        if moment <= limit:
            yield moment, len(parents), timer.id, flow, timer, parents
    for run in flow.instance.runs:
        if run.status == "active" and run.child is not None and not run.child.ended:
            yield from _due(flow.child_flow(run), limit, [*parents, (flow, run)])


def _fire(flow: Flow, timer: Timer) -> None:
    run = flow.instance.run(timer.run)
    flow.instance.timers = [other for other in flow.instance.timers if other.id != timer.id]
    if run is None or not run.live:
        return
    try:
        if timer.kind == "timer":
            flow.log("timer", run, actor="system")
            tokens.finish(flow, run)
        elif timer.kind == "boundary":
            _boundary(flow, run, timer)
        else:
            _timeout(flow, run, timer)
    except Trouble as trouble:
        flow.incident(run.node, trouble, run=run)


def _boundary(flow: Flow, run: Run, timer: Timer) -> None:
    event = next((one for one in flow.graph.boundary(run.node) if str(one["id"]) == timer.key), None)
    if event is None:
        return
    flow.log("boundary", run, actor="system", reason=timer.key)
    if event.get("interrupting", True):
        choice = run.choice
        withdraw_run(flow, run, "boundary")
        if choice is not None:
            tokens.win(flow, choice, run)
        tokens.leave_boundary(flow, run, timer.key)
        return
    if event.get("every") is not None:
        clocks.repeat(flow, timer, event)
    tokens.leave_boundary(flow, run, timer.key)


def _timeout(flow: Flow, run: Run, timer: Timer) -> None:
    entries = flow.settings(run.node).get("timeout") or ()
    number = int(timer.key)
    if number >= len(entries):
        return
    entry = entries[number]
    action, _, rest = str(entry.get("action", "remind")).partition(":")
    if action == "remind":
        _remind(flow, run, timer, entry)
        return
    flow.log("timeout", run, actor="system", reason=str(entry["action"]))
    if action in {"pass", "reject"}:
        _decide(flow, run, passed=action == "pass")
    elif action == "return":
        run.by = "timeout"
        deciding.send_back(flow, run, rest)
    else:
        _move_on(flow, run, action, rest, entry)
        if entry.get("every") is not None and run.live:
            clocks.repeat(flow, timer, entry)


def _people(flow: Flow, run: Run) -> list[tuple[Run, Seat]]:
    """Return the open seats of a run and its items."""
    return [(part, seat) for part in [run, *flow.sub_runs(run)] for seat in part.seats if seat.state == "open"]


def _remind(flow: Flow, run: Run, timer: Timer, entry: Mapping[str, Any]) -> None:
    """Remind the people with open seats; `max` counts every reminder of the node, the first too."""
    most = entry.get("max")
    given = timer.count
    if most is not None and given >= int(most):
        return
    flow.log("remind", run, actor="system")
    flow.notify("remind", run.node, [seat.user for _, seat in _people(flow, run)], due=timer.due)
    if entry.get("every") is not None and (most is None or given + 1 < int(most)):
        clocks.repeat(flow, timer, entry)


def _decide(flow: Flow, run: Run, *, passed: bool) -> None:
    """Decide for everybody who has not: each undecided seat votes by the clock, and the node counts as always."""
    run.by = "timeout"
    if flow.settings(run.node).get("type") != "approval":
        _decide_task(flow, run, passed=passed)
        return
    for seat in [*seating.units(run), *(seat for seat in run.seats if seat.group == "after" and seat.living)]:
        if seat.undecided:
            seat.reason = "timeout"
            flow.move(run, seat, "auto" if passed else "rejected", "timeout", actor="system", reason="timeout")
    for seat in run.seats:
        if seat.undecided:
            seat.reason = "decided"
            flow.move(run, seat, "cancelled", "cancelled", actor="system", reason="decided")
    result = seating.verdict(flow, run)
    deciding.conclude_vote(flow, run, passed=passed if result is None else result)


def _decide_task(flow: Flow, run: Run, *, passed: bool) -> None:
    for item in flow.sub_runs(run):
        withdraw_run(flow, item, "timeout")
    if passed:
        deciding.complete(flow, run)
    else:
        deciding.conclude_vote(flow, run, passed=False)


def _move_on(flow: Flow, run: Run, action: str, rest: str, entry: Mapping[str, Any]) -> None:
    """Transfer every open seat, or add the superior of each (escalate)."""
    for part, seat in _people(flow, run):
        to = rest.removeprefix("user:") if action == "transfer" else flow.directory.superior(seat.user)
        if to is None or to == seat.user or not flow.directory.active(to):
            flow.log("skipped", part, seat, actor="system", reason="nobody" if to is None else "inactive", after=to)
            continue
        if action == "transfer":
            handing.give(flow, part, seat, to, "timeout")
        elif not any(other.user == to and other.living for other in part.seats):
            if entry.get("how") == "transfer":
                handing.give(flow, part, seat, to, "timeout")
            else:
                _escalate(flow, part, seat, to)


def _escalate(flow: Flow, run: Run, seat: Seat, to: str) -> None:
    new = Seat(flow.number(), to, group="parallel", parent=seat.id, level=seat.level + 1, rule="escalate")
    run.seats.insert(run.seats.index(seat) + 1, new)
    flow.log("escalate", run, new, actor="system", after="wait", holder=to)
    if flow.settings(run.node).get("type") == "approval":
        deciding.review(flow, run)
    else:
        seating.arrange(flow, run)
