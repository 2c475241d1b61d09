"""Exhaustive small-state simulation: every choice of every gateway is taken, to find deadlocks and lost tokens.

A state is the number of tokens on each edge and the arrivals at partial joins. A node is one step that takes any of its
ways out. Since steps at different places do not disturb each other, one of them is taken first and only its choices are
followed; where a terminate or a cancelling join can disturb, every order is followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from workflows.graph import Edge, Graph
from workflows.node import NODE_TYPES

MAX_STATES = 20_000
_MOST_CHOICES = 6

Marking = tuple[tuple[tuple[str, int], ...], tuple[tuple[str, tuple[tuple[str, int], ...], bool], ...]]
"""Tokens by edge, and arrivals and firing of partial joins."""


@dataclass(slots=True)
class Findings:
    """What the simulation found.

    Args:
        stuck: joins that can wait for ever, each with the gateway whose choice starves it (None when none does).
        unbounded: nodes at which tokens multiply without end.
        states: how many states were seen.
        complete: whether every state was seen.
    """

    stuck: dict[str, str | None] = field(default_factory=dict)
    unbounded: list[str] = field(default_factory=list)
    states: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _State:
    tokens: dict[str, int]
    joins: dict[str, tuple[dict[str, int], bool]]

    def key(self) -> Marking:
        joins = tuple(
            (node, tuple(sorted(arrived.items())), fired) for node, (arrived, fired) in sorted(self.joins.items())
        )
        return tuple(sorted(self.tokens.items())), joins


def explore(graph: Graph) -> Findings:
    """Walk through every state that *graph* can come to."""
    walk = _Walk(graph)
    start = _State({}, {})
    waiting: list[tuple[_State, tuple[_State, ...]]] = [(after, (start,)) for after in walk.out(start, graph.start)]
    seen: set[Marking] = set()
    while waiting:
        state, before = waiting.pop()
        key = state.key()
        if key in seen:
            continue
        seen.add(key)
        if len(seen) > MAX_STATES:
            walk.found.complete = False
            break
        grown = walk.grown(state, before)
        if grown is not None:
            if grown not in walk.found.unbounded:
                walk.found.unbounded.append(grown)
            continue
        after = list(walk.steps(state))
        if not after:
            walk.judge(state)
        waiting.extend((following, (*before, state)) for following in after)
    walk.found.states = len(seen)
    return walk.found


class _Walk:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.found = Findings()
        kinds = {graph.kind(node) for node in graph.nodes}
        cancelling = any(graph.nodes[node].get("cancel") for node in graph.nodes if graph.kind(node) == "join")
        self.every_order = "terminate" in kinds or cancelling

    def gather(self, node: str) -> str:
        kind = self.graph.kind(node)
        return NODE_TYPES[kind].gather if kind in NODE_TYPES else "each"

    def steps(self, state: _State) -> Iterator[_State]:
        """Yield the states after the next step: of the first place that can move, or of every place."""
        moved = False
        for edge in sorted(state.tokens, key=lambda edge: self.graph.edges[edge].order):
            node = self.graph.edges[edge].target
            after = list(self._step(state, edge, node))
            if after:
                moved = True
                yield from after
                if not self.every_order:
                    return
        if not moved:
            yield from self._inclusive(state)

    def _step(self, state: _State, edge: str, node: str) -> Iterator[_State]:
        gather = self.gather(node)
        if gather == "inclusive":
            return
        if gather == "all":
            incoming = self.graph.incoming[node]
            if incoming[0].id == edge and all(state.tokens.get(one.id) for one in incoming):
                yield from self.out(_take(state, [one.id for one in incoming]), node)
            return
        if self.graph.kind(node) == "terminate":
            yield _State({}, {})
        elif self.graph.kind(node) == "join":
            yield from self._join(_take(state, [edge]), edge, node)
        else:
            yield from self.out(_take(state, [edge]), node)

    def _join(self, state: _State, edge: str, node: str) -> Iterator[_State]:
        settings = self.graph.nodes[node]
        incoming = self.graph.incoming[node]
        arrived, fired = state.joins.get(node, ({}, False))
        arrived = {**arrived, edge: arrived.get(edge, 0) + 1}
        fires = not fired and sum(arrived.values()) >= int(settings.get("n", len(incoming)))
        round_over = (fired or fires) and sum(arrived.values()) >= len(incoming)
        full = round_over or (fires and bool(settings.get("cancel")))
        joins = {other: value for other, value in state.joins.items() if other != node}
        if not full:
            joins[node] = (arrived, fired or fires)
        after = _State(state.tokens, joins)
        if fires and settings.get("cancel"):
            after = self._cancel(after, node, settings.get("split"))
        if fires:
            yield from self.out(after, node)
        else:
            yield after

    def _cancel(self, state: _State, node: str, split: str | None) -> _State:
        start = split if split in self.graph.nodes else self.graph.split_of(node)
        region = self.graph.between(str(start), node) | {str(start), node}
        tokens = {
            edge: count
            for edge, count in state.tokens.items()
            if not (
                self.graph.edges[edge].host in region - {node} and self.graph.edges[edge].target in region - {start}
            )
        }
        return _State(tokens, {other: value for other, value in state.joins.items() if other not in region - {node}})

    def _inclusive(self, state: _State) -> Iterator[_State]:
        for edge in sorted(state.tokens, key=lambda edge: self.graph.edges[edge].order):
            node = self.graph.edges[edge].target
            if self.gather(node) == "inclusive" and self._may_fire(state, node):
                full = [one.id for one in self.graph.incoming[node] if state.tokens.get(one.id)]
                yield from self.out(_take(state, full), node)
                return

    def _may_fire(self, state: _State, node: str) -> bool:
        incoming = {edge.id for edge in self.graph.incoming[node]}
        full = {edge for edge in incoming if state.tokens.get(edge)}
        for edge in set(state.tokens) - incoming:
            reached = self.graph.reach([self.graph.edges[edge]], without=node)
            if reached & (incoming - full) and not reached & full:
                return False
        return True

    def out(self, state: _State, node: str) -> Iterator[_State]:
        """Yield the states in which *node* has put its tokens: one for each way that it can choose."""
        for edges in self._ways(node):
            tokens = dict(state.tokens)
            for edge in edges:
                tokens[edge.id] = tokens.get(edge.id, 0) + 1
            yield _State(tokens, state.joins)

    def _ways(self, node: str) -> Iterator[list[Edge]]:
        edges = self.graph.outgoing.get(node, [])
        kind = self.graph.kind(node)
        if kind == "event":
            for edge in edges:
                yield from self._ways(edge.target) if self.gather(edge.target) == "each" else iter([[edge]])
        elif kind == "exclusive" and edges:
            yield from ([edge] for edge in edges)
        elif kind == "parallel":
            yield edges
        else:
            yield from _subsets(edges)
        for event in self.graph.boundary(node):
            leaving = self.graph.outgoing.get(f"{node}#{event.get('id')}", [])
            interrupting = event.get("interrupting", True)
            for chosen in _subsets(leaving):
                if interrupting:
                    yield chosen
                else:
                    yield from ([*normal, *chosen] for normal in _subsets(edges))

    def grown(self, state: _State, before: tuple[_State, ...]) -> str | None:
        """Return the node at which *state* has more tokens than an earlier state on its way, and nowhere fewer."""
        for earlier in before[1:]:
            if earlier.joins != state.joins:
                continue
            more = [edge for edge, count in state.tokens.items() if count > earlier.tokens.get(edge, 0)]
            if more and all(state.tokens.get(edge, 0) >= count for edge, count in earlier.tokens.items()):
                return self.graph.edges[more[0]].target
        return None

    def judge(self, state: _State) -> None:
        """Note where tokens are left in a state that cannot move any more."""
        for edge in state.tokens:
            node = self.graph.edges[edge].target
            if node not in self.found.stuck:
                empty = [one for one in self.graph.incoming[node] if not state.tokens.get(one.id)]
                self.found.stuck[node] = self._starved_by(empty)
        for node, (arrived, fired) in state.joins.items():
            if arrived and not fired:
                empty = [one for one in self.graph.incoming[node] if not arrived.get(one.id)]
                self.found.stuck.setdefault(node, self._starved_by(empty))

    def _starved_by(self, empty: list[Edge]) -> str | None:
        """Return the nearest gateway on the way to an empty edge that could have gone another way."""
        waiting = [edge.host for edge in empty]
        seen: set[str] = set()
        while waiting:
            node = waiting.pop(0)
            if node in seen:
                continue
            seen.add(node)
            ways = {tuple(edge.id for edge in way) for way in self._ways(node)}
            if len(ways) > 1:
                return node
            waiting.extend(edge.host for edge in self.graph.incoming[node])
        return None


def _take(state: _State, edges: list[str]) -> _State:
    tokens = dict(state.tokens)
    for edge in edges:
        tokens[edge] -= 1
        if not tokens[edge]:
            del tokens[edge]
    return _State(tokens, state.joins)


def _subsets(edges: list[Edge]) -> Iterator[list[Edge]]:
    """Yield the ways of the OR-split rule: every non-empty set of true conditions, else the default."""
    free = [edge for edge in edges if edge.condition is None and not edge.default]
    guarded = [edge for edge in edges if edge.condition is not None and not edge.default]
    default = [edge for edge in edges if edge.default]
    if not guarded and not default:
        yield edges
        return
    sizes = range(len(guarded) + 1) if len(guarded) <= _MOST_CHOICES else (0, 1, 2, len(guarded))
    for size in sizes:
        for chosen in combinations(guarded, size):
            if chosen or free:
                yield sorted([*free, *chosen], key=lambda edge: edge.order)
    if default and not free:
        yield default[:1]
