"""Child instances: a subprocess starts, ends, and hands its results to the parent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import deciding, tokens
from workflows.assignee import people_of
from workflows.flow import MAX_DEPTH, Flow
from workflows.instance import Instance
from workflows.plain import plain
from workflows.position import Run
from workflows.refusal import Trouble


def starter_of(flow: Flow, run: Run, settings: Mapping[str, Any]) -> str:
    """Return who starts the child: the initiator, a field or a fixed person, with the empty policy as fallback.

    Raises:
        Trouble: nobody active is found.
    """
    source = settings.get("starter", "initiator")
    if source == "initiator":
        return flow.instance.initiator
    extra = {"item": run.row, "row": run.row, "index": run.index} if run.index is not None else None
    found = people_of(flow, [source], extra)
    policy = str(settings.get("empty", "error"))
    if not found and policy == "admin":
        found = people_of(flow, [f"user:{flow.directory.admin() or ''}"])
    elif not found and policy not in {"error", "pass", "reject"}:
        found = people_of(flow, [policy])
    if not found:
        raise Trouble("no_starter", f"“{run.node}”的子流程没有发起人", f"nobody starts the subprocess of “{run.node}”")
    return found[0].user


def begin(flow: Flow, run: Run) -> None:
    """Start the child instance of *run* and let it move.

    Raises:
        Trouble: its definition is unknown, or workflows call each other without end.
    """
    own = flow.settings(run.node)
    key = str(own["workflow"])
    if flow.depth + 1 > MAX_DEPTH:
        message = f"子流程嵌套超过 {MAX_DEPTH} 层: {flow.path}{run.node} → {key}"
        raise Trouble("too_deep", message, f"subprocesses nest deeper than {MAX_DEPTH}: {flow.path}{run.node} → {key}")
    if key not in flow.library:
        raise Trouble("unknown_workflow", f"找不到子流程“{key}”", f"there is no workflow “{key}”")
    extra = {"item": run.row, "row": run.row, "index": run.index} if run.index is not None else None
    variables = {name: flow.value(source, extra) for name, source in (own.get("in") or {}).items()}
    place = f"{run.node}.{run.round}" if run.index is None else f"{run.node}.{run.round}.{run.index}"
    child = Instance(f"{flow.instance.id}/{place}", key, variables=variables, initiator=starter_of(flow, run, own))
    run.child = child
    walk = flow.under(run, child)
    child.version = walk.graph.version
    tokens.enter(walk, walk.graph.start, [])
    tokens.settle(walk)
    finish(flow, run)


def finish(flow: Flow, run: Run) -> None:
    """Take the results of a child that has ended, and let its node go on; a running child changes nothing."""
    child = run.child
    if child is None or not child.ended or not run.live:
        return
    own = flow.settings(run.node)
    try:
        written = {name: flow.under(run, child).value(source) for name, source in (own.get("out") or {}).items()}
    except Trouble as trouble:
        flow.incident(run.node, trouble, run=run)
        return
    flow.instance.variables.update(plain(written))
    run.outcome = "approved" if child.status == "completed" else "rejected"
    run.by = "system"
    if run.parent is None:
        flow.put("outcome", run.node, run.outcome)
    flow.log("child_ended", run, actor="system", after=child.status, form=written)
    if run.outcome == "rejected" and own.get("on_reject", "fail") == "fail":
        deciding.reject(flow, run)
    else:
        deciding.complete(flow, run)
