"""An instance: the whole position of one running workflow, and its JSON form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from workflows.log import pack_log, unpack_log
from workflows.plain import plain
from workflows.position import Incident, Run, Timer, copy_run, pack, pack_run, twin_of, unpack_run

ENDED = frozenset({"completed", "rejected", "recalled", "cancelled"})
START = "START"
REVOKE = "REVOKE"


Token = list[int]
"""One token: the runs that it comes from."""


@dataclass(slots=True)
class Instance:
    """One running workflow. Treat it as immutable: `advance` returns a new one.

    Args:
        id: its key; seeds random draws and effect ids.
        definition_id: the key of its definition.
        version: the definition's version that it is pinned to, when the definition says one.
        status: draft, running, suspended, completed, rejected, recalled, cancelled, incident or revoking.
        variables: the data; `outcome` and `result` inside are written by nodes.
        initiator: who started it.
        tokens: edge id -> the tokens that wait on it.
        runs: every entry of a node, in order; the done ones are the history that approvals read.
        timers: the clocks that run.
        joins: node id -> arrivals of an n-of-m join, firings of a parallel one.
        rounds: node id -> how often it was entered.
        signals: persistent signals that nobody has taken yet.
        incidents: what keeps tokens from going on.
        copies: who was sent a copy, each once.
        readers: who of them has read.
        returned: nodes that were returned to; from there on nothing passes by itself.
        replay: what may pass unchanged after a return with resume "changed": node -> {reads, outcome}.
        loose: effects that were asked for by the way (compensation): their answer moves nothing.
        answers: answers that came while the instance was suspended.
        before: the status before `suspend` or a revocation.
        serial: the last number given to a run, seat, timer or effect.
        logged: how many rows the log has had.
        lock_version: how many steps were taken.
        log: the action log, append-only; it decides nothing.
    """

    RARE: ClassVar[frozenset[str]] = frozenset(
        {
            "timers",
            "joins",
            "signals",
            "incidents",
            "copies",
            "readers",
            "returned",
            "replay",
            "loose",
            "answers",
            "before",
        }
    )

    id: str
    definition_id: str = ""
    version: int | None = None
    status: str = "running"
    variables: dict[str, Any] = field(default_factory=dict)
    initiator: str = ""
    tokens: dict[str, list[Token]] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    joins: dict[str, dict[str, Any]] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    signals: list[dict[str, Any]] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    replay: dict[str, dict[str, Any]] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    before: str | None = None
    serial: int = 0
    logged: int = 0
    lock_version: int = 0
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def incident(self) -> Incident | None:
        """What an administrator must look at first: node, reason, expression, names and values; or None."""
        return next(self.all_incidents(), None)

    def all_incidents(self, path: str = "") -> Iterator[Incident]:
        """Yield every incident, those of child instances with the path of their node."""
        for incident in self.incidents:
            yield Incident(incident, node=f"{path}{incident['node']}") if path else incident
        for run in self.runs:
            if run.child is not None and run.live:
                yield from run.child.all_incidents(f"{path}{label(run)}/")

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen."""
        return self.status in ENDED

    def run(self, number: int | None) -> Run | None:
        """Return the run with that number."""
        return next((run for run in self.runs if run.id == number), None)

    def live_runs(self) -> list[Run]:
        """Return the runs that are still at work, in the order of entry."""
        return [run for run in self.runs if run.live]

    def next_due(self) -> str | None:
        """Return when the next clock is due (ISO), children included; None when nothing waits for the time."""
        moments = [timer.due for timer in self.timers]
        moments += [due for run in self.runs if run.live and run.child and (due := run.child.next_due())]
        return min(moments, key=datetime.fromisoformat, default=None)

    def to_json(self, *, log: bool = True) -> dict[str, Any]:
        """Return the whole position as plain JSON data; without the log when it is kept elsewhere."""
        data = pack(self)
        data["variables"] = plain(self.variables)
        if self.tokens:
            data["tokens"] = {edge: [list(token) for token in tokens] for edge, tokens in self.tokens.items()}
        for name in ("rounds", "joins", "replay", "copies", "readers", "returned", "signals", "loose", "answers"):
            if name in data:
                data[name] = plain(data[name])
        if self.runs:
            data["runs"] = [pack_run(run) for run in self.runs]
        if self.timers:
            data["timers"] = [pack(timer) for timer in self.timers]
        if self.incidents:
            data["incidents"] = [dict(incident) for incident in self.incidents]
        data.pop("log", None)
        if log and self.log:
            data["log"] = pack_log(self.log)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> Instance:
        """Return the instance that *data* (of `to_json`, or its text) describes; the data belong to it from then on."""
        values = dict(json.loads(data) if isinstance(data, str) else data)
        runs = values.pop("runs", ())
        timers = values.pop("timers", ())
        incidents = values.pop("incidents", ())
        # Values inside an instance are replaced, never changed: the data need not be copied any deeper.
        instance = cls(**{key: _copied(value) for key, value in values.items()})
        instance.runs = [unpack_run(run, cls.from_json(run["child"]) if "child" in run else None) for run in runs]
        instance.timers = [Timer(**timer) for timer in timers]
        instance.incidents = [Incident(incident) for incident in incidents]
        instance.log = unpack_log(instance.log)
        return instance

    def copy(self) -> Instance:
        """Return a copy that may be changed without changing this one; values in it are replaced, never changed."""
        twin = twin_of(self)
        twin.variables = dict(self.variables)
        twin.tokens = {edge: list(tokens) for edge, tokens in self.tokens.items()}
        twin.runs = [copy_run(run) for run in self.runs]
        twin.timers = [twin_of(timer) for timer in self.timers]
        twin.joins = {node: dict(join) for node, join in self.joins.items()}
        twin.rounds, twin.replay = dict(self.rounds), dict(self.replay)
        twin.signals, twin.incidents = list(self.signals), list(self.incidents)
        twin.copies, twin.readers, twin.returned = list(self.copies), list(self.readers), list(self.returned)
        twin.loose, twin.answers = list(self.loose), list(self.answers)
        twin.log = list(self.log)
        return twin


def _copied(value: Any) -> Any:
    kind = type(value)
    return dict(value) if kind is dict else list(value) if kind is list else value


def label(run: Run) -> str:
    """Return the address of a run inside its instance: `A`, or `M[0]` for an item."""
    return run.node if run.index is None else f"{run.node}[{run.index}]"


def open_work(instance: Instance) -> list[str]:
    """Return what somebody or something outside must do, sorted, one entry per open item.

    `N:a` an open seat of *a*, `A` a task that no person holds, `M[0]` an item of a multi-instance, `P/K1` work inside a
    subprocess, `START:u0` a returned form. Timers, signals, held seats and effects in flight are not listed.
    """
    return sorted(_open(instance))


def _open(instance: Instance) -> Iterator[str]:
    for run in instance.runs:
        if run.status != "active":
            continue
        if run.child is not None:
            if not run.child.ended:
                yield from (f"{label(run)}/{item}" for item in _open(run.child))
        elif run.seats:
            yield from (f"{label(run)}:{seat.user}" for seat in run.seats if seat.state == "open")
        elif run.work:
            yield label(run)
