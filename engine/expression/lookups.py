"""Values that enter a formula from outside its record: supplied ones, and look-ups into the rows of other forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.expression.context import Context
from engine.expression.operators import div
from engine.expression.typed import InputCall, Node
from engine.expression.values import reader
from engine.problems import EvaluationError

Row = Callable[[Mapping[str, Any], Context], Any]


@dataclass(frozen=True, slots=True)
class RowForms:
    """The compiled parts of an input call."""

    value: Row | None
    condition: Row | None
    arguments: Sequence[Row | None]


def input_value(call: InputCall, forms: RowForms, record: Mapping[str, Any], context: Context) -> Any:
    """Return the value of a series, forecast, stock or look-up call for one record.

    It is taken from the record under the call's key, else from `context.series`; look-ups go through `context.rows`.

    Raises:
        EvaluationError: nothing supplies it.
    """
    if call.key in record:
        value = record[call.key]
    elif call.family == "lookup":
        value = _look_up(call, forms, record, context)
    elif context.series is not None:
        value = context.series(call, record)
    else:
        raise EvaluationError(f"没有提供 {call.key} 的值 / nothing supplies {call.key}")
    return None if value is None else reader(call.type)(value, context)


def _look_up(call: InputCall, forms: RowForms, record: Mapping[str, Any], context: Context) -> Any:
    if call.function == "LOOKUP":
        return _field_of(call, forms, record, context)
    total, count = 0.0, 0
    for row in _rows(call.form, context):
        both = {**record, call.form: row}
        if forms.condition is not None and forms.condition(both, context) is not True:
            continue
        value = 1.0 if forms.value is None else forms.value(both, context)
        if value is not None:
            total += value
            count += 1
    if call.function == "COUNT_OF":
        return float(count)
    return total if call.function == "SUM_OF" else div(total, float(count))


def _field_of(call: InputCall, forms: RowForms, record: Mapping[str, Any], context: Context) -> Any:
    """Return the field of the first row whose key field has the value; None where there is none."""
    _, key, given, field = call.arguments
    run = forms.arguments[2]
    value = run(record, context) if isinstance(given, Node) and run is not None else given
    if value is None:
        return None
    if key == "code" and context.lookup is not None:
        found = context.lookup(call.form, value)
        return None if found is None else found.get(field)
    return next((row.get(field) for row in _rows(call.form, context) if row.get(key) == value), None)


def _rows(form: str, context: Context) -> Iterator[Mapping[str, Any]]:
    if context.rows is None:
        raise EvaluationError(f"没有提供表“{form}”的记录 / nothing supplies the records of “{form}”")
    yield from context.rows(form)
