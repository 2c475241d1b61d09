"""The fast row reader: a checked tree becomes nested Python functions of (record, context); no code is generated.

Null is None in every closure; and / or stop where the outcome is decided, which no value can tell from full evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import thread_time
from typing import Any

from engine.expression import limits, typed, types
from engine.expression.context import NOTHING, Context
from engine.expression.lookups import RowForms, input_value
from engine.expression.operations import operation
from engine.expression.records import as_list, each_row, read_field
from engine.expression.values import read_number, reader
from engine.problems import EvaluationError

Row = Callable[[Mapping[str, Any], Context], Any]
_MAX = limits.MAX_NUMBER
_WHOLE = limits.MAX_WHOLE
_SECONDS = 0.2


def compile_tree(root: typed.Node) -> Row:
    """Return the function of (record, context) that computes *root*; context may be None."""
    run = build(root)
    clock = any(isinstance(node, typed.Invoke) and node.function.clock for node in typed.walk(root))

    def evaluate(record: Mapping[str, Any], context: Context | None = None) -> Any:
        if clock and (context is None or context.now is None):
            raise EvaluationError(
                "公式用到当前时间,请给出评估时间 / the formula uses the clock: give the evaluation's time"
            )
        return run(record, context or NOTHING)

    return evaluate


def build(node: typed.Node) -> Row:
    """Return the closure of one node."""
    return _BUILDERS[type(node)](node)


def _constant(node: typed.Constant) -> Row:
    value = node.value
    return lambda _record, _context: value


def _field(node: typed.Field) -> Row:
    if "." in node.path or node.row or types.is_list(node.type):
        return lambda record, context: read_field(node, record, context)
    return _plain_number(node.path) if node.type == types.NUMBER else _plain(node.path, node.type)


def _plain_number(key: str) -> Row:
    def number(record: Mapping[str, Any], context: Context) -> Any:
        value = record.get(key)
        if type(value) is float:
            return value if -_MAX <= value <= _MAX else None
        if type(value) is int and -_WHOLE <= value <= _WHOLE:
            return float(value)
        if value is None:
            return read_number(context.params[key]) if key in context.params and key not in record else None
        return read_number(value)

    return number


def _plain(key: str, word: str) -> Row:
    read = reader(word)

    def value_of(record: Mapping[str, Any], context: Context) -> Any:
        value = record.get(key)
        if value is None and key in context.params and key not in record:
            value = context.params[key]
        return None if value is None else read(value, context)

    return value_of


def _items(node: typed.Items) -> Row:
    items = [build(item) for item in node.items]
    return lambda record, context: tuple([item(record, context) for item in items])


def _input(node: typed.Input) -> Row:
    call = node.call
    parts = [build(part) if isinstance(part, typed.Node) else None for part in call.arguments]
    condition = build(call.condition) if call.condition is not None else None
    value = build(call.value) if call.value is not None else None
    row_forms = RowForms(value, condition, parts)
    return lambda record, context: input_value(call, row_forms, record, context)


def _each(node: typed.Each) -> Row:
    body = build(node.body)
    text = node.body.type == types.TEXT
    row_key = node.row

    def each(record: Mapping[str, Any], context: Context) -> Any:
        deadline = thread_time() + _SECONDS
        values = []
        for row in each_row(record, row_key):
            values.append(body(row, context))
            if thread_time() > deadline:
                raise EvaluationError("逐行计算超时 / computing row by row took too long")
        return as_list(values, text=text)

    return each


def _invoke(node: typed.Invoke) -> Row:
    row = node.function.row
    args = [build(arg) for arg in node.args]
    if node.function.context:
        return _with_context(row, args, strict=node.function.strict)
    if not node.function.strict:
        return lambda record, context: row(*[arg(record, context) for arg in args])
    if len(args) == 1:
        (one,) = args

        def single(record: Mapping[str, Any], context: Context) -> Any:
            value = one(record, context)
            return None if value is None else row(value)

        return single

    def strict(record: Mapping[str, Any], context: Context) -> Any:
        values = [arg(record, context) for arg in args]
        return None if None in values else row(*values)

    return strict


def _with_context(row: Callable[..., Any], args: list[Row], *, strict: bool) -> Row:
    def call(record: Mapping[str, Any], context: Context) -> Any:
        values = [arg(record, context) for arg in args]
        return None if strict and None in values else row(context, *values)

    return call


_BUILDERS: dict[type[typed.Node], Callable[[Any], Row]] = {
    typed.Constant: _constant, typed.Field: _field, typed.Items: _items, typed.Apply: lambda node: operation(node, build), typed.Invoke: _invoke,
    typed.Each: _each, typed.Input: _input,
}  # fmt: skip
