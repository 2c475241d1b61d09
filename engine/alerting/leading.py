"""Rules that begin with the same test (`category == '女装' and …`) are worked out on the rows that pass it only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.alerting.plan import Plan
from engine.expression.typed import Apply, Constant, Field, Node, TypedTree
from engine.tables.duck import literal


@dataclass(frozen=True)
class Leading:
    """The test that a rule begins with.

    Args:
        path: the text field that is compared.
        value: what it has to be.
        rest: the rule's condition without the test; None where nothing else is asked.
        scoped: whether the test is the rule's `where`: an empty field is then out of scope, not unknown.
    """

    path: str
    value: str
    rest: TypedTree | None
    scoped: bool


def leading(plan: Plan) -> Leading | None:
    """Return the test that *plan* begins with: in its `where`, or in the condition of its only level."""
    if plan.where is not None:
        return _split(plan.where, scoped=True)
    if len(plan.conditions) != 1 or plan.guards or plan.rule.get("on_unknown") == "fire":
        return None
    return _split(plan.conditions[0].when, scoped=False)


def _split(tree: TypedTree, *, scoped: bool) -> Leading | None:
    root = tree.root
    both = isinstance(root, Apply) and root.operator == "and"
    first: Node = root.args[0] if isinstance(root, Apply) and both else root
    if not isinstance(first, Apply) or first.operator != "eq":
        return None
    field, value = first.args
    if not isinstance(field, Field) or field.type != "text" or not isinstance(value, Constant) or value.value is None:
        return None
    rest = None
    if isinstance(root, Apply) and both:
        left = root.args[1:]
        node = left[0] if len(left) == 1 else Apply(root.type, root.at, "and", left)
        rest = TypedTree(tree.tree, node, (), tree.labels)
    return Leading(field.path, str(value.value), rest, scoped)


@dataclass(frozen=True)
class Coded:
    """One rule's outcome in a row: its bits' factor, its full test, and its test where a leading one has passed."""

    factor: int
    code: str
    column: str | None = None
    value: str | None = None
    rest: str | None = None


def word(codes: Sequence[Coded], full: Sequence[str]) -> str:
    """Return the SQL of a word of outcomes.

    Args:
        codes: the rules in it.
        full: the columns that are known to have no null; for others the full tests stand for the rows without a value.
    """
    groups: dict[str, dict[str, list[Coded]]] = {}
    parts = []
    for code in codes:
        if code.column is None or code.value is None:
            parts.append(_times(code.code, code.factor))
        else:
            groups.setdefault(code.column, {}).setdefault(code.value, []).append(code)
    for column, values in groups.items():
        branches = "".join(
            f" WHEN {literal(value)} THEN {' + '.join(_times(str(one.rest), one.factor) for one in found)}"
            for value, found in values.items()
        )
        empty = [_times(one.code, one.factor) for found in values.values() for one in found]
        grouped = f"CASE {column}{branches} ELSE 0 END"
        if column not in full:
            grouped = f"CASE WHEN {column} IS NULL THEN {' + '.join(empty)} ELSE {grouped} END"
        parts.append(grouped)
    return " + ".join(parts)


def _times(code: str, factor: int) -> str:
    return code if factor == 1 else f"{code} * {factor}"
