"""Overrides in bulk: other numbers for many SKUs or categories of one rule at once, with what that would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine import alerting
from engine.problems import DefinitionError, Problem
from services import publish, question_rights, snapshot
from services.snapshot import Snapshot
from services.workspace import Workspace

MOST = 200
Item = Mapping[str, Any]
Breaches = dict[tuple[str, ...], str]


def preview(
    workspace: Workspace, *, rule: str, items: Sequence[Item], definition: Item | None = None, user: str = ""
) -> dict[str, Any]:
    """Return what *rule* would find with *items* as its overrides, before and after; nothing is kept.

    Args:
        workspace: where.
        rule: the rule's key.
        items: each says whom (`where`, `category` or `skus`) and what (`let`, `levels`).
        definition: the rule as drawn; as drafted or published unless given.
        user: who asks.

    Returns:
        `items` [{where, records, before, after, added, removed}] (before and after by level, on the records it is about),
        `total` {before, after}, and the `definition` with the overrides in it.

    Raises:
        DefinitionError: everything that is wrong with it.
        Refused: there is no such rule, or not everything it reads may be seen.
    """
    base = dict(definition or _drawn(workspace, rule))
    overrides = [_override(item, number, base) for number, item in enumerate(items)]
    changed = {**base, "overrides": overrides}
    if not overrides:
        del changed["overrides"]
    problems = publish.check(workspace, kind="rule", definition=changed)
    if problems:
        raise DefinitionError(problems)
    question_rights.ask(workspace, user=user, over=str(base["over"]), sources=question_rights.sources_of(changed))
    taken = snapshot.of_draft(workspace, changed)
    before = _breaches(workspace, taken, {**base, "overrides": []})
    after = _breaches(workspace, taken, changed)
    return {
        "items": [_effect(workspace, taken, base, one["where"], before, after) for one in overrides],
        "total": {"before": dict(Counter(before.values())), "after": dict(Counter(after.values()))},
        "definition": changed,
    }


def _drawn(workspace: Workspace, rule: str) -> dict[str, Any]:
    shown = publish.show(workspace, kind="rule", key=rule)
    draft = shown.get("draft")
    found: dict[str, Any] = draft["definition"] if draft else shown["definition"]
    return found


def _override(item: Item, number: int, rule: Item) -> dict[str, Any]:
    """Return an override as the rule's definition has it.

    Raises:
        DefinitionError: it does not say whom, or changes nothing.
    """
    tests = []
    if item.get("where"):
        tests.append(f"({item['where']})")
    if item.get("category"):
        tests.append(f"{'category' if rule['over'] == 'sku' else 'sku.category'} == {item['category']!r}")
    if item.get("skus"):
        codes = ", ".join(repr(str(code)) for code in item["skus"])
        tests.append(f"{'code' if rule['over'] == 'sku' else 'sku'} in [{codes}]")
    path = f"$.items[{number}]"
    if not tests:
        message, message_en = "没有说明适用于哪些记录", "it does not say for which records"
        raise DefinitionError(
            [Problem(path, message, "写 where、category 或 skus", message_en, "say where, category or skus")]
        )
    changes = {name: item[name] for name in ("let", "levels") if item.get(name)}
    if not changes:
        message, message_en = "没有改变任何算式或级别", "it changes no name and no level"
        raise DefinitionError([Problem(path, message, "写 let 或 levels", message_en, "say let or levels")])
    return {"where": " and ".join(tests), **changes}


def _breaches(workspace: Workspace, taken: Snapshot, rule: Item) -> Breaches:
    found = alerting.evaluate(
        dict(rule), taken.tables, now=workspace.clock(), forms=taken.forms, calendars=taken.calendars,
        zone=workspace.settings.timezone, values=False,
    )  # fmt: skip
    names = found.keys[str(rule["key"])]
    return {tuple(str(row[name]) for name in names): row["level"] for row in found.breaches.to_pylist()}


def _effect(
    workspace: Workspace, taken: Snapshot, rule: Item, where: str, before: Breaches, after: Breaches
) -> dict[str, Any]:
    """Return what changes among the records that one override is about."""
    about = {"key": str(rule["key"]), "over": rule["over"], "levels": [{"level": "info", "when": where}]}
    concerned = _breaches(workspace, taken, about).keys()
    then = {keys: level for keys, level in before.items() if keys in concerned}
    now = {keys: level for keys, level in after.items() if keys in concerned}
    return {
        "where": where,
        "records": len(concerned),
        "before": dict(Counter(then.values())),
        "after": dict(Counter(now.values())),
        "added": len(now.keys() - then.keys()),
        "removed": len(then.keys() - now.keys()),
    }
