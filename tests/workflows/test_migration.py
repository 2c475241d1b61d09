"""workflow.md §12: versions and migration."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flow_story import Case, approval, task, workflow

from workflows import Instance, dry_run

OLD = workflow(
    {
        "A": approval("a"),
        "f": "parallel",
        "B": approval("b", timeout=[{"after": "PT4H", "action": "remind"}]),
        "C": task(),
        "j": "parallel",
        "D": task(),
    },
    "s>A A>f f>B f>C B>j C>j j>D D>z",
    version=1,
)


def new(**changes: Any) -> dict[str, Any]:
    """Return the old definition as version 2, with other nodes."""
    definition = copy.deepcopy({**OLD, "version": 2})
    definition["nodes"].update(changes)
    return definition


def renamed(names: dict[str, str]) -> dict[str, Any]:
    """Return version 2 with nodes and edges renamed."""
    definition = new()
    definition["nodes"] = {names.get(node, node): settings for node, settings in definition["nodes"].items()}
    for edge in definition["edges"]:
        edge["id"] = names.get(edge["id"], edge["id"])
        edge["from"], edge["to"] = names.get(edge["from"], edge["from"]), names.get(edge["to"], edge["to"])
    return definition


def test_instances_are_pinned() -> None:
    """An instance keeps the version that it was started with."""
    case = Case(OLD).approve("A:a")

    assert (1, "wf") == (case.instance.version, case.instance.definition_id)


def test_migration_to_an_equal_definition_is_the_identity() -> None:
    """Going over to an equal definition changes nothing at all."""
    case = Case(OLD).approve("A:a")
    before = case.instance.to_json()
    case.do("migrate", "root", definition=copy.deepcopy(OLD), map={"A": "A"})

    assert (before, []) == (case.instance.to_json(), case.effects)


def test_migration_by_node_id() -> None:
    """Without a map nodes keep their id; what is new behind the position is used from then on."""
    case = Case(OLD).approve("A:a", "B:b").do("migrate", "root", definition=new(D=approval("d")))

    assert (2, ["C"]) == (case.instance.version, case.work)
    assert ["D:d"] == case.do("complete", node="C").work


def test_migration_by_an_explicit_map() -> None:
    """The map says which node and which edge becomes which."""
    names = {"B": "B2", "C": "C2", "C>j": "e7", "A": "A2"}
    case = Case(OLD).approve("A:a").do("complete", node="C").do("migrate", "root", definition=renamed(names), map=names)

    assert (["B2:b"], {"e7": 1}) == (case.work, {edge: len(tokens) for edge, tokens in case.instance.tokens.items()})
    assert {"A2": "approved"} == case.outcome
    assert ["D"] == case.approve("B2:b").work


@pytest.mark.parametrize(
    ("definition", "mapping", "words"),
    [
        (renamed({"B": "B2"}), {}, "“B”"),
        (new(B=task()), {}, "类型必须相同"),
        (renamed({"C>j": "e7"}), {}, "“C>j”"),
        (new(j={"type": "inclusive"}), {}, "“C>j”"),
        (new(), {"B": "C"}, "类型必须相同"),
        (new(), {"B": "nowhere"}, "“B”"),
    ],
)
def test_refused_and_unchanged(definition: dict[str, Any], mapping: dict[str, str], words: str) -> None:
    """An active item or waiting token without a target, or of another type → refused, unchanged; the dry run says why."""
    case = Case(OLD).approve("A:a").do("complete", node="C")
    reasons = dry_run(OLD, case.instance, definition, mapping)

    assert reasons
    assert any(words in reason.message for reason in reasons)
    assert all(reason.message_en and reason.path for reason in reasons)
    assert "cannot_migrate" == case.refused("migrate", "root", definition=definition, map=mapping)


def test_nodes_that_are_not_active_may_go() -> None:
    """What was passed already, or lies ahead, needs no target."""
    definition = renamed({"A": "Q", "D": "E"})
    case = Case(OLD).approve("A:a")

    assert [] == dry_run(OLD, case.instance, definition)
    assert ["B:b", "C"] == case.do("migrate", "root", definition=definition).work


def test_the_dry_run_changes_nothing() -> None:
    """A dry run per instance leaves it as it is."""
    case = Case(OLD).approve("A:a")
    before = case.instance.to_json()
    dry_run(OLD, case.instance, renamed({"B": "B2"}), {"B": "B2"})

    assert before == case.instance.to_json()


def test_clocks_keep_their_due_time() -> None:
    """Timers keep their due time."""
    changed = new(B=approval("b", timeout=[{"after": "PT1H", "action": "remind"}]))
    case = Case(OLD).approve("A:a").later(hours=1).do("migrate", "root", definition=changed)

    assert "2026-11-02T13:00:00+00:00" == case.instance.next_due()
    assert [("B", ["b"])] == case.wait(hours=3).notices("remind")


def test_a_clock_whose_entry_is_gone_is_silent() -> None:
    """A time limit that the new version does not have does nothing when it is due."""
    case = Case(OLD).approve("A:a").do("migrate", "root", definition=new(B=approval("b"))).wait(hours=9)

    assert ([], ["B:b", "C"]) == (case.effects, case.work)


def test_an_armed_boundary_needs_its_counterpart() -> None:
    """An armed boundary event without a counterpart keeps the instance from going over."""
    old = workflow({"A": task(boundary=[{"id": "late", "after": 60}]), "L": task()}, "s>A A>z A#late>L L>z")
    bare = workflow({"A": task()}, "s>A A>z")
    case = Case(old)

    assert "cannot_migrate" == case.refused("migrate", "root", definition=bare)
    assert [] == dry_run(old, case.instance, copy.deepcopy(old))


def test_partial_joins_go_over() -> None:
    """Arrivals at a partial join go over with the names of their edges."""
    old = workflow(
        {"f": "parallel", "A": task(), "B": task(), "j": {"type": "join", "n": 2}, "D": task()},
        "s>f f>A f>B A>j B>j j>D D>z",
    )
    names = {"j": "k", "A>j": "e1"}
    definition = copy.deepcopy(old)
    definition["nodes"]["k"] = definition["nodes"].pop("j")
    for edge in definition["edges"]:
        edge["id"] = names.get(edge["id"], edge["id"])
        edge["from"], edge["to"] = names.get(edge["from"], edge["from"]), names.get(edge["to"], edge["to"])
    case = Case(old).do("complete", node="A").do("migrate", "root", definition=definition, map=names)

    assert {"k": {"e1": 1}} == {node: join["arrived"] for node, join in case.instance.joins.items()}
    assert ["D"] == case.do("complete", node="B").work


def test_migration_may_let_tokens_go_on() -> None:
    """A join that the new version gives fewer branches fires at once."""
    narrower = new()
    narrower["edges"] = [edge for edge in narrower["edges"] if edge["id"] != "B>j"] + [
        {"id": "B>z", "from": "B", "to": "z"}
    ]
    case = Case(OLD).approve("A:a").do("complete", node="C").do("migrate", "root", definition=narrower)

    assert ["B:b", "D"] == case.work


def test_migration_needs_a_definition() -> None:
    """The operation must carry the new definition; a suspended instance can go over too."""
    case = Case(OLD).approve("A:a")

    assert "missing" == case.refused("migrate", "root")
    assert "bad_definition" == case.refused(
        "migrate", "root", definition={"nodes": {}, "edges": [{"from": "a", "to": "b"}]}
    )
    assert "suspended" == case.do("suspend", "root").do("migrate", "root", definition=new()).status


def test_old_positions_without_new_keys_can_be_read() -> None:
    """A saved position that lacks what was added later is read with its defaults."""
    data = Case(OLD).instance.to_json()
    for key in ("rounds", "logged", "log"):
        data.pop(key, None)

    assert "running" == Instance.from_json(data).status
