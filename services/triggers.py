"""What triggers wait for: an event starts a workflow or has rules evaluated; what goes round in circles is stopped."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.expression import Context, evaluate, parse
from engine.problems import BeihuoError
from services import webhook_calls
from services.audit import Entry
from services.audit import add as note
from services.conditions import holds
from services.definitions import all_current_in
from services.workspace import Workspace
from store import events, slots
from store.database import Session
from store.events import EventState

DEEPEST = 8
MOST_ATTEMPTS = 5
_BACKOFF = dt.timedelta(seconds=20)


def work(workspace: Workspace, *, limit: int = 200) -> int:
    """Work waiting events off; return how many. A rule that several of them ask for is evaluated once."""
    now = workspace.clock()
    with workspace.read() as session:
        if not events.has_work(session, now):
            return 0
        rules = all_current_in(session, "rule")
        triggers = list(all_current_in(session, "trigger").values())
    with workspace.write() as session:
        waiting = events.take(session, now, limit=limit)
    for event in waiting:
        if event.name == webhook_calls.ANSWER:
            webhook_calls.tell(workspace, event.data)
        matching = [trigger for trigger in triggers if _matches(trigger, event)]
        error = _attempt(workspace, event, matching, _rules(rules, matching, event), now)
        if error is not None:
            _put_off(workspace, event, error)
    return len(waiting)


def _matches(trigger: Mapping[str, Any], event: EventState) -> bool:
    if trigger["on"] != event.name or (trigger.get("form") and trigger["form"] != event.form):
        return False
    if event.data.get("trigger") not in {None, trigger["key"]}:
        return False
    for name in ("rule", "workflow", "signal", "button"):
        if trigger.get(name) and trigger[name] != event.data.get(name):
            return False
    condition = trigger.get("when")
    return not condition or holds(condition, {**event.data, **event.data.get("record", {})}, event.at)


def _attempt(
    workspace: Workspace,
    event: EventState,
    triggers: Sequence[Mapping[str, Any]],
    rules: Sequence[str],
    now: dt.datetime,
) -> str | None:
    """Start the workflows and plan the evaluations that wait for *event*, all or none; return what went wrong."""
    starting = [trigger for trigger in triggers if trigger.get("start")]
    if event.depth >= DEEPEST and (starting or rules):
        _stop(workspace, event, triggers)
        return None

    def begin(session: Session) -> None:
        for trigger in starting:
            _start(session, workspace, trigger, event)
        for rule in rules:
            slots.add(session, "event", rule, [now])
        events.finish(session, event)

    try:
        workspace.transact(begin)
    except BeihuoError as error:
        return str(error)
    except Exception:  # noqa: BLE001 one poisoned event must not stop the others
        return traceback.format_exc(limit=3)
    return None


def _start(session: Session, workspace: Workspace, trigger: Mapping[str, Any], event: EventState) -> None:
    from services.approve import start_workflow  # noqa: PLC0415 workflows are heavy, and most events start none

    data = {**event.data, **event.data.get("record", {})}
    context = Context(now=event.at)
    start_workflow(
        session,
        workspace,
        workflow=trigger["start"],
        user="system",
        variables={name: evaluate(parse(source), data, context) for name, source in trigger.get("data", {}).items()},
        form=event.form if event.record_id else None,
        record_id=event.record_id,
        depth=event.depth + 1,
    )


def _rules(
    rules: Mapping[str, Mapping[str, Any]], triggers: Iterable[Mapping[str, Any]], event: EventState
) -> list[str]:
    """Return the rules that *event* has evaluated: those that name it, and those that a trigger names."""
    of_records = event.name.startswith("record.")
    found = [
        key
        for key, rule in rules.items()
        if event.name in rule.get("on_event", ()) and (not of_records or rule["over"] == event.form)
    ]
    named = [key for trigger in triggers for key in trigger.get("evaluate", ()) if key in rules]
    return list(dict.fromkeys([*found, *named]))


def _put_off(workspace: Workspace, event: EventState, error: str) -> None:
    now = workspace.clock()
    with workspace.write() as session:
        if event.attempt < MOST_ATTEMPTS:
            events.retry(session, event, now + _BACKOFF * 2**event.attempt, error)
            return
        events.finish(session, event, state="failed", error=error)
        told = (f"事件 {event.name} 处理失败:{error[:200]}", f"the event {event.name} failed: {error[:200]}")
        _note(session, now, event, "event.failed", told)


def _stop(workspace: Workspace, event: EventState, triggers: Sequence[Mapping[str, Any]]) -> None:
    """Stop a chain of automations that has come too deep, and say which."""
    names = "、".join(str(trigger.get("name", trigger["key"])) for trigger in triggers)
    told = (
        f"自动化连续触发了 {event.depth} 层,已停在触发器“{names}”,请检查是否互相触发",
        f"automations set each other off {event.depth} times; stopped at the trigger “{names}”: do they go round in circles?",
    )
    with workspace.write() as session:
        events.finish(session, event, state="stopped", error=told[0])
        _note(session, workspace.clock(), event, "automation.stopped", told)


def _note(session: Session, now: dt.datetime, event: EventState, action: str, told: tuple[str, str]) -> None:
    entry = Entry(
        at=now,
        actor="system",
        action=action,
        kind="event",
        key=str(event.id),
        summary=told[0],
        summary_en=told[1],
        after={"name": event.name, "form": event.form, "record_id": event.record_id, "depth": event.depth},
    )
    note(session, entry)
