"""Held work: a run that waits frozen while an earlier node decides again, and what a return may let pass unchanged."""

from __future__ import annotations

from typing import Any

from workflows import clocks
from workflows.flow import Flow
from workflows.node import NODE_TYPES
from workflows.plain import digest
from workflows.position import Run

_WRITTEN_BY_NODES = ("outcome", "result")


def hold(flow: Flow, run: Run) -> None:
    """Freeze *run*: votes given stay, every open seat waits, its clocks stop."""
    run.status = "held"
    clocks.disarm(flow, run)
    for part in [run, *flow.sub_runs(run)]:
        if part.live:
            part.status = "held"
        for seat in part.seats:
            if seat.state == "open":
                flow.move(part, seat, "held", "held")


def reopen(flow: Flow, run: Run) -> None:
    """Open a held run again: its frozen seats are open and still undecided, its clocks start anew."""
    told: list[str] = []
    for part in [run, *flow.sub_runs(run)]:
        if part.status != "held":
            continue
        part.status = "active"
        for seat in part.seats:
            if seat.state == "held":
                flow.move(part, seat, "open", "reopened", actor="system")
                told.append(seat.user)
    clocks.arm(flow, run)
    flow.notify("todo", run.node, told)


def reads_of(flow: Flow, run: Run) -> str:
    """Return a digest of what *run*'s node reads: its `read` list, the names in its expressions, else every field."""
    settings = flow.settings(run.node)
    variables = flow.instance.variables
    kind = flow.graph.kind(run.node)
    names: list[str] | None = settings.get("read")
    if names is None and kind in NODE_TYPES and NODE_TYPES[kind].effects:
        names = sorted(_read_by_expressions(flow, run.node))
    if names is None:
        return digest({key: value for key, value in variables.items() if key not in _WRITTEN_BY_NODES})
    return digest({name: variables.get(name) for name in names})


def _read_by_expressions(flow: Flow, node: str) -> set[str]:
    from workflows.expressions import names_of  # noqa: PLC0415 only nodes with effects ask

    found = NODE_TYPES[flow.graph.kind(node)].expressions(flow.settings(node))
    return {name.partition(".")[0] for _, source, _ in found for name in names_of(source)}


def passes_unchanged(flow: Flow, run: Run) -> bool:
    """Say whether *run* may pass by itself: it decided before a return with `changed`, and nothing it reads changed."""
    record: dict[str, Any] | None = flow.instance.replay.pop(run.node, None)
    if record is None:
        return False
    if record.get("reads") != reads_of(flow, run):
        before = flow.instance.run(record.get("run"))
        if before is not None:
            compensate(flow, before)
        return False
    run.outcome = record.get("outcome")
    run.by = record.get("by")
    flow.log("unchanged", run, actor="system")
    return True


def compensate(flow: Flow, run: Run) -> None:
    """Ask for what undoes a side effect of *run*, when its node declares it; nobody waits for the answer."""
    settings = flow.settings(run.node).get("compensate")
    if settings and run.parent is None:
        data = {key: value for key, value in settings.items() if key not in {"type", "values"}}
        values = {field: flow.value(source) for field, source in settings.get("values", {}).items()}
        key = flow.emit(str(settings["type"]), run.node, reason="compensate", values=values, **data)
        flow.instance.loose.append(key)
        flow.log("compensated", run, actor="system")
