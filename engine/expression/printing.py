"""Formulas as text: canonical (keys, English function names) and for people (labels, aliases of their language)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from engine.expression import tree as raw
from engine.expression import typed
from engine.expression.function import find_function
from engine.expression.scope import fold

_SYMBOLS = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "floordiv": "//", "mod": "%", "pow": "**", "concat": "+",
    "date_plus": "+", "plus_date": "+", "date_minus": "-", "date_diff": "-", "time_plus": "+", "plus_time": "+",
    "time_minus": "-", "time_plus_days": "+", "days_plus_time": "+", "time_minus_days": "-", "time_diff": "-",
    "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "in": "in", "not_in": "not in",
    "and": "and", "or": "or",
}  # fmt: skip
_LEVELS = {
    "or": 1,
    "and": 2,
    "not": 3,
    "compare": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "//": 6,
    "%": 6,
    "unary": 7,
    "**": 8,
}
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_RESERVED = {"and", "or", "not", "in", "if", "else", "true", "false", "none", "且", "或", "非"}


def quote_text(value: str) -> str:
    """Return a text literal of the language."""
    body = (
        value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return f"'{body}'"


def number_text(value: float) -> str:
    """Return a number literal of the language."""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)


def quote_name(name: str) -> str:
    """Return a name, in backquotes where it is no identifier."""
    plain = _IDENTIFIER.fullmatch(name) and fold(name) not in _RESERVED and name[0] not in "且或"
    return name if plain else f"`{name}`"


def constant_text(value: Any) -> str:
    """Return the literal of a constant's value."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        return number_text(float(value))
    if isinstance(value, tuple):
        return f"[{', '.join(map(constant_text, value))}]"
    return f"DATE({quote_text(value.isoformat())})" if isinstance(value, date) else quote_text(str(value))


def canonical(node: typed.Node) -> str:
    """Return the canonical text of a typed node: fully bracketed, in keys and English names."""
    match node:
        case typed.Constant():
            return constant_text(node.value)
        case typed.Field():
            return ".".join(map(quote_name, node.path.split(".")))
        case typed.Items():
            return f"[{', '.join(map(canonical, node.items))}]"
        case typed.Apply():
            return _canonical_operator(node)
        case typed.Invoke():
            return canonical_call(node.function.name, _given(node), {})
        case typed.Each():
            return canonical(node.body)
        case typed.Input():
            return node.call.key
    raise TypeError(node)


def _given(node: typed.Invoke) -> tuple[typed.Node, ...]:
    """Return a call's arguments without trailing ones that only repeat the default."""
    args = list(node.args)
    parameters = node.signature.expand(len(args))
    while args and not parameters[len(args) - 1].required and not parameters[len(args) - 1].repeats:
        last = args[-1]
        if not isinstance(last, typed.Constant) or last.value != parameters[len(args) - 1].default:
            break
        args.pop()
    return tuple(args)


def canonical_call(name: str, args: Iterable[Any], options: Mapping[str, Any]) -> str:
    """Return the canonical text of a call; arguments are typed nodes or plain values."""
    shown = [canonical(arg) if isinstance(arg, typed.Node) else constant_text(arg) for arg in args]
    shown += [f"{option}={constant_text(value)}" for option, value in sorted(options.items())]
    return f"{name}({', '.join(shown)})"


def _canonical_operator(node: typed.Apply) -> str:
    args = [canonical(arg) for arg in node.args]
    match node.operator:
        case "not":
            return f"(not {args[0]})"
        case "neg" | "pos":
            return f"({'-' if node.operator == 'neg' else '+'}{args[0]})"
        case "if":
            return f"({args[1]} if {args[0]} else {args[2]})"
        case "is_null":
            return f"IS_NULL({args[0]})"
        case "not_null":
            return f"(not IS_NULL({args[0]}))"
        case "chain":
            pieces = [args[0]]
            for name, arg in zip(node.detail, args[1:], strict=True):
                pieces += [_SYMBOLS[name], arg]
            return f"({' '.join(pieces)})"
    return f"({f' {_SYMBOLS[node.operator]} '.join(args)})"


def print_source(
    tree: raw.Tree | typed.TypedTree, labels: Mapping[str, str] | None = None, language: str = "zh"
) -> str:
    """Return the formula as a reader of *language* writes it: labels for keys, function names of that language.

    Args:
        tree: a parsed or checked formula.
        labels: path of keys → label of its last part (`{"on_hand": "现有库存", "sku.name": "名称"}`); a checked tree
            brings its own.
        language: `zh` prints Chinese function names, `en` English ones.
    """
    names = dict(tree.labels) if isinstance(tree, typed.TypedTree) else {}
    names |= labels or {}
    paths = _paths(tree)
    return _Printer(lambda node: path_text(paths.get(node.at, node.parts), names), language).node(_root(tree), 0)


def stored_source(tree: typed.TypedTree) -> str:
    """Return the formula as it is stored: names as keys, English function names, plain punctuation.

    Renaming a label never breaks it.
    """
    paths = _paths(tree)
    return _Printer(lambda node: path_text(paths.get(node.at, node.parts), {}), "en").node(_root(tree), 0)


def node_source(node: raw.Node, name: Callable[[raw.Name], str], language: str) -> str:
    """Return the text of one parsed node; *name* writes its names."""
    return _Printer(name, language).node(node, 0)


def _root(tree: raw.Tree | typed.TypedTree) -> raw.Node:
    return tree.tree.root if isinstance(tree, typed.TypedTree) else tree.root


def _paths(tree: raw.Tree | typed.TypedTree) -> dict[raw.Span, tuple[str, ...]]:
    """Return the keys of every name of a checked tree, by its place."""
    if not isinstance(tree, typed.TypedTree):
        return {}
    fields = (node for node in typed.walk(tree.root) if isinstance(node, typed.Field))
    return {node.at: tuple(node.path.split(".")) for node in fields}


class _Printer:
    def __init__(self, name: Callable[[raw.Name], str], language: str) -> None:
        self.name = name
        self.language = language

    def node(self, node: raw.Node, outer: int) -> str:
        visit: Callable[[Any], tuple[str, int]] = getattr(self, f"_{type(node).__name__.lower()}")
        text, level = visit(node)
        return f"({text})" if level < outer else text

    def _literal(self, node: raw.Literal) -> tuple[str, int]:
        return constant_text(node.value), 9

    def _name(self, node: raw.Name) -> tuple[str, int]:
        return self.name(node), 9

    def _listing(self, node: raw.Listing) -> tuple[str, int]:
        return f"[{', '.join(self.node(item, 0) for item in node.items)}]", 9

    def _unary(self, node: raw.Unary) -> tuple[str, int]:
        if node.operator == "not":
            return f"not {self.node(node.operand, 3)}", 3
        return f"{node.operator}{self.node(node.operand, 7)}", 7

    def _binary(self, node: raw.Binary) -> tuple[str, int]:
        level = _LEVELS[node.operator]
        power = node.operator == "**"
        left = self.node(node.left, level + 1 if power else level)
        right = self.node(node.right, 7 if power else level + 1)
        return f"{left} {node.operator} {right}", level

    def _logic(self, node: raw.Logic) -> tuple[str, int]:
        level = _LEVELS[node.operator]
        return f" {node.operator} ".join(self.node(operand, level + 1) for operand in node.operands), level

    def _compare(self, node: raw.Compare) -> tuple[str, int]:
        pieces = [self.node(node.operands[0], 5)]
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            pieces += [operator, self.node(operand, 5)]
        return " ".join(pieces), 4

    def _choice(self, node: raw.Choice) -> tuple[str, int]:
        return f"{self.node(node.then, 1)} if {self.node(node.condition, 1)} else {self.node(node.otherwise, 0)}", 0

    def _call(self, node: raw.Call) -> tuple[str, int]:
        function = find_function(node.name)
        name = node.name
        if function is not None:
            name = function.alias if self.language.startswith("zh") else function.name
        args = [self.node(arg, 0) for arg in node.args]
        args += [f"{option}={self.node(value, 0)}" for option, value in node.keywords]
        return f"{name}({', '.join(args)})", 9


def path_text(parts: Iterable[str], labels: Mapping[str, str]) -> str:
    """Return a dotted path with the labels of its parts, as it can be typed in."""
    keys: list[str] = []
    shown: list[str] = []
    for part in parts:
        keys.append(part)
        shown.append(labels.get(".".join(keys), part))
    return ".".join(map(quote_name, shown))
