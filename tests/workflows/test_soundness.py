"""workflow.md §12: what publishing refuses, one bad definition per mistake, and proof by running what it accepts."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flow_story import Case, Company, approval, task, workflow
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.definitions import check
from workflows import check_workflow
from workflows.graph import Graph
from workflows.node import NODE_TYPES
from workflows.soundness.simulation import explore

FILES = sorted((Path(__file__).parent.parent / "definitions" / "workflows").glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_bad_definitions(file: Path) -> None:
    """Each mistake is told with its place, the node, the reason and what to do, in both languages."""
    case = json.loads(file.read_text(encoding="utf-8"))
    found = check_workflow(case["definition"], fields=case.get("fields"), library=case.get("library"))
    told = [{"path": one.path} | ({} if one.at else {"message": one.message, "hint": one.hint}) for one in found]

    # What the language says about a formula (it has a place in the text) is the language's wording.
    assert case["expected"] == told
    assert told
    assert all(one.message and one.message_en and one.hint and one.hint_en for one in found)


def test_there_is_a_file_per_mistake() -> None:
    """The folder has not been lost."""
    assert len(FILES) >= 45


SOUND = {
    "line": workflow({"A": approval("a")}, "s>A A>z"),
    "choice": workflow({"x": "exclusive", "A": task(), "B": task()}, "s>x x>A[n > 1] x>B* A>z B>z"),
    "block": workflow({"f": "parallel", "A": task(), "B": task(), "j": "parallel"}, "s>f f>A f>B A>j B>j j>z"),
    "or": workflow({"f": "inclusive", "A": task(), "B": task(), "j": "inclusive"}, "s>f f>A[n > 1] f>B* A>j B>j j>z"),
    "loop": workflow({"m": "exclusive", "A": task(), "x": "exclusive"}, "s>m m>A A>x x>m[n > 1] x>z*"),
    "loop into an ordinary node": workflow({"A": task(), "x": "exclusive"}, "s>A A>x x>A[n > 1] x>z*"),
    "choice in block": workflow(
        {"f": "parallel", "x": "exclusive", "A": task(), "B": task(), "y": "exclusive", "C": task(), "j": "parallel"},
        "s>f f>x x>A[n > 1] x>B* A>y B>y y>j f>C C>j j>z",
    ),
    "boundary to its own end": workflow({"A": task(boundary=[{"id": "t", "after": 60}]), "L": task()}, "s>A A>z A#t>L L>z"),
    "boundary merged before the join": workflow(
        {"f": "parallel", "A": task(boundary=[{"id": "t", "after": 60}]), "x": "exclusive", "B": task(), "j": "parallel"},
        "s>f f>A f>B A>x A#t>x x>j B>j j>z",
    ),
    "event": workflow({"e": "event", "A": task(), "W": {"type": "timer", "after": 60}, "x": "exclusive"}, "s>e e>A e>W A>x W>x x>z"),
    "partial": workflow({"f": "parallel", "A": task(), "B": task(), "j": {"type": "join", "n": 1, "split": "f", "cancel": True}}, "s>f f>A f>B A>j B>j j>z"),
    "terminate in a branch": workflow({"f": "parallel", "A": task(), "B": task(), "t": "terminate"}, "s>f f>A f>B A>t B>z"),
    "multi-merge": workflow({"f": "parallel", "A": task(), "B": task()}, "s>f f>A f>B A>z B>z"),
    "empty policy instead of approvers": workflow({"A": {"type": "approval", "approvers": [], "empty": "pass"}}, "s>A A>z"),
    "nested blocks": workflow(
        {"f": "parallel", "g": "parallel", "A": task(), "B": task(), "i": "parallel", "C": task(), "j": "parallel"},
        "s>f f>g g>A g>B A>i B>i i>j f>C C>j j>z",
    ),
    "return targets": workflow({"A": approval("a"), "B": approval("b", return_to=["A", "START"], on_reject="goto:A")}, "s>A A>B B>z"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_sound_definitions(name: str) -> None:
    """What can always end is accepted."""
    assert [] == check_workflow(SOUND[name], fields={"n": "number"})
    assert [] == check("workflow", SOUND[name])


@pytest.mark.parametrize("kind", list(NODE_TYPES))
def test_examples_of_node_types(kind: str) -> None:
    """Every node type's example is accepted by its own schema, in a workflow around it."""
    example = dict(NODE_TYPES[kind].example)
    if kind in {"start", "end", "terminate"}:
        return
    definition = workflow({"f": "parallel", "X": example}, "s>f f>X X>z")

    assert [] == [problem for problem in check_workflow(definition) if problem.path.startswith("$.nodes.X.")]
    assert [] == [problem for problem in check_workflow(definition) if "unknown" in problem.message_en]


def test_all_problems_at_once() -> None:
    """Every mistake is told, not the first only."""
    definition = workflow(
        {"A": approval(), "B": approval("b", mode="most", return_to=["C"]), "C": task()}, "s>A A>B B>z C>z"
    )

    assert {"$.nodes.A.approvers", "$.nodes.B.mode", "$.nodes.C", "$.nodes.B.return_to[0]"} == {
        p.path for p in check_workflow(definition)
    }


def test_names_that_nodes_write_are_known() -> None:
    """With a form, conditions may read outcomes, results, decisions and variables that nodes set."""
    definition = workflow(
        {
            "v": {"type": "set", "set": {"level": "n * 2"}},
            "A": approval("a", on_reject="branch", write=["remark"]),
            "Q": {"type": "query_records", "form": "f"},
            "x": "exclusive", "T": task(),
        },
        "s>v v>A A>Q Q>x x>T[A == 'reject' or outcome.A == 'rejected' or result.Q.count > level or remark == 'x'] x>z* T>z",
    )  # fmt: skip

    assert [] == check_workflow(definition, fields={"n": "number"})


def test_rows_and_counts_of_a_multi_instance() -> None:
    """`until` may read done and total, `in` the row."""
    node = {"type": "each", "each": "lines", "until": "done >= total / 2", "workflow": "c", "in": {"sku": "row"}}
    definition = workflow({"M": node}, "s>M M>z")

    assert [] == check_workflow(definition, fields={"lines": "list[text]"}, library={"c": {}})


def test_links_of_the_form_are_known() -> None:
    """Paths along the form's links are checked by the language."""
    fields = {"sku": {"type": "link", "form": "sku", "fields": {"cost": "number"}}}
    definition = workflow({"x": "exclusive", "A": task()}, "s>x x>A[sku.cost > 5] x>z* A>z")

    assert [] == check_workflow(definition, fields=fields)
    assert check_workflow(workflow({"x": "exclusive", "A": task()}, "s>x x>A[sku.price > 5] x>z* A>z"), fields=fields)


def test_a_workflow_may_call_itself() -> None:
    """A workflow that calls itself refers to itself."""
    definition = workflow({"x": "exclusive", "P": {"type": "call", "workflow": "wf"}}, "s>x x>P[n > 1] x>z* P>z")

    assert [] == check_workflow(definition, library={})


# The simulation


def test_the_simulation_sees_every_state() -> None:
    """A block of three branches with a choice in each: every combination is seen and none is stuck."""
    nodes: dict[str, Any] = {"f": "parallel", "j": "parallel"}
    edges = "s>f j>z"
    for branch in "abc":
        nodes |= {f"{branch}x": "exclusive", f"{branch}1": task(), f"{branch}2": task(), f"{branch}y": "exclusive"}
        edges += f" f>{branch}x {branch}x>{branch}1[n > 1] {branch}x>{branch}2* {branch}1>{branch}y {branch}2>{branch}y {branch}y>j"
    found = explore(Graph(workflow(nodes, edges)))

    assert ({}, [], True) == (found.stuck, found.unbounded, found.complete)
    assert 19 == found.states


def test_large_workflows_are_checked_in_time() -> None:
    """300 nodes in parallel blocks one after another have few states, not all combinations."""
    nodes: dict[str, Any] = {}
    edges, last = "", "s"
    for number in range(60):
        nodes |= {
            f"f{number}": "parallel",
            f"j{number}": "parallel",
            **{f"t{number}_{branch}": task() for branch in range(3)},
        }
        edges += f" {last}>f{number}" + "".join(
            f" f{number}>t{number}_{branch} t{number}_{branch}>j{number}" for branch in range(3)
        )
        last = f"j{number}"
    definition = workflow(nodes, f"{edges} {last}>z")

    assert [] == check_workflow(definition)
    assert explore(Graph(definition)).states < 1_000


@st.composite
def blocks(draw: st.DrawFn, depth: int = 2) -> Any:
    """Draw a structured workflow: a tree of tasks, sequences, choices, parallel and inclusive blocks, and loops."""
    kinds = ["task", "sequence", "xor", "and", "or", "loop"] if depth else ["task"]
    kind = draw(st.sampled_from(kinds))
    if kind == "task":
        return ("task",)
    parts = draw(st.lists(blocks(depth=depth - 1), min_size=2, max_size=3))  # type: ignore[call-arg]
    return (kind, *parts)


def built(tree: Any) -> dict[str, Any]:
    """Return the workflow that a tree of blocks describes; choices are data named by their gateway."""
    nodes: dict[str, Any] = {}
    edges: list[str] = []

    def new(kind: Any) -> str:
        key = f"n{len(nodes)}"
        nodes[key] = kind
        return key

    def place(tree: Any, before: str) -> str:
        kind, *parts = tree
        if kind == "task":
            node = new(task())
            edges.append(f"{before}>{node}")
            return node
        if kind == "sequence":
            for part in parts:
                before = place(part, before)
            return before
        if kind == "loop":
            entry = new("exclusive")
            edges.append(f"{before}>{entry}")
            last = place(parts[0], entry)
            out = new("exclusive")
            edges.extend([f"{last}>{out}", f"{out}>{entry}[{out}_again]"])
            after = new("exclusive")
            edges.append(f"{out}>{after}*")
            return after
        gateway = {"xor": "exclusive", "and": "parallel", "or": "inclusive"}[kind]
        split, join = new(gateway), new(gateway)
        edges.append(f"{before}>{split}")
        for number, part in enumerate(parts):
            entry = new("exclusive")
            condition = "" if kind == "and" else ("*" if number == 0 else f"[{split}_{number}]")
            edges.append(f"{split}>{entry}{condition}")
            edges.append(f"{place(part, entry)}>{join}")
        return join

    edges.append(f"{place(tree, 's')}>z")
    return workflow(nodes, " ".join(edges))


def walked(definition: dict[str, Any], picks: Iterator[int]) -> str:
    """Walk the workflow with the engine, choices and order by *picks*; return the status in which it stands at last."""
    case = Case(definition, company=Company())
    conditions = [edge["condition"] for edge in definition["edges"] if "condition" in edge]
    for step in range(60):
        if not case.work:
            break
        node = case.work[next(picks) % len(case.work)]
        # After forty steps loops are left.
        form = {name: bool(next(picks) % 2) and step < 40 for name in conditions}
        case.do("complete", node=node, form=form)
    return case.status


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(blocks(), st.lists(st.integers(0, 5), min_size=20, max_size=20))
def test_structured_workflows_are_sound_and_end(tree: Any, picks: list[int]) -> None:
    """Every structured workflow is accepted, and the engine brings it to its end, whatever is chosen."""
    definition = built(tree)
    status = walked(definition, iter(picks * 1_000))

    assert [] == check_workflow(definition)
    assert status in {"completed", "running"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_what_deadlocks_was_refused(data: st.DataObject) -> None:
    """Any graph on which the engine runs into a deadlock is one that the check refuses."""
    keys = [f"n{number}" for number in range(data.draw(st.integers(2, 6)))]
    kinds = {key: data.draw(st.sampled_from([task(), task(), "exclusive", "parallel", "inclusive"])) for key in keys}
    ends = [*keys, "z"]
    edges = [f"s>{data.draw(st.sampled_from(keys))}"]
    for place, key in enumerate(keys):
        targets = data.draw(st.lists(st.sampled_from(ends[place + 1 :]), min_size=1, max_size=2, unique=True))
        for number, target in enumerate(targets):
            choice = kinds[key] in ("exclusive", "inclusive") and len(targets) > 1
            edges.append(f"{key}>{target}" + ("*" if choice and number == 0 else f"[c_{key}]" if choice else ""))
    definition = workflow(kinds, " ".join(dict.fromkeys(edges)))
    reached = Graph(definition).downstream("s") | {"s"}
    definition["nodes"] = {key: node for key, node in definition["nodes"].items() if key in reached}
    definition["edges"] = [edge for edge in definition["edges"] if edge["from"] in reached]
    assume("z" in reached)
    status = walked(definition, iter(data.draw(st.lists(st.integers(0, 5), min_size=20, max_size=20)) * 1_000))

    assert status != "running"
    if status == "incident":
        assert check_workflow(definition)


def test_the_schema_file() -> None:
    """The outer form of a workflow is law: key, name, nodes, edges; unknown keys are refused with a suggestion."""
    good = copy.deepcopy(SOUND["line"])
    assert [] == check("workflow", good)
    for change, path in (
        ({"key": "Upper"}, "$.key"),
        ({"polcy": {}}, "$"),
        ({"policy": {"dedupe": "often"}}, "$.policy.dedupe"),
        ({"policy": {"recall": "sometimes"}}, "$.policy.recall"),
        ({"nodes": {"a#b": {"type": "task"}}}, "$.nodes"),
        ({"edges": [{"id": "e", "from": "s"}]}, "$.edges[0]"),
        ({"edges": [{"id": "e", "from": "s", "to": "z", "when": "x"}]}, "$.edges[0]"),
    ):
        assert [path] == [problem.path for problem in check("workflow", {**good, **change})]
