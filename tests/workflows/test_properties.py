"""The metamorphic properties of the core, on generated workflows and generated lives of instances.

Restart between all steps, refusal changes nothing, conservation (both inside `Case`), duplicates, independence of
order, migration to an equal definition, one jump of the clock against many.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from flow_story import Case, Company, WorkWeek, approval, task, workflow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from workflows import Instance, Refused, advance
from workflows.instance import ENDED

PEOPLE = ["a", "b", "c", "d", "u0"]
MODES: list[dict[str, Any]] = [
    {"mode": "any"}, {"mode": "all"}, {"mode": "sequential"}, {"mode": "ratio", "ratio": "2/3"}, {"mode": "count", "count": 2},
    {"mode": "any", "or_reject": "all"}, {"mode": "all", "collect": True}, {"mode": "random"},
]  # fmt: skip
CHILD = workflow({"K": approval("a", "b", mode="any"), "T": task()}, "s>K K>T T>z", key="child")


@st.composite
def people_nodes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an approval or task with whatever settings."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    if draw(st.integers(0, 4)) == 0:
        return task(*people)
    limits = draw(
        st.sampled_from(
            [
                [],
                [{"after": "PT2H", "action": "remind", "every": "PT1H", "max": 3}],
                [{"after": "PT5H", "action": "pass"}],
                [{"after": "PT3H", "action": "escalate"}],
            ]
        )
    )
    node = approval(*people, **draw(st.sampled_from(MODES)), write=["n"], timeout=limits)
    node["on_reject"] = draw(st.sampled_from(["end", "branch", "branch", "goto:START"]))
    node["self"] = draw(st.sampled_from(["allow", "skip", "superior"]))
    return node


@st.composite
def flows(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a workflow: a node, a block of two or three branches under some gateway, a node."""
    gate, join = draw(
        st.sampled_from(
            [("parallel", "parallel"), ("inclusive", "inclusive"), ("parallel", "partial"), ("event", "exclusive")]
        )
    )
    branches = draw(st.integers(2, 3))
    nodes: dict[str, Any] = {"A": draw(people_nodes()), "f": gate, "D": draw(people_nodes())}
    nodes["j"] = (
        {"type": "join", "n": draw(st.integers(1, branches)), "split": "f", "cancel": draw(st.booleans())}
        if join == "partial"
        else join
    )
    edges = ["s>A", "A>f", "j>D", "D>z"]
    for number in range(branches):
        first, second = f"B{number}", f"C{number}"
        nodes[first] = draw(
            st.one_of(
                people_nodes(),
                st.sampled_from(
                    [
                        task(),
                        {"type": "timer", "after": "PT4H"},
                        {"type": "signal", "signal": "go"},
                        {"type": "call", "workflow": "child"},
                        {"type": "webhook", "url": "u"},
                    ]
                ),
            )
        )
        condition = "" if gate != "inclusive" else "*" if number == 0 else f"[n > {number}]"
        edges.append(f"f>{first}{condition}")
        if draw(st.booleans()):
            nodes[second] = draw(people_nodes())
            edges += [f"{first}>{second}", f"{second}>j"]
        else:
            edges.append(f"{first}>j")
    policy = {"dedupe": draw(st.sampled_from(["none", "consecutive", "earlier"])), "recall": "anytime"}
    return workflow(nodes, " ".join(edges), policy=policy)


class Life(RuleBasedStateMachine):
    """An instance lives any life: `Case` restarts it at every step and checks conservation and refusals."""

    @initialize(definition=flows(), n=st.integers(0, 3))
    def begin(self, definition: dict[str, Any], n: int) -> None:
        self.case = Case(
            definition, {"n": n}, company=Company(agents={"d": "x"}), library={"child": CHILD}, calendar=WorkWeek()
        )

    def attempt(self, op: str, user: str | None = None, node: str | None = None, **keys: Any) -> None:
        before = self.case.instance.to_json()
        try:
            self.case.do(op, user, node, **keys)
        except Refused:
            assert before == self.case.instance.to_json()

    def work(self, pick: int) -> tuple[str, str | None]:
        item = self.case.work[pick % len(self.case.work)]
        node, _, user = item.partition(":")
        return node, user or None

    @precondition(lambda self: self.case.work)
    @rule(
        pick=st.integers(0, 9),
        op=st.sampled_from(["approve", "approve", "approve", "reject", "complete", "resubmit"]),
        n=st.none() | st.integers(0, 3),
    )
    def decide(self, pick: int, op: str, n: int | None) -> None:
        node, user = self.work(pick)
        if op == "approve" and (user is None or node.startswith(("START", "P/T"))):
            op = "complete" if user is None else "resubmit"
        self.attempt(op, user, node, **({} if n is None else {"form": {"n": n}}))

    @precondition(lambda self: self.case.work)
    @rule(pick=st.integers(0, 9), op=st.sampled_from(["transfer", "delegate"]), to=st.sampled_from([*PEOPLE, "y"]))
    def hand(self, pick: int, op: str, to: str) -> None:
        node, user = self.work(pick)
        self.attempt(op, user, node, to=to)

    @precondition(lambda self: self.case.work)
    @rule(
        pick=st.integers(0, 9),
        kind=st.sampled_from(["before", "after", "parallel"]),
        users=st.lists(st.sampled_from([*PEOPLE, "x", "y"]), min_size=1, max_size=2),
        mode=st.sampled_from(["any", "all", "sequential"]),
    )
    def sign(self, pick: int, kind: str, users: list[str], mode: str) -> None:
        node, user = self.work(pick)
        self.attempt("add_sign", user, node, kind=kind, users=users, mode=mode)

    @precondition(lambda self: self.case.work)
    @rule(pick=st.integers(0, 9), other=st.sampled_from([*PEOPLE, "x", "y"]))
    def unsign(self, pick: int, other: str) -> None:
        node, user = self.work(pick)
        self.attempt("remove_sign", user or "a", node, users=[other])

    @precondition(lambda self: self.case.work)
    @rule(
        pick=st.integers(0, 9),
        to=st.sampled_from(["START", "A", "B0", "C0", "B1"]),
        resume=st.sampled_from(["replay", "direct", "changed"]),
    )
    def send_back(self, pick: int, to: str, resume: str) -> None:
        node, user = self.work(pick)
        self.attempt("return", user, node, to=to, resume=resume)

    @rule(
        node=st.sampled_from(["A", "B0", "C0", "B1", "D"]),
        user=st.sampled_from(PEOPLE),
        op=st.sampled_from(["retract", "take_back"]),
    )
    def take_back(self, node: str, user: str, op: str) -> None:
        self.attempt(op, user, node)

    @rule(user=st.sampled_from(PEOPLE), to=st.sampled_from([*PEOPLE, "y"]))
    def leave(self, user: str, to: str) -> None:
        self.attempt("handover", user, to=to)

    @rule(hours=st.integers(0, 6))
    def wait(self, hours: int) -> None:
        self.case.wait(hours=hours)

    @rule(name=st.sampled_from(["go", "other"]))
    def signal(self, name: str) -> None:
        self.case.do("signal", name=name)

    @precondition(lambda self: self.case.asked())
    @rule(error=st.booleans())
    def answer(self, *, error: bool) -> None:
        effect = self.case.asked()[-1]["id"]
        self.attempt("effect_done", effect=effect, **({"error": "down"} if error else {"result": {"ok": True}}))

    @rule(op=st.sampled_from(["retry", "suspend", "resume", "urge", "comment"]))
    def manage(self, op: str) -> None:
        self.attempt(op, "u0", text="x")

    @rule()
    def migrate_to_itself(self) -> None:
        before = self.case.instance.to_json()
        if self.case.status in {"running", "incident"}:
            self.case.do("migrate", definition=copy.deepcopy(self.case.definition))
            assert before == self.case.instance.to_json()

    @precondition(lambda self: self.case.status == "running")
    @rule(pick=st.integers(0, 9))
    def duplicate(self, pick: int) -> None:
        """The same decision twice: the second is refused, or is another seat of the same person."""
        if not self.case.work:
            return
        node, user = self.work(pick)
        seats = self.case.work.count(f"{node}:{user}")
        if user is None or node.endswith("START") or seats != 1:
            return
        self.attempt("approve", user, node)
        if f"{node}:{user}" not in self.case.work and self.case.status not in ENDED:
            before = self.case.instance.to_json()
            try:
                self.case.do("approve", user, node)
            except Refused:
                assert before == self.case.instance.to_json()


Life.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLife = Life.TestCase


def played(definition: dict[str, Any], events: list[dict[str, Any]]) -> Case:
    """Return a case after *events*."""
    case = Case(definition, {"n": 1}, library={"child": CHILD})
    for event in events:
        case.do(**event)
    return case


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(flows(), st.data())
def test_steps_do_not_depend_on_restarts(definition: dict[str, Any], data: st.DataObject) -> None:
    """A life with a restart between all steps is the life without any."""
    restarted = Case(definition, {"n": 1}, library={"child": CHILD})
    kept, effects = Instance.from_json(restarted.instance.to_json()), list(restarted.all_effects)
    for _ in range(8):
        if not restarted.work or restarted.status in ENDED:
            break
        item = data.draw(st.sampled_from(restarted.work))
        node, _, user = item.partition(":")
        op = "approve" if user and definition["nodes"].get(node, {}).get("type") == "approval" else "complete"
        event = {"op": op, "node": node, **({"user": user} if user else {})}
        try:
            restarted.do(**event)
        except Refused:
            continue
        kept, more = advance(
            definition, kept, event, now=restarted.now, directory=restarted.company, library=restarted.library
        )
        effects += more
        assert kept == restarted.instance
    assert effects == restarted.all_effects


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(people_nodes(), min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_independent_branches_does_not_matter(nodes: list[dict[str, Any]], random: Any) -> None:
    """Decisions in parallel branches may come in any order: the end is the same."""
    keys = [f"B{number}" for number in range(len(nodes))]
    for node in nodes:
        node.pop("timeout", None)
        node["on_reject"] = "branch"
        node.pop("self", None)
        node.pop("mode", None)
        node.pop("write", None)
    built = {"f": "parallel", "j": "parallel", "D": task(), **dict(zip(keys, nodes, strict=True))}
    definition = workflow(built, "s>f j>D D>z " + " ".join(f"f>{key} {key}>j" for key in keys))
    first, second = Case(definition), Case(definition)
    for case, shuffled in ((first, False), (second, True)):
        while case.work != ["D"]:
            open_items = list(case.work)
            item = random.choice(open_items) if shuffled else open_items[0]
            node, _, user = item.partition(":")
            case.do("approve" if nodes[keys.index(node)]["type"] == "approval" else "complete", user, node)

    assert first.outcome == second.outcome
    assert (first.status, first.work, {}) == (second.status, second.work, second.instance.tokens)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(flows(), st.lists(st.integers(1, 200), min_size=1, max_size=12))
def test_one_jump_of_the_clock_is_many_small_ones(definition: dict[str, Any], minutes: list[int]) -> None:
    """Nobody acts, the time passes: in one jump or in many, the position and the effects are the same."""
    jump, small = (Case(definition, {"n": 2}, library={"child": CHILD}) for _ in range(2))
    jump.wait(minutes=sum(minutes))
    for length in minutes:
        small.wait(minutes=length)

    assert jump.all_effects == small.all_effects
    first, second = (json.loads(json.dumps(case.instance.to_json())) for case in (jump, small))
    first.pop("lock_version", None)
    second.pop("lock_version", None)
    assert first == second
