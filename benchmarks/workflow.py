"""One step of a workflow: load its JSON, complete a piece of work, save it as JSON; against SpiffWorkflow 3.2.

    .venv/bin/python benchmarks/workflow.py [--rounds 200]

The same flow on both sides: a start, an exclusive choice on an amount, three tasks in a row, a parallel block of two
tasks, a last task, an end. Each side does what a server does for one request: read the saved text, find the open
work, complete one piece of it, let gateways move, write the text. SpiffWorkflow's text carries its specification; ours
does not: a published definition never changes, so a server prepares it once (`workflows.prepare`). What it costs to read
and prepare the definition's text at every step is measured as a third side. Our action log is made but not in the text, as the product keeps it in a table of its own;
SpiffWorkflow has none. The sides take turns in one process; CPU time, medians.
SpiffWorkflow is no dependency of the product: `pip install spiffworkflow==3.2.0`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from workflows import Instance, advance, open_work, prepare, start

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
TASKS = ["T1", "T2", "T3", "A", "B", "Last"]
FLOWS = [
    ("start", "choice", None), ("choice", "T1", "amount > 100"), ("choice", "T2", "default"), ("T1", "T2x", None), ("T2", "T2x", None),
    ("T2x", "T3", None), ("T3", "split", None), ("split", "A", None), ("split", "B", None), ("A", "join", None), ("B", "join", None),
    ("join", "Last", None), ("Last", "end", None),
]  # fmt: skip
KINDS = {
    "start": "start",
    "end": "end",
    "choice": "exclusive",
    "T2x": "exclusive",
    "split": "parallel",
    "join": "parallel",
}


def definition() -> str:
    """Return the flow as ours."""
    nodes = {name: {"type": KINDS.get(name, "task")} for pair in FLOWS for name in pair[:2]}
    edges = []
    for number, (source, target, condition) in enumerate(FLOWS):
        edge: dict[str, object] = {"id": f"e{number}", "from": source, "to": target}
        if condition == "default":
            edge["default"] = True
        elif condition:
            edge["condition"] = condition
        edges.append(edge)
    return json.dumps({"key": "bench", "name": "bench", "nodes": nodes, "edges": edges})


def bpmn() -> str:
    """Return the flow as BPMN 2.0."""
    words = {
        "start": "startEvent",
        "end": "endEvent",
        "exclusive": "exclusiveGateway",
        "parallel": "parallelGateway",
        "task": "userTask",
    }
    parts = []
    for name in dict.fromkeys(name for pair in FLOWS for name in pair[:2]):
        default = next(
            (f' default="e{number}"' for number, flow in enumerate(FLOWS) if flow[0] == name and flow[2] == "default"),
            "",
        )
        ends = "".join(f"<incoming>e{n}</incoming>" for n, flow in enumerate(FLOWS) if flow[1] == name)
        ends += "".join(f"<outgoing>e{n}</outgoing>" for n, flow in enumerate(FLOWS) if flow[0] == name)
        parts.append(
            f'<{words[KINDS.get(name, "task")]} id="{name}" name="{name}"{default}>{ends}</{words[KINDS.get(name, "task")]}>'
        )
    for number, (source, target, condition) in enumerate(FLOWS):
        text = condition.replace(">", "&gt;") if condition and condition != "default" else ""
        inner = f"<conditionExpression>{text}</conditionExpression>" if text else ""
        parts.append(f'<sequenceFlow id="e{number}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
    space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    return f'<definitions xmlns="{space}" targetNamespace="x"><process id="bench" isExecutable="true">{"".join(parts)}</process></definitions>'


def ours(*, prepared: bool = True) -> tuple[Callable[[], str], Callable[[str], str]]:
    """Return how ours starts and how it takes one step, text to text."""
    source = definition()
    known = prepare(json.loads(source))

    def begin() -> str:
        instance, _ = start(json.loads(source), {"amount": 500, "sku": "K1"}, initiator="u0", now=NOW, id="b")
        return json.dumps(instance.to_json(log=False))

    def step(text: str) -> str:
        graph = known if prepared else json.loads(source)
        instance = Instance.from_json(json.loads(text))
        work = open_work(instance)
        if not work:
            return ""
        event = {"op": "complete", "user": "a", "node": work[0], "form": {f"done_{work[0]}": True}}
        instance, _ = advance(graph, instance, event, now=NOW)
        return json.dumps(instance.to_json(log=False))

    return begin, step


def spiff() -> tuple[Callable[[], str], Callable[[str], str]]:
    """Return how SpiffWorkflow starts and how it takes one step, text to text."""
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    parser.add_bpmn_str(bpmn().encode())
    serializer = BpmnWorkflowSerializer()

    def begin() -> str:
        workflow = BpmnWorkflow(parser.get_spec("bench"))
        workflow.task_tree.data.update(amount=500, sku="K1")
        workflow.get_next_task(state=TaskState.READY).data.update(amount=500, sku="K1")
        workflow.do_engine_steps()
        return serializer.serialize_json(workflow)

    def step(text: str) -> str:
        workflow = serializer.deserialize_json(text)
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        if not ready:
            return ""
        task = ready[0]
        task.data[f"done_{task.task_spec.name}"] = True
        task.run()
        workflow.do_engine_steps()
        return serializer.serialize_json(workflow)

    return begin, step


def timed(step: Callable[[str], str], text: str) -> tuple[float, str]:
    """Return the CPU seconds of one step and the text that it saved."""
    begun = time.process_time()
    after = step(text)
    return time.process_time() - begun, after


def main() -> None:
    """Take turns, then print medians and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100, help="how often the whole flow is walked through")
    rounds = parser.parse_args().rounds
    sides = {"beihuo": ours(), "beihuo, definition re-read": ours(prepared=False), "SpiffWorkflow 3.2": spiff()}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    sizes: dict[str, int] = dict.fromkeys(sides, 0)
    steps: dict[str, int] = dict.fromkeys(sides, 0)
    for number in range(rounds + 1):
        for name, (begin, step) in sides.items():
            text, count = begin(), 0
            while True:
                took, after = timed(step, text)
                if not after:
                    break
                text, count = after, count + 1
                if number:  # the first round warms caches on both sides
                    seconds[name].append(took)
            sizes[name], steps[name] = len(text), count
    assert len(set(steps.values())) == 1, f"the sides did not do the same: {steps}"
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, median in medians.items():
        print(
            f"{name:28} {median * 1e3:8.3f} ms CPU a step   {steps[name]} steps   {sizes[name]:7} bytes saved at the end"
        )
    *mine, other = medians.values()
    print("ratio " + ", ".join(f"{other / one:.1f} x" for one in mine) + " (goal 10 x)")


if __name__ == "__main__":
    main()
