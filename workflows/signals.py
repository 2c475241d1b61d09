"""Signals: transient ones reach who waits now, persistent ones are kept until a node takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import children, tokens
from workflows.flow import Flow
from workflows.plain import plain
from workflows.position import Run


def take(flow: Flow, run: Run) -> bool:
    """Let *run* take one kept signal of its name; say whether there was one."""
    name = flow.settings(run.node).get("signal")
    for signal in flow.instance.signals:
        if signal["name"] == name:
            flow.instance.signals.remove(signal)
            _receive(flow, run, signal.get("data"))
            return True
    return False


def send(flow: Flow, name: str, data: Any) -> None:
    """Deliver a signal to this instance and its children.

    Every transient node that waits gets it; of the persistent ones the one that has waited longest. When nobody waits
    and a persistent node knows the name, it is kept.
    """
    waiting = [run for run in flow.instance.runs if run.status == "active" and _waits(flow, run, name)]
    persistent = [run for run in waiting if flow.settings(run.node).get("persistent")]
    taken = [run for run in waiting if run not in persistent] + persistent[:1]
    for run in taken:
        if run.status == "active":
            _receive(flow, run, data)
            tokens.finish(flow, run)
    if not taken and _known_persistent(flow, name):
        flow.instance.signals.append({"name": name, "data": plain(data)} if data is not None else {"name": name})
        flow.log("signal_kept", None, actor="system", reason=name)
    for run in list(flow.instance.runs):
        if run.status == "active" and run.child is not None and not run.child.ended:
            walk = flow.child_flow(run)
            send(walk, name, data)
            tokens.settle(walk)
            children.finish(flow, run)


def _waits(flow: Flow, run: Run, name: str) -> bool:
    settings = flow.settings(run.node)
    return settings.get("type") == "signal" and settings.get("signal") == name


def _known_persistent(flow: Flow, name: str) -> bool:
    nodes = flow.graph.nodes.values()
    return any(node.get("type") == "signal" and node.get("signal") == name and node.get("persistent") for node in nodes)


def _receive(flow: Flow, run: Run, data: Any) -> None:
    flow.log("signal", run, actor="system", data=plain(data))
    if data is not None:
        flow.put("result", run.node, data)
    if isinstance(data, Mapping):
        flow.instance.variables.update(plain(data))
