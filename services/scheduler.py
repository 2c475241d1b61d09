"""The worker: a one-second tick that plans what is due, evaluates, acts, sends and seals.

APScheduler is only the clock, in memory. What is due stands in our own tables, so any number of workers is harmless and
one that dies loses nothing. Each lane runs by itself: a long evaluation holds up no notice.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import IO, Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from engine.problems import BeihuoError
from services import audit, channel_stock, dispatch, forecast, nightly, planning, slot_work, timer_work, triggers
from services.workspace import Workspace
from store import batches, runs
from store.runs import WorkerState

TICK_SECONDS = 1.0
STALLED_SECONDS = 5.0
_BEAT = dt.timedelta(seconds=10)
_SEAL = dt.timedelta(seconds=60)
_BATCH = 200
_LOG = structlog.get_logger("beihuo.worker")


def tick(workspace: Workspace, now: dt.datetime | None = None) -> dict[str, int]:
    """Do once everything that is due; return what was done. Commands and tests call it; a worker has its lanes."""
    moment = now or workspace.clock()
    return {
        "slots": planning.plan_due(workspace, moment),
        "timers": timer_work.work(workspace, moment),
        "events": triggers.work(workspace),
        "runs": slot_work.work(workspace),
        "imports": _import(workspace),
        "lapsed": channel_stock.expire(workspace, moment),
        "forecasts": forecast.work(workspace),
        "sent": dispatch.work(workspace),
        "sealed": audit.seal(workspace),
    }


class Worker:
    """One worker process (or the one inside a server).

    Args:
        workspace: where.
        embedded: it shares its process with the web server; on SQLite only one such worker may run.
    """

    def __init__(self, workspace: Workspace, *, embedded: bool = False) -> None:
        self.workspace = workspace
        self.embedded = embedded
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        self._stop = threading.Event()
        self._ticked = time.monotonic()
        self._state = WorkerState(
            self.name, socket.gethostname(), os.getpid(), embedded, workspace.clock(), workspace.clock()
        )
        self._lane_locks: dict[str, threading.Lock] = {}
        self._sealed_at: dt.datetime | None = None
        self._beaten_at: dt.datetime | None = None
        self._held: IO[bytes] | None = None

    def run(self, stop: threading.Event | None = None) -> None:
        """Work until *stop* is set; then finish what was begun, give back what was not, and return."""
        self._stop = stop or self._stop
        if self.embedded:
            self._held = only_embedded(self.workspace)
        scheduler = self._start()
        _LOG.info("worker started", worker=self.name, embedded=self.embedded)
        try:
            while not self._stop.wait(TICK_SECONDS):
                if time.monotonic() - self._ticked > STALLED_SECONDS:
                    # The wall clock was set back: APScheduler would wait for it to catch up.
                    _LOG.warning("the clock stood still; starting it again", worker=self.name)
                    scheduler.shutdown(wait=False)
                    scheduler = self._start()
        finally:
            self._stop.set()
            scheduler.shutdown(wait=True)
            self._leave()

    def _start(self) -> Any:
        nightly.plan(self.workspace)
        scheduler = BackgroundScheduler(
            timezone=dt.UTC, executors={"default": {"type": "threadpool", "max_workers": 8}}
        )
        self._ticked = time.monotonic()
        for name, lane in self._lanes().items():
            scheduler.add_job(
                self._run_lane,
                "interval",
                (name, lane),
                seconds=TICK_SECONDS,
                max_instances=2,
                coalesce=True,
                misfire_grace_time=None,
            )
        scheduler.start()
        return scheduler

    def _lanes(self) -> dict[str, Callable[[], int]]:
        workspace = self.workspace
        return {
            "clock": self._clock,
            "timers": lambda: timer_work.work(workspace, workspace.clock()),
            "events": lambda: triggers.work(workspace),
            "runs": lambda: slot_work.work(workspace),
            "imports": lambda: _import(workspace),
            "reservations": lambda: channel_stock.expire(workspace, workspace.clock()),
            "forecasts": lambda: forecast.work(workspace),
            "outbox": lambda: dispatch.work(workspace, limit=_BATCH, worker=self.name, stopping=self._stop.is_set),
            "seal": self._seal,
        }

    def _run_lane(self, name: str, lane: Callable[[], int]) -> None:
        """Run one lane until it finds nothing more to do; it never runs twice at once."""
        self._ticked = time.monotonic()
        lock = self._lane_locks.setdefault(name, threading.Lock())
        if not lock.acquire(blocking=False):
            return
        try:
            while not self._stop.is_set() and lane() > 0:
                pass
        except BeihuoError as error:
            _LOG.warning("lane failed; the next tick tries again", lane=name, error=str(error))
        except Exception:  # noqa: BLE001 a bug in one lane must not stop the others
            _LOG.exception("lane failed; the next tick tries again", lane=name)
        finally:
            lock.release()

    def _clock(self) -> int:
        now = self.workspace.clock()
        if self._beaten_at is None or now - self._beaten_at >= _BEAT or now < self._beaten_at:
            self._beaten_at = now
            state = WorkerState(
                self.name, self._state.host, self._state.pid, self.embedded, self._state.started_at, now
            )
            with self.workspace.write() as session:
                runs.beat(session, state)
        planning.plan_due(self.workspace, now)
        return 0

    def _seal(self) -> int:
        now = self.workspace.clock()
        if self._sealed_at is not None and _SEAL > now - self._sealed_at > dt.timedelta(0):
            return 0
        self._sealed_at = now
        audit.seal(self.workspace)
        return 0

    def _leave(self) -> None:
        with contextlib.suppress(BeihuoError), self.workspace.write() as session:
            runs.leave(session, self.name)
        if self._held is not None:
            self._held.close()
        _LOG.info("worker stopped", worker=self.name)


def _import(workspace: Workspace) -> int:
    """Queue what was put into the watched folder, and do one import that waits; return how many were done."""
    with workspace.read() as session:
        waits = batches.has_work(session)
    watched = (workspace.settings.data_dir / "inbox").is_dir()
    if not waits and not watched:
        return 0
    from services import import_inbox, imports  # noqa: PLC0415 reading files takes libraries that most workers never need

    collected = import_inbox.collect(workspace) if watched else 0
    return imports.work(workspace) if waits or collected else 0


def only_embedded(workspace: Workspace) -> IO[bytes] | None:
    """Hold the place of the one embedded worker of a SQLite workspace until the file is closed.

    Raises:
        BeihuoError: another process holds it.
    """
    if not workspace.database.is_sqlite:
        return None
    held = (workspace.settings.data_dir / "worker.lock").open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise BeihuoError(
            "这个数据目录已有一个备货服务在运行;多进程部署请改用 PostgreSQL,或用 --no-worker 启动"
            " / a server with its worker runs on this data folder already; use PostgreSQL for several, or start with --no-worker"
        ) from None
    return held
