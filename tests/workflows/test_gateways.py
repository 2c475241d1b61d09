"""workflow.md §11: gateways and joins."""

from __future__ import annotations

from itertools import permutations

import pytest
from flow_story import Case, approval, task, workflow

BLOCK = workflow(
    {"f": "parallel", "A": task(), "B": task(), "j": "parallel", "D": task()}, "s>f f>A f>B A>j B>j j>D D>z"
)


def done(case: Case, *nodes: str, **keys: object) -> Case:
    """Complete tasks, one after another."""
    for node in nodes:
        case.do("complete", node=node, **keys)
    return case


# AND


def test_and_split_and_join() -> None:
    """AND-split: one token on each edge; AND-join: fires when every incoming edge has one."""
    case = Case(BLOCK)

    assert ["A", "B"] == case.work
    assert ["A"] == done(case, "B").work
    assert {"B>j": 1} == {edge: len(tokens) for edge, tokens in case.instance.tokens.items()}
    assert ["D"] == done(case, "A").work
    assert "completed" == done(case, "D").status


def test_and_join_keeps_surplus_tokens() -> None:
    """It takes exactly one token from each edge; surplus tokens stay for the next firing."""
    definition = workflow(
        {
            "f": "parallel",
            "x": "exclusive",
            "y": "exclusive",
            "A": task(),
            "B": task(),
            "C": task(),
            "E": task(),
            "j": "parallel",
            "D": task(),
        },
        "s>f f>A f>B f>C f>E A>x B>x x>j C>y E>y y>j j>D D>z",
    )
    case = done(Case(definition), "A", "B")
    assert 2 == len(case.instance.tokens["x>j"])
    done(case, "C")
    assert (["D", "E"], 1) == (case.work, len(case.instance.tokens["x>j"]))
    assert ["D", "D"] == done(case, "E").work
    assert "completed" == done(case, "D", "D").status


def test_tokens_left_without_work_are_a_deadlock() -> None:
    """No work, tokens left → incident "deadlock"."""
    definition = workflow(
        {"x": "exclusive", "A": task(), "B": task(), "j": "parallel"}, "s>x x>A[True] x>B* A>j B>j j>z"
    )
    case = done(Case(definition), "A")

    assert ("incident", "j", "deadlock") == (case.status, case.instance.incident.node, case.instance.incident.reason)


def test_surplus_tokens_at_the_end_are_a_deadlock() -> None:
    """Surplus tokens that no firing will take are tokens left."""
    definition = workflow({"f": "parallel", "x": "exclusive", "A": task(), "j": "parallel"}, "s>f f>x f>A A>j x>j j>z")
    definition["edges"].insert(2, {"id": "extra", "from": "f", "to": "x"})
    case = done(Case(definition), "A")

    assert ("incident", "deadlock") == (case.status, case.instance.incident.reason)


def test_one_node_joins_and_splits() -> None:
    """One parallel node joins over all its incoming edges and splits over all its outgoing ones."""
    definition = workflow(
        {"f": "parallel", "A": task(), "B": task(), "m": "parallel", "C": task(), "D": task(), "j": "parallel"},
        "s>f f>A f>B A>m B>m m>C m>D C>j D>j j>z",
    )
    case = done(Case(definition), "A", "B")

    assert ["C", "D"] == case.work
    assert "completed" == done(case, "D", "C").status


def test_parallel_ignores_conditions() -> None:
    """An AND-split puts one token on each edge, whatever conditions say."""
    assert ["A", "B"] == Case(workflow({"f": "parallel", "A": task(), "B": task()}, "s>f f>A[False] f>B A>z B>z")).work


# XOR


@pytest.mark.parametrize(("n", "work"), [(1, ["C"]), (5, ["B"]), (50, ["A"])])
def test_xor_takes_the_first_true_edge(n: int, work: list[str]) -> None:
    """XOR-split: first true edge in the designer's order, else default."""
    definition = workflow(
        {"x": "exclusive", "A": task(), "B": task(), "C": task()}, "s>x x>C* x>A[n > 10] x>B[n > 2] A>z B>z C>z"
    )

    assert work == Case(definition, {"n": n}).work


def test_an_edge_without_condition_counts_as_true() -> None:
    """An edge that has no condition and is not the default counts as true; order is priority."""
    definition = workflow(
        {"x": "exclusive", "A": task(), "B": task(), "C": task()}, "s>x x>A[n > 10] x>B x>C[n > 2] A>z B>z C>z"
    )

    assert ["B"] == Case(definition, {"n": 5}).work


def test_no_branch_is_an_incident_with_names_and_values() -> None:
    """Else incident naming node and values; never a silent end; a retry after the repair re-evaluates the same token."""
    definition = workflow(
        {"T": task(), "x": "exclusive", "A": task(), "B": task()}, "s>T T>x x>A[n > 10] x>B[m > 2 and n > 0] A>z B>z"
    )
    case = done(Case(definition, {"n": 5, "m": None}), "T")
    incident = case.instance.incident

    assert ("incident", "x", "no_branch") == (case.status, incident.node, incident.reason)
    assert (["n", "m"], {"n": 5, "m": None}) == (incident.names, incident.values)
    assert "n > 10" in incident.expression
    assert {"T>x": 1} == {edge: len(tokens) for edge, tokens in case.instance.tokens.items()}
    assert "incident" == case.do("retry", "root").status
    case.definition["edges"][2]["condition"] = "n > 1"
    assert (["A"], "running", None) == (case.do("retry", "root").work, case.status, case.instance.incident)


def test_an_error_in_a_condition_is_an_incident() -> None:
    """An expression error is an incident with the expression, names and values; siblings go on."""
    definition = workflow(
        {"f": "parallel", "A": task(), "x": "exclusive", "B": task()}, "s>f f>A f>x x>B[n + 'x' > 1] x>z* A>z B>z"
    )
    case = Case(definition, {"n": 5})
    incident = case.instance.incident

    assert ("x", "expression", "n + 'x' > 1", ["n"], {"n": 5}) == (
        incident.node, incident.reason, incident.expression, incident.names, incident.values
    )  # fmt: skip
    assert ["A"] == case.work
    assert "incident" == done(case, "A").status
    case.definition["edges"][3]["condition"] = "n > 1"
    assert ["B"] == case.do("retry").work


@pytest.mark.parametrize("condition", ["n", "'yes'", "n +", "MISSING(n)", "1 +* 2"])
def test_what_is_no_condition(condition: str) -> None:
    """A number or a text is no condition, nor is what cannot be read."""
    definition = workflow({"x": "exclusive", "A": task()}, f"s>x x>A[{condition}] x>z* A>z")

    assert "incident" == Case(definition, {"n": 5}).status


def test_retry_needs_an_incident() -> None:
    """Without an incident there is nothing to retry."""
    assert "no_incident" == Case(BLOCK).refused("retry", "root")


def test_xor_join_passes_each_token() -> None:
    """XOR-join passes each token (WCP-8)."""
    definition = workflow(
        {"f": "parallel", "A": task(), "B": task(), "x": "exclusive", "D": task()}, "s>f f>A f>B A>x B>x x>D D>z"
    )

    assert ["D", "D"] == done(Case(definition), "A", "B").work


def test_other_nodes_run_once_per_token() -> None:
    """Every other node runs once per arriving token and then puts a token on each outgoing edge."""
    definition = workflow(
        {"f": "parallel", "A": task(), "B": task(), "D": task(), "E": task(), "F": task()},
        "s>f f>A f>B A>D B>D D>E D>F E>z F>z",
    )
    case = done(Case(definition), "A", "B")

    assert ["D", "D"] == case.work
    assert ["D", "E", "F"] == done(case, "D").work


def test_conditions_on_an_ordinary_node() -> None:
    """Where an outgoing edge has a condition or is the default, a node chooses by the rule of the OR-split."""
    definition = workflow(
        {"A": task(), "B": task(), "C": task(), "D": task()}, "s>A A>B[n > 1] A>C[n > 2] A>D* B>z C>z D>z"
    )

    assert ["B", "C"] == done(Case(definition, {"n": 3}), "A").work
    assert ["B"] == done(Case(definition, {"n": 2}), "A").work
    assert ["D"] == done(Case(definition, {"n": 0}), "A").work


def test_no_way_out_of_an_ordinary_node() -> None:
    """A node whose conditions all fail is an incident; retry evaluates its way out again, not its work."""
    definition = workflow({"A": task(), "B": task()}, "s>A A>B[n > 1] B>z")
    case = done(Case(definition, {"n": 0}), "A")

    assert ("incident", "A", "no_branch", []) == (
        case.status,
        case.instance.incident.node,
        case.instance.incident.reason,
        case.work,
    )
    case.definition["edges"][1]["condition"] = "n >= 0"
    assert ["B"] == case.do("retry").work


# OR


OR = workflow(
    {"f": "inclusive", "A": task(), "B": task(), "C": task(), "j": "inclusive", "D": task()},
    "s>f f>A[a] f>B[b] f>C* A>j B>j C>j j>D D>z",
)


@pytest.mark.parametrize(
    ("variables", "work"),
    [({"a": True, "b": True}, ["A", "B"]), ({"a": True}, ["A"]), ({"b": True}, ["B"]), ({}, ["C"])],
)
def test_or_split_and_join(variables: dict, work: list[str]) -> None:
    """OR-split: all true edges, none → default; the OR-join waits for exactly those."""
    for order in permutations(work):
        case = Case(OR, variables)
        assert work == case.work
        done(case, *order[:-1])
        assert "D" not in case.work
        assert ["D"] == done(case, order[-1]).work
        assert "completed" == done(case, "D").status


def test_or_split_without_default_is_an_incident() -> None:
    """None true and no default → incident."""
    case = Case(workflow({"f": "inclusive", "A": task()}, "s>f f>A[a] A>z"))

    assert ("incident", "f", "no_branch") == (case.status, case.instance.incident.node, case.instance.incident.reason)


@pytest.mark.parametrize(
    ("waiting", "what"),
    [
        (task(), "an open work item"),
        ({"type": "timer", "after": 60}, "a waiting timer"),
        ({"type": "signal", "signal": "go"}, "a waiting signal"),
        ({"type": "webhook", "url": "u"}, "an effect"),
        ({"type": "call", "workflow": "c"}, "a child"),
    ],
)
def test_or_join_waits_for_what_can_still_come(waiting: dict, what: str) -> None:
    """It does not fire while a token elsewhere can reach an empty incoming edge without passing the join."""
    definition = workflow(
        {"f": "inclusive", "A": task(), "W": waiting, "V": task(), "j": "inclusive", "D": task()},
        "s>f f>A[True] f>W[True] A>j W>V V>j j>D D>z",
    )
    case = done(Case(definition, library={"c": workflow({"K": task()}, "s>K K>z")}), "A")

    assert "D" not in case.work, what
    {
        "task": lambda: done(case, "W"),
        "timer": lambda: case.wait(minutes=1),
        "signal": lambda: case.do("signal", name="go"),
        "webhook": lambda: case.answer({}),
        "call": lambda: done(case, "W/K"),
    }[waiting["type"]]()
    assert ["V"] == case.work
    assert ["D"] == done(case, "V").work


def test_or_join_does_not_wait_for_what_cannot_come() -> None:
    """A token that went another way for good is not waited for."""
    definition = workflow(
        {"f": "inclusive", "A": task(), "B": task(), "x": "exclusive", "E": task(), "j": "inclusive", "D": task()},
        "s>f f>A[True] f>B[True] A>j B>x x>E[away] x>j* E>z j>D D>z",
    )
    case = done(Case(definition), "A")
    assert ["B"] == case.work
    done(case, "B", form={"away": True})
    assert ["D", "E"] == case.work


def test_or_join_waits_for_an_armed_boundary() -> None:
    """An armed boundary event that leads to an empty edge is waited for."""
    definition = workflow(
        {
            "f": "parallel",
            "A": task(),
            "B": task(boundary=[{"id": "t", "after": 60}]),
            "E": task(),
            "j": "inclusive",
            "D": task(),
        },
        "s>f f>A f>B A>j B>E E>z B#t>j j>D D>z",
    )
    case = done(Case(definition), "A")

    assert ["B"] == case.work
    assert ["D"] == case.wait(minutes=1).work
    other = done(done(Case(definition), "A"), "B")
    assert ["D", "E"] == other.work


def test_or_join_ignores_a_token_that_can_reach_a_full_edge() -> None:
    """A token that can also reach a full edge is not waited for (BPMN 2.0 inclusive gateway rule)."""
    definition = workflow(
        {"f": "parallel", "A": task(), "B": task(), "x": "exclusive", "y": "exclusive", "j": "inclusive", "D": task()},
        "s>f f>A f>B A>x x>j B>y y>x[up] y>j* j>D D>z",
    )
    case = done(Case(definition), "A")

    assert ["B", "D"] == case.work
    assert ["A"] == done(Case(definition), "B").work


def test_a_token_behind_the_join_does_not_block_it() -> None:
    """A token that could only come by passing the join itself is not waited for."""
    definition = workflow(
        {"f": "inclusive", "A": task(), "B": task(), "j": "inclusive", "D": task(), "x": "exclusive"},
        "s>f f>A[True] f>B[True] A>j B>j j>D D>x x>f[again] x>z*",
    )
    case = done(Case(definition), "A", "B")

    assert ["D"] == case.work
    assert ["A", "B"] == done(case, "D", form={"again": True}).work
    assert ["D"] == done(case, "B", "A").work


def test_two_or_joins_in_a_row() -> None:
    """Joins in a row fire one after another, each when nothing else can move."""
    definition = workflow(
        {"f": "inclusive", "A": task(), "B": task(), "C": task(), "i": "inclusive", "j": "inclusive", "D": task()},
        "s>f f>A[True] f>B[True] f>C[True] A>i B>i i>j C>j j>D D>z",
    )

    assert ["D"] == done(Case(definition), "A", "C", "B").work
    assert ["C"] == done(Case(definition), "A", "B").work


# n of m


def partial(n: int, *, cancel: bool = False, m: int = 3) -> Case:
    """Return a case with m tasks T0… between a split and a join for n of them."""
    nodes: dict = {"f": "parallel", "j": {"type": "join", "n": n, "split": "f", "cancel": cancel}, "D": task()}
    edges = "s>f " + " ".join(f"f>T{number} T{number}>j" for number in range(m)) + " j>D D>z"
    return Case(workflow({**nodes, **{f"T{number}": task() for number in range(m)}}, edges))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_partial_join_fires_on_the_nth_arrival(n: int) -> None:
    """n-of-m: fires on the n-th arrival of a round and absorbs the rest."""
    case = partial(n)
    for number in range(3):
        done(case, f"T{number}")
        assert (number + 1 >= n) is ("D" in case.work)
    assert ["D"] == case.work
    assert "completed" == done(case, "D").status


def test_partial_join_absorbs_after_its_successor_is_done() -> None:
    """The instance goes on until the rest has arrived and is absorbed."""
    case = done(partial(1), "T0", "D")

    assert (["T1", "T2"], "running") == (case.work, case.status)
    assert "completed" == done(case, "T1", "T2").status


def test_partial_join_rearms_after_m() -> None:
    """It re-arms after m: the next round counts anew."""
    definition = workflow(
        {
            "x": "exclusive",
            "f": "parallel",
            "A": task(),
            "B": task(),
            "j": {"type": "join", "n": 1},
            "D": task(),
            "y": "exclusive",
        },
        "s>x x>f f>A f>B A>j B>j j>D D>y y>x[again] y>z*",
    )
    case = done(Case(definition), "A", "B")
    done(case, "D", form={"again": True})
    assert ["A", "B"] == case.work
    assert ["B", "D"] == done(case, "A").work
    assert "completed" == done(done(case, "B"), "D", form={"again": False}).status


def test_too_few_arrivals_are_a_deadlock() -> None:
    """Arrivals that never become n are tokens left: a deadlock."""
    definition = workflow(
        {"x": "exclusive", "A": task(), "B": task(), "j": {"type": "join", "n": 2}}, "s>x x>A[True] x>B* A>j B>j j>z"
    )

    assert ("incident", "deadlock") == ((case := done(Case(definition), "A")).status, case.instance.incident.reason)


def test_without_n_a_partial_join_takes_all() -> None:
    """M is the number of incoming edges, and n unless said."""
    definition = workflow(
        {"f": "parallel", "A": task(), "B": task(), "j": "join", "D": task()}, "s>f f>A f>B A>j B>j j>D D>z"
    )

    assert ["B"] == done(Case(definition), "A").work
    assert ["D"] == done(Case(definition), "A", "B").work


def test_cancelling_join_withdraws_the_siblings() -> None:
    """The cancelling variant withdraws the siblings between split and join and re-arms at once."""
    case = done(partial(2, cancel=True), "T2", "T0")

    assert ["D"] == case.work
    assert "withdrawn" == case.refused("complete", node="T1")
    assert "completed" == done(case, "D").status


@pytest.mark.parametrize("split", ["f", None])
def test_cancelling_join_withdraws_everything_in_between(split: str | None) -> None:
    """Work, tokens, timers and children between split and join go; what lies elsewhere stays."""
    definition = workflow(
        {
            "g": "parallel", "O": task(), "f": "parallel", "A": task(), "B": approval("b"), "W": {"type": "timer", "after": 60},
            "P": {"type": "call", "workflow": "c"}, "i": "parallel", "C": task(),
            "j": {"type": "join", "n": 1, "cancel": True, **({"split": split} if split else {})}, "D": task(),
        },
        "s>g g>O O>z g>f f>A A>j f>B B>j f>W W>j f>P P>j f>C C>i f>i i>j j>D D>z",
    )  # fmt: skip
    case = Case(definition, library={"c": workflow({"K": task()}, "s>K K>z")})
    assert ["A", "B:b", "C", "O", "P/K"] == case.work
    done(case, "A")

    assert (["D", "O"], {}, []) == (case.work, case.instance.tokens, case.instance.timers)
    assert "completed" == done(case, "D", "O").status


def test_cancelling_join_in_a_loop() -> None:
    """Re-armed at once, it works again in the next turn."""
    definition = workflow(
        {
            "x": "exclusive",
            "f": "parallel",
            "A": task(),
            "B": task(),
            "j": {"type": "join", "n": 1, "split": "f", "cancel": True},
            "D": task(),
            "y": "exclusive",
        },
        "s>x x>f f>A f>B A>j B>j j>D D>y y>x[again] y>z*",
    )
    case = done(done(Case(definition), "A"), "D", form={"again": True})
    assert ["A", "B"] == case.work
    assert ["D"] == done(case, "B").work


# End and terminate


def test_end_consumes_one_token() -> None:
    """End consumes one token; the instance completes when no token and no work is left."""
    case = done(Case(workflow({"f": "parallel", "A": task(), "B": task()}, "s>f f>A f>B A>z B>z")), "A")

    assert (["B"], "running") == (case.work, case.status)
    assert "completed" == done(case, "B").status


def test_terminate_withdraws_everything() -> None:
    """Terminate withdraws everything and the instance is completed."""
    definition = workflow(
        {"f": "parallel", "A": task(), "B": approval("b"), "W": {"type": "timer", "after": 60}, "t": "terminate"},
        "s>f f>A f>B f>W A>t B>z W>z",
    )
    case = done(Case(definition), "A")

    assert ("completed", [], [], [("B", ["b"])]) == (
        case.status,
        case.work,
        case.instance.timers,
        case.notices("withdrawn"),
    )


def test_a_node_without_a_way_out_ends_its_token() -> None:
    """A node without outgoing edges ends its token (WCP-11)."""
    assert "completed" == done(Case(workflow({"A": task()}, "s>A")), "A").status


# Loops


def test_structured_loop() -> None:
    """A loop runs as long as its condition holds; each entry is a further round."""
    definition = workflow(
        {"m": "exclusive", "v": {"type": "set", "set": {"n": "n + 1"}}, "x": "exclusive"}, "s>m m>v v>x x>m[n < 5] x>z*"
    )
    case = Case(definition, {"n": 0})

    assert ("completed", 5, 5) == (case.status, case.variables["n"], case.instance.rounds["v"])


def test_a_loop_without_end_is_an_incident() -> None:
    """A loop that nothing stops is cut and reported."""
    case = Case(workflow({"m": "exclusive", "v": {"type": "set", "set": {"n": "1"}}}, "s>m m>v v>m"))

    assert ("incident", "endless") == (case.status, case.instance.incident.reason)


def test_set_computes_over_the_old_values() -> None:
    """`set` computes all its expressions over the variables as they are."""
    case = Case(
        workflow({"v": {"type": "set", "set": {"a": "b", "b": "a", "c": "'x'", "d": 7}}}, "s>v v>z"), {"a": 1, "b": 2}
    )

    assert {"a": 2, "b": 1, "c": "x", "d": 7} == case.variables


def test_an_error_in_set_is_an_incident() -> None:
    """An expression of a node that cannot be evaluated is an incident at the node, which a retry enters again."""
    case = Case(workflow({"v": {"type": "set", "set": {"n": "n + 'x'"}}}, "s>v v>z"), {"n": 1})
    assert ("v", "expression", "n + 'x'") == (
        case.instance.incident.node,
        case.instance.incident.reason,
        case.instance.incident.expression,
    )
    case.definition["nodes"]["v"]["set"]["n"] = "n + 1"

    assert ("completed", 2) == (case.do("retry").status, case.variables["n"])
