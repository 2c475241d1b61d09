"""What a node type is. A new one is one new file in `workflows/nodes/`, found by scan, never imported by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from engine.registry import Registry
from workflows.refusal import Trouble

if TYPE_CHECKING:
    from workflows.flow import Flow
    from workflows.graph import Edge
    from workflows.position import Run

NODE_TYPES: Registry[NodeType] = Registry("节点类型", "workflows.nodes", "beihuo.nodes", "node type")


class NodeType:
    """One type of node: what its settings look like and what it does with a token.

    `title`, `title_en`, `sentence` (what it does, for a business user), `icon`, `group` and `example` are what the palette
    shows; `schema` is the JSON Schema of the
    node's settings without those that every node has (`type`, `name`, `boundary`, position).
    """

    title: ClassVar[str]
    title_en: ClassVar[str]
    sentence: ClassVar[str] = ""
    sentence_en: ClassVar[str] = ""
    icon: ClassVar[str]
    group: ClassVar[str]
    schema: ClassVar[Mapping[str, Any]]
    example: ClassVar[Mapping[str, Any]]

    gather: ClassVar[str] = "each"
    """`each`: once per token; `all`: one token from every incoming edge; `inclusive`: as soon as no other can come."""
    passage: ClassVar[bool] = False
    """A gateway: tokens pass through, nothing is entered."""
    waits: ClassVar[bool] = False
    """Somebody or something outside has to answer before the token goes on."""
    effects: ClassVar[bool] = False
    """It changes something outside that a return does not undo."""
    people: ClassVar[bool] = False
    """People hold seats at it."""

    def enter(self, flow: Flow, run: Run) -> None:
        """Do the node's work for one token; call `tokens.finish(flow, run)` when it is done at once."""
        raise NotImplementedError

    def goes_on(self, flow: Flow, node: str) -> bool:  # noqa: ARG002 the contract's arguments
        """Say whether the next token at a gateway that takes each singly goes on (else it is absorbed)."""
        return True

    def arrive(self, flow: Flow, edge: Edge) -> None:
        """Count a token that came over *edge* to a gateway that takes each singly."""

    def split(self, flow: Flow, node: str, edges: list[Edge]) -> list[Edge]:
        """Return the edges that get a token: all of them, or by condition where one has a condition or is the default.

        Raises:
            Trouble: none of the conditions holds and there is no default.
        """
        if not any(edge.condition is not None or edge.default for edge in edges):
            return edges
        return choose_inclusive(flow, node, edges)

    def answer(self, flow: Flow, run: Run, result: Any) -> None:
        """Take the answer of the effect that *run* waits for."""
        raise NotImplementedError

    def expressions(self, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:  # noqa: ARG002 the contract's argument
        """Yield the expressions in the settings: path inside the node, source, and the type wanted ("" for any)."""
        return iter(())


_FOUND: dict[str, NodeType] = {}


def find(kind: str) -> NodeType | None:
    """Return the node type of that word, or None; what was found once is not looked up again."""
    found = _FOUND.get(kind)
    if found is None and kind in NODE_TYPES:
        found = _FOUND[kind] = NODE_TYPES[kind]
    return found


def node_type(name: str) -> Callable[[type[NodeType]], type[NodeType]]:
    """Register a node type under its `type` word."""

    def register(kind: type[NodeType]) -> type[NodeType]:
        NODE_TYPES.add(name, kind())
        return kind

    return register


def choose_inclusive(flow: Flow, node: str, edges: list[Edge]) -> list[Edge]:
    """Return every edge whose condition holds, else the default one (OR-split)."""
    chosen = [edge for edge in edges if not edge.default and (edge.condition is None or flow.holds(edge.condition))]
    return chosen or [_default(flow, node, edges)]


def choose_first(flow: Flow, node: str, edges: list[Edge]) -> list[Edge]:
    """Return the first edge whose condition holds, in the designer's order, else the default one (XOR-split)."""
    for edge in edges:
        if not edge.default and (edge.condition is None or flow.holds(edge.condition)):
            return [edge]
    return [_default(flow, node, edges)]


def _default(flow: Flow, node: str, edges: list[Edge]) -> Edge:
    for edge in edges:
        if edge.default:
            return edge
    from workflows.expressions import look_up, names_of  # noqa: PLC0415 only when no branch matches

    conditions = [str(edge.condition) for edge in edges if edge.condition is not None]
    names = dict.fromkeys(name for condition in conditions for name in names_of(condition))
    scope = flow.scope()
    raise Trouble(
        "no_branch",
        f"“{node}”没有一个分支的条件成立,也没有默认分支",
        f"no branch of “{node}” holds and none is the default",
        expression="; ".join(conditions) or None,
        values={name: look_up(tuple(name.split(".")), scope) for name in names},
    )
