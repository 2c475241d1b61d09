"""The words that a row scope and a list filter know beside the form's fields: who asks, their department, their people."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from engine.expression import Tree
from engine.expression.tree import Listing, Literal, Name, Node
from store import users
from store.database import Session
from store.users import Person

Words = Mapping[str, str | list[str]]
NAMES = {
    "me": ("me", "我"),
    "my_department": ("my_department", "我的部门"),
    "my_departments": ("my_departments", "我的部门及下级"),
    "my_people": ("my_people", "本部门成员"),
}
# The columns that every table has, as expressions may name them; a form's own field of the same key comes first.
SYSTEM_FIELDS: dict[str, dict[str, Any]] = {
    "created_by": {"type": "text", "label": "创建人"},
    "created_at": {"type": "datetime", "label": "创建时间"},
    "updated_by": {"type": "text", "label": "修改人"},
    "updated_at": {"type": "datetime", "label": "修改时间"},
}


def words_of(session: Session, person: Person | None) -> Words:
    """Return the words of *person*; of nobody in particular they are empty texts, which no record holds."""
    if person is None:
        return {"me": "", "my_department": "", "my_departments": [""], "my_people": [""]}
    below = _below(session, person.department)
    people = [one.key for one in users.every(session) if one.department in below] if below else []
    return {
        "me": person.key,
        "my_department": person.department or "",
        "my_departments": sorted(below) or [""],
        "my_people": sorted({*people, person.key}),
    }


def _below(session: Session, department: str | None) -> set[str]:
    """Return a department and all under it."""
    if department is None:
        return set()
    parents = {key: parent for key, (_, parent, _) in users.departments(session).items()}
    found = {department}
    while more := {key for key, parent in parents.items() if parent in found and key not in found}:
        found |= more
    return found


def filled(tree: Tree, words: Words, fields: Mapping[str, Any]) -> Tree:
    """Return *tree* with the words replaced by their values; a name that is a field of the form stays the field."""
    known = {
        alias: value
        for name, value in words.items()
        for alias in NAMES[name]
        if alias not in fields and not any(one.get("label") == alias for one in fields.values() if _is_field(one))
    }
    return dataclasses.replace(tree, root=_replaced(tree.root, known))


def _is_field(value: Any) -> bool:
    return isinstance(value, Mapping)


def _replaced(node: Node, words: Mapping[str, str | list[str]]) -> Node:
    if isinstance(node, Name) and len(node.parts) == 1 and node.parts[0] in words:
        value = words[node.parts[0]]
        if isinstance(value, str):
            return Literal(node.at, value)
        return Listing(node.at, tuple(Literal(node.at, item) for item in value))
    changes: dict[str, Any] = {}
    for one in dataclasses.fields(node):
        value = getattr(node, one.name)
        if isinstance(value, Node):
            changes[one.name] = _replaced(value, words)
        elif isinstance(value, tuple) and value:
            changes[one.name] = tuple(_part(item, words) for item in value)
    return dataclasses.replace(node, **changes) if changes else node


def _part(item: Any, words: Mapping[str, str | list[str]]) -> Any:
    """Return one item of a node's tuple: a node, a (keyword, node) pair, or a plain word."""
    if isinstance(item, Node):
        return _replaced(item, words)
    if isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], Node):
        return (item[0], _replaced(item[1], words))
    return item
