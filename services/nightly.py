"""The workspace's own nightly work: the closing stock kept as facts, and what has expired forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from engine.alerting import active_events
from services import forecast, ledger, ledger_sales, sessions, snapshot
from services.activation import plan_by_calendars
from services.cron import next_after
from services.workspace import Workspace
from store import idempotency, records, slots
from store.slots import ScheduleState

STOCK, SNAPSHOT = "stock", "stock_snapshot"
SCHEDULES = {
    "calendars": "0 0 * * *",
    "stock_snapshot": "5 0 * * *",
    "fold_hours": "25 0 * * *",
    "ledger": "15 0 * * *",
    "tidy": "35 3 * * *",
    "governance": "50 4 * * *",
    "forecast": "20 1 * * *",
    "forecast_duel": "20 2 * * 0",
    "forecast_promotion": "10 * * * *",
}
_FOLDED = dt.timedelta(days=60)
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


def forecast_tonight(workspace: Workspace, _scheduled_for: dt.datetime) -> None:
    """Queue the forecast of the new day; nothing is queued where nothing was ever sold."""
    if forecast.has_sales(workspace):
        forecast.start(workspace, trigger="nightly")


def forecast_duel(workspace: Workspace, _scheduled_for: dt.datetime) -> None:
    """Queue the weekly duel of champion and challenger: a forecast in which the global model may compete."""
    if forecast.has_sales(workspace):
        forecast.start(workspace, trigger="weekly", challenge=True)


def forecast_promotion(workspace: Workspace, _scheduled_for: dt.datetime) -> None:
    """Queue a forecast each hour of a promotion: what was sold so far against what was planned so far."""
    from services import forecast_running  # noqa: PLC0415 models are loaded where they are needed

    if forecast.has_sales(workspace) and forecast_running.running(workspace, workspace.today()) is not None:
        forecast.start(workspace, trigger="promotion")


def look_at_data(workspace: Workspace, _scheduled_for: dt.datetime) -> None:
    """Run the checks of the data, and keep the month's score."""
    from services import governance  # noqa: PLC0415 once a night

    governance.run(workspace)


def follow_calendars(workspace: Workspace, _scheduled_for: dt.datetime) -> None:
    """Let the rules of a promotion that begins or ends today be due as they are in it."""
    with workspace.write() as session:
        plan_by_calendars(session, workspace)


def fold_hours(workspace: Workspace, scheduled_for: dt.datetime) -> int:
    """Add the hours of past days up to days; the current day, the one before it and the days of promotions keep theirs."""
    today = scheduled_for.astimezone(workspace.zone).date()
    with workspace.read() as session:
        calendars = snapshot.published(session, "calendar").values()
    facts = workspace.facts("sales")
    if "hour" not in facts.schema().names:
        return 0
    past = [day for day in facts.days() if today - _FOLDED <= day < today - dt.timedelta(days=1)]
    return sum(facts.fold_hours(day) for day in past if not any(active_events(one, day) for one in calendars))


WORK: Mapping[str, Callable[[Workspace, dt.datetime], object]] = {
    "stock_snapshot": snapshot_stock,
    "ledger": close_ledger,
    "fold_hours": fold_hours,
    "calendars": follow_calendars,
    "tidy": tidy,
    "governance": look_at_data,
    "forecast": forecast_tonight,
    "forecast_duel": forecast_duel,
    "forecast_promotion": forecast_promotion,
}
