"""Structure: every node on a way from start to end, joins fed by their own block, loops entered through an XOR."""

from __future__ import annotations

from collections.abc import Iterator

from engine.problems import Problem
from workflows.graph import Edge, Graph
from workflows.node import NODE_TYPES
from workflows.soundness import simulation
from workflows.soundness.place import called, edge_path, finding, node_path


def problems(graph: Graph) -> list[Problem]:
    """Return the findings about ways, joins and loops; what the simulation finds beyond them is told as deadlock."""
    found = list(_ways(graph))
    if found:
        return found + list(_boundaries(graph))
    told = list(_boundaries(graph)) + list(_loops(graph)) + list(_outside(graph))
    blamed = {problem.path for problem in told}
    named = {node for node in graph.nodes if node_path(node) in blamed}
    named |= {edge.target for edge in graph.edges.values() if edge_path(edge) in blamed}
    return told + [problem for node, problem in _stuck(graph) if node not in named]


def _ways(graph: Graph) -> Iterator[Problem]:
    """Yield each node that no way from the start comes to, or that no way leads from to an end."""
    start = graph.start
    reached = graph.downstream(start) | {start}
    ends = [node for node in graph.nodes if graph.kind(node) in {"end", "terminate"}]
    if not ends:
        yield finding(
            "$.nodes", ("流程没有结束节点", "the workflow has no end node"), ("加一个结束节点", "add an end node")
        )
    ending = {node for end in ends for node in graph.upstream(end)} | set(ends)
    for node in graph.nodes:
        if node not in reached:
            message = (f"“{called(graph, node)}”从开始走不到", f"“{node}” cannot be reached from the start")
            yield finding(node_path(node), message, ("连上它,或删掉它", "connect it or delete it"))
        elif ends and node not in ending:
            message = (f"“{called(graph, node)}”走不到结束", f"no way leads from “{node}” to an end")
            yield finding(node_path(node), message, ("把它连到结束", "connect it to an end"))


def is_and_join(graph: Graph, node: str) -> bool:
    """Say whether *node* waits for a token on each of several edges."""
    kind = graph.kind(node)
    return kind in NODE_TYPES and NODE_TYPES[kind].gather == "all" and len(graph.incoming[node]) > 1


def _boundaries(graph: Graph) -> Iterator[Problem]:
    """Yield each boundary edge that leads straight into an AND-join."""
    for edge in graph.edges.values():
        if "#" in edge.source and is_and_join(graph, edge.target):
            message = (
                f"边界事件“{edge.source}”不能直接进入并行汇合“{called(graph, edge.target)}”",
                f"the boundary event “{edge.source}” may not lead into the parallel join “{edge.target}”",
            )
            hint = ("先用条件分支汇合,再进入并行汇合", "merge it by an exclusive gateway first")
            yield finding(edge_path(edge), message, hint)


def _loops(graph: Graph) -> Iterator[Problem]:
    """Yield each loop that is entered through a join that would wait for the loop itself."""
    for node in graph.nodes:
        gather = NODE_TYPES[graph.kind(node)].gather if graph.kind(node) in NODE_TYPES else "each"
        partial = graph.kind(node) == "join"
        if (gather == "each" and not partial) or len(graph.incoming[node]) < 2:
            continue
        back = [edge for edge in graph.incoming[node] if _comes_back(graph, edge)]
        if back and len(back) < len(graph.incoming[node]):
            message = (
                f"循环从“{called(graph, node)}”进入,但它不是条件分支(XOR)",
                f"a loop enters through “{node}”, which is no exclusive gateway",
            )
            hint = ("循环的入口请用条件分支", "let the loop enter through an exclusive gateway")
            yield finding(edge_path(back[0]), message, hint)


def _comes_back(graph: Graph, edge: Edge) -> bool:
    """Say whether *edge* closes a loop: only what its target leads to can come to it."""
    return edge.host == edge.target or (
        edge.host in graph.downstream(edge.target)
        and graph.start not in graph.upstream(edge.host, without=edge.target)
        and edge.host != graph.start
    )


def _outside(graph: Graph) -> Iterator[Problem]:
    """Yield each edge that leads from outside a parallel block straight into the block's join."""
    blocks = {
        node: _dominated(graph, node) | {node}
        for node in graph.nodes
        if graph.kind(node) in {"parallel", "inclusive"} and len(graph.outgoing.get(node, [])) > 1
    }
    for join in graph.nodes:
        if not is_and_join(graph, join):
            continue
        split = _block_of(graph, join, blocks)
        if split is None:
            continue
        inside = blocks[split]
        for edge in graph.incoming[join]:
            if edge.host not in inside:
                message = (
                    f"“{called(graph, edge.host)}”在并行块“{split}”之外,不能直接进入它的汇合“{join}”",
                    f"“{edge.host}” lies outside the block of “{split}” and may not lead into its join “{join}”",
                )
                hint = ("把它连到汇合之后", "connect it behind the join")
                yield finding(edge_path(edge), message, hint)


def _block_of(graph: Graph, join: str, blocks: dict[str, set[str]]) -> str | None:
    """Return the parallel split whose block most of the join's edges come from, when some do not."""
    best: tuple[int, int, str] | None = None
    total = len(graph.incoming[join])
    for node, inside in blocks.items():
        if node == join:
            continue
        count = sum(edge.host in inside for edge in graph.incoming[join])
        if 2 <= count < total and (best is None or (count, -len(inside)) > best[:2]):
            best = (count, -len(inside), node)
        if count == total and join in inside:
            return None
    return best[2] if best else None


def _dominated(graph: Graph, node: str) -> set[str]:
    """Return the nodes that every way from the start passes *node* to come to."""
    avoiding: set[str] = set()
    waiting = [graph.start] if graph.start != node else []
    while waiting:
        current = waiting.pop()
        if current in avoiding or current == node:
            continue
        avoiding.add(current)
        waiting.extend(edge.target for edge in graph.leaving(current))
    return set(graph.nodes) - avoiding - {node}


def _stuck(graph: Graph) -> Iterator[tuple[str, Problem]]:
    """Yield what the exhaustive simulation found: joins that wait for ever, tokens that multiply."""
    found = simulation.explore(graph)
    for node, choice in found.stuck.items():
        if choice is not None:
            message = (
                f"“{called(graph, choice)}”只走部分分支,并行汇合“{called(graph, node)}”会一直等不齐",
                f"“{choice}” takes only some of its branches, so the join “{node}” waits for ever",
            )
            hint = ("汇合改用条件分支或包容分支", "join by an exclusive or inclusive gateway")
        else:
            message = (f"流程会停在“{called(graph, node)}”(死锁)", f"the workflow can stop at “{node}”: deadlock")
            hint = ("检查进入它的分支是否都会到达", "check that every branch into it arrives")
        yield node, finding(node_path(node), message, hint)
    for node in found.unbounded:
        message = (
            f"每循环一次“{called(graph, node)}”就多出一个令牌",
            f"each turn of the loop adds a token at “{node}”",
        )
        yield (
            node,
            finding(node_path(node), message, ("循环里的并行分支要先汇合", "join parallel branches inside the loop")),
        )
