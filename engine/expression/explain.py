"""Why a formula has its value: every part's value for one record, as a tree and as a sentence, and why something is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.expression import typed, types
from engine.expression.browser import plain as as_json
from engine.expression.closures import build
from engine.expression.context import NOTHING, Context
from engine.expression.formats import plain
from engine.expression.reasons import Reason, reason_of
from engine.expression.rounding import half_away
from engine.expression.sentence import sentence
from engine.expression.values import give
from engine.problems import DefinitionError


@dataclass(frozen=True, slots=True)
class Explanation:
    """One part of a formula for one record.

    Args:
        source: the text that it came from.
        label: the field's label or the function's Chinese name, "" for operators and literals.
        type: its type.
        value: its value, as `evaluate` gives it.
        reason: why the value is null, in Chinese, else "".
        reason_en: the reason in English.
        parts: its operands.
        node: the typed node.
    """

    source: str
    label: str
    type: str
    value: Any
    reason: str
    reason_en: str
    parts: tuple[Explanation, ...]
    node: typed.Node

    def sentence(self, language: str = "zh") -> str:
        """Return the whole as one sentence: “在库 12 < 日均 5.14 × 提前期 7 = 36:成立”."""
        return sentence(self, language)

    def tree(self, language: str = "zh", depth: int = 0) -> str:
        """Return the whole as lines, each part under the one that it belongs to."""
        reason = self.reason if language.startswith("zh") else self.reason_en
        shown = show(self.value, self.type, language) + (f" ({reason})" if reason else "")
        lines = [f"{'  ' * depth}{self.source} = {shown}"]
        lines += [part.tree(language, depth + 1) for part in self.parts if not isinstance(part.node, typed.Constant)]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON data."""
        return {
            "source": self.source,
            "label": self.label,
            "type": self.type,
            "value": _json(self.value),
            "shown": show(self.value, self.type),
            "reason": self.reason,
            "reason_en": self.reason_en,
            "parts": [part.as_dict() for part in self.parts],
        }


def explain(tree: typed.TypedTree, record: Mapping[str, Any], context: Context | None = None) -> Explanation:
    """Return the value of every part of *tree* for *record*, with a reason wherever one is null.

    Raises:
        DefinitionError: the tree has problems.
        EvaluationError: as `evaluate`.
    """
    if tree.problems:
        raise DefinitionError(tree.problems)
    tree.run(record, context)  # says what is missing before the parts are gone through
    return _explain(tree, tree.root, record, context or NOTHING)


def _explain(tree: typed.TypedTree, node: typed.Node, record: Mapping[str, Any], context: Context) -> Explanation:
    below = () if isinstance(node, (typed.Each, typed.Input)) else typed.children(node)
    parts = tuple(
        _explain(tree, part, record, context) for part in below if isinstance(node, typed.Apply) or not _filled(part)
    )
    value = build(node)(record, context)
    source = tree.source[node.at[0] : node.at[1]]
    label = label_of(node)
    reason = Reason("", "")
    if value is None:
        reason = reason_of(
            node, source, label, tuple((part.value, Reason(part.reason, part.reason_en)) for part in parts)
        )
    return Explanation(source, label, node.type, give(value, node.type), reason.zh, reason.en, parts, node)


def _filled(part: typed.Node) -> bool:
    """Say whether a part is a default that nobody wrote."""
    return isinstance(part, typed.Constant) and part.at[0] == part.at[1]


def label_of(node: typed.Node, language: str = "zh") -> str:
    """Return what a field or call is called."""
    match node:
        case typed.Field():
            return node.label or node.path
        case typed.Invoke():
            return node.function.alias if language.startswith("zh") else node.function.name
        case typed.Input():
            from engine.expression.function import FUNCTIONS  # noqa: PLC0415 only for calls

            return FUNCTIONS[node.call.function].alias if language.startswith("zh") else node.call.function
    return ""


def show(value: Any, word: str, language: str = "zh") -> str:
    """Return a value as people read it: numbers to 4 decimals, 是 / 否, dates in ISO."""
    chinese = language.startswith("zh")
    if value is None:
        return "未知" if chinese else "unknown"
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, float):
        return plain(half_away(value, 4) if abs(value) >= 0.001 else value) or f"{value:g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        item = types.item_of(word) if types.is_list(word) else types.ANY
        return f"[{', '.join(show(one, item, language) for one in value[:20])}{', …' if len(value) > 20 else ''}]"
    return str(value)


def _json(value: Any) -> Any:
    if hasattr(value, "total_seconds"):
        return value.total_seconds()
    return [_json(item) for item in value] if isinstance(value, (list, tuple)) else as_json(value)


def shown(tree: typed.TypedTree) -> list[tuple[str, typed.Node]]:
    """Return the parts worth showing beside a result, as (source, node): both sides of each comparison, in order.

    They can be compiled by `columnar.compile`, to have a table's query give their values too.
    """
    found: dict[str, typed.Node] = {}
    for node in typed.walk(tree.root):
        if isinstance(node, typed.Apply) and node.operator in {
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "chain",
            "in",
            "not_in",
        }:
            for side in node.args:
                if not isinstance(side, (typed.Constant, typed.Items)):
                    found.setdefault(tree.source[side.at[0] : side.at[1]], side)
    return list(found.items())
