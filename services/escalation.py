"""An alert that nobody has taken on in time is told to the next: `escalate` of its route."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from engine.alerting import route as routing
from services import addressing, notices
from services.directory import People
from services.workspace import Workspace
from store import definitions, episodes, outbox
from store.database import Session
from store.episodes import Episode, EventRow


def escalate(workspace: Workspace, *, episode: int, data: Mapping[str, Any], now: dt.datetime | None = None) -> int:
    """Tell the next people of the alerts that nobody has taken on by now; return how many are told.

    Args:
        workspace: where.
        episode: the first alert's number.
        data: what `notices` kept with the timer: the step, the alerts, and whom and how the route told first.
        now: the moment; the clock's unless said.
    """
    moment = now or workspace.clock()

    def work(session: Session) -> int:
        found = [episodes.get(session, number) for number in data.get("episodes", [episode])]
        waiting = [one for one in found if one is not None and one.state == "firing" and not one.acknowledged_by]
        if not waiting:
            return 0
        told = _tell(session, workspace, waiting, data, moment)
        note = "、".join(told)
        rows = [EventRow(one.id, moment, "escalated", "not_acknowledged", one.level, "system", note) for one in waiting]
        episodes.add_events(session, rows)
        return len(told)

    return workspace.transact(work)


def _tell(
    session: Session, workspace: Workspace, waiting: Sequence[Episode], data: Mapping[str, Any], now: dt.datetime
) -> list[str]:
    people = People(session, workspace.clock())
    step, first = data["step"], waiting[0]
    record = {**data.get("record", {}), **first.keys}
    before = routing.recipients(data.get("to", ()), record, people)
    wanted = [
        f"superior:{person}" if each == "superior" else each for each in step["to"] for person in (before or [""])
    ]
    persons = [person for person in routing.recipients(wanted, record, people) if people.active(person)]
    kinds = addressing.channel_types(session)
    rule = definitions.get(session, "rule", first.rule)
    payload = _payload(waiting, rule.name if rule else first.rule)
    channels = step.get("channels") or data.get("channels") or [addressing.MAILBOX]
    rows = [
        {
            "idempotency_key": f"escalation:{first.id}:{step['after']}:{person}:{channel}",
            "channel": channel,
            "recipient": person,
            "address": address,
            "severity": 1,
            "message": "alert",
            "title": payload["title"],
            "episode_id": first.id if len(waiting) == 1 else None,
            "payload": payload,
        }
        for person in persons
        for channel, address in addressing.addresses(people, person, channels, kinds)
    ]
    outbox.enqueue(session, rows, now=now)
    return [people.name(person) for person in persons]


def _payload(waiting: Sequence[Episode], name: str) -> dict[str, Any]:
    first, total = waiting[0], len(waiting)
    place = " · ".join(first.labels.values())
    more, more_en = (f" 等 {total} 条", f" and {total - 1} more") if total > 1 else ("", "")
    return {
        "event": "alert",
        "title": f"【无人处理】{name}:{place}{more}",
        "title_en": f"[Nobody has taken it on] {name}: {place}{more_en}",
        "rule": first.rule,
        "rule_name": name,
        "level": first.level,
        "total": total,
        "alerts": [_shown(one) for one in waiting[: notices.MOST_LISTED]],
    }


def _shown(episode: Episode) -> dict[str, Any]:
    return {
        "id": episode.id,
        "level": episode.level,
        "keys": episode.keys,
        "labels": episode.labels,
        "explanation": episode.explanation,
        "explanation_en": episode.explanation_en,
        "values": episode.measured,
    }
