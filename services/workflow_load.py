"""Where the instances of a workflow stand, and how long each step takes: where does it get stuck?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from statistics import median
from typing import Any

from services.workspace import Workspace
from store import instances, loads
from store.instances import InstanceState
from store.loads import Wait

DAYS = 90
MOST_SHOWN = 30


def load(workspace: Workspace, *, workflow: str) -> dict[str, Any]:
    """Return the load of *workflow*: per step what is open, since when, and how long a person usually takes.

    Returns:
        `days` looked back, `instances` (running, incident, finished), `nodes` (node, open, overdue, oldest_seconds, done,
        median_seconds, slow_seconds: nine of ten are faster) and the newest `running` instances with their steps.
    """
    now = workspace.clock()
    since = now - dt.timedelta(days=DAYS)
    with workspace.read() as session:
        waits = loads.waits(session, workflow, since=since)
        counted = loads.counts(session, since=since, workflows=[workflow])
        rows = instances.page(session, limit=MOST_SHOWN, status="open", workflow=workflow)
    by_node: dict[str, list[Wait]] = {}
    for wait in waits:
        by_node.setdefault(_step(wait.node), []).append(wait)
    return {
        "days": DAYS,
        "instances": counted.get(workflow, {"running": 0, "incident": 0, "finished": 0}),
        "nodes": [{"node": node, **_times(held, now)} for node, held in sorted(by_node.items())],
        "running": [_running(row) for row in rows],
    }


def _step(node: str) -> str:
    return node.split("/", 1)[0].split("[", 1)[0]


def _times(held: Sequence[Wait], now: dt.datetime) -> dict[str, Any]:
    waiting = [wait for wait in held if wait.state == "open"]
    took = sorted(
        (wait.done_at - wait.arrived_at).total_seconds() for wait in held if wait.state == "done" and wait.done_at
    )
    return {
        "open": len(waiting),
        "overdue": sum(wait.due_at is not None and wait.due_at < now for wait in waiting),
        "oldest_seconds": max(((now - wait.arrived_at).total_seconds() for wait in waiting), default=None),
        "done": len(took),
        "median_seconds": median(took) if took else None,
        "slow_seconds": took[min(len(took) - 1, len(took) * 9 // 10)] if took else None,
    }


def standing(row: InstanceState) -> list[str]:
    """Return the steps at which an instance stands."""
    return sorted({run["node"] for run in row.position.get("runs", []) if run.get("status", "active") == "active"})


def _running(row: InstanceState) -> dict[str, Any]:
    shown = {"id": row.id, "title": row.title, "status": row.status, "started_at": row.started_at}
    return {**shown, "nodes": standing(row)}
