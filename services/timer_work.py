"""What is done when a timer is due: a workflow's clock moves on, an alert is told to the next."""

from __future__ import annotations

import datetime as dt
import traceback

from engine.problems import BeihuoError
from services.audit import Entry
from services.audit import add as note
from services.workspace import Workspace
from store import timers
from store.timers import TimerState

MOST_ATTEMPTS = 5
_BACKOFF = dt.timedelta(seconds=30)


def work(workspace: Workspace, now: dt.datetime, *, limit: int = 200) -> int:
    """Act on the timers that are due, the longest due first; return how many."""
    with workspace.read() as session:
        waiting = timers.waiting(session, limit=1)
    if not waiting or waiting[0].due_at > now:
        return 0
    with workspace.write() as session:
        taken = timers.take(session, now, limit=limit)
    for timer in taken:
        error = _act(workspace, timer, now)
        with workspace.write() as session:
            if error is None:
                timers.finish(session, timer)
            elif timer.attempt < MOST_ATTEMPTS:
                timers.retry(session, timer, now + _BACKOFF * 2**timer.attempt, error)
            else:
                timers.finish(session, timer, state="failed", error=error)
                note(session, _incident(timer, now, error))
    return len(taken)


def _act(workspace: Workspace, timer: TimerState, now: dt.datetime) -> str | None:
    """Act on one timer; return what went wrong. Acting twice is harmless: what was due has happened then."""
    from services import approve, escalation  # noqa: PLC0415 heavy, and most ticks have nothing due

    try:
        if timer.kind == "workflow":
            approve.advance_time(workspace, instance=timer.subject, now=now)
        elif timer.kind == "escalation":
            number = int(timer.subject.removeprefix("episode:"))
            escalation.escalate(workspace, episode=number, data=timer.data, now=now)
        else:
            return f"不认识的定时器 {timer.kind} / unknown kind of timer {timer.kind}"
    except BeihuoError as error:
        return str(error)
    except Exception:  # noqa: BLE001 one failing timer must not stop the others
        return traceback.format_exc(limit=5)
    return None


def _incident(timer: TimerState, now: dt.datetime, error: str) -> Entry:
    reason = error.strip().splitlines()[-1][:300]
    return Entry(
        at=now,
        actor="system",
        action="timer.failed",
        kind=timer.kind,
        key=timer.subject,
        summary=f"定时器 {timer.name} 失败:{reason}",
        summary_en=f"the timer {timer.name} failed: {reason}",
        after={"due_at": timer.due_at, "error": error[:4000]},
    )
