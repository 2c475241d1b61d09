"""Trying a route out: who would get what, through which channel, when and why, and who would not; for now or a past moment.

It asks the same questions as the sending does (`services.reach`, `engine.alerting.route`), and sends nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from engine.alerting import preferences as wishes
from engine.alerting import route as routing
from engine.alerting.durations import after
from services import notices
from services.addressing import channel_types, is_shared
from services.conditions import holds
from services.directory import People
from services.reach import Reach
from services.refusal import not_found
from services.workspace import Workspace
from store import definitions, episodes, records, silences
from store.database import Session

REASONS: dict[str, tuple[str, str]] = {
    "left_rule": ("已退订这条规则", "has unsubscribed from this rule"),
    "muted_sku": ("已对这个商品静音", "has muted this SKU"),
    "not_subscribed_category": ("没有订阅这个类目", "is not subscribed to this category"),
    "not_subscribed_warehouse": ("没有订阅这个仓库", "is not subscribed to this warehouse"),
    "not_subscribed_sku": ("没有订阅这个商品", "is not subscribed to this SKU"),
    "quiet_hours": ("在本人免打扰时段,推迟", "the person's quiet hours: later"),
    "route_quiet": ("在路由免打扰时段,推迟", "the route's quiet hours: later"),
}


def trial(
    workspace: Workspace,
    *,
    definition: Mapping[str, Any],
    alert: int | None = None,
    data: Mapping[str, Any] | None = None,
    at: str | None = None,
) -> dict[str, Any]:
    """Return `{at, alert, routes, told, not_told, escalation, silenced}`.

    Args:
        workspace: where.
        definition: the route, saved or not.
        alert: an alert's number, whose record is taken; or
        data: rule, level and the record's fields, as a route reads them.
        at: a moment (ISO 8601) that is asked about; now where it is left out.

    Raises:
        Refused: there is no such alert.
    """
    moment = dt.datetime.fromisoformat(at) if at else workspace.clock()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=workspace.zone)
    with workspace.read() as session:
        facts = _facts(session, alert) if alert is not None else {"level": "critical", **(data or {})}
        people = People(session, moment)
        reach = Reach.read(session, people, channel_types(session), workspace.settings.timezone)
        taken = routing.routes_for(definition, facts, holds)
        quiet = [notices.as_silence(each) for each in silences.page(session, limit=500)]
        silenced = routing.silence(facts, quiet, moment)
        told, not_told = _told(reach, taken, facts, moment)
        return {
            "at": moment,
            "alert": {name: value for name, value in facts.items() if isinstance(value, str | int | float)},
            "routes": [{"path": one.path, "settings": dict(one.settings)} for one in taken],
            "told": told,
            "not_told": not_told,
            "escalation": _escalation(people, taken, facts, moment),
            "silenced": {"reason": silenced.reason, "by": people.name(silenced.author), "until": silenced.ends}
            if silenced
            else None,
        }


def _told(
    reach: Reach, taken: Sequence[routing.Route], facts: Mapping[str, Any], moment: dt.datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    told, not_told = [], []
    level = str(facts.get("level") or "")
    for route in taken:
        settings = route.settings
        wait = settings.get("wait")
        due = after(moment, wait) if wait and wait != routing.DEFAULTS["wait"] else moment
        shared = [name for name in settings["channels"] if is_shared(reach.kinds.get(name))]
        own = [name for name in settings["channels"] if name not in shared]
        at, later = wishes.told_at({}, "", due, reach.zone, settings.get("quiet", ()))
        told += [_row(route, "", "", channel, "", at, later) for channel in shared]
        if shared and not own:
            continue
        for person in reach.receivers(settings["to"], facts):
            unwanted = reach.unwanted(person, facts)
            name = reach.people.name(person)
            if unwanted is not None:
                zh, en = REASONS[unwanted.value]
                not_told.append({"person": person, "name": name, "route": route.path, "reason": zh, "reason_en": en})
                continue
            told += [
                _row(route, person, name, one.channel, one.address, one.due, one.reason)
                for one in reach.tell(person, level, own, due, settings.get("quiet", ()))
            ]
    return told, not_told


def _row(
    route: routing.Route,
    person: str,
    name: str,
    channel: str,
    address: str,
    due: dt.datetime | None,
    reason: wishes.Reason | None,
) -> dict[str, Any]:
    zh, en = REASONS[reason.value] if reason else ("", "")
    return {
        "route": route.path,
        "person": person,
        "name": name,
        "channel": channel,
        "address": address,
        "due": due,
        "reason": zh,
        "reason_en": en,
    }


def _escalation(
    people: People, taken: Sequence[routing.Route], facts: Mapping[str, Any], moment: dt.datetime
) -> list[dict[str, Any]]:
    steps = []
    for route in taken:
        before = routing.recipients(route.settings["to"], facts, people)
        for step in route.settings.get("escalate", ()):
            wanted = [
                f"superior:{person}" if each == "superior" else each
                for each in step["to"]
                for person in (before or [""])
            ]
            names = [people.name(person) for person in routing.recipients(wanted, facts, people)]
            steps.append(
                {"route": route.path, "after": step["after"], "at": after(moment, step["after"]), "people": names}
            )
    return steps


def _facts(session: Session, number: int) -> dict[str, Any]:
    """Return an alert as routes read it: its keys, and the fields of the records that they lead to."""
    episode = episodes.get(session, number)
    if episode is None:
        raise not_found("预警", "alert", number)
    facts: dict[str, Any] = {**episode.keys, "keys": episode.keys, "rule": episode.rule, "level": episode.level}
    facts["event"] = "fired"
    for name, code in episode.keys.items():
        if definitions.get(session, "form", name) is not None and records.state(session, name) is not None:
            found = records.find(session, name, code=str(code))
            facts |= {f"{name}.{field}": value for field, value in (found.values if found else {}).items()}
    return facts
