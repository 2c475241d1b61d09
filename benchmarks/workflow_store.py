"""A step of a workflow kept in the database, the size of an instance, and the clock among 100,000 pending timers.

    .venv/bin/python benchmarks/workflow_store.py [--rounds 60] [--timers 100000]

*Persisted step*: the flow of `benchmarks/workflow.py`. Both sides run the same transaction on the same SQLite settings
(WAL, synchronous=FULL): read the instance's row under its lock, take one step, write the position back under its lock
version, one audit row, one outbox row; ours also writes the rows of its action log, of which SpiffWorkflow has none.
CPU time; what the commit waits for the disk is wall time less CPU time and is reported apart. The same transaction with
a step that does nothing shows what both sides share. *Size*: an instance after ten approvals, its log in a table of its
own. *Timers*: the first look of a worker (anything due?) among 100,000 that wait for later, median of 21 looks.
SpiffWorkflow is no dependency of the product: `pip install spiffworkflow==3.2.0`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from workflow import NOW, definition, spiff

from services.timer_work import work
from services.workspace import Settings, Workspace, open_workspace
from store import audit, instances, outbox
from store.instances import LogRow
from store.models.run import Timer
from workflows import Instance, advance, open_work, prepare, start

Step = Callable[[Any], tuple[Any, list[dict[str, Any]]] | None]
STEP_GOAL, SIZE_GOAL, LOOK_GOAL = 3.0, 12_000, 0.020


def ours() -> tuple[Callable[[], Any], Step]:
    """Return how ours starts and steps: plain data, as the column holds it, and the rows of the log."""
    graph = prepare(json.loads(definition()))

    def begin() -> Any:
        instance, _ = start(graph, {"amount": 500, "sku": "K1"}, initiator="u0", now=NOW, id="b")
        return instance.to_json(log=False)

    def step(position: Any) -> tuple[Any, list[dict[str, Any]]] | None:
        instance = Instance.from_json(position)
        held = open_work(instance)
        if not held:
            return None
        event = {"op": "complete", "user": "a", "node": held[0], "form": {f"done_{held[0]}": True}}
        instance, _ = advance(graph, instance, event, now=NOW)
        return instance.to_json(log=False), instance.log

    return begin, step


def theirs() -> tuple[Callable[[], Any], Step]:
    """Return how SpiffWorkflow starts and steps; its text is what the column holds."""
    begin, step = spiff()

    def moved(position: Any) -> tuple[Any, list[dict[str, Any]]] | None:
        after = step(position["text"])
        return ({"text": after}, []) if after else None

    return lambda: {"text": begin()}, moved


def kept(workspace: Workspace, key: str, step: Step, number: int) -> bool:
    """Take one step in one transaction; False when there is nothing left to do."""
    now = workspace.clock()
    with workspace.write() as session:
        row = instances.lock(session, key)
        moved = step(row.position) if row else None
        if row is None or moved is None:
            return False
        position, log = moved
        instances.save(session, key, lock_version=row.lock_version, position=position, status="running", updated_at=now)
        rows = [
            LogRow(each["seq"], now, str(each.get("actor", "")), each["op"], str(each.get("node") or ""))
            for each in log
        ]
        instances.add_log(session, key, rows)
        entry = audit.Entry(at=now, actor="a", action="step", kind="instance", key=key, summary="步", summary_en="step")
        audit.add(session, entry)
        notice = {"idempotency_key": f"{key}:{number}", "channel": "console", "recipient": "a"}
        outbox.enqueue(session, [notice], now=now)
    return True


def add(workspace: Workspace, key: str, position: Any) -> None:
    """Keep a fresh instance."""
    now = workspace.clock()
    with workspace.write() as session:
        columns = {"workflow": "bench", "version": 1, "form": None, "record_id": None, "episode_id": None}
        moments = {"started_at": now, "updated_at": now, "finished_at": None}
        instances.add(
            session, id=key, initiator="u0", status="running", position=position, incident=None, **columns, **moments
        )


def steps(workspace: Workspace, rounds: int) -> None:
    """Print what a kept step costs on each side, and the ratios."""
    nothing = ours()[0], lambda position: (position, []) if position.setdefault("left", 5) else None
    sides: dict[str, tuple[Callable[[], Any], Step]] = {"beihuo": ours(), "SpiffWorkflow 3.2": theirs()}
    cpu: dict[str, list[float]] = {name: [] for name in [*sides, "the transaction alone"]}
    wall: dict[str, list[float]] = {name: [] for name in cpu}
    for turn in range(rounds + 1):
        for name, (begin, step) in {**sides, "the transaction alone": nothing}.items():
            key, number = f"{name}-{turn}", 0
            add(workspace, key, begin())
            while number < 5:
                begun, started = time.process_time(), time.perf_counter()
                if not kept(workspace, key, step, number):
                    break
                if turn:
                    cpu[name].append(time.process_time() - begun)
                    wall[name].append(time.perf_counter() - started)
                number += 1
    middle = {name: statistics.median(values) for name, values in cpu.items()}
    for name, seconds in middle.items():
        waits = statistics.median(w - c for w, c in zip(wall[name], cpu[name], strict=True))
        print(
            f"{name:24} {seconds * 1e3:7.2f} ms CPU a step, {max(0.0, waits) * 1e3:6.2f} ms waiting (disk, other processes)"
        )
    ratio = middle["SpiffWorkflow 3.2"] / middle["beihuo"]
    own = {name: max(1e-6, seconds - middle["the transaction alone"]) for name, seconds in middle.items()}
    print(f"persisted step  {ratio:.1f} x (goal {STEP_GOAL:.0f} x)", "PASS" if ratio >= STEP_GOAL else "FAIL", end="; ")
    print(f"beyond the transaction that both share {own['SpiffWorkflow 3.2'] / own['beihuo']:.1f} x")


def size() -> None:
    """Print how large an instance is after ten approvals of three people each."""
    names = [f"n{number}" for number in range(11)]
    nodes: dict[str, Any] = {"s": {"type": "start"}, "z": {"type": "end"}}
    nodes |= {name: {"type": "approval", "approvers": ["a", "b", "c"], "timeout": [{"after": "PT4H", "action": "remind"}]} for name in names}  # fmt: skip
    chain = ["s", *names, "z"]
    edges = [{"id": f"e{n}", "from": one, "to": other} for n, (one, other) in enumerate(pairwise(chain))]
    graph = {"key": "ten", "name": "ten", "nodes": nodes, "edges": edges}
    instance, _ = start(graph, {"amount": 500, "sku": "K1"}, initiator="u0", now=NOW, directory=_Everybody())
    for name in names[:10]:
        for user in "abc":
            event = {"op": "approve", "user": user, "node": name, "comment": "同意"}
            instance, _ = advance(graph, instance, event, now=NOW, directory=_Everybody())
    found = len(json.dumps(instance.to_json(log=False), ensure_ascii=False).encode())
    print(
        f"instance after 10 steps of 3 people  {found} bytes (goal {SIZE_GOAL})",
        "PASS" if found <= SIZE_GOAL else "FAIL",
    )


class _Everybody:
    """Everybody is there, nobody is above anybody."""

    def superior(self, _user: str) -> None:
        return None

    def members(self, _source: str) -> list[str]:
        return []

    def department_head(self, _user: str, _n: int) -> None:
        return None

    def active(self, _user: str) -> bool:
        return True

    def agent(self, _user: str, _workflow: str) -> None:
        return None

    def admin(self) -> None:
        return None


def timers(workspace: Workspace, number: int) -> None:
    """Print how long a worker's look takes among *number* timers that are not due."""
    now = workspace.clock()
    later = [now + dt.timedelta(seconds=60 + at % 86_400) for at in range(number)]
    rows = [
        {"name": f"t{at}", "kind": "workflow", "subject": f"i{at}", "due_at": due, "data": {}}
        for at, due in enumerate(later)
    ]
    with workspace.write() as session:
        for at in range(0, number, 10_000):
            session.execute(insert(Timer), rows[at : at + 10_000])
    looks = []
    for _ in range(21):
        begun = time.perf_counter()
        assert work(workspace, now) == 0
        looks.append(time.perf_counter() - begun)
    first, middle = looks[0], statistics.median(looks)
    verdict = "PASS" if first <= LOOK_GOAL else "FAIL"
    print(
        f"{number} pending timers: first look {first * 1e3:.1f} ms, then {middle * 1e3:.1f} ms (goal {LOOK_GOAL * 1e3:.0f} ms)",
        verdict,
    )


def main() -> None:
    """Measure all three on a SQLite workspace of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--timers", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = open_workspace(Settings(data_dir=Path(folder)))
        try:
            steps(workspace, given.rounds)
            size()
            timers(workspace, given.timers)
        finally:
            workspace.close()


if __name__ == "__main__":
    main()
