"""workflow.md §2: who is asked — sources, self policy, empty policy, agency, in this order."""

from __future__ import annotations

from typing import Any

import pytest
from flow_story import NINE, Case, Company, approval, task, workflow

from workflows import Instance, advance
from workflows.plain import draw


def at_a(
    *approvers: str, variables: dict[str, Any] | None = None, company: Company | None = None, **settings: Any
) -> Case:
    """Return a case that stands at the one approval A."""
    return Case(workflow({"A": approval(*approvers, **settings)}, "s>A A>z"), variables, company=company)


@pytest.mark.parametrize(
    ("sources", "users"),
    [
        (["user:x"], ["x"]),
        (["x"], ["x"]),
        (["role:buyer"], ["a", "b"]),
        (["superior"], ["s1"]),
        (["superior:1"], ["s1"]),
        (["superior:2"], ["s2"]),
        (["chain:3"], ["s1", "s2", "s3"]),
        (["chain:2"], ["s1", "s2"]),
        (["dept_head:1"], ["h1"]),
        (["dept_head:2"], ["h2"]),
        (["field:owner"], ["o1"]),
        (["$owner"], ["o1"]),
        (["$owners"], ["o1", "o2"]),
        (["field:owners"], ["o1", "o2"]),
        (["field:sku.owner"], ["o3"]),
        (["initiator"], ["u0"]),
        (["b", "role:buyer", "user:x"], ["b", "a", "x"]),
    ],
)
def test_sources(sources: list[str], users: list[str]) -> None:
    """Each source names its users; repeats are removed and keep their first position."""
    variables = {"owner": "o1", "owners": ["o1", "o2"], "sku": {"owner": "o3"}}
    case = at_a(*sources, variables=variables)

    assert users == [seat.user for seat in case.instance.runs[-1].seats]


@pytest.mark.parametrize("source", ["superior:4", "dept_head:7", "role:nobody", "field:missing", "$empty", "previous"])
def test_sources_without_anybody(source: str) -> None:
    """A source that names nobody leaves the others."""
    assert ["A:x"] == at_a(source, "x", variables={"empty": None}).work


def test_inactive_users_are_dropped() -> None:
    """Nulls and inactive users are dropped."""
    case = at_a("a", "b", "$owner", variables={"owner": None}, company=Company(inactive={"a"}))

    assert ["A:b"] == case.work


def test_previous_is_chosen_by_the_previous_approver() -> None:
    """`previous` is whom the previous approver chose."""
    case = Case(workflow({"A": approval("a"), "x": "exclusive", "B": approval("previous")}, "s>A A>x x>B* B>z"))

    assert ["B:x", "B:y"] == case.do("approve", "a", "A", users=["x", "y"]).work


def test_a_chain_skips_missing_levels() -> None:
    """A missing or inactive level of a chain is skipped; all missing is empty."""
    assert ["A:s1", "A:s2", "A:s3"] == at_a("chain:9").work
    assert ["A:s1", "A:s3"] == at_a("chain:3", company=Company(inactive={"s2"})).work
    assert "incident" == at_a("chain:3", company=Company(superiors={})).status


def test_a_ring_of_superiors_ends() -> None:
    """Superiors that form a ring are each asked once."""
    assert ["A:s1", "A:s2"] == at_a("chain:9", company=Company(superiors={"u0": "s1", "s1": "s2", "s2": "u0"})).work


# Self policy


@pytest.mark.parametrize(
    ("policy", "approvers", "work", "status"),
    [
        (None, ["u0", "x"], ["A:u0", "A:x"], "running"),
        ("allow", ["u0"], ["A:u0"], "running"),
        ("skip", ["u0", "x"], ["A:x"], "running"),
        ("skip", ["u0"], [], "completed"),
        ("superior", ["u0"], ["A:s1"], "running"),
        ("superior", ["u0", "s1"], ["A:s1"], "running"),
        ("superior", ["x", "u0"], ["A:s1", "A:x"], "running"),
        ("dept_head", ["u0"], ["A:h1"], "running"),
        ("dept_head", ["u0", "h1"], ["A:h1"], "running"),
        ("skip", ["x"], ["A:x"], "running"),
    ],
)
def test_self_policy(policy: str | None, approvers: list[str], work: list[str], status: str) -> None:
    """The initiator among the approvers: allow (default), skip, or the superior or department head instead."""
    case = at_a(*approvers, **({"self": policy} if policy else {}))

    assert (work, status) == (case.work, case.status)


@pytest.mark.parametrize("policy", ["superior", "dept_head"])
def test_self_policy_without_a_replacement(policy: str) -> None:
    """No superior: the node passes."""
    case = at_a("u0", company=Company(superiors={}, heads={}), self=policy)

    assert ("completed", {"A": "approved"}) == (case.status, case.outcome)


def test_skip_does_not_use_the_empty_policy() -> None:
    """Skip with nobody else passes the node; the empty policy is not used."""
    assert "completed" == at_a("u0", self="skip", empty="reject").status


def test_self_policy_holds_in_the_first_round_only() -> None:
    """After a return the initiator decides himself."""
    case = Case(workflow({"A": approval("u0", self="skip"), "B": approval("b")}, "s>A A>B B>z"))

    assert ["B:b"] == case.work
    assert ["A:u0"] == case.do("return", "b", "B", to="A").work


# Empty policy


@pytest.mark.parametrize(
    ("policy", "work", "status"),
    [
        ("error", [], "incident"),
        ("pass", [], "completed"),
        ("reject", [], "rejected"),
        ("user:x", ["A:x"], "running"),
        ("admin", ["A:root"], "running"),
    ],
)
def test_empty_policy(policy: str, work: list[str], status: str) -> None:
    """Nobody left: error (incident), pass, reject, a fixed user, the administrator."""
    case = at_a("role:nobody", empty=policy)

    assert (work, status) == (case.work, case.status)


def test_the_default_is_an_incident() -> None:
    """The default stops and reports; only a retry goes on from there."""
    company = Company()
    case = at_a("role:late", company=company)

    assert ("incident", "A", "no_approver") == (
        case.status,
        case.instance.incident["node"],
        case.instance.incident["reason"],
    )
    company.roles["role:late"] = ["x"]
    assert ["A:x"] == case.do("retry", "root").work
    assert "running" == case.status
    assert case.instance.incident is None


@pytest.mark.parametrize("policy", ["user:x", "admin"])
def test_an_inactive_fallback_is_an_incident(policy: str) -> None:
    """A fallback user who is inactive is an incident, never a second fallback."""
    assert "incident" == at_a("role:nobody", empty=policy, company=Company(inactive={"x", "root"})).status


def test_no_administrator_is_an_incident() -> None:
    """The fallback `admin` without an administrator is an incident."""
    assert "incident" == at_a("role:nobody", empty="admin", company=Company(administrator=None)).status


def test_a_task_with_nobody_follows_the_empty_policy() -> None:
    """A task whose list comes to nobody follows the empty policy too."""
    assert "incident" == Case(workflow({"A": task("role:nobody")}, "s>A A>z")).status
    assert "completed" == Case(workflow({"A": task("role:nobody", empty="pass")}, "s>A A>z")).status
    assert ["A:root"] == Case(workflow({"A": task("role:nobody", empty="admin")}, "s>A A>z")).work


# Agency


def test_an_agent_gets_the_seat() -> None:
    """Each seat whose user has an active agency goes to the agent, the owner recorded."""
    case = at_a("a", "c", company=Company(agents={"a": "x"}))

    assert ["A:c", "A:x"] == case.work
    assert "a" == case.instance.runs[-1].seats[0].owner


def test_an_agency_is_for_a_workflow() -> None:
    """The agency is asked for with the definition's key."""
    assert ["A:x"] == at_a("a", company=Company(agents={"a@wf": "x"})).work
    assert ["A:a"] == at_a("a", company=Company(agents={"a@other": "x"})).work


def test_one_hop_only() -> None:
    """The agent's agent is ignored."""
    assert ["A:x"] == at_a("a", company=Company(agents={"a": "x", "x": "y"})).work


def test_the_initiator_is_nobodys_agent() -> None:
    """An agent who is the initiator is not used."""
    assert ["A:a"] == at_a("a", company=Company(agents={"a": "u0"})).work


def test_an_inactive_agent_is_not_used() -> None:
    """An agent who may not act is not used."""
    assert ["A:a"] == at_a("a", company=Company(agents={"a": "x"}, inactive={"x"})).work


def test_the_agents_vote_is_logged_for_the_principal() -> None:
    """The agent's vote counts as the principal's, "agent for"."""
    case = at_a("a", company=Company(agents={"a": "x"})).approve("A:x")

    assert ("completed", "a") == (case.status, case.ops("approve")[0]["on_behalf_of"])


# Order and freezing


def test_self_policy_comes_before_the_empty_policy() -> None:
    """The order matters: sources, self, empty, agency."""
    company = Company(inactive={"b"}, agents={"x": "y"})

    assert ["A:y"] == at_a("b", empty="user:x", company=company, self="skip").work


def test_approvers_are_frozen_on_entry() -> None:
    """Later organisation changes do not move seats."""
    company = Company()
    case = at_a("role:buyer", company=company)
    company.roles["role:buyer"] = ["c"]
    company.inactive.add("a")
    company.agents["b"] = "x"

    assert ["A:a", "A:b"] == case.do("comment", "u0", text="hello").work
    assert "completed" == case.approve("A:a", "A:b").status


def test_the_random_draw_depends_on_instance_node_and_round() -> None:
    """One seat is drawn, the same for the same instance id, node and round; the draw is stored."""
    people = ["a", "b", "c", "d", "e"]
    definition = workflow({"A": approval(*people, mode="random"), "B": approval("x")}, "s>A A>B B>z")
    drawn = {key: Case(definition, id=key).work for key in map(str, range(30))}

    assert all(len(work) == 1 for work in drawn.values())
    assert {f"A:{person}" for person in people} == {work[0] for work in drawn.values()}
    assert drawn == {key: Case(definition, id=key).work for key in drawn}
    case = Case(definition, id="7")
    assert [f"A:{people[draw(5, '7', 'A', 1)]}"] == case.work
    user = case.work[0].removeprefix("A:")
    case.approve(case.work[0]).do("return", "x", "B", to="A")
    assert [f"A:{people[draw(5, '7', 'A', 2)]}"] == case.work
    assert user in people


def test_people_are_told_once() -> None:
    """One to-do notice a node names everybody who may act now."""
    assert [("A", ["a", "b"])] == at_a("role:buyer").notices("todo")


def test_without_a_directory_everybody_is_active() -> None:
    """Without a directory only users named directly are found."""
    definition = workflow({"A": approval("x", "role:buyer", "superior", "dept_head:1")}, "s>A A>z")
    from workflows import open_work, start

    instance, _ = start(definition, {}, initiator="u0", now=NINE)
    assert ["A:x"] == open_work(instance)
    restored = Instance.from_json(instance.to_json())
    after, _ = advance(definition, restored, {"op": "approve", "user": "x", "node": "A"}, now=NINE)
    assert "completed" == after.status
