"""What the system reports: signals, the time, answers of effects, further items; and migration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import children, deciding, migration, signals, timing, tokens
from workflows.effects import answered
from workflows.flow import Flow
from workflows.graph import Graph
from workflows.instance import Instance
from workflows.node import NODE_TYPES
from workflows.operations import work
from workflows.plain import plain
from workflows.position import Run
from workflows.refusal import Refused, Trouble


def signal(flow: Flow, event: Mapping[str, Any]) -> None:
    """Deliver a signal; nobody waiting is no error."""
    signals.send(flow, work.need(event, "name"), event.get("data"))


def advance_time(flow: Flow, event: Mapping[str, Any]) -> None:  # noqa: ARG001 the operation says nothing more
    """Let everything happen that is due at or before now, in due order, each repeat by itself."""
    timing.run_clocks(flow)


def effect_done(flow: Flow, event: Mapping[str, Any]) -> None:
    """Take the answer of an effect: its result goes to the node, an error is an incident."""
    key = work.need(event, "effect")
    if flow.instance.status == "suspended" and _awaited(flow.instance, key):
        if any(answer["effect"] == key for answer in flow.instance.answers):
            raise Refused("unknown_effect", f"“{key}”的结果已收到", f"the answer of “{key}” has come already")
        flow.instance.answers.append(
            {name: plain(event[name]) for name in ("effect", "result", "error") if name in event}
        )
        flow.log("answer_kept", None, actor="system", reason=key)
        return
    if not _answer(flow, key, event):
        _unexpected(flow, key, event)


def _awaited(instance: Instance, key: str) -> bool:
    return any(
        run.effect == key or (run.child is not None and _awaited(run.child, key)) for run in instance.runs if run.live
    )


def _answer(flow: Flow, key: str, event: Mapping[str, Any]) -> bool:
    for run in flow.instance.runs:
        if not run.live:
            continue
        if run.effect == key:
            apply_answer(flow, run, event)
            return True
        if run.child is not None and not run.child.ended:
            walk = flow.child_flow(run)
            if _answer(walk, key, event):
                tokens.settle(walk)
                children.finish(flow, run)
                return True
    return False


def apply_answer(flow: Flow, run: Run, event: Mapping[str, Any]) -> None:
    """Let *run* take its answer."""
    try:
        answered(flow, run, NODE_TYPES[flow.graph.kind(run.node)], event)
    except Trouble as trouble:
        flow.incident(run.node, trouble, run=run)


def _unexpected(flow: Flow, key: str, event: Mapping[str, Any]) -> None:
    """A failed notice never stops the flow; any other answer that nobody waits for is refused."""
    kind = key.rpartition(":")[2]
    compensates = key in flow.instance.loose
    if compensates:
        flow.instance.loose.remove(key)
    if key.startswith(flow.instance.id) and (kind in {"notify", "timer", "start_workflow"} or compensates):
        if event.get("error"):
            flow.log("delivery_failed", None, effect=key, comment=str(event["error"]), actor="system")
        return
    raise Refused("unknown_effect", f"没有人在等“{key}”的结果", f"nobody waits for the effect “{key}”")


def add(flow: Flow, event: Mapping[str, Any]) -> None:
    """Add an item to a multi-instance that runs."""
    runs = [run for run in work.runs_at(flow, event) if run.parent is None]
    run = next((run for run in runs if run.status == "active"), None)
    if run is None or flow.settings(run.node).get("type") != "each":
        raise Refused("not_running", f"“{event['node']}”不在运行,不能再加", f"“{event['node']}” does not run any more")
    kind: Any = NODE_TYPES["each"]
    try:
        kind.add(flow, run, plain(event.get("item")))
        deciding.count_items(flow, run)
    except Trouble as trouble:
        raise Refused(trouble.reason, trouble.message, trouble.message_en) from trouble


def migrate(flow: Flow, event: Mapping[str, Any]) -> None:
    """Move the instance to another version of its definition, whole or not at all."""
    new = event.get("definition")
    if not isinstance(new, Mapping):
        raise Refused("missing", "迁移缺少新的定义", "the operation “migrate” lacks the new definition")
    mapping = event.get("map") or {}
    reasons = migration.obstacles(flow.graph, flow.instance, Graph(new), mapping)
    if reasons:
        first = reasons[0]
        raise Refused("cannot_migrate", "; ".join(map(str, reasons)), first.message_en)
    migration.move(flow, Graph(new), mapping)
