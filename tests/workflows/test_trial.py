"""Trying a workflow out: the test run with sample data, and who will approve (workflow.md §2, "Preview")."""

from __future__ import annotations

from typing import Any

from flow_story import NINE, Company, approval, task, workflow

from workflows import preview, test_run

FLOW = workflow(
    {
        "x": "exclusive",
        "boss": approval("superior", "role:buyer"),
        "buyer": approval("role:buyer", mode="any", write=["note"]),
        "order": {"type": "create_record", "form": "po", "values": {"n": "quantity"}},
    },
    "s>x x>boss[quantity > 10] x>buyer* boss>order buyer>order order>z",
)


def run(definition: dict[str, Any], variables: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """Return a test run started by u0."""
    return test_run(definition, variables or {}, initiator="u0", now=NINE, directory=Company(), **keys)


def test_the_path_lights_up() -> None:
    """A test run shows the way that was taken, and every node's input and output."""
    result = run(FLOW, {"quantity": 50}, answers={"order": {"code": "PO-1"}})

    assert ("completed", [], None) == (result["status"], result["work"], result["incident"])
    assert ["s>x", "x>boss", "boss>order", "order>z"] == result["edges"]
    assert ["s", "x", "boss", "order", "z"] == [step["node"] for step in result["steps"]]
    order = next(step for step in result["steps"] if step["node"] == "order")
    assert {"quantity": 50, "outcome": {"boss": "approved"}} == order["input"]
    assert {"result": {"order": {"code": "PO-1"}}} == order["output"]
    assert [{"n": 50}] == [effect["values"] for effect in order["effects"]]


def test_answers_choose_the_way() -> None:
    """An answer may be an operation, a form, or an operation with its keys, one a visit."""
    rejected = run(FLOW, {"quantity": 5}, answers={"buyer": "reject"})
    assert "rejected" == rejected["status"]
    written = run(FLOW, {"quantity": 5}, answers={"buyer": {"note": "ok"}})
    assert "ok" == written["variables"]["note"]
    line = workflow({"A": approval("a"), "B": approval("b")}, "s>A A>B B>z")
    returned = run(line, answers={"B": [{"op": "return", "to": "A"}, "approve"]})
    assert ("completed", ["s", "A", "B", "A", "B", "z"]) == (
        returned["status"],
        [step["node"] for step in returned["steps"]],
    )
    started = run(line, answers={"B": [{"op": "return", "to": "START"}, "approve"]})
    assert "completed" == started["status"]


def test_an_incident_is_shown() -> None:
    """A failing effect or a missing approver is shown as the incident that it would be."""
    failed = run(FLOW, {"quantity": 5}, answers={"order": {"error": "HTTP 500"}})

    assert ("incident", "order", "effect_failed") == (
        failed["status"],
        failed["incident"]["node"],
        failed["incident"]["reason"],
    )


def test_a_refused_answer_is_shown() -> None:
    """An answer that the workflow would refuse ends the run with its reason."""
    result = run(FLOW, {"quantity": 5}, answers={"buyer": {"cost": 1}})

    assert ("running", "not_writable", "buyer") == (
        result["status"],
        result["refusals"][0]["reason"],
        result["refusals"][0]["node"],
    )


def test_time_passes_when_nobody_has_anything_to_do() -> None:
    """Clocks run when nothing else can happen, or where an answer says to wait."""
    definition = workflow({"A": task(boundary=[{"id": "late", "after": "PT4H"}]), "L": task()}, "s>A A>z A#late>L L>z")

    assert ["s", "A", "z"] == [step["node"] for step in run(definition)["steps"]]
    late = run(definition, answers={"A": "wait"})
    assert ["s", "A", "L", "z"] == [step["node"] for step in late["steps"]]
    assert "2026-11-02T13:00:00+00:00" == late["steps"][2]["at"]


def test_signals_rows_and_children() -> None:
    """Waiting signals are sent, every item is done, and the nodes of children are shown with their path."""
    definition = workflow(
        {
            "G": {"type": "signal", "signal": "in"},
            "M": {"type": "each", "each": "rows"},
            "P": {"type": "call", "workflow": "c"},
            "Q": {"type": "each", "each": "rows", "workflow": "c"},
        },
        "s>G G>M M>P P>Q Q>z",
    )
    child = workflow({"K": approval("k"), "T": task()}, "s>K K>T T>z")
    result = run(definition, {"rows": [1, 2]}, library={"c": child}, answers={"G": {"n": 5}})

    assert ("completed", 5) == (result["status"], result["variables"]["n"])
    assert {"P/K", "P/T", "Q[0]/K", "Q[1]/T"} <= {step["node"] for step in result["steps"]}
    assert "completed" == run(definition, {"rows": [1, 2]}, library={"c": child})["status"]


def test_a_run_without_end_stops() -> None:
    """A test run that never ends is cut."""
    loop = workflow({"A": task(), "x": "exclusive"}, "s>A A>x x>A[True] x>z*")

    assert "running" == run(loop)["status"]


# Who will approve


def test_preview_says_which_rule_named_whom() -> None:
    """Preview runs steps 1–5 without side effects and says which rule produced each name."""
    stops = preview(FLOW, {"quantity": 50}, initiator="u0", now=NINE, directory=Company(agents={"a": "x"}))

    assert [("boss", "all", None)] == [(stop["node"], stop["mode"], stop.get("reason")) for stop in stops]
    assert [("s1", "superior", None), ("x", "role:buyer", "a"), ("b", "role:buyer", None)] == [
        (person["user"], person["rule"], person["owner"]) for person in stops[0]["people"]
    ]


def test_preview_shows_who_passes_by_itself() -> None:
    """Whose seat passes by itself is shown as auto; a node that passes without anybody says why."""
    definition = workflow(
        {"A": approval("a"), "B": approval("a"), "C": approval("u0", self="skip"), "D": approval("role:nobody", empty="pass"), "E": approval("u0", self="superior")},
        "s>A A>B B>C C>D D>E E>z", policy={"dedupe": "consecutive"},
    )  # fmt: skip
    stops = {stop["node"]: stop for stop in preview(definition, initiator="u0", now=NINE, directory=Company())}

    assert "auto" == stops["B"]["people"][0]["state"]
    assert ("self", "empty") == (stops["C"]["reason"], stops["D"]["reason"])
    assert [("s1", "initiator → superior")] == [
        (p["user"], p["rule"].replace("u0", "initiator")) for p in stops["E"]["people"]
    ]


def test_preview_shows_where_it_would_stop() -> None:
    """Where nobody is found and the policy is an error, preview says so."""
    stops = preview(workflow({"A": approval("role:nobody")}, "s>A A>z"), initiator="u0", now=NINE, directory=Company())

    assert [("A", "no_approver", [])] == [(stop["node"], stop["reason"], stop["people"]) for stop in stops]


def test_preview_of_tasks_and_children() -> None:
    """Tasks, rows and the people of children are listed too."""
    definition = workflow(
        {
            "T": task("b"),
            "P": {"type": "call", "workflow": "c"},
            "M": {"type": "each", "each": "rows", "approvers": ["a"]},
        },
        "s>T T>P P>M M>z",
    )
    child = workflow({"K": approval("k")}, "s>K K>z")
    stops = preview(definition, {"rows": [1]}, initiator="u0", now=NINE, directory=Company(), library={"c": child})

    assert [("T", ["b"]), ("P/K", ["k"]), ("M", ["a"])] == [
        (stop["node"], [p["user"] for p in stop["people"]]) for stop in stops
    ]
