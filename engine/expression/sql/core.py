"""Names, literals, conditions, and binding a value once where it is used several times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlglot import exp

from engine.expression.context import Context

E = exp.Expr
DOUBLE = exp.DataType.build("double")
BIGINT = exp.DataType.build("bigint")
INTEGER = exp.DataType.build("int")
DATE = exp.DataType.build("date")
TIMESTAMP = exp.DataType.build("timestamp")
TIMESTAMPTZ = exp.DataType.build("timestamptz")
VARCHAR = exp.DataType.build("text")
# One object of each type stands in many expressions: the generator does not look at parents.

_LIGHT = 48
# Nodes up to which an expression may be written twice: two operators on columns, each with its check.

_SQL_TYPES = {"number": DOUBLE, "duration": DOUBLE, "text": VARCHAR, "date": DATE, "datetime": TIMESTAMPTZ,
              "boolean": exp.DataType.build("boolean")}  # fmt: skip


class Unsupported(Exception):
    """The dialect cannot say it."""


class CoreSql:
    """What every family of functions builds with."""

    def __init__(self, dialect: str, context: Context) -> None:
        self.dialect = dialect
        self.context = context
        self.types: Sequence[str] = ()
        self._bound = 0

    def refuse(self, *dialects: str) -> None:
        """Refuse to build for any dialect but those named."""
        if self.dialect not in dialects:
            raise Unsupported

    def call(self, name: str, *args: Any) -> E:
        """Return a call of the engine's own function."""
        return exp.Anonymous(this=name, expressions=list(args))

    def number(self, value: float | None) -> E:
        """Return a literal double: a bare 1.1 would be a DECIMAL."""
        if value is None:
            return exp.null()
        text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
        return exp.Cast(this=exp.Literal.string(text), to=DOUBLE)

    def null(self, word: str) -> E:
        """Return a null of a type of the language; SQL cannot choose functions for an untyped one."""
        kind = _SQL_TYPES.get(word)
        return exp.null() if kind is None else exp.Cast(this=exp.null(), to=kind)

    def whole(self, value: int) -> E:
        """Return a literal integer, for arguments of the engine's own functions."""
        literal = exp.Literal.number(abs(value))
        return exp.Neg(this=literal) if value < 0 else literal

    def text(self, value: str) -> E:
        """Return a literal text."""
        return exp.Literal.string(value)

    def value_of(self, literal: Any) -> Any:
        """Return the value of an argument that the checker made sure is a literal."""
        if isinstance(literal, exp.Cast):
            return float(literal.this.name)
        if isinstance(literal, exp.Paren):
            return self.value_of(literal.this)
        if isinstance(literal, exp.Neg):
            return -self.value_of(literal.this)
        return None if isinstance(literal, exp.Null) else literal.name

    def double(self, value: E) -> E:
        """Return *value* as a double."""
        return exp.Cast(this=value, to=DOUBLE)

    def integer(self, value: E) -> E:
        """Return a whole double as an integer of the engine."""
        return exp.Cast(this=value, to=BIGINT)

    def paren(self, value: E) -> E:
        """Return *value* in brackets where it is an operator."""
        return exp.Paren(this=value) if isinstance(value, (exp.Binary, exp.Unary, exp.In, exp.Between)) else value

    def binary(self, kind: type[exp.Binary], left: E, right: E) -> E:
        """Return an operator's expression with its sides in brackets where needed."""
        return kind(this=self.paren(left), expression=self.paren(right))

    def eq(self, a: E, b: E) -> E:
        """Return a = b."""
        return self.binary(exp.EQ, a, b)

    def lt(self, a: E, b: E) -> E:
        """Return a < b."""
        return self.binary(exp.LT, a, b)

    def le(self, a: E, b: E) -> E:
        """Return a <= b."""
        return self.binary(exp.LTE, a, b)

    def gt(self, a: E, b: E) -> E:
        """Return a > b."""
        return self.binary(exp.GT, a, b)

    def ge(self, a: E, b: E) -> E:
        """Return a >= b."""
        return self.binary(exp.GTE, a, b)

    def both(self, *conditions: E) -> E:
        """Return the conditions joined by AND."""
        result = self.paren(conditions[0])
        for condition in conditions[1:]:
            result = exp.And(this=result, expression=self.paren(condition))
        return result

    def either(self, *conditions: E) -> E:
        """Return the conditions joined by OR."""
        result = self.paren(conditions[0])
        for condition in conditions[1:]:
            result = exp.Or(this=result, expression=self.paren(condition))
        return exp.Paren(this=result)

    def invert(self, condition: E) -> E:
        """Return NOT condition."""
        return exp.Not(this=self.paren(condition))

    def is_null(self, value: E) -> E:
        """Return value IS NULL."""
        return exp.Is(this=self.paren(value), expression=exp.null())

    def known(self, value: E) -> E:
        """Return value IS NOT NULL."""
        return self.invert(self.is_null(value))

    def case(self, *branches: tuple[E, Any], default: Any = None) -> E:
        """Return CASE WHEN … THEN … ELSE default END."""
        ifs = [exp.If(this=condition, true=value) for condition, value in branches]
        return exp.Case(ifs=ifs, default=default)

    def bind(self, value: E, build: Callable[[E], E]) -> E:
        """Return what *build* makes of *value*, which is computed once although it may stand in several places."""
        if _is_leaf(value):  # a generated leaf may stand in several places: the generator does not look at parents
            return build(value)
        self._bound += 1
        name = f"v{self._bound}"
        inside = build(exp.column(name))
        if self.dialect in {"duckdb", "spark"}:
            function = "list_transform" if self.dialect == "duckdb" else "transform"
            body = exp.Lambda(this=inside, expressions=[exp.to_identifier(name)])
            return self.first(self.call(function, exp.Array(expressions=[value]), body))
        source = exp.select(exp.alias_(value, name)).subquery(f"t{self._bound}")
        return exp.select(inside).from_(source).subquery()

    def name_once(self, value: E, build: Callable[[E], E]) -> E:
        """Return what *build*, which repeats it, makes of the number *value*; a large one is bound first.

        Engines write NULLIF and CASE out before they look for common parts: repeated at every level of a formula, a
        value of a few lines would grow to millions of nodes.
        """
        repeats = self.dialect in {"duckdb", "spark"} and not _is_light(value)
        return self.bind(self.double(value), build) if repeats else build(value)  # a bare null has no type in a list

    def local(self, moment: E) -> E:
        """Return an instant on the workspace's clock, as a timestamp without zone."""
        zone = self.text(self.context.zone)
        if self.dialect == "sqlite":
            raise Unsupported
        if self.dialect == "spark":  # the session's own zone must not matter
            return self._spark_local(moment, zone)
        return self.call("timezone", zone, moment)

    def _spark_local(self, moment: E, zone: E) -> E:
        utc = exp.Cast(this=self.call("to_utc_timestamp", moment, self.call("current_timezone")), to=TIMESTAMP)
        return self.call("from_utc_timestamp", utc, zone)

    def first(self, items: E) -> E:
        """Return the first item of a list."""
        return exp.Bracket(this=items, expressions=[exp.Literal.number(0)])

    def bind_all(self, values: Sequence[E], build: Callable[..., E]) -> E:
        """Bind several values: *build* takes as many."""

        def step(bound: tuple[E, ...]) -> E:
            if len(bound) == len(values):
                return build(*bound)
            return self.bind(values[len(bound)], lambda one: step((*bound, one)))

        return step(())

    def all_known(self, values: Sequence[E], build: Callable[..., E]) -> E:
        """Return what *build* makes of the values, or null where one of them is null."""
        return self.bind_all(values, lambda *bound: self.case((self.both(*map(self.known, bound)), build(*bound))))


def _is_light(value: E) -> bool:
    """Return whether an expression is small enough to be written twice."""
    waiting, seen = [value], 0
    while waiting and seen <= _LIGHT:
        seen += 1
        waiting.extend(waiting.pop().iter_expressions())
    return not waiting


def _is_leaf(value: E) -> bool:
    if isinstance(value, exp.Cast):
        value = value.this
    return isinstance(value, (exp.Column, exp.Literal, exp.Null, exp.Boolean))
