"""Trying a workflow out: a test run with sample data, and who will approve. Nothing outside is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows import tokens
from workflows.directory import Calendar, Directory, NoDirectory
from workflows.flow import Flow, waits_for_answer
from workflows.graph import Graph
from workflows.instance import START, Instance, label, open_work
from workflows.operations import perform
from workflows.plain import plain
from workflows.position import Run
from workflows.refusal import Refused

MAX_STEPS = 200
WAIT = "wait"


@dataclass(slots=True)
class Trial:
    """A workflow being tried out.

    Args:
        flow: the walk; its trace is what the run shows.
        answers: what happens at a node instead of approving, completing or an empty answer.
        given: how often each node was answered.
        effects: everything that the outside would have been asked for.
        refusals: answers that were not accepted.
    """

    flow: Flow
    answers: Mapping[str, Any]
    given: dict[str, int] = field(default_factory=dict)
    effects: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[dict[str, Any]] = field(default_factory=list)

    def go(self) -> None:
        """Walk until the instance ends, stands at an incident, or nothing more can be done."""
        for _ in range(MAX_STEPS):
            event = self._next()
            if event is None or self.flow.ended:
                return
            before = self.flow.instance.copy()
            try:
                perform(self.flow, event)
            except Refused as refused:
                self.flow.instance = before
                node = str(event.get("node", ""))
                self.refusals.append(
                    {
                        "node": node,
                        "reason": refused.reason,
                        "message": refused.message,
                        "message_en": refused.message_en,
                    }
                )
                return
            self.effects += self.flow.effects
            self.flow.effects.clear()

    def _next(self) -> dict[str, Any] | None:
        """Return what happens next: answers of effects, then people's work, then signals, then the time."""
        for effect in self.effects:
            if waits_for_answer(effect["type"]) and _awaited(self.flow.instance, effect["id"]):
                return self._answer(effect)
        for item in open_work(self.flow.instance):
            event = self._work(item)
            if event is not None:
                return event
        signal = _signal(self.flow, self.flow.instance)
        if signal is not None and self.answers.get(signal[0]) != WAIT:
            self.given[signal[0]] = self.given.get(signal[0], 0) + 1
            data = self.answers.get(signal[0])
            return {"op": "signal", "name": signal[1], **({"data": data} if data is not None else {})}
        due = self.flow.instance.next_due()
        if due is None:
            return None
        self.flow.now = datetime.fromisoformat(due)
        return {"op": "advance_time"}

    def _answer(self, effect: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._given(str(effect["node"]))
        if isinstance(answer, Mapping) and set(answer) == {"error"}:
            return {"op": "effect_done", "effect": effect["id"], "error": answer["error"]}
        return {"op": "effect_done", "effect": effect["id"], "result": {} if answer is None else answer}

    def _given(self, node: str) -> Any:
        """Return the answer for this visit of *node*; a list gives one a visit, the last one for ever."""
        count = self.given[node] = self.given.get(node, 0) + 1
        answer = self.answers.get(node)
        if isinstance(answer, list) and answer:
            return answer[min(count, len(answer)) - 1]
        return answer

    def _work(self, item: str) -> dict[str, Any] | None:
        place, _, user = item.partition(":")
        node, _, index = place.removesuffix("]").partition("[") if place.endswith("]") else (place, "", "")
        if self.answers.get(node) == WAIT:
            return None
        answer = self._given(node)
        event: dict[str, Any] = {"node": place if index and "/" in place else node}
        if user:
            event["user"] = user
        if index and "/" not in place:
            event["index"] = int(index)
        if node.rpartition("/")[2] == START:
            event["op"] = "resubmit"
        else:
            event["op"] = "approve" if _is_approval(self.flow, node) else "complete"
        if isinstance(answer, str):
            event["op"] = answer
        elif isinstance(answer, Mapping):
            event.update({"form": answer} if "op" not in answer and "form" not in answer else answer)
        return event


def _awaited(instance: Instance, key: str) -> bool:
    return any(
        run.effect == key or (run.child is not None and _awaited(run.child, key)) for run in instance.runs if run.live
    )


def _is_approval(flow: Flow, node: str) -> bool:
    graph = flow.graph
    *outer, last = node.split("/")
    for part in outer:
        settings = graph.nodes.get(part.partition("[")[0], {})
        graph = Graph(flow.library.get(str(settings.get("workflow")), {}))
    return graph.nodes.get(last, {}).get("type") == "approval"


def _signal(flow: Flow, instance: Instance) -> tuple[str, str] | None:
    for run in instance.runs:
        settings = flow.settings(run.node)
        if run.status == "active" and settings.get("type") == "signal":
            return run.node, str(settings.get("signal"))
    return None


def run_trial(
    definition: Mapping[str, Any],
    variables: Mapping[str, Any] | None = None,
    *,
    initiator: str = "",
    now: datetime,
    directory: Directory | None = None,
    library: Mapping[str, Any] | None = None,
    calendar: Calendar | None = None,
    answers: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Walk through *definition* with sample data and return what happened at every node.

    Args:
        definition: the workflow, published or not.
        variables: the sample record.
        initiator: who submits it.
        now: the time at which it starts; clocks then run as far as nobody has anything else to do.
        directory: who is who.
        library: the definitions of subprocesses.
        calendar: work time.
        answers: node id → what happens there: an operation (`"reject"`), a form (an object), an operation with its keys
            (`{"op": "return", "to": "A"}`), the answer of an effect, `{"error": "…"}`, `"wait"` to let the time pass, or
            a list with one of these a visit. Without one people approve, tasks are completed, effects answer `{}`.

    Returns:
        `status`, `variables`, `steps` (node, type, at, left, input, output, edges, people, effects; in the order of
        entry), `edges` (every edge that a token took), `work` (what is left open), `incident`, `refusals`, `effects`.
    """
    trial = _trial(definition, variables, initiator, now, directory, library, calendar, answers)
    instance = trial.flow.instance
    steps = [_step(trial, row) for row in trial.flow.trace or ()]
    edges = [edge for row in steps if "/" not in row["node"] for edge in row["edges"]]
    return {
        "status": instance.status,
        "variables": plain(instance.variables),
        "steps": steps,
        "edges": list(dict.fromkeys(edges)),
        "work": open_work(instance),
        "incident": dict(instance.incident) if instance.incident is not None else None,
        "refusals": trial.refusals,
        "effects": trial.effects,
    }


# The product's word for it; pytest would collect a function of that name.
run_trial.__test__ = False  # type: ignore[attr-defined]
test_run = run_trial


def _trial(
    definition: Mapping[str, Any],
    variables: Mapping[str, Any] | None,
    initiator: str,
    now: datetime,
    directory: Directory | None,
    library: Mapping[str, Any] | None,
    calendar: Calendar | None,
    answers: Mapping[str, Any] | None,
) -> Trial:
    graph = Graph(definition)
    instance = Instance("trial", graph.key, graph.version, variables=plain(variables or {}), initiator=initiator)
    flow = Flow(graph, instance, now, directory or NoDirectory(), library or {}, calendar, [], trace=[])
    flow.event = {"user": initiator}
    trial = Trial(flow, answers or {})
    tokens.enter(flow, graph.start, [])
    tokens.settle(flow)
    trial.effects += flow.effects
    flow.effects.clear()
    trial.go()
    return trial


def _step(trial: Trial, row: dict[str, Any]) -> dict[str, Any]:
    """Return what one visit of a node shows."""
    shown = {key: value for key, value in row.items() if key not in {"run", "instance"}}
    shown["input"], shown["output"] = plain(row["input"]), plain(row.get("output", {}))
    shown.setdefault("edges", [])
    run = _run(trial.flow.instance, str(row.get("instance")), row.get("run"))
    if run is not None:
        items = [run, *(other for other in trial.flow.instance.runs if other.parent == run.id)]
        shown["status"] = run.status
        shown["round"] = run.round
        shown["people"] = [
            {"user": seat.user, "owner": seat.owner, "rule": seat.rule, "state": seat.state, "item": label(part)}
            for part in items
            for seat in part.seats
            if seat.rule is not None
        ]
    shown["effects"] = [effect for effect in trial.effects if effect["node"] == row["node"]]
    return shown


def _run(instance: Instance, key: str, number: Any) -> Run | None:
    if instance.id == key:
        return instance.run(number)
    for run in instance.runs:
        found = _run(run.child, key, number) if run.child is not None else None
        if found is not None:
            return found
    return None


def preview(
    definition: Mapping[str, Any],
    variables: Mapping[str, Any] | None = None,
    *,
    initiator: str = "",
    now: datetime,
    directory: Directory | None = None,
    library: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Return who will approve, in order, if everybody agrees, with the rule that named each person.

    Returns:
        One entry a node with people: `node`, `type`, `mode`, `people` (user, owner, rule, state: `auto` passes by
        itself), and `reason` where nobody has to decide (self, empty) or an incident would stop it.
    """
    run = run_trial(definition, variables, initiator=initiator, now=now, directory=directory, library=library)
    stops: list[dict[str, Any]] = []
    for step in run["steps"]:
        settings = _settings(definition, library or {}, step["node"])
        if settings.get("type") not in {"approval", "task", "each"}:
            continue
        stop = {"node": step["node"], "name": settings.get("name"), "type": settings["type"], "people": step["people"]}
        if settings["type"] == "approval":
            stop["mode"] = settings.get("mode", "all")
        if step["status"] == "incident" and run["incident"] is not None:
            stop["reason"] = run["incident"]["reason"]
        elif not step["people"] and settings.get("approvers"):
            stop["reason"] = "self" if settings.get("self", "allow") != "allow" else "empty"
        stops.append(stop)
    return stops


def _settings(definition: Mapping[str, Any], library: Mapping[str, Any], node: str) -> Mapping[str, Any]:
    *outer, last = node.split("/")
    for part in outer:
        settings = definition.get("nodes", {}).get(part.partition("[")[0], {})
        definition = library.get(str(settings.get("workflow")), {})
    found: Mapping[str, Any] = definition.get("nodes", {}).get(last, {})
    return found
