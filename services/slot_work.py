"""What is done when a slot is due: rules evaluated together, triggers set off, the workspace's own nightly work."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence

from engine.problems import BeihuoError
from services import date_triggers, nightly
from services.audit import Entry
from services.audit import add as note
from services.workspace import Workspace
from store import definitions, events, slots
from store.database import Session
from store.slots import SlotState

MOST_ATTEMPTS = 3
_RENEW = 10.0
_RULES = {"rule": "schedule", "event": "event"}


def work(workspace: Workspace, *, limit: int = 500) -> int:
    """Do what is due; return how many slots were taken. Rules that are due at the same moment are evaluated together."""
    with workspace.read() as session:
        if not slots.has_work(session):
            return 0
    with workspace.write() as session:
        taken = slots.take(session, limit=limit)
    with kept(workspace, taken):
        groups: dict[tuple[str, dt.datetime], list[SlotState]] = {}
        for slot in taken:
            if slot.attempt > MOST_ATTEMPTS:
                _fail(workspace, slot, "多次中断,不再重试 / interrupted too often, given up")
            else:
                groups.setdefault((slot.kind, slot.scheduled_for), []).append(slot)
        for (kind, moment), members in sorted(groups.items(), key=lambda group: group[0][1]):
            if kind in _RULES:
                _evaluate(workspace, members, moment, _RULES[kind])
            else:
                for slot in members:
                    _do(workspace, slot)
    return len(taken)


@contextlib.contextmanager
def kept(workspace: Workspace, taken: Sequence[SlotState]) -> Iterator[None]:
    """Keep the leases of slots alive while the block works on them."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(_RENEW):
            with contextlib.suppress(BeihuoError), workspace.write() as session:
                slots.renew(session, taken)

    thread = threading.Thread(target=renew, name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _evaluate(workspace: Workspace, members: Sequence[SlotState], moment: dt.datetime, trigger: str) -> None:
    """Evaluate the rules of *members* in one run; when that fails, each alone, so that one cannot hold up the others."""
    from services import evaluate  # noqa: PLC0415 heavy, and most ticks have nothing due

    def run(these: Sequence[SlotState]) -> str | None:
        keys = [slot.key for slot in these]
        result = evaluate.run(workspace, rules=keys, scheduled_for=moment, trigger=trigger)
        _finish(workspace, these, int(result.get("run_id") or 0) or None)
        return None

    error = _tried(lambda: run(members))
    if error is None:
        return
    for slot in members:
        alone = _tried(lambda slot=slot: run([slot])) if len(members) > 1 else error  # type: ignore[misc]
        if alone is not None:
            _fail(workspace, slot, alone)


def _tried(work: Callable[[], str | None]) -> str | None:
    """Do *work*; return what went wrong."""
    try:
        return work()
    except BeihuoError as error:
        return str(error)
    except Exception:  # noqa: BLE001 one failing rule must not stop the worker
        return traceback.format_exc(limit=5)


def _do(workspace: Workspace, slot: SlotState) -> None:
    """Do the work of one slot that is no rule."""

    def work() -> str | None:
        if slot.kind == "system":
            nightly.WORK[slot.key](workspace, slot.scheduled_for)
        elif slot.kind == "trigger":
            with workspace.write() as session:
                _set_off(session, workspace, slot)
                slots.finish(session, slot, state="done", now=workspace.clock(), run_id=None)
            return None
        _finish(workspace, [slot], None)
        return None

    error = _tried(work)
    if error is not None:
        _fail(workspace, slot, error)


def _set_off(session: Session, workspace: Workspace, slot: SlotState) -> None:
    """Write what a trigger's due moment sets off, in the transaction that ends the slot: once, whatever dies when."""
    state = definitions.get(session, "trigger", slot.key)
    if state is not None and state.document.get("on") == date_triggers.ON:
        date_triggers.due_records(session, workspace, slot.key, slot.scheduled_for)
        return
    data = {"trigger": slot.key, "scheduled_for": slot.scheduled_for}
    events.add_many(session, [{"name": "schedule", "data": data}], at=workspace.clock())


def _finish(workspace: Workspace, members: Sequence[SlotState], run_id: int | None) -> None:
    with workspace.write() as session:
        for slot in members:
            slots.finish(session, slot, state="done", now=workspace.clock(), run_id=run_id)


def _fail(workspace: Workspace, slot: SlotState, error: str) -> None:
    now = workspace.clock()
    with workspace.write() as session:
        slots.finish(session, slot, state="failed", now=now, error=error[:4000])
        reason = error.strip().splitlines()[-1][:300] if error.strip() else ""
        entry = Entry(
            at=now,
            actor="system",
            action="schedule.failed",
            kind=slot.kind,
            key=slot.key,
            summary=f"定时任务 {slot.key} 失败:{reason}",
            summary_en=f"the scheduled run of {slot.key} failed: {reason}",
            after={"scheduled_for": slot.scheduled_for, "error": error[:4000]},
        )
        note(session, entry)
