"""One step being taken: the instance it changes, the time, who is who, and the effects it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows import expressions
from workflows.directory import Calendar, Directory
from workflows.graph import Graph
from workflows.instance import ENDED, Instance, label
from workflows.plain import plain
from workflows.position import Incident, Run, Seat
from workflows.refusal import Refused, Trouble

MAX_DEPTH = 8
MAX_ENTRIES = 10_000
_ANSWERED = frozenset({"create_record", "update_record", "delete_record", "query_records", "webhook", "replenish"})
_WORDS = {"approved": "pass", "rejected": "reject"}


@dataclass(slots=True)
class Flow:
    """A step in the making. Nothing of it survives but the instance and the effects.

    Args:
        graph: the definition.
        instance: the position; changed in place (it is a copy).
        now: the time of what happens (a late timer happens at its due time).
        directory: who is who.
        library: the definitions of subprocesses by key.
        calendar: work time, or None.
        effects: what the outside is asked for, in order.
        event: the operation being carried out.
        path: the address of a child instance inside its parent (`P/`).
        depth: how many parents it has.
        entered: how many nodes this step has entered, over all levels.
        trace: what a test run records, or None.
    """

    graph: Graph
    instance: Instance
    now: datetime
    directory: Directory
    library: Mapping[str, Any]
    calendar: Calendar | None
    effects: list[dict[str, Any]]
    event: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    depth: int = 0
    entered: list[int] = field(default_factory=lambda: [0])
    trace: list[dict[str, Any]] | None = None

    def settings(self, node: str) -> Mapping[str, Any]:
        """Return the settings of *node*; START and REVOKE have none."""
        return self.graph.nodes.get(node, {})

    @property
    def moment(self) -> str:
        """The time as ISO text."""
        return self.now.isoformat()

    def number(self) -> int:
        """Return the next number of this instance."""
        self.instance.serial += 1
        return self.instance.serial

    # Expressions

    def scope(self, extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the names that expressions read: variables, decisions under their node's name, and *extra*."""
        names = dict(self.instance.variables)
        outcome = names.get("outcome")
        if isinstance(outcome, Mapping):
            names.update({node: _WORDS.get(str(word), word) for node, word in outcome.items()})
        names.update(extra or {})
        return names

    def value(self, source: Any, extra: Mapping[str, Any] | None = None) -> Any:
        """Return the value of an expression as JSON data."""
        return plain(expressions.value_of(source, self.scope(extra), self.now))

    def holds(self, condition: Any, extra: Mapping[str, Any] | None = None) -> bool:
        """Say whether a condition is true."""
        return expressions.holds(condition, self.scope(extra), self.now)

    def put(self, group: str, node: str, value: Any) -> None:
        """Write `variables.<group>.<node>`."""
        found = self.instance.variables.get(group)
        self.instance.variables[group] = {**(found if isinstance(found, Mapping) else {}), node: plain(value)}

    # Effects

    def emit(self, kind: str, node: str, /, **data: Any) -> str:
        """Ask the outside for an effect and return its id."""
        number = self.number()
        key = f"{self.instance.id}:{number}:{kind}"
        self.effects.append({"id": key, "type": kind, "node": f"{self.path}{node}", **plain(data)})
        return key

    def notify(self, reason: str, node: str, users: Sequence[str], /, **data: Any) -> None:
        """Tell *users*, each once; nobody means no effect."""
        to = list(dict.fromkeys(users))
        if to:
            self.emit("notify", node, reason=reason, to=to, **data)

    # The log

    def log(self, op: str, run: Run | None = None, seat: Seat | None = None, /, **data: Any) -> None:
        """Add a row to the action log; empty keys are left out."""
        self.instance.logged += 1
        event = self.event
        row: dict[str, Any] = {"seq": self.instance.logged, "at": self.moment}
        if "request_id" in event:
            row["request_id"] = event["request_id"]
        row["actor"] = data.pop("actor", None) or event.get("user") or "system"
        row["op"] = op
        if run is not None:
            row["node"], row["run"] = label(run), run.id
        if seat is not None:
            row["seat"] = seat.id
            if seat.via == "agent":
                row["on_behalf_of"] = seat.owner
        row.update({key: value for key, value in data.items() if value not in (None, "", {}, [])})
        if self.instance.version is not None:
            row["version"] = self.instance.version
        self.instance.log.append(row)

    def move(self, run: Run, seat: Seat, state: str, op: str, /, **data: Any) -> None:
        """Change a seat's state; each change is one row of the log."""
        before, seat.state = seat.state, state
        self.log(op, run, seat, before=before, after=state, holder=seat.user, **data)

    # Incidents

    def incident(self, node: str, trouble: Trouble, *, run: Run | None = None, edge: str | None = None) -> None:
        """Record that a token cannot go on at *node*."""
        facts: dict[str, Any] = {
            "node": node,
            "reason": trouble.reason,
            "expression": trouble.expression,
            "names": list(trouble.values),
            "values": plain(trouble.values),
            "message": trouble.message,
            "message_en": trouble.message_en,
            "at": self.moment,
        }
        if run is not None:
            run.status = "incident"
            facts["run"] = run.id
        if edge is not None:
            facts["edge"] = edge
        self.instance.incidents.append(Incident(facts))
        self.log("incident", run, node=node, reason=trouble.reason, actor="system")
        admin = self.directory.admin()
        self.notify("incident", node, [admin] if admin else [], message=trouble.message)

    # Children

    def child_flow(self, run: Run) -> Flow:
        """Return the walk of the child instance at *run*.

        Raises:
            Refused: its definition is not in the library.
        """
        if run.child is None:
            raise Refused("no_child", f"“{run.node}”没有子流程在运行", f"no subprocess runs at “{run.node}”")
        return self.under(run, run.child)

    def under(self, run: Run, child: Instance, *, lost: bool = False) -> Flow:
        """Return a walk of *child*, whose parent run is *run*; *lost* takes an empty definition where none is known."""
        definition = self.library.get(child.definition_id, {} if lost else None)
        if definition is None:
            raise Refused(
                "unknown_workflow",
                f"找不到子流程“{child.definition_id}”",
                f"there is no workflow “{child.definition_id}”",
            )
        return Flow(
            definition if isinstance(definition, Graph) else Graph(definition),
            child,
            self.now,
            self.directory,
            self.library,
            self.calendar,
            self.effects,
            self.event,
            f"{self.path}{label(run)}/",
            self.depth + 1,
            self.entered,
            self.trace,
        )

    # Status

    @property
    def ended(self) -> bool:
        """Whether the instance has ended."""
        return self.instance.status in ENDED

    def sub_runs(self, run: Run) -> list[Run]:
        """Return the items of a multi-instance run, in the order of their index."""
        return [item for item in self.instance.runs if item.parent == run.id]


def waits_for_answer(kind: str) -> bool:
    """Say whether an effect of this type keeps its node waiting until `effect_done`."""
    return kind in _ANSWERED
