"""From typed nodes to SQL expressions, with a bound of every number's magnitude: only what may not be finite is checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlglot import exp

from engine.expression import limits, typed, types
from engine.expression.context import Context
from engine.expression.messages import trouble
from engine.expression.operators import ARITHMETIC
from engine.expression.printing import canonical
from engine.expression.sql import Sql
from engine.expression.sql.core import E, Unsupported
from engine.problems import DefinitionError

_INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Column:
    """An input column.

    Args:
        name: its name, quoted ("a b") or not, or a sqlglot expression.
        bound: no magnitude in it exceeds this (its values are finite): the fewer checks are needed for overflow.
        double: whether a number column is DOUBLE already, so that it need not be cast.
    """

    name: str | E
    bound: float = _INFINITE
    double: bool = False


Columns = Mapping[str, "str | E | Column"]


class Compiler:
    """Compiles nodes; for a number it knows a bound of its magnitude, infinite where it may not be finite."""

    def __init__(self, columns: Columns, dialect: str, context: Context) -> None:
        self.columns = columns
        self.sql = Sql(dialect, context)
        self.dialect = dialect
        self.shared = {key for key in columns if "(" in key or " " in key}
        self.rows: dict[str, str] = {}  # column path of a sub-form → lambda position, while its rows are gone through
        self._visit: dict[type[typed.Node], Callable[[Any], tuple[E, float]]] = {
            typed.Constant: self._constant,
            typed.Field: self._field,
            typed.Items: self._items,
            typed.Apply: self._apply,
            typed.Invoke: self._invoke,
            typed.Each: self._each,
            typed.Input: self._input,
        }

    def settled(self, node: typed.Node) -> E:
        """Return a node's expression; a number that is not finite is null."""
        expression, bound = self.node(node)
        if node.type in {types.NUMBER, types.DURATION} and bound > limits.MAX_NUMBER:
            return self.sql.settle(expression)
        return expression

    def node(self, node: typed.Node) -> tuple[E, float]:
        """Return a node's expression and the bound of its magnitude."""
        if (
            self.shared
            and not isinstance(node, (typed.Constant, typed.Field))
            and (key := canonical(node)) in self.shared
        ):
            return self._column(self.columns[key], node)
        if isinstance(node, (typed.Apply, typed.Invoke)) and _is_null(node):
            return self.sql.null(node.type), 0.0
        try:
            return self._visit[type(node)](node)
        except Unsupported:
            raise DefinitionError(
                [trouble(*node.at, f"{self.dialect} 不能计算这一部分", f"{self.dialect} cannot compute this part")]
            ) from None

    def _constant(self, node: typed.Constant) -> tuple[E, float]:
        value = node.value
        if value is None:
            return self.sql.null(node.type), 0.0
        if isinstance(value, bool):
            return exp.Boolean(this=value), 0.0
        if isinstance(value, float):
            return self.sql.number(value), abs(value)
        if isinstance(value, datetime):
            return self.sql.time_literal(value), 0.0
        return (self.sql.date_literal(value) if isinstance(value, date) else self.sql.text(value)), 0.0

    def _field(self, node: typed.Field) -> tuple[E, float]:
        if node.row and node.row in self.rows and not types.is_list(node.type):
            items = self._raw(self.columns.get(node.path, node.path))
            item = self.sql.at(items, exp.column(self.rows[node.row]))
            return (self.sql.double(item) if node.type == types.NUMBER else item), _INFINITE
        return self._column(self.columns.get(node.path, node.path), node)

    def _raw(self, column: str | E | Column) -> E:
        name = column.name if isinstance(column, Column) else column
        if not isinstance(name, str):
            return name
        quoted = len(name) > 2 and name[0] == name[-1] == '"'
        return exp.column(name[1:-1].replace('""', '"') if quoted else name, quoted=True)

    def _column(self, column: str | E | Column, node: typed.Node) -> tuple[E, float]:
        expression = self._raw(column)
        double = isinstance(column, Column) and column.double
        if node.type in {types.NUMBER, types.DURATION} and not double:
            expression = self.sql.double(expression)
        elif node.type == "list[number]" and not double and self.dialect in {"duckdb", "spark"}:
            kind = "double[]" if self.dialect == "duckdb" else "array<double>"
            expression = exp.Cast(this=expression, to=exp.DataType.build(kind, dialect=self.dialect))
        return expression, column.bound if isinstance(column, Column) else _INFINITE

    def _input(self, node: typed.Input) -> tuple[E, float]:
        if node.call.key not in self.columns:
            raise DefinitionError(
                [trouble(*node.at, f"没有提供 {node.call.key} 的列", f"no column supplies {node.call.key}")]
            )
        return self._column(self.columns[node.call.key], node)

    def _items(self, node: typed.Items) -> tuple[E, float]:
        return self.sql.listing([self.settled(item) for item in node.items], node.type), 0.0

    def _each(self, node: typed.Each) -> tuple[E, float]:
        if self.dialect not in {"duckdb", "spark"}:
            raise Unsupported
        lists = [part for part in typed.walk(node.body) if isinstance(part, typed.Field) and part.row == node.row]
        position = f"r{len(self.rows) + 1}"
        self.rows[node.row] = position
        body = self.settled(node.body)
        del self.rows[node.row]
        first = self._raw(self.columns.get(lists[0].path, lists[0].path))
        return self.sql.each(self.sql.positions(first), position, body), 0.0

    def _invoke(self, node: typed.Invoke) -> tuple[E, float]:
        function = node.function
        if function.sql is None or (function.dialects and self.dialect not in function.dialects):
            raise Unsupported
        args = [self.settled(arg) for arg in node.args]
        self.sql.types = [arg.type for arg in node.args]
        return function.sql(self.sql, *args), _INFINITE

    def _apply(self, node: typed.Apply) -> tuple[E, float]:
        name = node.operator
        if name in {"add", "sub", "mul"}:
            (a, x), (b, y) = (self.node(arg) for arg in node.args)
            bound = x * y if name == "mul" else x + y
            return getattr(self.sql, name)(a, b), _INFINITE if math.isnan(bound) else bound
        if name == "div":
            a, x = self.node(node.args[0])
            divisor = self.settled(node.args[1])
            least = abs(node.args[1].value) if isinstance(node.args[1], typed.Constant) and node.args[1].value else 0.0
            return self.sql.div(a, divisor), x / least if least >= 1 else _INFINITE
        if name in {"neg", "pos"}:
            a, x = self.node(node.args[0])
            return (self.sql.neg(a) if name == "neg" else a), x
        return _OPERATIONS[name](self, node), _INFINITE

    def power(self, node: typed.Apply) -> E:
        """Return base to a literal exponent."""
        base, exponent = (self.settled(arg) for arg in node.args)
        value = self.sql.value_of(exponent)
        if value < 0:
            return self.sql.div(self.sql.number(1), self.sql.settle(self.sql.power(base, -value)))
        return self.sql.power(base, value)

    def both(self, name: str) -> Callable[[typed.Apply], E]:
        """Return the builder of an operation that takes the settled arguments."""
        return lambda node: getattr(self.sql, name)(*(self.settled(arg) for arg in node.args))

    def compare(self, node: typed.Apply) -> E:
        """Return a comparison; texts compare by code point."""
        return self.one_comparison(node.operator, node.args[0].type, *(self.settled(arg) for arg in node.args))

    def one_comparison(self, name: str, word: str, left: E, right: E) -> E:
        """Return one comparison of two expressions."""
        if word == types.TEXT and self.dialect == "postgres" and name not in {"eq", "ne"}:
            left = exp.Collate(this=self.sql.paren(left), expression=exp.to_identifier("C", quoted=True))
        return self.sql.binary(_COMPARISONS[name], left, right)

    def chain(self, node: typed.Apply) -> E:
        """Return a chain of comparisons, each middle operand computed once."""
        word = node.args[0].type

        def build(*values: E) -> E:
            pairs = zip(node.detail, values, values[1:], strict=False)
            return self.sql.both(*(self.one_comparison(name, word, a, b) for name, a, b in pairs))

        return self.sql.bind_all([self.settled(arg) for arg in node.args], build)

    def member(self, node: typed.Apply) -> E:
        """Return `in` and `not in`: a null among the items never matches."""
        value, listed = self.settled(node.args[0]), node.args[1]
        if node.args[0].type == types.NULL:
            return self.sql.null(types.BOOLEAN)  # it has no type that the items' could be compared with
        if not isinstance(listed, typed.Items):
            found = self.sql.member(value, self.settled(listed))
        elif all(isinstance(item, typed.Constant) for item in listed.items):
            items = [self.settled(item) for item in listed.items if getattr(item, "value", None) is not None]
            found = exp.In(this=self.sql.paren(value), expressions=items)
            if not items:
                found = self.sql.bind(value, lambda one: self.sql.case((self.sql.known(one), exp.false())))
        else:
            items = [self.settled(item) for item in listed.items]

            def build(one: E) -> E:
                tests = [self.sql.call("coalesce", self.sql.eq(one, item), exp.false()) for item in items]
                return self.sql.case((self.sql.known(one), self.sql.either(*tests)))

            found = self.sql.bind(value, build)
        return self.sql.invert(found) if node.operator == "not_in" else found

    def choose(self, node: typed.Apply) -> E:
        """Return `then if condition else otherwise`."""
        condition, then, otherwise = (self.settled(arg) for arg in node.args)
        return self.sql.case((condition, then), default=otherwise)

    def joined(self, node: typed.Apply) -> E:
        """Return two texts joined."""
        return self.sql.short(self.sql.joined([self.settled(arg) for arg in node.args]))

    def logic(self, node: typed.Apply) -> E:
        """Return `and` / `or`, which SQL computes in three-valued logic."""
        args = [self.settled(arg) for arg in node.args]
        return self.sql.both(*args) if node.operator == "and" else self.sql.either(*args)


def _is_null(node: typed.Apply | typed.Invoke) -> bool:
    """Say whether an argument is null whatever the record, and makes the whole null: SQL could not type it."""
    strict = node.function.strict if isinstance(node, typed.Invoke) else node.operator in ARITHMETIC
    return strict and any(arg.type == types.NULL for arg in node.args)


_COMPARISONS: dict[str, type[exp.Binary]] = {
    "eq": exp.EQ, "ne": exp.NEQ, "lt": exp.LT, "le": exp.LTE, "gt": exp.GT, "ge": exp.GTE,
}  # fmt: skip


def _with(
    name: str, *, turned: bool = False, days: bool = False, minus: bool = False
) -> Callable[[Compiler, typed.Apply], E]:
    """Return a builder over the settled arguments: *turned* swaps them, *days* and *minus* change the second."""

    def build(compiler: Compiler, node: typed.Apply) -> E:
        a, b = (compiler.settled(arg) for arg in (reversed(node.args) if turned else node.args))
        if minus:
            b = compiler.sql.neg(b)
        if days:
            b = compiler.sql.mul(b, compiler.sql.number(86_400))
        found: E = getattr(compiler.sql, name)(a, b)
        return found

    return build


_OPERATIONS: dict[str, Callable[[Compiler, typed.Apply], E]] = {
    "floordiv": _with("floordiv"), "mod": _with("mod"), "pow": Compiler.power, "concat": Compiler.joined,
    "date_plus": _with("date_plus"), "plus_date": _with("date_plus", turned=True), "date_minus": _with("date_plus", minus=True),
    "date_diff": _with("date_diff"), "time_plus": _with("time_plus"), "plus_time": _with("time_plus", turned=True),
    "time_minus": _with("time_plus", minus=True), "time_plus_days": _with("time_plus", days=True),
    "days_plus_time": _with("time_plus", turned=True, days=True), "time_minus_days": _with("time_plus", days=True, minus=True),
    "time_diff": _with("time_diff"), "chain": Compiler.chain, "in": Compiler.member, "not_in": Compiler.member,
    "if": Compiler.choose, "and": Compiler.logic, "or": Compiler.logic,
    "not": lambda compiler, node: compiler.sql.invert(compiler.settled(node.args[0])),
    "is_null": lambda compiler, node: compiler.sql.is_null(compiler.settled(node.args[0])),
    "not_null": lambda compiler, node: compiler.sql.known(compiler.settled(node.args[0])),
    **dict.fromkeys(_COMPARISONS, Compiler.compare),
}  # fmt: skip
