"""One sentence for a formula's value: “在库 12 + 在途 0 − 占用 3 = 9 < 日均 5.14 × 提前期 7 × 1.2 = 43.18:成立”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.expression import typed

if TYPE_CHECKING:
    from engine.expression.explain import Explanation

_SIGNS = {
    "add": "+", "sub": "−", "mul": "×", "div": "÷", "floordiv": "//", "mod": "%", "pow": "^", "concat": "+",
    "date_plus": "+", "plus_date": "+", "date_minus": "−", "date_diff": "−", "time_plus": "+", "plus_time": "+",
    "time_minus": "−", "time_plus_days": "+", "days_plus_time": "+", "time_minus_days": "−", "time_diff": "−",
}  # fmt: skip
_LEVEL = {"×": 2, "÷": 2, "//": 2, "%": 2, "^": 3}
_COMPARES = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}
_WORDS = {
    "zh": {"in": "属于", "not_in": "不属于", "and": " 且 ", "or": " 或 ", "not": "非", "is_null": "为空", "not_null": "不为空",
           "holds": "成立", "not holds": "不成立", "unknown": "未知", "colon": ":"},
    "en": {"in": "in", "not_in": "not in", "and": " and ", "or": " or ", "not": "not", "is_null": "is null",
           "not_null": "is not null", "holds": "holds", "not holds": "does not hold", "unknown": "unknown", "colon": ": "},
}  # fmt: skip


def sentence(told: Explanation, language: str = "zh") -> str:
    """Return the explanation as one sentence of *language*."""
    zh = language.startswith("zh")
    words = _WORDS["zh" if zh else "en"]
    writer = _Writer(words, language)
    body = writer.write(told)
    reason = told.reason if zh else told.reason_en
    if told.value is None:
        return f"{body}{words['colon']}{words['unknown']}{words['colon']}{reason}"
    if told.type == "boolean":
        return f"{body}{words['colon']}{words['holds' if told.value else 'not holds']}"
    return body if isinstance(told.node, typed.Constant) else writer.with_value(told, body)


class _Writer:
    def __init__(self, words: dict[str, str], language: str) -> None:
        self.words = words
        self.language = language

    def value(self, told: Explanation) -> str:
        from engine.expression.explain import show  # noqa: PLC0415 the two describe each other

        return show(told.value, told.type, self.language)

    def with_value(self, told: Explanation, body: str) -> str:
        """Return *body* with “= value”, where it is more than a value with its name."""
        return f"{body} = {self.value(told)}" if isinstance(told.node, typed.Apply) else body

    def write(self, told: Explanation) -> str:
        """Return one part, names with their values."""
        node = told.node
        if isinstance(node, typed.Apply):
            return self._operator(told, node)
        if isinstance(node, (typed.Constant, typed.Items)):
            return self.value(told)
        from engine.expression.explain import label_of  # noqa: PLC0415

        return f"{label_of(node, self.language) or told.source} {self.value(told)}"

    def _operator(self, told: Explanation, node: typed.Apply) -> str:
        name = node.operator
        if name in _COMPARES or name in {"in", "not_in"}:
            left, right = (self.with_value(part, self.write(part)) for part in told.parts)
            return f"{left} {_COMPARES.get(name) or self.words[name]} {right}"
        if name == "chain":
            sides = [self.with_value(part, self.write(part)) for part in told.parts]
            pieces = sides[:1]
            for operator, side in zip(node.detail, sides[1:], strict=True):
                pieces += [_COMPARES.get(operator, operator), side]
            return " ".join(pieces)
        if name in {"and", "or"}:
            return self.words[name].join(self._inner(part) for part in told.parts)
        if name in {"is_null", "not_null"}:
            return f"{self.write(told.parts[0])} {self.words[name]}"
        if name == "not":
            return f"{self.words['not']} ({self.write(told.parts[0])})"
        return self._arithmetic(told, node)

    def _inner(self, part: Explanation) -> str:
        text = self.write(part)
        nested = isinstance(part.node, typed.Apply) and part.node.operator in {"and", "or"}
        return f"({text})" if nested else text

    def _arithmetic(self, told: Explanation, node: typed.Apply) -> str:
        if node.operator == "if":
            condition, then, otherwise = told.parts
            return self.write(then if condition.value is True else otherwise)
        if node.operator in {"neg", "pos"}:
            return f"−({self.write(told.parts[0])})" if node.operator == "neg" else self.write(told.parts[0])
        sign = _SIGNS[node.operator]
        level = _LEVEL.get(sign, 1)
        left, right = told.parts
        return f"{self._side(left, level)} {sign} {self._side(right, level + 1)}"

    def _side(self, part: Explanation, level: int) -> str:
        text = self.write(part)
        operator = part.node.operator if isinstance(part.node, typed.Apply) else ""
        own = _LEVEL.get(_SIGNS.get(operator, ""), 1) if operator in _SIGNS else 9 if not operator else 0
        return f"({text})" if own < level else text
