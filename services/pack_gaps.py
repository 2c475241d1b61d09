"""What a pack counts on and the workspace lacks: people for its roles, channels for its notices; filled on the spot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rule_templates import Plan
from services.addressing import channel_types
from services.audit import Entry, add
from services.refusal import not_found
from services.workspace import Workspace
from store import users
from store.database import Session

Document = Mapping[str, Any]
_LISTS = ("channels",)


def gaps(session: Session, plan: Plan) -> dict[str, list[dict[str, Any]]]:
    """Return the roles that nobody has and the channels that are not set up, with the definitions that name them.

    Returns:
        `{people: [{role, name, used_by: [name]}], channels: [{channel, used_by: [name]}]}`.
    """
    there = channel_types(session)
    named = {step.key: step.name for step in plan.steps if step.kind == "role"}
    roles: dict[str, list[str]] = {}
    channels: dict[str, list[str]] = {}
    for document in plan.documents:
        name = str(document.get("name", document["key"]))
        for role in sorted(set(_roles(document))):
            if not users.with_role(session, role):
                roles.setdefault(role, []).append(name)
        for channel in sorted(set(_channels(document))):
            if channel not in there:
                channels.setdefault(channel, []).append(name)
    return {
        "people": [{"role": key, "name": named.get(key, key), "used_by": names} for key, names in roles.items()],
        "channels": [{"channel": key, "used_by": names} for key, names in channels.items()],
    }


def with_channels(documents: Iterable[dict[str, Any]], instead: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return *documents* with each channel named in *instead* replaced by the one to use in its place."""
    return [_replaced(one, instead) for one in documents] if instead else list(documents)


def give_roles(session: Session, workspace: Workspace, people: Mapping[str, Iterable[str]], user: str) -> None:
    """Give each role of *people* to the users named.

    Raises:
        Refused: there is no such user.
    """
    for role, keys in people.items():
        for key in keys:
            person = users.get(session, key)
            if person is None:
                raise not_found("用户", "user", key)
            if role in person.roles:
                continue
            users.change(session, key, roles=[*person.roles, role])
            summary = (f"{person.name} 担任 {role}", f"{person.name} takes the role {role}")
            entry = Entry(
                at=workspace.clock(), actor=user, action="user.changed", kind="user", key=key, summary=summary[0],
                summary_en=summary[1], before={"roles": list(person.roles)}, after={"roles": [*person.roles, role]},
            )  # fmt: skip
            add(session, entry)


def _roles(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _roles(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _roles(inner)
    elif isinstance(value, str) and value.startswith("role:"):
        yield value.removeprefix("role:")


def _channels(document: Any) -> Iterator[str]:
    if isinstance(document, Mapping):
        for key, inner in document.items():
            if key in _LISTS and isinstance(inner, list):
                yield from (one for one in inner if isinstance(one, str))
            else:
                yield from _channels(inner)
    elif isinstance(document, list):
        for inner in document:
            yield from _channels(inner)


def _replaced(value: Any, instead: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: list(dict.fromkeys(instead.get(one, one) for one in inner))
            if key in _LISTS and isinstance(inner, list) and all(isinstance(one, str) for one in inner)
            else _replaced(inner, instead)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_replaced(inner, instead) for inner in value]
    return value
