"""Workflows in tests: a small company, definitions in one line, and a case that is saved and restored at every step."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workflows import Instance, Refused, advance, open_work, start
from workflows.instance import ENDED

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)  # a Monday


class Company:
    """Who is who: everything is a plain mapping that a test may change."""

    def __init__(self, **facts: Any) -> None:
        self.superiors: dict[str, str] = {"u0": "s1", "s1": "s2", "s2": "s3", "a": "s1", "b": "s1"}
        self.roles: dict[str, list[str]] = {"role:buyer": ["a", "b"]}
        self.heads: dict[tuple[str, int], str] = {("u0", 1): "h1", ("u0", 2): "h2"}
        self.inactive: set[str] = set()
        self.agents: dict[str, str] = {}
        self.administrator: str | None = "root"
        vars(self).update(facts)

    def superior(self, user: str) -> str | None:
        return self.superiors.get(user)

    def members(self, source: str) -> list[str]:
        return self.roles.get(source, [])

    def department_head(self, user: str, n: int) -> str | None:
        return self.heads.get((user, n))

    def active(self, user: str) -> bool:
        return user not in self.inactive

    def agent(self, user: str, workflow: str) -> str | None:
        return self.agents.get(user) or self.agents.get(f"{user}@{workflow}")

    def admin(self) -> str | None:
        return self.administrator


class WorkWeek:
    """A calendar: 9 to 17 o'clock UTC, Monday to Friday."""

    def add_work_time(self, moment: datetime, duration: timedelta) -> datetime:
        left = duration
        while True:
            opening = moment.replace(hour=9, minute=0, second=0)
            closing = moment.replace(hour=17, minute=0, second=0)
            here = max(moment, opening)
            if moment.weekday() < 5 and here < closing:
                if left <= closing - here:
                    return here + left
                left -= closing - here
            moment = opening + timedelta(days=1)


def workflow(nodes: Mapping[str, Any], edges: str, **rest: Any) -> dict[str, Any]:
    """Return a definition: nodes by id (a text is a type, a list are approvers), edges as `A>B[condition]` or `A>B*`."""
    built: dict[str, Any] = {"s": {"type": "start"}, "z": {"type": "end"}}
    for key, node in nodes.items():
        if isinstance(node, str):
            built[key] = {"type": node}
        elif isinstance(node, list):
            built[key] = {"type": "approval", "approvers": node}
        else:
            built[key] = dict(node)
    lines = []
    for text in _split(edges):
        arrow, _, condition = text.partition("[")
        default = arrow.endswith("*")
        source, target = arrow.rstrip("*").split(">")
        edge: dict[str, Any] = {"id": f"{source}>{target}", "from": source, "to": target}
        if condition:
            edge["condition"] = condition.rstrip("]")
        if default:
            edge["default"] = True
        lines.append(edge)
    return {"key": "wf", "name": "wf", "nodes": built, "edges": lines, **rest}


def _split(edges: str) -> list[str]:
    parts: list[str] = []
    for word in edges.split():
        if parts and parts[-1].count("[") > parts[-1].count("]"):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts


def approval(*approvers: str, **settings: Any) -> dict[str, Any]:
    """Return an approval node."""
    return {"type": "approval", "approvers": list(approvers), **settings}


def task(*approvers: str, **settings: Any) -> dict[str, Any]:
    """Return a task node."""
    node: dict[str, Any] = {"type": "task", **settings}
    if approvers:
        node["approvers"] = list(approvers)
    return node


class Case:
    """One instance being walked. Every step starts from the saved text and proves that a refused step changes nothing."""

    def __init__(
        self,
        definition: Mapping[str, Any],
        variables: Mapping[str, Any] | None = None,
        *,
        initiator: str = "u0",
        company: Company | None = None,
        library: Mapping[str, Any] | None = None,
        id: str = "i1",  # noqa: A002 the word of `start`
        calendar: Any = None,
        now: datetime = NINE,
    ) -> None:
        self.definition = copy.deepcopy(dict(definition))
        self.company = company or Company()
        self.library = dict(library or {})
        self.calendar = calendar
        self.now = now
        self.instance, self.effects = start(
            self.definition,
            variables or {},
            initiator=initiator,
            now=now,
            directory=self.company,
            library=self.library,
            id=id,
            calendar=calendar,
        )
        self.all_effects = list(self.effects)
        self._check()

    def do(self, op: str, user: str | None = None, node: str | None = None, **keys: Any) -> Case:
        """Carry out one operation."""
        event = {"op": op, **({"user": user} if user else {}), **({"node": node} if node else {}), **keys}
        saved = json.loads(json.dumps(self.instance.to_json()))
        restored = Instance.from_json(saved)
        assert self.instance == restored
        try:
            self.instance, self.effects = advance(
                self.definition,
                restored,
                event,
                now=self.now,
                directory=self.company,
                library=self.library,
                calendar=self.calendar,
            )
        finally:
            assert saved == restored.to_json(), "advance changed the instance that it was given"
        if op == "migrate":
            self.definition = copy.deepcopy(dict(event["definition"]))
        self.all_effects += self.effects
        self._check()
        return self

    def approve(self, *seats: str, **keys: Any) -> Case:
        """Approve at `node:user`, one after another."""
        for seat in seats:
            node, _, user = seat.rpartition(":")
            self.do("approve", user, node, **keys)
        return self

    def refused(self, op: str, user: str | None = None, node: str | None = None, **keys: Any) -> str:
        """Return the reason for which the operation is refused."""
        with pytest.raises(Refused) as caught:
            self.do(op, user, node, **keys)
        assert str(caught.value)
        return caught.value.reason

    def wait(self, **length: float) -> Case:
        """Let time pass, and what is due happen."""
        self.now += timedelta(**length)
        return self.do("advance_time")

    def later(self, **length: float) -> Case:
        """Let time pass without anything happening."""
        self.now += timedelta(**length)
        return self

    def answer(self, result: Any = None, **keys: Any) -> Case:
        """Answer the newest effect that wants an answer."""
        return self.do("effect_done", effect=self.asked()[-1]["id"], result=result, **keys)

    def asked(self) -> list[dict[str, Any]]:
        """Return every effect so far that wants an answer."""
        quiet = {"notify", "timer", "start_workflow"}
        return [effect for effect in self.all_effects if effect["type"] not in quiet]

    def notices(self, reason: str) -> list[tuple[str, list[str]]]:
        """Return the notices of the last step with that reason: node and users."""
        found = [effect for effect in self.effects if effect["type"] == "notify" and effect["reason"] == reason]
        return [(effect["node"], effect["to"]) for effect in found]

    @property
    def work(self) -> list[str]:
        return open_work(self.instance)

    @property
    def status(self) -> str:
        return self.instance.status

    @property
    def variables(self) -> dict[str, Any]:
        return self.instance.variables

    @property
    def outcome(self) -> dict[str, str]:
        return self.instance.variables.get("outcome", {})

    def ops(self, op: str) -> list[dict[str, Any]]:
        """Return the rows of the log with that operation."""
        return [row for row in self.instance.log if row["op"] == op]

    def _check(self) -> None:
        """Conservation: what runs has something to wait for, what has ended has nothing left."""
        instance = self.instance
        live = instance.live_runs()
        if instance.status in ENDED:
            assert ([], {}, [], [], []) == (live, instance.tokens, instance.timers, self.work, instance.incidents)
        elif instance.status == "running":
            assert live
            assert instance.incident is None
        elif instance.status == "incident":
            assert instance.incident is not None


def states(case: Case, node: str) -> dict[str, str]:
    """Return user -> state of the seats of the newest run at *node*."""
    run = next(run for run in reversed(case.instance.runs) if run.node == node)
    return {seat.user: seat.state for seat in run.seats}
