"""What a person may do with the records of a form: the groups of the form and of their roles, added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from store.definitions import DefinitionState
from store.users import Person

ACTIONS = ("view", "add", "edit", "delete", "import", "export", "print")
EVERYONE = "everyone"
HIDE, READ, WRITE = 0, 1, 2
_LEVELS = {"hide": HIDE, "read": READ, "view": READ, "write": WRITE, "edit": WRITE}
_WORDS = {"create": "add"}
# What the four system roles may where a form (and no role) says nothing: as it always was.
_BY_SYSTEM_ROLE = {
    "admin": ACTIONS,
    "designer": ACTIONS,
    "operator": ACTIONS,
    "viewer": ("view", "export", "print"),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One group: what its members may do, with which rows and which fields.

    Args:
        role: whose group it is.
        source: `form`, `role` or `system`: where it is written down.
        can: the actions.
        rows: an expression; empty for all rows.
        fields: field key (`lines.price` in a sub-form, `*` for all others) → level.
        hidden: what it hides, with the formulas that read it; worked out among all forms.
    """

    role: str
    source: str
    can: frozenset[str]
    rows: str = ""
    fields: Mapping[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def level(self, key: str) -> int:
        """Return hide, read or write for a field; a column of a sub-form has what its sub-form has unless told."""
        own = self.fields.get(key)
        if own is not None:
            return own
        parent, dot, _ = key.partition(".")
        return self.level(parent) if dot else self.fields.get("*", WRITE)


@dataclass(frozen=True, slots=True)
class Rights:
    """All groups that a person has on one form; *governed* when the form or some role speaks of it."""

    grants: tuple[Grant, ...]
    governed: bool
    whole: bool = False

    def allow(self, action: str) -> bool:
        """Say whether some group has *action*."""
        return self.whole or any(action in grant.can for grant in self.grants)

    @property
    def can(self) -> list[str]:
        """The actions, in their order."""
        return [action for action in ACTIONS if self.allow(action)]


UNLIMITED = Rights((), governed=False, whole=True)


def roles_of(person: Person, roles: Sequence[DefinitionState]) -> set[str]:
    """Return the roles a person has: their own, those that name them a member, and those that these include."""
    documents = {state.key: state.document for state in roles if state.runs}
    found = {*person.roles, EVERYONE}
    found |= {key for key, document in documents.items() if person.key in document.get("members", ())}
    waiting = list(found)
    while waiting:
        for more in documents.get(waiting.pop(), {}).get("includes", ()):
            if more not in found:
                found.add(more)
                waiting.append(more)
    return found


def rights_on(form: Mapping[str, Any], person: Person, mine: set[str], roles: Sequence[DefinitionState]) -> Rights:
    """Return what *person* with the roles *mine* may do with *form*.

    Somebody without a group has nothing on a form that is governed, and what the system role gives on one that is not.
    """
    if "admin" in person.roles:
        return UNLIMITED
    groups = tuple(_groups(form, mine, roles))
    named = is_governed(form, roles)
    if groups or named:
        return Rights(groups, named)
    system = [role for role in person.roles if role in _BY_SYSTEM_ROLE] or ["viewer"]
    return Rights(tuple(Grant(role, "system", frozenset(_BY_SYSTEM_ROLE[role])) for role in system), governed=False)


def is_governed(form: Mapping[str, Any], roles: Sequence[DefinitionState]) -> bool:
    """Say whether the form itself or some role, broken ones too, speaks of who may what with it."""
    return bool(form.get("permissions")) or any(
        entry["form"] == form["key"]
        for state in roles
        if state.version and not state.archived
        for entry in state.document.get("permissions", ())
    )


def _groups(form: Mapping[str, Any], mine: set[str], roles: Sequence[DefinitionState]) -> Iterator[Grant]:
    for entry in form.get("permissions", ()):
        if entry["role"] in mine:
            yield _grant(entry["role"], "form", entry)
    for state in roles:
        if state.runs and state.key in mine:
            for entry in state.document.get("permissions", ()):
                if entry["form"] in {form["key"], "*"}:
                    yield _grant(state.key, "role", entry)


def _grant(role: str, source: str, entry: Mapping[str, Any]) -> Grant:
    can = frozenset(_WORDS.get(action, action) for action in entry["can"])
    fields = {key: _LEVELS[word] for key, word in entry.get("fields", {}).items()}
    return Grant(role, source, can, entry.get("rows", ""), fields)
