"""How things stand: the numbers of the first page, the checklist of a role, and what the server's watchers ask."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from typing import Any

from services import checklist
from services.workspace import Workspace
from store import definitions, episodes, outbox, records, runs, seats
from store.database import Session

TASK_FORM = "replenishment_task"
WORKER_SILENCE = dt.timedelta(minutes=1)


def show(workspace: Workspace, *, user: Mapping[str, Any]) -> dict[str, Any]:
    """Return the overview as *user* sees it."""
    with workspace.read() as session:
        levels = episodes.count_by_level(session)
        last = runs.last(session)
        found = {
            "alerts": {"critical": 0, "warning": 0, **levels, "acknowledged": episodes.count_acknowledged(session)},
            "todos": seats.count_open(session, str(user["key"])),
            "tasks": _tasks(session),
            "stockouts": _stockouts(session),
            "last_run": last
            and {
                "at": last.started_at,
                "seconds": last.seconds,
                "rules": last.rules,
                "rows": last.rows,
                "fired": last.fired,
            },
            "checklist": checklist.of(session, workspace, user),
        }
    found["units_7d"] = units(workspace, 7)
    return found


def units(workspace: Workspace, days: int) -> list[float]:
    """Return the units sold on each of the last *days* days, all SKUs together."""
    facts = workspace.facts("sales")
    today = workspace.today()
    calendar = [today - dt.timedelta(days=number) for number in range(days, 0, -1)]
    sums = dict.fromkeys(calendar, 0.0)
    if "quantity" in facts.schema().names:
        rows = facts.read(columns=["date", "quantity"], since=calendar[0], until=calendar[-1])
        totals = rows.group_by("date").aggregate([("quantity", "sum")]).to_pylist()
        sums |= {row["date"]: float(row["quantity_sum"] or 0) for row in totals}
    return [sums[day] for day in calendar]


def gauges(workspace: Workspace) -> dict[str, Any]:
    """Return the numbers that /metrics shows."""
    now = workspace.clock()
    with workspace.read() as session:
        last = runs.last(session)
        return {
            "alerts": episodes.count_by_level(session),
            "deliveries": outbox.count_by_state(session),
            "last_run_age": (now - last.started_at).total_seconds() if last else None,
            "workers": runs.count_workers(session, since=now - WORKER_SILENCE),
        }


def readiness(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the checks of /readyz: name, whether it is required, whether it holds, and what to do when not."""
    version, head = _version(workspace)
    checks = [
        _check("database", version is not None, "数据库没有响应", "the database does not answer"),
        _check("schema", version == head, "数据库结构不是最新,请运行 beihuo db upgrade", "run beihuo db upgrade"),
        _check(
            "data_folder",
            os.access(workspace.settings.data_dir, os.W_OK),
            "数据文件夹不可写",
            "the data folder cannot be written",
        ),
    ]
    alive = version == head and _workers(workspace) > 0
    worker = _check(
        "worker", alive, "没有运行中的 worker:规则不会按时运行", "no worker runs: nothing happens on schedule"
    )
    return [*checks, {**worker, "required": False}]


def _check(name: str, ok: bool, message: str, message_en: str) -> dict[str, Any]:  # noqa: FBT001 what the check found
    told = {} if ok else {"message": message, "message_en": message_en}
    return {"name": name, "ok": ok, "required": True, **told}


def _version(workspace: Workspace) -> tuple[str | None, str]:
    head = workspace.database.head()
    try:
        return workspace.database.version(), head
    except Exception:  # noqa: BLE001 whatever keeps the database from answering makes it not ready
        return None, head


def _workers(workspace: Workspace) -> int:
    with workspace.read() as session:
        return runs.count_workers(session, since=workspace.clock() - WORKER_SILENCE)


def _tasks(session: Session) -> dict[str, int]:
    if definitions.get(session, "form", TASK_FORM) is None:
        return {}
    words = ("proposed", "approving", "approved", "ordered", "done", "rejected")
    return {word: records.count(session, TASK_FORM, status=word) for word in words}


def _stockouts(session: Session) -> int:
    if definitions.get(session, "form", "stock") is None:
        return 0
    return records.count(session, "stock", on_hand=0)
