"""Who: from the approver sources of a node to people, with the rule that named each (workflow.md §2, steps 1 to 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.expressions import look_up
from workflows.flow import Flow
from workflows.instance import START
from workflows.plain import draw
from workflows.position import Run


@dataclass(frozen=True, slots=True)
class Person:
    """One named person.

    Args:
        user: who acts.
        rule: the source that named the person (`role:buyer`), with what replaced it (`superior of u0`).
        owner: for whom an agent acts.
    """

    user: str
    rule: str
    owner: str | None = None


@dataclass(slots=True)
class Choice:
    """What the sources of a node came to: people, or a decision without people.

    Args:
        people: who gets a seat, in order.
        verdict: pass or reject when nobody has to decide, incident when somebody must look, else "".
        reason: why: self, empty, or "".
        notes: which rule did what, for the preview.
    """

    people: list[Person] = field(default_factory=list)
    verdict: str = ""
    reason: str = ""
    notes: list[str] = field(default_factory=list)


def users_of(
    flow: Flow, source: Any, extra: Mapping[str, Any] | None = None, previous: Sequence[str] = ()
) -> list[str]:
    """Return the users behind one approver source, inactive ones included; nobody when it names nobody."""
    text = str(source)
    word, colon, rest = text.partition(":")
    if text.startswith("$"):
        return _field(flow, text[1:], extra)
    if word == "previous" and not colon:
        return list(previous)
    if not colon and word not in _RELATIVE:
        return [text]
    reader = _SOURCES.get(word)
    if reader is not None:
        return reader(flow, rest)
    return _field(flow, rest, extra) if word == "field" else list(flow.directory.members(text))


def _field(flow: Flow, name: str, extra: Mapping[str, Any] | None) -> list[str]:
    value = look_up(tuple(name.split(".")), {**flow.instance.variables, **(extra or {})})
    values = value if isinstance(value, list) else [value]
    return [str(user).removeprefix("user:") for user in values if user not in (None, "")]


def _user(_flow: Flow, rest: str) -> list[str]:
    return [rest]


def _initiator(flow: Flow, _rest: str) -> list[str]:
    return [flow.instance.initiator]


def _superiors(flow: Flow) -> Iterator[str]:
    seen = {flow.instance.initiator}
    user = flow.directory.superior(flow.instance.initiator)
    while user is not None and user not in seen:
        yield user
        seen.add(user)
        user = flow.directory.superior(user)


def _superior(flow: Flow, rest: str) -> list[str]:
    level = int(rest or 1)
    return [user for number, user in enumerate(_superiors(flow), 1) if number == level]


def _chain(flow: Flow, rest: str) -> list[str]:
    return [user for number, user in enumerate(_superiors(flow), 1) if number <= int(rest or 1)]


def _dept_head(flow: Flow, rest: str) -> list[str]:
    head = flow.directory.department_head(flow.instance.initiator, int(rest or 1))
    return [] if head is None else [head]


_SOURCES = {
    "user": _user,
    "initiator": _initiator,
    "superior": _superior,
    "chain": _chain,
    "dept_head": _dept_head,
}
_RELATIVE = frozenset({"initiator", "superior", "chain", "dept_head"})


def people_of(
    flow: Flow, sources: Sequence[Any], extra: Mapping[str, Any] | None = None, previous: Sequence[str] = ()
) -> list[Person]:
    """Return the active people behind *sources*, each once, at the first place where they are named."""
    found: dict[str, Person] = {}
    for source in sources:
        for user in users_of(flow, source, extra, previous):
            if user and user not in found and flow.directory.active(user):
                found[user] = Person(user, str(source))
    return list(found.values())


def resolve(flow: Flow, run: Run, settings: Mapping[str, Any], *, own: bool = True) -> Choice:
    """Return who decides at *run*: sources, self policy, empty policy, the draw of mode random, agency.

    Args:
        flow: the step.
        run: the run that was entered.
        settings: the node's settings.
        own: whether the self policy applies (approvals only).
    """
    extra = {"item": run.row, "row": run.row, "index": run.index} if run.index is not None else None
    sources = settings.get("approvers") or ()
    if isinstance(sources, str):
        sources = [sources]
    choice = Choice(people_of(flow, sources, extra, _chosen(flow, run)))
    if own and run.round == 1 and not returned(flow, run.node):
        _self_policy(flow, settings, choice)
    if not choice.people and not choice.verdict:
        _empty_policy(flow, settings, choice)
    if settings.get("mode") == "random" and len(choice.people) > 1:
        drawn = choice.people[draw(len(choice.people), flow.instance.id, run.node, run.round)]
        choice.notes.append(f"random: {drawn.user}")
        choice.people = [drawn]
    choice.people = [_agency(flow, person) for person in choice.people]
    return choice


def _chosen(flow: Flow, run: Run) -> list[str]:
    """Return whom the decider of the nearest earlier run chose."""
    waiting, seen = list(run.prev), set()
    while waiting:
        number = waiting.pop(0)
        before = flow.instance.run(number)
        if before is None or number in seen:
            continue
        seen.add(number)
        if before.chosen:
            return before.chosen
        if not before.seats:
            waiting.extend(before.prev)
    return []


def returned(flow: Flow, node: str) -> bool:
    """Say whether *node* was returned to, or lies after a node that was: nothing passes by itself there."""
    for target in flow.instance.returned:
        start = flow.graph.start if target == START else target
        if start == node or (start in flow.graph.nodes and node in flow.graph.downstream(start)):
            return True
    return False


def _self_policy(flow: Flow, settings: Mapping[str, Any], choice: Choice) -> None:
    initiator = flow.instance.initiator
    policy = settings.get("self", "allow")
    place = next((number for number, person in enumerate(choice.people) if person.user == initiator), None)
    if place is None or policy == "allow":
        return
    rule = choice.people.pop(place).rule
    if policy in {"superior", "dept_head"}:
        found = _superior(flow, "1") if policy == "superior" else _dept_head(flow, "1")
        for user in found:
            others = {person.user for person in choice.people}
            if user != initiator and user not in others and flow.directory.active(user):
                choice.people.insert(place, Person(user, f"{rule} → {policy}"))
    choice.notes.append(f"self: {policy}")
    if not choice.people:
        choice.verdict, choice.reason = "pass", "self"


def _empty_policy(flow: Flow, settings: Mapping[str, Any], choice: Choice) -> None:
    policy = str(settings.get("empty", "error"))
    choice.notes.append(f"empty: {policy}")
    choice.reason = "empty"
    if policy in {"pass", "reject"}:
        choice.verdict = policy
        return
    user: str | None = None
    if policy == "admin":
        user = flow.directory.admin()
    elif policy != "error":
        user = policy.removeprefix("user:")
    if user is None or not flow.directory.active(user):
        choice.verdict = "incident"
        return
    choice.people = [Person(user, f"empty → {policy}")]


def _agency(flow: Flow, person: Person) -> Person:
    """Return the person's agent, one hop only; never the initiator, never somebody inactive."""
    agent = flow.directory.agent(person.user, flow.graph.key)
    if not agent or agent in {person.user, flow.instance.initiator} or not flow.directory.active(agent):
        return person
    return Person(agent, person.rule, person.user)
