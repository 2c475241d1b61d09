"""Forecast the whole shop in the background: queued, made by a worker with progress, cancelled, kept, compared.

start    queue a run
work     make the oldest run that waits (the worker calls it)
cancel   ask a run to end
get, list_
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import structlog

from engine.problems import BeihuoError
from services import forecast_drift
from services.forecast_store import folder_of, forget_old
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import forecasts
from store.database import Session
from store.forecasts import RunState
from store.types import iso

_LOG = structlog.get_logger(__name__)
_BEAT_SECONDS = 5.0
MOST_ATTEMPTS = 3
# After these the coverage of the quantiles is looked at: once a night is enough.
WATCHED = {"nightly", "weekly", "manual"}
STEPS = {
    "sales": ("读取销量", "Reading sales"),
    "prepare": ("整理需求", "Preparing demand"),
    "model": ("训练与回测模型", "Training and backtesting the model"),
    "totals": ("计算总量与分位数", "Totals and quantiles"),
    "days": ("摊到每天", "Sharing out over the days"),
    "life": ("新品与退市", "New and leaving items"),
    "signals": ("外部信号", "Signals"),
    "people": ("人的修改", "What people said"),
    "save": ("保存并对比", "Saving and comparing"),
}


class Cancelled(Exception):
    """Somebody asked the run to end."""


def start(
    workspace: Workspace,
    *,
    trigger: str = "manual",
    user: str = "system",
    day: dt.date | None = None,
    challenge: bool | None = None,
) -> dict[str, Any]:
    """Queue a forecast of *day* (today); return the run. One that waits for the same day already is returned instead.

    Args:
        workspace: where.
        trigger: manual, nightly, weekly, import, promotion or demo.
        user: who asked.
        day: the evaluation day.
        challenge: let the global model compete with the base; None: as the last weekly duel decided.

    Raises:
        Refused: there is nothing to forecast from.
    """
    if not has_sales(workspace):
        raise Refused("conflict", "还没有销量,先导入销量再预测", "there are no sales yet: import sales first")
    with workspace.write() as session:
        return shown(queue(session, workspace, trigger=trigger, user=user, day=day, challenge=challenge))


def has_sales(workspace: Workspace) -> bool:
    """Say whether there is anything to forecast from."""
    return "quantity" in workspace.facts("sales").schema().names


def queue(
    session: Session,
    workspace: Workspace,
    *,
    trigger: str,
    user: str,
    day: dt.date | None = None,
    challenge: bool | None = None,
) -> RunState:
    """Queue a run in the transaction of *session*; one that waits for the same day already is returned instead."""
    on = (day or workspace.today()).isoformat()
    options = {} if challenge is None else {"challenge": challenge}
    for run in forecasts.runs(session, state="queued"):
        if run.day == on and run.options == options:
            return run
    columns = {"trigger": trigger, "day": on, "horizon": 0, "options": options, "created_by": user}
    return forecasts.add_run(session, **columns, created_at=workspace.clock())


def work(workspace: Workspace) -> int:
    """Make the oldest run that waits; return how many were made (0 or 1)."""
    with workspace.read() as session:
        if not forecasts.has_work(session):
            return 0
    with workspace.write() as session:
        run = forecasts.take(session)
    if run is None:
        return 0
    make(workspace, run)
    return 1


def make(workspace: Workspace, run: RunState) -> None:
    """Make one run that was taken; whatever goes wrong is kept with it."""
    if run.cancel:
        _end(workspace, run, "cancelled")
        return
    if run.attempt > MOST_ATTEMPTS:
        _end(workspace, run, "failed", error="多次中断,不再重试 / interrupted too often, given up")
        return
    from services.forecast_making import make_vintage  # noqa: PLC0415 models are loaded where one is made

    try:
        with _beating(workspace, run) as tell:
            result = make_vintage(workspace, run, tell)
    except Cancelled:
        shutil.rmtree(folder_of(workspace, run.id), ignore_errors=True)
        _end(workspace, run, "cancelled")
    except BeihuoError as error:
        _end(workspace, run, "failed", error=str(error))
    except Exception as error:  # noqa: BLE001 the run says what went wrong; the worker goes on
        _LOG.exception("forecast failed", run=run.id)
        _end(workspace, run, "failed", error=f"{type(error).__name__}: {error}")
    else:
        with workspace.write() as session:
            now = workspace.clock()
            columns = {"state": "done", "result": result, "horizon": int(result["horizon"]), "finished_at": now}
            forecasts.change_run(session, run.id, **columns)
        if run.trigger in WATCHED:
            forecast_drift.watch(workspace, run)
        forget_old(workspace)


def _end(workspace: Workspace, run: RunState, state: str, error: str | None = None) -> None:
    with workspace.write() as session:
        forecasts.change_run(session, run.id, state=state, error=error, finished_at=workspace.clock())


@contextlib.contextmanager
def _beating(workspace: Workspace, run: RunState) -> Iterator[Any]:
    """Keep the run's lease and progress while the block works; its `tell` raises once somebody asked to cancel."""
    done, cancelled = threading.Event(), threading.Event()
    now: tuple[str, int, int] = ("sales", 0, 1)

    def beat() -> None:
        with contextlib.suppress(BeihuoError), workspace.write() as session:
            if forecasts.progress(session, run.id, *now):
                cancelled.set()

    def beats() -> None:
        while not done.wait(_BEAT_SECONDS):
            beat()

    def tell(step: str, part: int, total: int) -> None:
        nonlocal now
        changed, now = step != now[0], (step, part, total)
        if changed:
            beat()
        if cancelled.is_set():
            raise Cancelled

    thread = threading.Thread(target=beats, name="forecast", daemon=True)
    thread.start()
    try:
        yield tell
        # What was asked for while the last step ran counts as well.
        beat()
        if cancelled.is_set():
            raise Cancelled
    finally:
        done.set()
        thread.join()


def cancel(workspace: Workspace, *, run: int, user: str) -> dict[str, Any]:
    """Ask a run to end: one that waits ends at once, one that is being made at its next step.

    Raises:
        Refused: there is no such run, or it is over.
    """
    with workspace.write() as session:
        state = _run(forecasts.run(session, run), run)
        if state.state not in {"queued", "running"}:
            raise Refused("conflict", "这次预测已经结束", "this forecast is over already")
        columns: dict[str, Any] = {"cancel": True}
        if state.state == "queued":
            columns |= {"state": "cancelled", "finished_at": workspace.clock()}
        forecasts.change_run(session, run, **columns)
        _LOG.info("forecast cancelled", run=run, user=user)
        state = _run(forecasts.run(session, run), run)
    return shown(state)


def get(workspace: Workspace, *, run: int) -> dict[str, Any]:
    """Return one run with its progress and result.

    Raises:
        Refused: there is no such run.
    """
    with workspace.read() as session:
        return shown(_run(forecasts.run(session, run), run))


def list_(workspace: Workspace, *, limit: int = 30) -> list[dict[str, Any]]:
    """Return runs, newest first, their results in short."""
    with workspace.read() as session:
        # A vintage of an older day may have been made later: people look for the newest day first.
        runs = sorted(forecasts.runs(session, limit=limit), key=lambda run: (run.day, run.id), reverse=True)
        found = [shown(run) for run in runs]
    for run in found:
        run["result"] = {name: run["result"][name] for name in ("series", "totals", "changes") if name in run["result"]}
        if run["result"].get("changes"):
            run["result"]["changes"] = {**run["result"]["changes"], "items": []}
    return found


def _run(state: RunState | None, run: int) -> RunState:
    if state is None:
        raise not_found("预测", "forecast run", run)
    return state


def shown(state: RunState) -> dict[str, Any]:
    """Return a run as the API shows it."""
    words, words_en = STEPS.get(state.step, ("", ""))
    return {
        "id": state.id,
        "trigger": state.trigger,
        "status": state.state,
        "day": state.day,
        "horizon": state.horizon,
        "step": words,
        "step_en": words_en,
        "progress": {"done": state.done, "total": state.total},
        "cancelling": state.cancel and state.state == "running",
        "result": dict(state.result),
        "error": state.error,
        "created_by": state.created_by,
        "created_at": iso(state.created_at),
        "finished_at": iso(state.finished_at),
    }
