"""On-call rotas: kept, shown with who is on call now and next, and asked by routes as `rota:<key>`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.alerting.rota import on_call
from engine.definitions import problems_in
from engine.problems import DefinitionError
from services.directory import People
from services.refusal import not_found
from services.workspace import Workspace
from store import audit
from store import settings as kept

_PREFIX = "rota:"
_DAY = {"type": "string", "format": "date"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "people", "starts"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "people": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 50},
        "starts": _DAY,
        "every": {"enum": ["day", "week"]},
        "at": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
        "except": {
            "type": "array",
            "maxItems": 100,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["from", "to", "person"],
                "properties": {
                    "from": _DAY,
                    "to": _DAY,
                    "person": {"type": "string"},
                },
            },
        },
    },
}


def list_(workspace: Workspace) -> dict[str, Any]:
    """Return every rota with who is on call now and on the next days."""
    now = workspace.clock()
    with workspace.read() as session:
        people = People(session, now)
        found = kept.every(session, _PREFIX)
    return {"items": [_shown(workspace, people, name.removeprefix(_PREFIX), rota) for name, rota in found.items()]}


def save(workspace: Workspace, *, key: str, values: Mapping[str, Any], user: str) -> dict[str, Any]:
    """Keep a rota.

    Raises:
        DefinitionError: it does not fit.
    """
    problems = problems_in(SCHEMA, dict(values))
    if problems:
        raise DefinitionError(problems)
    now = workspace.clock()
    with workspace.write() as session:
        kept.put(session, _PREFIX + key, dict(values), user=user, now=now)
        audit.add(session, _entry(now, user, "rota.saved", key, f"保存值班表“{values['name']}”", f"saved rota {key}"))
        people = People(session, now)
    return _shown(workspace, people, key, values)


def remove(workspace: Workspace, *, key: str, user: str) -> None:
    """Forget a rota; a route that names it tells the administrator instead.

    Raises:
        Refused: there is none.
    """
    now = workspace.clock()
    with workspace.write() as session:
        if kept.get(session, _PREFIX + key) is None:
            raise not_found("值班表", "rota", key)
        kept.remove(session, _PREFIX + key)
        audit.add(session, _entry(now, user, "rota.removed", key, f"删除值班表 {key}", f"removed rota {key}"))


def _shown(workspace: Workspace, people: People, key: str, rota: Mapping[str, Any]) -> dict[str, Any]:
    now = workspace.clock()
    days = [now + dt.timedelta(days=number) for number in range(14)]
    turns = [(day, on_call(rota, day, workspace.settings.timezone)) for day in days]
    return {
        **rota,
        "key": key,
        "now": turns[0][1],
        "now_name": people.name(turns[0][1]),
        "next": [
            {"day": day.astimezone(workspace.zone).date().isoformat(), "person": who, "name": people.name(who)}
            for day, who in turns
        ],
    }


def _entry(now: dt.datetime, user: str, action: str, key: str, zh: str, en: str) -> audit.Entry:
    return audit.Entry(at=now, actor=user, action=action, kind="rota", key=key, summary=zh, summary_en=en)
