"""Merge three versions of a definition: what the pack was, what the user made of it, what the pack is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ABSENT = object()
_NAMES = ("key", "id", "level", "calendar")


def merge(before: Any, mine: Any, theirs: Any, path: str = "$") -> tuple[Any, list[str]]:
    """Return the merged value and the paths at which both sides changed the same thing (mine is kept there).

    Objects merge key by key, lists of named things (fields by `key`, nodes by `id`, levels by `level`) thing by thing;
    any other list is one value.
    """
    if theirs in (mine, before):
        return mine, []
    if before == mine:
        return theirs, []
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return _objects(before if isinstance(before, Mapping) else {}, mine, theirs, path)
    name = _name_of(mine, theirs)
    if name is not None:
        return _lists(before if isinstance(before, list) else [], mine, theirs, name, path)
    return mine, [path]


def _objects(
    before: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], path: str
) -> tuple[dict[str, Any], list[str]]:
    merged: dict[str, Any] = {}
    conflicts: list[str] = []
    for key in dict.fromkeys([*mine, *theirs]):
        value, found = _one(before.get(key, _ABSENT), mine.get(key, _ABSENT), theirs.get(key, _ABSENT), f"{path}.{key}")
        conflicts += found
        if value is not _ABSENT:
            merged[key] = value
    return merged, conflicts


def _lists(before: list[Any], mine: list[Any], theirs: list[Any], name: str, path: str) -> tuple[list[Any], list[str]]:
    olds, ours, news = ({item[name]: item for item in items} for items in (before, mine, theirs))
    merged: list[Any] = []
    conflicts: list[str] = []
    for key in dict.fromkeys([*ours, *news]):
        value, found = _one(
            olds.get(key, _ABSENT), ours.get(key, _ABSENT), news.get(key, _ABSENT), f"{path}[{name}={key}]"
        )
        conflicts += found
        if value is not _ABSENT:
            merged.append(value)
    return merged, conflicts


def _one(before: Any, mine: Any, theirs: Any, path: str) -> tuple[Any, list[str]]:
    """Merge one part, which may be absent on any side; taken out on one side and changed on the other is a conflict."""
    if mine is _ABSENT or theirs is _ABSENT:
        if mine is theirs:
            return _ABSENT, []
        kept = theirs if mine is _ABSENT else mine
        if before is _ABSENT:
            return kept, []
        if kept == before:
            return _ABSENT, []
        return mine, [path]
    return merge(None if before is _ABSENT else before, mine, theirs, path)


def _name_of(mine: Any, theirs: Any) -> str | None:
    """Return the key that names the things of both lists, or None when they are no lists of named things."""
    if not isinstance(mine, list) or not isinstance(theirs, list):
        return None
    for name in _NAMES:
        lists = [[item.get(name) if isinstance(item, Mapping) else None for item in items] for items in (mine, theirs)]
        if all(isinstance(key, str) for keys in lists for key in keys) and all(
            len(set(keys)) == len(keys) for keys in lists
        ):
            return name
    return None
