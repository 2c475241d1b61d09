"""The workspace's own nightly work: the closing stock kept as facts, and what has expired forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from services import ledger, ledger_sales, sessions
from services.cron import next_after
from services.workspace import Workspace
from store import idempotency, records, slots
from store.slots import ScheduleState

STOCK, SNAPSHOT = "stock", "stock_snapshot"
SCHEDULES = {"stock_snapshot": "5 0 * * *", "ledger": "15 0 * * *", "tidy": "35 3 * * *"}
_ANSWERS_KEPT = dt.timedelta(days=2)


def plan(workspace: Workspace) -> None:
    """Set when the nightly work is due, unless it is set."""
    with workspace.read() as session:
        there = {schedule.key for schedule in slots.schedules(session) if schedule.kind == "system"}
    if there >= set(SCHEDULES):
        return
    zone = workspace.settings.timezone
    with workspace.write() as session:
        for key, line in SCHEDULES.items():
            if key not in there:
                due = next_after(line, workspace.zone, workspace.clock())
                slots.plan(session, ScheduleState("system", key, line, zone, "latest", due))


def snapshot_stock(workspace: Workspace, scheduled_for: dt.datetime) -> int:
    """Keep the closing stock of the day before *scheduled_for* as facts; return the rows. Twice is once."""
    day = scheduled_for.astimezone(workspace.zone).date() - dt.timedelta(days=1)
    return snapshot_day(workspace, day)


def snapshot_day(workspace: Workspace, day: dt.date) -> int:
    """Keep the stock as it stands as the closing stock of *day*; return how many rows were written."""
    import pyarrow as pa  # noqa: PLC0415 once a night

    facts, batch = workspace.facts(SNAPSHOT), f"{SNAPSHOT}:{day.isoformat()}"
    with workspace.read() as session:
        if records.state(session, STOCK) is None or facts.has_batch(batch):
            return 0
        stock = records.arrow(session, STOCK)
    if stock.num_rows == 0:
        return 0
    table = stock.append_column("date", pa.array([day] * stock.num_rows, pa.date32()))
    table = table.append_column("estimated", pa.array([False] * stock.num_rows, pa.bool_()))
    facts.append(table, batch)
    return int(table.num_rows)


def close_ledger(workspace: Workspace, scheduled_for: dt.datetime) -> None:
    """Bring the ledger in step with the stock form, and what it sold until the day before into the sales facts."""
    ledger.reconcile(workspace)
    ledger_sales.fold(workspace, scheduled_for.astimezone(workspace.zone).date() - dt.timedelta(days=1))


def tidy(workspace: Workspace, scheduled_for: dt.datetime) -> None:
    """Forget logins that have ended and answers that nobody will ask for again."""
    with workspace.write() as session:
        sessions.tidy(session, scheduled_for)
        idempotency.forget_before(session, scheduled_for - _ANSWERS_KEPT)


WORK: Mapping[str, Callable[[Workspace, dt.datetime], object]] = {
    "stock_snapshot": snapshot_stock,
    "ledger": close_ledger,
    "tidy": tidy,
}
