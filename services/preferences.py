"""What each person wants to be told, when and how: quiet hours, subscriptions, channels by severity, what they have left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions import problems_in
from engine.problems import DefinitionError
from services.workspace import Workspace
from store import audit
from store import settings as kept
from store.database import Session

_PREFIX = "preferences:"
_WORDS = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": 100},
    "maxItems": 200,
    "uniqueItems": True,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "quiet": {
            "type": "array",
            "maxItems": 10,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["from", "to"],
                "properties": {
                    "from": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
                    "to": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
                    "weekdays": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 7}},
                },
            },
        },
        "critical_breaks_quiet": {"type": "boolean"},
        "only": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"category": _WORDS, "warehouse": _WORDS, "sku": _WORDS},
        },
        "channels": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"critical": _WORDS, "warning": _WORDS, "info": _WORDS},
        },
        "left_channels": _WORDS,
        "left_rules": _WORDS,
        "muted_skus": _WORDS,
    },
}


def of(session: Session, person: str) -> dict[str, Any]:
    """Return what *person* wants; {} when they have said nothing."""
    found: dict[str, Any] = kept.get(session, _PREFIX + person, {})
    return found


def of_all(session: Session) -> dict[str, dict[str, Any]]:
    """Return what everybody wants, by person."""
    return {name.removeprefix(_PREFIX): value for name, value in kept.every(session, _PREFIX).items()}


def get(workspace: Workspace, *, person: str) -> dict[str, Any]:
    """Return what *person* wants."""
    with workspace.read() as session:
        return of(session, person)


def save(workspace: Workspace, *, person: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what *person* wants, in the place of what was kept.

    Raises:
        DefinitionError: the values do not fit.
    """
    problems = problems_in(SCHEMA, dict(values))
    if problems:
        raise DefinitionError(problems)
    with workspace.write() as session:
        _put(session, workspace, person, dict(values), "修改通知偏好", "changed the notice preferences")
    return dict(values)


def leave(session: Session, workspace: Workspace, *, person: str, channel: str = "", rule: str = "") -> None:
    """Note that *person* wants nothing more through a channel, or of a rule."""
    _add(
        session,
        workspace,
        person,
        "left_channels" if channel else "left_rules",
        channel or rule,
        "退订",
        "unsubscribed from",
    )


def mute_sku(session: Session, workspace: Workspace, *, person: str, sku: str) -> None:
    """Note that *person* wants to hear no more of one SKU."""
    _add(session, workspace, person, "muted_skus", sku, "不再提醒", "muted")


def _add(session: Session, workspace: Workspace, person: str, name: str, value: str, word: str, word_en: str) -> None:
    before = of(session, person)
    known = list(before.get(name, ()))
    if value in known:
        return
    after = {**before, name: [*known, value]}
    _put(session, workspace, person, after, f"{word}:{value}", f"{word_en} {value}")


def _put(session: Session, workspace: Workspace, person: str, values: dict[str, Any], zh: str, en: str) -> None:
    now = workspace.clock()
    before = of(session, person)
    kept.put(session, _PREFIX + person, values, user=person, now=now)
    entry = audit.Entry(
        at=now,
        actor=person,
        action="preferences.changed",
        kind="preferences",
        key=person,
        summary=zh,
        summary_en=en,
        before=before,
        after=values,
    )
    audit.add(session, entry)
