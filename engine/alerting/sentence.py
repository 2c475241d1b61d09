"""An alert in one line: "12 + 0 − 3 = 9 < 日均 5.14 × 提前期 7 × 1.2 = 43.2", from the rule's text and the shown values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine.alerting.labels import LABELS
from engine.expression import parse, tree
from engine.expression.function import find_function
from engine.expression.scope import fold
from engine.problems import DefinitionError

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷", "//": "÷÷", "%": "%", "**": "^"}
_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "**": 3}
COMPARES = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠", "in": "∈", "not in": "∉"}
_JOINTS = {"zh": {"and": ",且 ", "or": ",或 "}, "en": {"and": " and ", "or": " or "}}


def number_text(value: Any, language: str = "zh") -> str:
    """Return a value as people read it: two decimals at most, no empty ones; empty for null."""
    if value is None:
        return "(空)" if language == "zh" else "(empty)"
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if isinstance(value, int | float):
        small = 0 < abs(value) < 0.01
        return f"{value:.2g}" if small else f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


class Sentences:
    """Writes the sentences of one rule about one record.

    Args:
        rule: the definition.
        values: the shown values, source → value.
        language: `zh` or `en`.
        forms: form definitions by key, for labels; may be empty.
    """

    def __init__(
        self,
        rule: Mapping[str, Any],
        values: Mapping[str, Any],
        language: str = "zh",
        forms: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.rule = rule
        self.values = values
        self.language = language
        self.forms = forms or {}
        self.lets = _lets(rule)

    # -- conditions ---------------------------------------------------------------------------------------------------

    def condition(self, source: str) -> str:
        """Return the sentence of a condition that holds: its comparisons with both sides' values."""
        try:
            parsed = _parsed(source)
        except DefinitionError:
            return source
        return self._logic(parsed, parsed.root) or source

    def _logic(self, parsed: tree.Tree, node: tree.Node) -> str:
        if isinstance(node, tree.Logic):
            parts = [self._logic(parsed, operand) for operand in node.operands]
            if node.operator == "or":
                holding = [
                    part
                    for part, operand in zip(parts, node.operands, strict=True)
                    if self._holds(parsed, operand) is not False
                ]
                parts = holding or parts
            return _JOINTS[self.language][node.operator].join(part for part in parts if part)
        if isinstance(node, tree.Compare):
            return self._comparison(parsed, node)
        return self.labelled(parsed, node)

    def _comparison(self, parsed: tree.Tree, node: tree.Compare) -> str:
        sides = [self.side(parsed, operand) for operand in node.operands]
        text = sides[0]
        for operator, side in zip(node.operators, sides[1:], strict=True):
            text += f" {COMPARES[operator]} {side}"
        return text

    def holds(self, source: str) -> bool | None:
        """Return whether the condition holds by the shown values; None where they do not say."""
        try:
            parsed = _parsed(source)
        except DefinitionError:
            return None
        return self._holds(parsed, parsed.root)

    def _holds(self, parsed: tree.Tree, node: tree.Node) -> bool | None:
        if isinstance(node, tree.Logic):
            found = [self._holds(parsed, operand) for operand in node.operands]
            decisive = node.operator == "or"
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        if not isinstance(node, tree.Compare):
            return None
        values = [self.value(parsed, operand) for operand in node.operands]
        links = zip(node.operators, values, values[1:], strict=False)
        outcomes = [compare(operator, left, right) for operator, left, right in links]
        return False if False in outcomes else None if None in outcomes else True

    # -- values -------------------------------------------------------------------------------------------------------

    def value(self, parsed: tree.Tree, node: tree.Node) -> Any:
        """Return the value of a part: a literal's own, else what is shown under its text or path."""
        if isinstance(node, tree.Literal):
            return node.value
        if isinstance(node, tree.Listing):
            return [self.value(parsed, item) for item in node.items]
        if isinstance(node, tree.Name):
            return self.values.get(self.path(node))
        return self.values.get(parsed.source[node.at[0] : node.at[1]])

    def path(self, node: tree.Name) -> str:
        """Return the path of keys that a name means, also where labels are written."""
        table, keys = str(self.rule.get("over", "")), []
        for part in node.parts:
            field = self._field(table, part)
            keys.append(str(field["key"]) if field else part)
            table = str((field or {}).get("form") or (field or {}).get("target") or part)
        return ".".join(keys)

    def _field(self, table: str, name: str) -> Mapping[str, Any] | None:
        fields = self.forms.get(table, {}).get("fields", ())
        return next((f for f in fields if fold(name) in {fold(f["key"]), fold(str(f.get("label", "")))}), None)

    def label(self, node: tree.Name) -> str:
        """Return what a name is called: a rule's name after its function, a field by its label."""
        name = ".".join(node.parts)
        if name in self.lets:
            return self._let_label(name)
        if self.language == "en":
            return self.path(node)
        table, label = str(self.rule.get("over", "")), node.parts[-1]
        for part in node.parts:
            field = self._field(table, part) or {}
            label = str(field.get("label") or LABELS.get(part, part))
            table = str(field.get("form") or field.get("target") or part)
        return label

    def _let_label(self, name: str) -> str:
        parsed = self.lets[name]
        if parsed is not None and isinstance(parsed.root, tree.Call) and self.language == "zh" and name.isascii():
            function = find_function(parsed.root.name)
            if function is not None and function.family:
                return function.alias
            # IF_NULL(sku.lead_time_days, 7) is a lead time: what it is about is its first field.
            about = next((node for node in tree.walk(parsed.root) if isinstance(node, tree.Name)), None)
            return self.label(about) if about is not None else name
        return name

    # -- sides --------------------------------------------------------------------------------------------------------

    def side(self, parsed: tree.Tree, node: tree.Node) -> str:
        """Return one side of a comparison: its numbers put together, and what they come to."""
        if isinstance(node, tree.Name):
            let = self.lets.get(".".join(node.parts))
            if let is not None and isinstance(let.root, tree.Binary):
                return f"{self.expression(let, let.root)} = {self.shown(self.value(parsed, node))}"
        if isinstance(node, tree.Binary):
            return f"{self.expression(parsed, node)} = {self.shown(self.value(parsed, node))}"
        return self.labelled(parsed, node)

    def shown(self, value: Any) -> str:
        """Return a value as people read it in this language."""
        if isinstance(value, list | tuple):
            return "[" + ", ".join(map(self.shown, value)) + "]"
        return number_text(value, self.language)

    def labelled(self, parsed: tree.Tree, node: tree.Node) -> str:
        """Return a part with its name before its value; a literal alone."""
        if isinstance(node, tree.Literal | tree.Listing):
            return self.shown(self.value(parsed, node))
        text = parsed.source[node.at[0] : node.at[1]]
        if isinstance(node, tree.Call) and self.language == "zh":
            function = find_function(node.name)
            text = function.alias if function and function.family else text
        name = self.label(node) if isinstance(node, tree.Name) else text
        return f"{name} {self.shown(self.value(parsed, node))}"

    def expression(self, parsed: tree.Tree, node: tree.Node, above: int = 0, *, bare: bool = False) -> str:
        """Return arithmetic with values in the places of names; the terms of a plain sum stand without their names."""
        if not isinstance(node, tree.Binary):
            bare_name = bare and isinstance(node, tree.Name)
            return self.shown(self.value(parsed, node)) if bare_name else self.labelled(parsed, node)
        rank = _RANKS[node.operator]
        plain = rank == 1 and (bare or _is_plain_sum(node))
        left = self.expression(parsed, node.left, rank, bare=plain)
        right = self.expression(parsed, node.right, rank + (node.operator in "-/%//"), bare=plain)
        text = f"{left} {_SIGNS[node.operator]} {right}"
        return f"({text})" if rank < above else text


def _is_plain_sum(node: tree.Node) -> bool:
    if isinstance(node, tree.Binary):
        return node.operator in "+-" and _is_plain_sum(node.left) and _is_plain_sum(node.right)
    return isinstance(node, tree.Name | tree.Literal)


def _lets(rule: Mapping[str, Any]) -> dict[str, tree.Tree | None]:
    found: dict[str, tree.Tree | None] = {}
    for block in (*reversed(rule.get("during", ())), rule):
        for name, source in block.get("let", {}).items():
            try:
                found[name] = _parsed(source)
            except DefinitionError:
                found[name] = None
    return found


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """Return whether a comparison of two values holds; None where one is null."""
    if left is None or right is None:
        return None
    if operator in {"in", "not in"}:
        return (left in right) == (operator == "in")
    outcome = (
        {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right} if operator[0] in "<>" else {}
    )
    return bool(outcome.get(operator, (left == right) == (operator == "==")))


@lru_cache(maxsize=1024)
def _parsed(source: str) -> tree.Tree:
    """Return the tree of *source*; thousands of alerts of one rule tell of the same few conditions."""
    return parse(source)


def explanation(
    rule: Mapping[str, Any], values: Mapping[str, Any] | str, level: str, language: str = "zh", forms: Any = None
) -> str:
    """Return why *rule* fired at *level*, in one line.

    Args:
        rule: the definition.
        values: the alert's shown values, or their JSON text.
        level: the level that was breached.
        language: `zh` or `en`.
        forms: form definitions (list or by key), for labels.
    """
    return Explainer(rule, language, forms)(values, level)


class Explainer:
    """Tells of many alerts of one rule in one language; what its names are called is looked up once.

    Args:
        rule: the definition.
        language: `zh` or `en`.
        forms: form definitions (list or by key), for labels.
    """

    def __init__(self, rule: Mapping[str, Any], language: str = "zh", forms: Any = None) -> None:
        by_key = forms if isinstance(forms, Mapping) else {form["key"]: form for form in forms or ()}
        self._sentences = Sentences(rule, {}, language, by_key)
        self._whens: dict[str, list[str]] = {}
        for block in (*reversed(rule.get("during", ())), *reversed(rule.get("overrides", ())), rule):
            for one in block.get("levels", ()):
                self._whens.setdefault(str(one["level"]), []).append(str(one["when"]))

    def __call__(self, values: Mapping[str, Any] | str, level: str) -> str:
        """Return why the rule fired at *level*, by the shown values (or their JSON text)."""
        sentences = self._sentences
        sentences.values = json.loads(values or "{}") if isinstance(values, str) else values
        whens = self._whens.get(level, [])
        if len(whens) == 1:
            return sentences.condition(whens[0])
        worth = {True: 2, None: 1, False: 0}
        return sentences.condition(max(whens, key=lambda source: worth[sentences.holds(source)], default=""))
