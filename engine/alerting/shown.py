"""Which sub-expressions of a rule are shown beside an alert: its names, both sides of each comparison, what they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.alerting.labels import LABELS
from engine.alerting.plan import Condition, Plan
from engine.expression.operators import COMPARE_NAMES
from engine.expression.typed import Apply, Constant, Field, Input, Node, TypedTree, children

COMPARISONS = frozenset(COMPARE_NAMES.values()) | {"chain"}


@dataclass(frozen=True)
class Shown:
    """One value that is shown: the source text it came from, and its formula (None: a name of the rule)."""

    source: str
    tree: TypedTree | None
    type: str


def source_of(tree: TypedTree, node: Node) -> str:
    """Return the text that *node* came from."""
    return tree.source[node.at[0] : node.at[1]]


def field_label(tree: TypedTree, path: str) -> str:
    """Return what a field is called: its form's label, else the usual one, else its path."""
    label = tree.labels.get(path, path)
    return LABELS.get(path.rpartition(".")[2], path) if label in {path, path.rpartition(".")[2]} else label


def part(tree: TypedTree, node: Node) -> TypedTree:
    """Return a part of a formula as a formula."""
    return TypedTree(tree.tree, node, (), tree.labels)


def own_nodes(node: Node) -> Iterator[Node]:
    """Yield a node and all below it that is read of the record: not what a call does with rows of facts."""
    yield node
    if not isinstance(node, Input):
        for below in children(node):
            yield from own_nodes(below)


def comparisons(tree: TypedTree) -> list[Apply]:
    """Return the comparisons in a condition, left to right."""
    return [node for node in own_nodes(tree.root) if isinstance(node, Apply) and node.operator in COMPARISONS]


def used_lets(plan: Plan, tree: TypedTree) -> list[str]:
    """Return the rule's names that *tree* needs, directly or through others, in the rule's order."""
    needed: set[str] = set()
    waiting = [tree]
    while waiting:
        for path in waiting.pop().paths():
            if path in plan.lets and path not in needed:
                needed.add(path)
                waiting.extend(plan.lets[path].trees())
    return [name for name in plan.lets if name in needed]


def reads(plan: Plan, tree: TypedTree) -> list[tuple[TypedTree, Node]]:
    """Return the fields and calls at the bottom of *tree*, those of the names it uses included, each once."""
    trees = [tree, *(each for name in used_lets(plan, tree) for each in plan.lets[name].trees())]
    found: dict[str, tuple[TypedTree, Node]] = {}
    for each in trees:
        for node in own_nodes(each.root):
            if isinstance(node, Field) and not node.row and node.path not in plan.lets:
                found.setdefault(node.path, (each, node))
            elif isinstance(node, Input):
                found.setdefault(node.call.key, (each, node))
    return list(found.values())


def shown(plan: Plan, condition: Condition) -> list[Shown]:
    """Return what is shown of an alert at the level of *condition*.

    The rule's names in order, then each comparison's two sides, then the fields and calls that these read.
    """
    found: dict[str, Shown] = {name: Shown(name, None, let.type) for name, let in plan.lets.items()}
    tree = condition.when
    for comparison in comparisons(tree):
        for side in comparison.args:
            if not isinstance(side, Constant) or side.type == "number":
                source = source_of(tree, side)
                found.setdefault(source, Shown(source, part(tree, side), side.type))
    named = {let.typed.key for let in plan.lets.values() if let.typed is not None}
    for owner, node in reads(plan, tree):
        if isinstance(node, Input) and node.call.key in named:
            continue
        source = node.path if isinstance(node, Field) else source_of(owner, node)
        found.setdefault(source, Shown(source, part(owner, node), node.type))
    return list(found.values())
