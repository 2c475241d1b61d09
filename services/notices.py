"""Who is told of what, through which channel: alerts through their routes, to-dos to whoever holds the seat.

Nothing is sent here. Each notice to each person through each channel is one outbox row, written in the transaction of its
cause under a key of its own; a worker renders and sends it afterwards.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.alerting import preferences as wishes
from engine.alerting import route as routing
from engine.alerting.durations import after
from services import digests
from services.addressing import MAILBOX, channel_types, is_shared
from services.conditions import holds
from services.directory import People
from services.episodes import Happened
from services.reach import Reach
from services.snapshot import Snapshot
from services.workspace import Workspace
from store import outbox, silences, timers
from store.database import Session

SEVERITY = {"critical": 1, "warning": 3}
NOTIFY = ({"type": "notify"},)
STANDARD_ROUTE: dict[str, Any] = {"key": "standard", "to": ["role:admin"], "channels": [MAILBOX]}
MOST_LISTED = 20
LEVEL_WORDS = {"critical": ("紧急", "Critical"), "warning": ("预警", "Warning"), "info": ("提示", "Info")}


@dataclass(frozen=True, slots=True)
class Telling:
    """What the notices of one run share."""

    session: Session
    workspace: Workspace
    people: People
    snapshot: Snapshot
    rules: Mapping[str, Mapping[str, Any]]
    run_id: int
    now: dt.datetime


def tell_of_alerts(telling: Telling, happened: Iterable[Happened], firing: Sequence[Mapping[str, Any]]) -> int:
    """Write the notices of what happened; return how many there are.

    Args:
        telling: the run.
        happened: the events of the run.
        firing: every alert that fires now, as data, for inhibition.
    """
    quiet = [as_silence(each) for each in silences.current(telling.session, telling.now)]
    inhibiting = [one for one in firing if telling.rules.get(str(one.get("rule")), {}).get("inhibits")]
    groups: dict[tuple[Any, ...], tuple[routing.Route, list[Happened]]] = {}
    for one in happened:
        rule = telling.rules[one.seen.rule]
        notify = next(
            (action for action in rule.get("actions", NOTIFY) if action["type"] == "notify" and told(action, one)), None
        )
        if notify is None:
            continue
        data = alert_data(one)
        if routing.silence(data, quiet, telling.now):
            continue
        if routing.inhibit(data, inhibiting, telling.rules):
            continue
        tree = telling.snapshot.routes.get(str(rule.get("route")), STANDARD_ROUTE)
        own = {name: notify[name] for name in ("to", "channels", "message") if notify.get(name)}
        for found in routing.routes_for(tree, data, holds):
            taken = routing.Route(found.path, {**found.settings, **own})
            by = taken.settings.get("group_by") or rule.get("group_by") or ()
            place = tuple((name, str(data.get(name))) for name in by)
            key = (taken.path, one.seen.rule, one.event.kind.value, place)
            groups.setdefault(key, (taken, []))[1].append(one)
    kinds = channel_types(telling.session)
    reach = Reach.read(telling.session, telling.people, kinds, telling.workspace.settings.timezone)
    rows: list[dict[str, Any]] = []
    moment = telling.workspace.clock()  # one for the whole run: what is due together can become one digest
    for key, (taken, members) in groups.items():
        _plan_escalation(telling, taken, members)
        rows += _rows_of_group(telling, reach, key, taken, members, moment)
    merged = digests.merged(rows, run=telling.run_id)
    return outbox.enqueue(telling.session, merged, now=telling.workspace.clock())


def told(action: Mapping[str, Any], one: Happened) -> bool:
    """Say whether a notify action tells of what happened."""
    on, condition = action.get("on"), action.get("if")
    if not one.event.notify or (on is not None and on != one.event.kind.value):
        return False
    return condition is None or holds(condition, alert_data(one))


def wanted(action: Mapping[str, Any], one: Happened) -> bool:
    """Say whether an action runs now: when its level was entered, or on the event that it names."""
    on, condition = action.get("on"), action.get("if")
    if not (one.event.act if on is None else on == one.event.kind.value):
        return False
    return condition is None or holds(condition, alert_data(one))


def alert_data(one: Happened) -> dict[str, Any]:
    """Return an alert as routes and conditions read it: rule, level, event, and the record's fields by path."""
    return {
        **one.record,
        **one.seen.keys,
        "rule": one.seen.rule,
        "level": one.event.level,
        "event": one.event.kind.value,
        "keys": one.seen.keys,
    }


def _rows_of_group(
    telling: Telling,
    reach: Reach,
    key: tuple[Any, ...],
    taken: routing.Route,
    members: list[Happened],
    moment: dt.datetime,
) -> list[dict[str, Any]]:
    """Return a row for each person and channel that a group of alerts reaches, and one for each shared channel."""
    wanted: dict[str, list[Happened]] = {}
    for one in members:
        for person in reach.receivers(taken.settings["to"], one.record):
            if reach.unwanted(person, alert_data(one)) is None:
                wanted.setdefault(person, []).append(one)
    shared = [name for name in taken.settings["channels"] if is_shared(reach.kinds.get(name))]
    own = [name for name in taken.settings["channels"] if name not in shared]
    due, quiet = _due(moment, taken), taken.settings.get("quiet", ())
    at, _ = wishes.told_at({}, "", due, reach.zone, quiet)
    rows = [_row(telling, key, "", channel, "", members) | {"due_at": at} for channel in shared]
    for person, alerts in wanted.items():
        if shared and not own:
            continue
        rows += [
            _row(telling, key, person, told.channel, told.address, alerts) | {"due_at": told.due}
            for told in reach.tell(person, _worst(alerts), own, due, quiet)
        ]
    return rows


def _worst(alerts: Sequence[Happened]) -> str:
    return str(min(alerts, key=lambda one: SEVERITY.get(one.event.level or "", 5)).event.level or "")


def _due(moment: dt.datetime, taken: routing.Route) -> dt.datetime:
    """Return when to send before anybody's quiet hours: now, or after the route's own wait."""
    wait = taken.settings.get("wait")
    return after(moment, wait) if wait and wait != routing.DEFAULTS["wait"] else moment


def _row(
    telling: Telling, key: tuple[Any, ...], person: str, channel: str, address: str, alerts: list[Happened]
) -> dict[str, Any]:
    return {
        **alert_row(telling.rules[alerts[0].seen.rule], alerts),
        "idempotency_key": f"run:{telling.run_id}:{digest(key)}:{person}:{channel}",
        "channel": channel,
        "recipient": person,
        "address": address,
        "created_at": telling.workspace.clock(),
    }


def alert_row(rule: Mapping[str, Any], alerts: Sequence[Happened]) -> dict[str, Any]:
    """Return the columns of a notice of *alerts*, all of one rule and one event, without whom and how."""
    first = alerts[0]
    event = "resolved" if first.event.kind.value == "resolved" else "alert"
    title, title_en = alert_title(rule, alerts)
    return {
        "severity": SEVERITY.get(first.event.level or "", 5),
        "message": event,
        "title": title,
        "episode_id": first.episode_id if len(alerts) == 1 else None,
        "payload": {
            "event": event,
            "title_en": title_en,
            "rule": first.seen.rule,
            "rule_name": rule["name"],
            "level": first.event.level,
            "template": rule.get("message"),
            "total": len(alerts),
            "alerts": [_shown(one) for one in alerts[:MOST_LISTED]],
        },
    }


def _shown(one: Happened) -> dict[str, Any]:
    return {
        "id": one.episode_id,
        "level": one.event.level,
        "keys": one.seen.keys,
        "labels": one.labels,
        "explanation": one.seen.explanation,
        "explanation_en": one.seen.explanation_en,
        "values": one.seen.measured,
    }


def alert_title(rule: Mapping[str, Any], alerts: Sequence[Happened]) -> tuple[str, str]:
    """Return the title of a notice in Chinese and English."""
    first = alerts[0]
    word, word_en = LEVEL_WORDS.get(first.event.level or "", (first.event.level or "", first.event.level or ""))
    if first.event.kind.value == "resolved":
        word, word_en = "已解除", "Resolved"
    place = " · ".join(first.labels.values())
    if len(alerts) > 1:
        more = len(alerts)
        return (
            f"【{word}】{rule['name']}:{place} 等 {more} 条",
            f"[{word_en}] {rule['name']}: {place} and {more - 1} more",
        )
    return f"【{word}】{rule['name']}:{place}", f"[{word_en}] {rule['name']}: {place}"


def as_silence(each: Any) -> routing.Silence:
    """Return a stored silence as the routing reads it."""
    matchers = [routing.Matcher(name, "=", value) for name, value in each.keys.items()]
    if each.rule:
        matchers.append(routing.Matcher("rule", "=", each.rule))
    return routing.Silence(str(each.id), tuple(matchers), each.starts_at, each.ends_at, each.created_by, each.comment)


def _plan_escalation(telling: Telling, taken: routing.Route, members: Sequence[Happened]) -> None:
    """Set a clock for each escalation step of the group: who has not been taken on by then is told to the next."""
    fired = [one for one in members if one.event.kind.value == "fired"]
    if not fired:
        return
    first = fired[0]
    for number, step in enumerate(taken.settings.get("escalate", ())):
        timers.set_(
            telling.session,
            f"escalation:{first.episode_id}:{number}",
            kind="escalation",
            subject=f"episode:{first.episode_id}",
            due_at=after(telling.workspace.clock(), step["after"]),
            data={
                "step": dict(step),
                "to": list(taken.settings["to"]),
                "channels": list(taken.settings["channels"]),
                "record": {name: value for name, value in first.record.items() if isinstance(value, str)},
                "episodes": [one.episode_id for one in fired],
            },
        )


def shared_row(rule: Mapping[str, Any], one: Happened, channel: str) -> dict[str, Any]:
    """Return the outbox row of one alert for a channel that reaches no person (a webhook)."""
    key = f"alert:{one.episode_id}:{one.event.kind.value}:{one.event.level}:{channel}"
    return {**alert_row(rule, [one]), "idempotency_key": key, "channel": channel, "recipient": "", "address": ""}


def digest(value: Any) -> str:
    """Return a short text that is the same for the same value."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
