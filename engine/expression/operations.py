"""The operators as closures: arithmetic, comparison, three-valued logic, choices and lists."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from engine.expression import leaves, limits, typed, types
from engine.expression.context import NOTHING, Context
from engine.expression.operators import ARITHMETIC, fractional_power, power

Row = Callable[[Mapping[str, Any], Context], Any]
Build = Callable[[typed.Node], Row]
_MAX = limits.MAX_NUMBER


def operation(node: typed.Apply, build: Build) -> Row:
    """Return the closure of an operator; *build* makes those of its operands."""
    name = node.operator
    if name in _COMPARE:
        return _compare_leaves(node, build) or _comparison(name, *map(build, node.args))
    if name in {"add", "sub", "mul"}:
        return _leaf_arithmetic(node, build) or _arithmetic(ARITHMETIC[name], *map(build, node.args))
    if name == "div":
        return _div(*map(build, node.args))
    if name == "pow":
        return _power(node, build)
    if name in ARITHMETIC:
        return _arithmetic(ARITHMETIC[name], *map(build, node.args))
    return _OPERATORS[name](node, build)


def _key(node: typed.Node) -> str:
    """Return the key of a plain field, or "" for anything else."""
    plain = isinstance(node, typed.Field) and not node.row and "." not in node.path
    return node.path if plain and isinstance(node, typed.Field) else ""


def _leaf_arithmetic(node: typed.Apply, build: Build) -> Row | None:
    """Return + − × where an operand is a plain number field or a constant."""
    left, right = node.args
    if right.type != types.NUMBER or left.type != types.NUMBER:
        return None
    if isinstance(right, typed.Constant):
        return leaves.constant_right(node.operator, build(left), right.value)
    if _key(left) and _key(right):
        return leaves.fields(node.operator, (_key(left), _key(right)), (build(left), build(right)))
    return leaves.field_right(node.operator, build(left), _key(right), build(right)) if _key(right) else None


def _compare_leaves(node: typed.Apply, build: Build) -> Row | None:
    """Return a comparison whose left side is a plain field of numbers or texts."""
    left, right = node.args
    key = _key(left)
    if not key or left.type not in {types.NUMBER, types.TEXT} or right.type != left.type:
        return None
    test = _COMPARE[node.operator]
    if isinstance(right, typed.Constant):
        return leaves.field_and_constant(test, key, build(left), right.value)
    return leaves.field_and_expression(test, key, build(left), build(right)) if left.type == types.NUMBER else None


def _arithmetic(compute: Callable[[Any, Any], Any], left: Row, right: Row) -> Row:
    def arithmetic(record: Mapping[str, Any], context: Context) -> Any:
        a = left(record, context)
        b = right(record, context)
        return None if a is None or b is None else compute(a, b)

    return arithmetic


def _div(left: Row, right: Row) -> Row:
    def div(record: Mapping[str, Any], context: Context) -> Any:
        a = left(record, context)
        b = right(record, context)
        if a is None or not b:
            return None
        c = a / b
        return c if -_MAX <= c <= _MAX else None

    return div


def _power(node: typed.Apply, build: Build) -> Row:
    base, exponent = build(node.args[0]), build(node.args[1])
    number = exponent({}, NOTHING)
    compute = power if number == int(number) else fractional_power
    if number < 0:
        compute = power

    def raised(record: Mapping[str, Any], context: Context) -> Any:
        value = base(record, context)
        return None if value is None else compute(value, number)

    return raised


def _comparison(name: str, left: Row, right: Row) -> Row:
    test = _COMPARE[name]

    def compare(record: Mapping[str, Any], context: Context) -> Any:
        a = left(record, context)
        if a is None:
            return None
        b = right(record, context)
        return None if b is None else test(a, b)

    return compare


def _chain(node: typed.Apply, build: Build) -> Row:
    args = [build(arg) for arg in node.args]
    tests = [_COMPARE[name] for name in node.detail]

    def chain(record: Mapping[str, Any], context: Context) -> Any:
        values = [arg(record, context) for arg in args]
        outcome: bool | None = True
        for test, a, b in zip(tests, values, values[1:], strict=False):
            if a is None or b is None:
                outcome = None
            elif not test(a, b):
                return False
        return outcome

    return chain


def _and(node: typed.Apply, build: Build) -> Row:
    args = [build(arg) for arg in node.args]
    if len(args) == 2:
        first, second = args

        def both(record: Mapping[str, Any], context: Context) -> Any:
            a = first(record, context)
            if a is False:
                return False
            b = second(record, context)
            return b if a is True else (False if b is False else None)

        return both

    def all_of(record: Mapping[str, Any], context: Context) -> Any:
        outcome: bool | None = True
        for arg in args:
            value = arg(record, context)
            if value is False:
                return False
            if value is None:
                outcome = None
        return outcome

    return all_of


def _or(node: typed.Apply, build: Build) -> Row:
    args = [build(arg) for arg in node.args]

    def any_of(record: Mapping[str, Any], context: Context) -> Any:
        outcome: bool | None = False
        for arg in args:
            value = arg(record, context)
            if value is True:
                return True
            if value is None:
                outcome = None
        return outcome

    return any_of


def _not(node: typed.Apply, build: Build) -> Row:
    inner = build(node.args[0])

    def negated(record: Mapping[str, Any], context: Context) -> Any:
        value = inner(record, context)
        return None if value is None else not value

    return negated


def _neg(node: typed.Apply, build: Build) -> Row:
    inner = build(node.args[0])

    def negative(record: Mapping[str, Any], context: Context) -> Any:
        value = inner(record, context)
        return None if value is None else -value

    return negative


def _if(node: typed.Apply, build: Build) -> Row:
    condition, then, otherwise = map(build, node.args)
    return lambda record, context: (
        then(record, context) if condition(record, context) is True else otherwise(record, context)
    )


def _in(node: typed.Apply, build: Build) -> Row:
    left, right = map(build, node.args)
    negated = node.operator == "not_in"

    if isinstance(node.args[1], typed.Items) and all(isinstance(item, typed.Constant) for item in node.args[1].items):
        known = frozenset(item for item in right({}, NOTHING) if item is not None)

        def among(record: Mapping[str, Any], context: Context) -> Any:
            value = left(record, context)
            return None if value is None else (value in known) is not negated

        return among

    def member(record: Mapping[str, Any], context: Context) -> Any:
        value = left(record, context)
        items = right(record, context)
        if value is None or items is None:
            return None
        return (value in items) is not negated

    return member


def _is_null(node: typed.Apply, build: Build) -> Row:
    inner = build(node.args[0])
    if node.operator == "is_null":
        return lambda record, context: inner(record, context) is None
    return lambda record, context: inner(record, context) is not None


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip
_OPERATORS: dict[str, Callable[[typed.Apply, Build], Row]] = {
    "and": _and, "or": _or, "not": _not, "neg": _neg, "pos": lambda node, build: build(node.args[0]), "if": _if, "in": _in,
    "not_in": _in, "is_null": _is_null, "not_null": _is_null, "chain": _chain,
}  # fmt: skip
