"""A formula after its check: names are keys, every node has a type, calls know their function."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.problems import Problem

if TYPE_CHECKING:
    from engine.expression.function import Function
    from engine.expression.signature import Signature
    from engine.expression.tree import Tree

Span = tuple[int, int]


@dataclass(slots=True, eq=False)
class Node:
    """A node with its type and its place in the source."""

    type: str
    at: Span


@dataclass(slots=True, eq=False)
class Constant(Node):
    """A literal: float, str, bool, None, or a date made at check time."""

    value: Any


@dataclass(slots=True, eq=False)
class Field(Node):
    """A field of the record, by its path of keys (`sku.supplier.lead_time_days`).

    *row* names the sub-form, facts table or form whose rows are gone through, when the field is one of its columns;
    *forms* are the forms that its links lead to, in order.
    """

    path: str
    label: str = ""
    row: str = ""
    forms: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Items(Node):
    """A literal list."""

    items: tuple[Node, ...]


@dataclass(slots=True, eq=False)
class Apply(Node):
    """An operator: see `engine.expression.operators` for the names. A chain's *detail* lists its comparisons."""

    operator: str
    args: tuple[Node, ...]
    detail: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Invoke(Node):
    """A function call; arguments left out are filled in with their defaults."""

    function: Function
    signature: Signature
    args: tuple[Node, ...]


@dataclass(slots=True, eq=False)
class Each(Node):
    """A list made by evaluating *body* for each row of the sub-form *row*."""

    row: str
    body: Node


@dataclass(slots=True, eq=False)
class Input(Node):
    """A value that comes from outside the record: a series, forecast, stock or look-up call."""

    call: InputCall


@dataclass(slots=True, eq=False)
class InputCall:
    """A series, forecast, stock or look-up call: what the tables layer has to supply as a column.

    Args:
        function: the function's name (`avg_daily`).
        family: `series`, `forecast`, `stock` or `lookup`.
        form: the facts table or form that it reads (`sales`), or "".
        value: the typed expression over one row of that table (a Field for a plain column), or None.
        condition: a boolean typed expression over one row (and fields of the record), or None.
        arguments: the other positional arguments: Python values for literals, typed nodes for expressions.
        options: keyword arguments that were given (`{"exclude": "spikes"}`).
        key: the canonical text of the call; equal calls have equal keys, whatever labels or aliases were written.
    """

    function: str
    family: str
    type: str
    form: str
    value: Node | None
    condition: Node | None
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    key: str

    @property
    def column(self) -> str | None:
        """The path of the plain column that the call reads (`sales.quantity`), or None for an expression."""
        return self.value.path if isinstance(self.value, Field) else None

    @property
    def window(self) -> int | None:
        """The days of its window, or None where the function has none."""
        first = self.arguments[0] if self.arguments else None
        return int(first) if self.family == "series" and isinstance(first, (int, float)) else None

    @property
    def parts(self) -> tuple[Node, ...]:
        """The typed expressions in its arguments."""
        found = [part for part in (self.value, self.condition, *self.arguments) if isinstance(part, Node)]
        return tuple(found)

    @property
    def digest(self) -> str:
        """A short stable hash of *key*, usable in a column name."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InputCall) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def children(node: Node) -> tuple[Node, ...]:
    """Return a node's direct parts, left to right."""
    if isinstance(node, (Apply, Invoke)):
        return node.args
    if isinstance(node, Items):
        return node.items
    if isinstance(node, Each):
        return (node.body,)
    return node.call.parts if isinstance(node, Input) else ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def settle_empty(node: Node, wanted: str) -> None:
    """Give a list that holds nothing but nulls, and every such list it is made of, the type *wanted* of it ("": any will do).

    A table has no list without a type: `JOIN(UNIQUE([]))` needs an empty list of texts all the way down.
    """
    if node.type == "list[null]" and wanted:
        node.type = wanted
    elif not node.type.startswith("list["):
        return
    for child in children(node):
        if child.type == "list[null]":
            settle_empty(child, wanted or node.type)


@dataclass(eq=False)
class TypedTree:
    """A checked formula.

    Args:
        tree: the formula as written.
        root: the typed root node.
        problems: what is wrong with it; a tree with problems cannot be evaluated.
        labels: path of keys → label, for the paths used.
    """

    tree: Tree
    root: Node
    problems: tuple[Problem, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The formula as written."""
        return self.tree.source

    @property
    def type(self) -> str:
        """The type of its value."""
        return self.root.type

    @cached_property
    def key(self) -> str:
        """The canonical text: keys, English function names, one spelling. Equal formulas have equal keys."""
        from engine.expression.printing import canonical  # noqa: PLC0415 printing knows typed nodes

        return canonical(self.root)

    def paths(self) -> tuple[str, ...]:
        """Return the paths of the record's own fields that are read, each once; columns of facts are not among them."""
        found = (node for node in walk(self.root) if isinstance(node, Field))
        return tuple(dict.fromkeys(node.path for node in found if node.row not in self.foreign))

    @cached_property
    def foreign(self) -> frozenset[str]:
        """The facts tables and other forms that are read."""
        return frozenset(call.form for call in self.input_calls() if call.form)

    def input_calls(self) -> tuple[InputCall, ...]:
        """Return the distinct series, forecast, stock and look-up calls."""
        return tuple(dict.fromkeys(node.call for node in walk(self.root) if isinstance(node, Input)))

    def series_calls(self) -> tuple[InputCall, ...]:
        """Return the distinct series, forecast and stock calls, which the tables layer supplies as columns."""
        return tuple(call for call in self.input_calls() if call.family != "lookup")

    def lookup_calls(self) -> tuple[InputCall, ...]:
        """Return the distinct look-ups into other forms."""
        return tuple(call for call in self.input_calls() if call.family == "lookup")

    @cached_property
    def uses_clock(self) -> bool:
        """Whether its value depends on the evaluation's time."""
        return any(isinstance(node, Invoke) and node.function.clock for node in walk(self.root))

    @cached_property
    def run(self) -> Callable[[Mapping[str, Any], Any], Any]:
        """The formula as one Python function of (record, context): closures over the checked tree, raw values out."""
        from engine.expression.closures import compile_tree  # noqa: PLC0415 built on first use only

        return compile_tree(self.root)
