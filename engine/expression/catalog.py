"""What can be written in a formula, for completion, signature help, documentation and tests."""

from __future__ import annotations

from dataclasses import dataclass

from engine.expression.dialects import DIALECTS
from engine.expression.function import FUNCTIONS, Function

CATEGORIES = {
    "logic": ("逻辑", "Logic"),
    "numbers": ("数值", "Numbers"),
    "aggregates": ("汇总与列表", "Aggregates and lists"),
    "text": ("文本", "Text"),
    "conversion": ("转换", "Conversion"),
    "dates": ("日期与时间", "Dates and times"),
    "lookup": ("跨表查找", "Look-ups"),
    "series": ("销售序列", "Series"),
    "planning": ("预测与库存", "Forecast and stock"),
}
"""Family → its title, zh and en, in the order of the documentation."""


@dataclass(frozen=True, slots=True)
class FunctionDoc:
    """One function as people see it.

    Args:
        name: English name; case does not matter in formulas.
        alias: Chinese name.
        signature: the first way of writing a call; *signatures* has them all.
        doc: what it does, in Chinese; *doc_en* in English.
        category: its family, a key of CATEGORIES.
        examples: formulas that are true.
        keywords: names of its keyword arguments.
        server_only: whether the browser shows its last value.
        dialects: the SQL dialects that can compute it in a table.
        source: what it follows (Excel, a standard), or "".
    """

    name: str
    alias: str
    signature: str
    signatures: tuple[str, ...]
    doc: str
    doc_en: str
    category: str
    examples: tuple[str, ...]
    keywords: tuple[str, ...]
    server_only: bool
    dialects: tuple[str, ...]
    source: str


def catalog() -> list[FunctionDoc]:
    """Return every function, family by family."""
    families = list(CATEGORIES)
    known = {name: index for index, name in enumerate(families)}
    ordered = sorted(FUNCTIONS.values(), key=lambda each: (known.get(each.category, len(known)), each.name.lower()))
    return [_doc(each) for each in ordered]


def _doc(function: Function) -> FunctionDoc:
    texts = tuple(signature.text for signature in function.signatures)
    return FunctionDoc(
        function.name, function.alias, texts[0], texts, function.zh, function.en, function.category, function.examples,
        tuple(sorted(function.keywords)), function.server_only, _dialects(function), function.source,
    )  # fmt: skip


def _dialects(function: Function) -> tuple[str, ...]:
    if function.family or function.operator:
        return DIALECTS  # a column, or an operator
    if function.sql is None:
        return ()
    return tuple(each for each in DIALECTS if not function.dialects or each in function.dialects)
