"""Alerts as the API shows them: what is firing and why, its history, and taking note of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from engine.problems import DefinitionError, Problem
from services import alert_rights, cards
from services.access import Access
from services.audit import Entry
from services.audit import add as note_down
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import definitions, episodes, outbox, records, timers
from store.database import Session
from store.episodes import Episode, EventRow, Wanted
from store.types import iso

TASK_FORM = "replenishment_task"


def list_(  # noqa: PLR0913 the parameters of a list
    workspace: Workspace,
    *,
    user: str = "",
    state: str = "firing",
    level: str | None = None,
    rule: str | None = None,
    q: str = "",
    acknowledged: bool | None = None,
    keys: Mapping[str, str] | None = None,
    warehouse: str | None = None,
    group_by: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Return `{items, counts, total, next_cursor, groups?}`: critical first, then the newest.

    Args:
        workspace: where.
        user: who looks.
        state: firing, pending, resolved or all.
        level: one level only.
        rule: one rule only.
        q: words to look for in keys, labels and explanations.
        acknowledged: only those that somebody took note of, or only the others.
        keys: values of the records' natural keys.
        warehouse: short for `keys={"warehouse": …}`.
        group_by: `rule`, `level` or a natural key: how many there are by it.
        limit: alerts at most.
        cursor: `next_cursor` of the page before.
    """
    wanted_keys = {**(keys or {}), **({"warehouse": warehouse} if warehouse else {})}
    with workspace.read() as session:
        seen = alert_rights.condition(Access(session, workspace, user))
        wanted = Wanted(
            state=state, level=level, rule=rule, q=q, keys=wanted_keys, acknowledged=acknowledged, where=seen
        )
        found = episodes.page(session, wanted, limit=limit + 1, after=_after(cursor))
        answer: dict[str, Any] = {
            "items": _shown(session, [episode for _, episode in found[:limit]]),
            "counts": _counts(session),
            "total": episodes.count(session, wanted),
            "next_cursor": f"{found[limit - 1][0]}.{found[limit - 1][1].id}" if len(found) > limit else None,
        }
        if group_by:
            answer["groups"] = _groups(session, wanted, group_by)
    return answer


def get(workspace: Workspace, *, id: int, user: str = "") -> dict[str, Any]:  # noqa: A002 the API's word
    """Return one alert with its history and deliveries; one of a record that *user* does not see is not there."""
    with workspace.read() as session:
        episode = episodes.get(session, id)
        seen = alert_rights.condition(Access(session, workspace, user))
        if episode is None or (seen is not None and not episodes.shows(session, id, seen)):
            raise not_found("预警", "alert", id)
        history = episodes.history(session, id)
        deliveries = outbox.page(session, episode_id=id, limit=200)
        shown = _shown(session, [episode])[0]
    return {
        **shown,
        "history": [_happened(event) for event in history],
        "deliveries": [_delivery(delivery) for delivery in deliveries],
    }


def acknowledge(workspace: Workspace, *, ids: Sequence[int], user: str, note: str = "") -> dict[str, Any]:
    """Take note of alerts: repeats and escalation stop until the level rises; return `{acknowledged: [ids]}`."""
    return workspace.transact(lambda session: acknowledge_in(session, workspace, ids=ids, user=user, note=note))


def acknowledge_in(
    session: Session, workspace: Workspace, *, ids: Sequence[int], user: str, note: str = "", via: str = ""
) -> dict[str, Any]:
    """Take note of alerts inside a transaction; *via* says how (`link`).

    Raises:
        Refused: none of them is live any more.
    """
    now = workspace.clock()
    done = episodes.acknowledge(session, ids, by=user, at=now, note=note)
    if not done:
        raise Refused("stale", "这些预警已经解除", "these alerts have ended already")
    data = {"via": via} if via else {}
    rows = [EventRow(number, now, "acknowledged", actor=user, note=note, data=data) for number in done]
    episodes.add_events(session, rows)
    for number in done:
        timers.cancel(session, kind="escalation", subject=f"episode:{number}")
    told = (f"确认 {len(done)} 条预警", f"acknowledged {len(done)} alerts")
    _note(session, now, user, "alert.acknowledged", done, told, {"note": note, **data})
    cards.acted(session, workspace, by=user, op="acknowledge", words=("已确认跟进", "Taken on"), episodes=done)
    return {"acknowledged": done}


def quiet(session: Session, workspace: Workspace, ids: Sequence[int], user: str) -> None:
    """Take note of alerts that were there before their rule: nobody is told of them until their level rises."""
    if ids:
        acknowledge_in(
            session, workspace, ids=ids, user=user, note="发布前已在预警 / it breached before the rule was published"
        )


def snooze(workspace: Workspace, *, id: int, until: str | dt.datetime | None, user: str) -> None:  # noqa: A002 the API's word
    """Tell nobody before a moment; what happens meanwhile is told afterwards. None ends it."""
    moment = dt.datetime.fromisoformat(until) if isinstance(until, str) else until
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=workspace.zone)
    workspace.transact(lambda session: snooze_in(session, workspace, id=id, until=moment, user=user))


def snooze_many(workspace: Workspace, *, ids: Sequence[int], until: str, user: str) -> dict[str, Any]:
    """Tell nobody of many before a moment; return `{snoozed: [ids]}`, those that have ended left out.

    Raises:
        DefinitionError: the moment has passed.
        Refused: all of them have ended.
    """
    moment = dt.datetime.fromisoformat(until)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=workspace.zone)

    def work(session: Session) -> list[int]:
        done = []
        for number in dict.fromkeys(ids):
            with suppress(Refused):
                snooze_in(session, workspace, id=number, until=moment, user=user)
                done.append(number)
        return done

    snoozed = workspace.transact(work)
    if not snoozed:
        raise Refused("stale", "这些预警已经解除", "these alerts have ended already")
    return {"snoozed": snoozed}


def snooze_in(session: Session, workspace: Workspace, *, id: int, until: dt.datetime | None, user: str) -> None:  # noqa: A002 the API's word
    """Tell nobody before a moment, inside a transaction.

    Raises:
        DefinitionError: the moment has passed.
        Refused: the alert has ended.
    """
    now = workspace.clock()
    if until is not None and until <= now:
        raise DefinitionError(
            [Problem("$.until", "暂缓的时间已过", "选一个将来的时间", "this moment has passed", "choose one to come")]
        )
    if not episodes.snooze(session, id, until):
        raise Refused("stale", "这条预警已经解除", "this alert has ended already")
    text = until.astimezone(workspace.zone).strftime("%m-%d %H:%M") if until else ""
    event = EventRow(id, now, "snoozed" if until else "unsnoozed", actor=user, note=text, data={"until": iso(until)})
    episodes.add_events(session, [event])
    told = (f"暂缓提醒至 {text}", f"snoozed until {text}") if until else ("恢复提醒", "ended the snooze")
    _note(session, now, user, "alert.snoozed", [id], told, {"until": iso(until)})


def as_json(episode: Episode, names: Mapping[str, str], task: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return an alert as the API shows it."""
    acknowledged = None
    if episode.acknowledged_at is not None:
        acknowledged = {
            "by": episode.acknowledged_by,
            "at": iso(episode.acknowledged_at),
            "note": episode.acknowledged_note or "",
        }
    return {
        "id": episode.id,
        "rule": {
            "key": episode.rule,
            "name": names.get(episode.rule, episode.rule),
            "version": episode.rule_version,
        },
        "state": episode.state,
        "level": episode.level,
        "table": episode.over,
        "keys": episode.keys,
        "labels": episode.labels,
        "started_at": iso(episode.fired_at or episode.started_at),
        "updated_at": iso(episode.updated_at),
        "resolved_at": iso(episode.resolved_at),
        "acknowledged": acknowledged,
        "snoozed_until": iso(episode.snoozed_until),
        "explanation": episode.explanation,
        "explanation_en": episode.explanation_en,
        "values": episode.measured,
        "task": task,
    }


def _shown(session: Session, found: Sequence[Episode]) -> list[dict[str, Any]]:
    names = {state.key: state.name for state in definitions.every(session, "rule", archived=True)}
    tasks = _tasks(session, (episode.task_id for episode in found if episode.task_id))
    return [as_json(episode, names, tasks.get(episode.task_id or 0)) for episode in found]


def _tasks(session: Session, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    wanted = list(ids)
    if not wanted or records.state(session, TASK_FORM) is None:
        return {}
    rows = records.page(session, TASK_FORM, records.Wanted(equal={"_id": wanted}), limit=len(wanted), total=False).rows
    return {row["_id"]: {"id": row["_id"], "code": row.get("code"), "status": row.get("status")} for row in rows}


def _counts(session: Session) -> dict[str, int]:
    levels = episodes.count_by_level(session)
    pending = sum(episodes.count_by_level(session, "pending").values())
    return {
        "critical": 0,
        "warning": 0,
        **levels,
        "acknowledged": episodes.count_acknowledged(session),
        "pending": pending,
    }


def _groups(session: Session, wanted: Wanted, by: str) -> list[dict[str, Any]]:
    """Return how many alerts there are by rule, level or a natural key, the most first."""
    counts: dict[str, dict[str, Any]] = {}
    for _, episode in episodes.page(session, wanted, limit=10_000):
        value = {"rule": episode.rule, "level": episode.level}.get(by) or episode.keys.get(by)
        group = counts.setdefault(
            str(value), {"key": value, "label": episode.labels.get(by, str(value)), "total": 0, "by_level": {}}
        )
        group["total"] += 1
        group["by_level"][episode.level] = group["by_level"].get(episode.level, 0) + 1
    return sorted(counts.values(), key=lambda group: -group["total"])


def _after(cursor: str | None) -> tuple[int, int] | None:
    rank, _, number = (cursor or "").partition(".")
    return (int(rank), int(number)) if rank.isdecimal() and number.isdecimal() else None


def _happened(event: EventRow) -> dict[str, Any]:
    return {
        "at": iso(event.at),
        "event": event.event,
        "reason": event.reason,
        "level": event.level,
        "by": event.actor,
        "note": event.note,
    }


def _delivery(delivery: outbox.Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "channel": delivery.channel,
        "recipient": delivery.recipient,
        "state": delivery.state,
        "attempts": delivery.attempt,
        "created_at": iso(delivery.created_at),
        "sent_at": iso(delivery.sent_at),
        "error": delivery.error,
        "title": delivery.title,
    }


def _note(
    session: Session,
    now: dt.datetime,
    user: str,
    action: str,
    ids: Sequence[int],
    told: tuple[str, str],
    after: Mapping[str, Any],
) -> None:
    entry = Entry(
        at=now,
        actor=user,
        action=action,
        kind="alert",
        key=",".join(map(str, ids[:20])),
        summary=told[0],
        summary_en=told[1],
        after={"ids": list(ids), **after},
    )
    note_down(session, entry)
