"""A formula as it was written: its tree before names and types are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

Span = tuple[int, int]
"""Offset and end (characters) in the source."""


@dataclass(slots=True)
class Node:
    """A node and where it stands."""

    at: Span


@dataclass(slots=True)
class Literal(Node):
    """A number, a text, True, False or None."""

    value: float | str | bool | None


@dataclass(slots=True)
class Name(Node):
    """A field, or a path over links: `sku.supplier.lead_time_days`."""

    parts: tuple[str, ...]


@dataclass(slots=True)
class Listing(Node):
    """A literal list."""

    items: tuple[Node, ...]


@dataclass(slots=True)
class Unary(Node):
    """`-x`, `+x` or `not x`."""

    operator: str
    operand: Node


@dataclass(slots=True)
class Binary(Node):
    """Arithmetic of two operands."""

    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Logic(Node):
    """`and` / `or` of two or more operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(slots=True)
class Compare(Node):
    """Comparisons, chained: `1 < a <= 5`."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]


@dataclass(slots=True)
class Choice(Node):
    """`then if condition else otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True)
class Call(Node):
    """A function call by name."""

    name: str
    name_at: Span
    args: tuple[Node, ...]
    keywords: tuple[tuple[str, Node], ...] = ()


@dataclass(slots=True)
class Tree:
    """A parsed formula: its source text as written and its root node."""

    source: str
    root: Node
    nodes: int = field(default=0)

    def names(self) -> tuple[tuple[str, ...], ...]:
        """Return the names used, each once, as written: `(("sku", "name"), ("on_hand",))`."""
        return tuple(dict.fromkeys(node.parts for node in walk(self.root) if isinstance(node, Name)))


def children(node: Node) -> tuple[Node, ...]:
    """Return a node's direct parts, left to right."""
    match node:
        case Listing():
            return node.items
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Logic() | Compare():
            return node.operands
        case Choice():
            return (node.then, node.condition, node.otherwise)
        case Call():
            return (*node.args, *(value for _, value in node.keywords))
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)
