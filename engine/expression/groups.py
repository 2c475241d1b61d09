"""Conditions as the visual builder draws them (react-querybuilder's groups), to and from formulas.

A group is `{"combinator": "and", "not": false, "rules": […]}`; a rule `{"field": "on_hand", "operator": "<", "value": …,
"valueSource": "value" | "expression"}`. What the builder cannot draw has no groups, and the formula view stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.expression import limits, printing
from engine.expression import tree as raw
from engine.expression.function import find_function
from engine.expression.messages import trouble
from engine.expression.parser import parse
from engine.expression.typed import Field, TypedTree, walk
from engine.problems import DefinitionError

Group = dict[str, Any]
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_CALLS = {"CONTAINS": "contains", "STARTS_WITH": "starts_with", "ENDS_WITH": "ends_with"}
_OPERATORS = {"==", "!=", "<", "<=", ">", ">=", "in", "not in"}


def to_groups(tree: raw.Tree | TypedTree) -> Group | None:
    """Return the groups of a condition, names as keys where *tree* is checked; None where they cannot say it."""
    writer = _Writer(tree)
    found = writer.item(tree.tree.root if isinstance(tree, TypedTree) else tree.root)
    if found is None:
        return None
    return found if "rules" in found else {"combinator": "and", "not": False, "rules": [found]}


class _Writer:
    def __init__(self, tree: raw.Tree | TypedTree) -> None:
        self.paths: dict[raw.Span, str] = {}
        if isinstance(tree, TypedTree):
            self.paths = {node.at: node.path for node in walk(tree.root) if isinstance(node, Field)}

    def item(self, node: raw.Node) -> Group | None:
        """Return the rule or group of a node."""
        match node:
            case raw.Logic():
                return self._group(node.operator, node.operands)
            case raw.Unary(operator="not"):
                return self._negated(node.operand)
            case raw.Compare():
                return self._comparison(node)
            case raw.Call():
                return self._call(node)
            case raw.Name():
                return self._rule(node, "==", True)
        return None

    def _group(self, combinator: str, operands: tuple[raw.Node, ...]) -> Group | None:
        rules = [self.item(operand) for operand in operands]
        return None if None in rules else {"combinator": combinator, "not": False, "rules": rules}

    def _negated(self, operand: raw.Node) -> Group | None:
        found = self.item(operand)
        if found is None:
            return None
        if "rules" in found:
            return {**found, "not": not found["not"]}
        if found["operator"] in {"is_null", "is_not_null"}:
            return {**found, "operator": "is_not_null" if found["operator"] == "is_null" else "is_null"}
        return {"combinator": "and", "not": True, "rules": [found]}

    def _comparison(self, node: raw.Compare) -> Group | None:
        rules = [
            self._one(operator, left, right)
            for operator, left, right in zip(node.operators, node.operands, node.operands[1:], strict=False)
        ]
        if None in rules:
            return None
        return rules[0] if len(rules) == 1 else {"combinator": "and", "not": False, "rules": rules}

    def _one(self, operator: str, left: raw.Node, right: raw.Node) -> Group | None:
        if operator in {"in", "not in"}:
            if isinstance(left, raw.Name) and isinstance(right, raw.Listing):
                values = [_literal(item) for item in right.items]
                return None if any(value is None for value in values) else self._rule(left, operator, values)
            return None
        if not isinstance(left, raw.Name) and isinstance(right, raw.Name):
            left, right, operator = right, left, _TURNED[operator]
        if not isinstance(left, raw.Name):
            return None
        if isinstance(right, raw.Literal) and right.value is None:
            word = {"==": "is_null", "!=": "is_not_null"}.get(operator)
            return self._rule(left, word, None) if word else None
        value = _literal(right)
        if value is not None:
            return self._rule(left, operator, value)
        return {**self._rule(left, operator, self._text(right)), "valueSource": "expression"}

    def _call(self, node: raw.Call) -> Group | None:
        function = find_function(node.name)
        name = function.name if function else ""
        if name in {"AND", "OR"}:
            return self._group(name.lower(), node.args)
        if name == "NOT" and len(node.args) == 1:
            return self._negated(node.args[0])
        if not node.args or not isinstance(node.args[0], raw.Name):
            return None
        if name == "IS_NULL" and len(node.args) == 1:
            return self._rule(node.args[0], "is_null", None)
        value = _literal(node.args[1]) if name in _CALLS and len(node.args) == 2 else None
        return self._rule(node.args[0], _CALLS[name], value) if isinstance(value, str) else None

    def _rule(self, field: raw.Name, operator: str, value: Any) -> Group:
        path = self.paths.get(field.at) or ".".join(field.parts)
        return {"field": path, "operator": operator, "value": value, "valueSource": "value"}

    def _text(self, node: raw.Node) -> str:
        return printing.node_source(node, lambda name: printing.path_text(self._keys(name), {}), "en")

    def _keys(self, name: raw.Name) -> list[str]:
        path = self.paths.get(name.at)
        return path.split(".") if path else list(name.parts)


def _literal(node: raw.Node) -> Any:
    if isinstance(node, raw.Unary) and node.operator == "-" and isinstance(node.operand, raw.Literal):
        value = node.operand.value
        return -_whole(value) if type(value) is float else None
    if isinstance(node, raw.Literal):
        return _whole(node.value) if type(node.value) is float else node.value
    return None


def _whole(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) < limits.MAX_WHOLE else value


def from_groups(groups: Mapping[str, Any]) -> str:
    """Return the formula of a group; an empty one holds always.

    Raises:
        DefinitionError: it is not a group, or holds a field or expression that cannot be read.
    """
    return _printed(groups, 1) or "True"


def _printed(item: Any, depth: int) -> str:
    if not isinstance(item, Mapping) or depth > limits.MAX_DEPTH:
        raise _unreadable("条件组", "a group")
    if "rules" not in item:
        return _printed_rule(item)
    combinator = item.get("combinator", "and")
    if combinator not in {"and", "or"} or not isinstance(item["rules"], list):
        raise _unreadable("条件组", "a group")
    parts = [text for rule in item["rules"] if (text := _printed(rule, depth + 1))]
    body = f" {combinator} ".join(f"({part})" if len(parts) > 1 and _is_joined(part) else part for part in parts)
    if item.get("not") and body:
        return f"not ({body})"
    return body


def _is_joined(text: str) -> bool:
    return isinstance(parse(text).root, (raw.Logic, raw.Choice, raw.Unary))


def _printed_rule(rule: Mapping[str, Any]) -> str:
    operator, value = rule.get("operator"), rule.get("value")
    field = ".".join(map(printing.quote_name, _field(rule)))
    if operator in {"is_null", "is_not_null"}:
        return f"{'not ' if operator == 'is_not_null' else ''}IS_NULL({field})"
    calls = {name: function for function, name in _CALLS.items()}
    expression = rule.get("valueSource") in {"expression", "field"}
    if operator in calls:
        return f"{calls[operator]}({field}, {_value(value, expression=expression)})"
    if operator not in _OPERATORS:
        raise _unreadable(f"运算“{operator}”", f"the operator “{operator}”")
    if operator in {"in", "not in"}:
        items = value if isinstance(value, list) else [value]
        return f"{field} {operator} [{', '.join(_value(item, expression=False) for item in items)}]"
    return f"{field} {operator} {_value(value, expression=expression)}"


def _field(rule: Mapping[str, Any]) -> tuple[str, ...]:
    text = rule.get("field")
    if not isinstance(text, str) or not text:
        raise _unreadable("字段", "a field")
    if all(part.isidentifier() for part in text.split(".")):
        return tuple(text.split("."))
    root = parse(text).root
    if not isinstance(root, raw.Name):
        raise _unreadable(f"字段“{text}”", f"the field “{text}”")
    return root.parts


def _value(value: Any, *, expression: bool) -> str:
    if expression and isinstance(value, str):
        parsed = parse(value)
        text = printing.print_source(parsed, language="en")
        return (
            text if isinstance(parsed.root, (raw.Name, raw.Literal, raw.Call, raw.Binary, raw.Unary)) else f"({text})"
        )
    if value is None or isinstance(value, (bool, int, float, str)):
        return printing.constant_text(value)
    raise _unreadable("条件的值", "a condition's value")


def _unreadable(zh: str, en: str) -> DefinitionError:
    return DefinitionError([trouble(0, 0, f"{zh}读不懂", f"{en} cannot be read")])
