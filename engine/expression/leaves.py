"""Arithmetic and comparison of fields and constants without a closure for each operand: most of a rule is made of them.

A field that holds a float is used as it stands; whatever else it holds (a whole number, a decimal, nothing) is read by the
field's own closure.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from engine.expression import limits
from engine.expression.context import Context

Row = Callable[[Mapping[str, Any], Context], Any]
_MAX = limits.MAX_NUMBER
is_finite = math.isfinite
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"add": operator.add, "sub": operator.sub, "mul": operator.mul}


def fields(name: str, keys: tuple[str, str], reads: tuple[Row, Row]) -> Row:
    """Return `key + key` (or − or ×)."""
    (first, second), (read_first, read_second) = keys, reads
    compute = _OPERATORS[name]

    def both(record: Mapping[str, Any], context: Context) -> Any:
        a = record.get(first)
        b = record.get(second)
        if type(a) is not float:
            a = read_first(record, context)
        if type(b) is not float:
            b = read_second(record, context)
        if a is None or b is None:
            return None
        c = compute(a, b)
        return c if -_MAX <= c <= _MAX else None

    return both


def field_right(name: str, left: Row, key: str, read: Row) -> Row:
    """Return `expression + key`."""
    compute = _OPERATORS[name]

    def with_field(record: Mapping[str, Any], context: Context) -> Any:
        a = left(record, context)
        b = record.get(key)
        if type(b) is not float:
            b = read(record, context)
        if a is None or b is None:
            return None
        c = compute(a, b)
        return c if -_MAX <= c <= _MAX else None

    return with_field


def constant_right(name: str, left: Row, constant: float) -> Row:
    """Return `expression + constant`."""
    compute = _OPERATORS[name]

    def with_constant(record: Mapping[str, Any], context: Context) -> Any:
        a = left(record, context)
        if a is None:
            return None
        c = compute(a, constant)
        return c if -_MAX <= c <= _MAX else None

    return with_constant


def field_and_constant(test: Callable[[Any, Any], bool], key: str, read: Row, constant: Any) -> Row:
    """Return `key < constant`; of a text field too."""
    kind = type(constant)
    number = kind is float

    def compare(record: Mapping[str, Any], context: Context) -> Any:
        a: Any = record.get(key)
        if type(a) is not kind:
            a = read(record, context)
            if a is None:
                return None
        elif number and not is_finite(a):
            return None
        return test(a, constant)

    return compare


def field_and_expression(test: Callable[[Any, Any], bool], key: str, read: Row, right: Row) -> Row:
    """Return `key < expression` of numbers."""

    def compare(record: Mapping[str, Any], context: Context) -> Any:
        a = record.get(key)
        if type(a) is not float or not -_MAX <= a <= _MAX:
            a = read(record, context)
        b = right(record, context)
        return None if a is None or b is None else test(a, b)

    return compare
