"""Arithmetic that agrees with the row readers: division by zero, floor division, rounding, results that are not finite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from engine.expression.rmb import DIGITS, RULES, UNITS
from engine.expression.sql.core import DOUBLE, CoreSql, E

_WHOLE = 2.0**52


class NumberSql(CoreSql):
    """Numbers."""

    def settle(self, value: E) -> E:
        """Return *value*, or null where it is infinite or not a number."""
        if self.dialect == "postgres":
            return value  # overflow is an error there: see columnar's docstring
        if self.dialect in {"duckdb", "spark"}:
            return self.name_once(value, lambda x: self.case((self._finite(x), x), default=self.null("number")))
        for text in ("Infinity", "-Infinity"):
            value = exp.Nullif(this=value, expression=self._special(text))
        return value

    def _finite(self, x: E) -> E:
        if self.dialect == "duckdb":
            return self.call("isfinite", x)
        return self.lt(self.call("abs", x), self._special("Infinity"))  # in Spark NaN is above infinity

    def _special(self, text: str) -> E:
        if self.dialect == "sqlite":
            literal = exp.Literal.number("9e999")
            return exp.Neg(this=literal) if text.startswith("-") else literal
        return exp.Cast(this=exp.Literal.string(text), to=DOUBLE)

    def add(self, a: E, b: E) -> E:
        """Return a + b."""
        return self.binary(exp.Add, a, b)

    def sub(self, a: E, b: E) -> E:
        """Return a - b."""
        return self.binary(exp.Sub, a, b)

    def mul(self, a: E, b: E) -> E:
        """Return a * b."""
        return self.binary(exp.Mul, a, b)

    def div(self, a: E, b: E) -> E:
        """Return a / b, null where b is 0."""
        return self.binary(exp.Div, a, self.name_once(b, lambda x: exp.Nullif(this=x, expression=self.number(0))))

    def neg(self, a: E) -> E:
        """Return -a."""
        return exp.Neg(this=exp.Paren(this=a))

    def mod(self, a: E, b: E) -> E:
        """Return the remainder with the sign of *b* (Python's), null where b is 0."""
        self.refuse("duckdb", "spark")

        def build(x: E, y: E) -> E:
            divisor = exp.Nullif(this=y, expression=self.number(0))
            rest = self.binary(exp.Mod, x, divisor)
            return self.bind(rest, lambda m: self._toward_divisor(m, y, lambda moved: moved))

        return self.bind_all((a, b), build)

    def _toward_divisor(self, m: E, y: E, use: Callable[[E], E]) -> E:
        zero = self.number(0)
        crosses = self.both(
            exp.NEQ(this=m, expression=zero),
            exp.NEQ(this=exp.Paren(this=self.lt(m, zero)), expression=exp.Paren(this=self.lt(y, zero))),
        )
        return self.case((crosses, use(self.add(m, y))), default=use(m))

    def floordiv(self, a: E, b: E) -> E:
        """Return the quotient rounded down as Python's `//` of doubles does, null where b is 0."""
        self.refuse("duckdb", "spark")

        def build(x: E, y: E) -> E:
            rest = self.binary(exp.Mod, x, exp.Nullif(this=y, expression=self.number(0)))
            return self.bind(rest, lambda m: self._floor(x, y, m))

        return self.bind_all((a, b), build)

    def _floor(self, x: E, y: E, m: E) -> E:
        zero = self.number(0)
        quotient = self.div(self.sub(x, m), y)
        crosses = self.both(
            exp.NEQ(this=m, expression=zero),
            exp.NEQ(this=exp.Paren(this=self.lt(m, zero)), expression=exp.Paren(this=self.lt(y, zero))),
        )
        exact = self.sub(quotient, self.case((crosses, self.number(1)), default=zero))

        def nearest(q: E) -> E:
            floor = self.call("floor", q)
            return self.case(
                (self.gt(self.sub(q, floor), self.number(0.5)), self.add(self.floor(q), self.number(1))),
                default=self.floor(q),
            )

        return self.bind(exact, nearest)

    def floor(self, value: E) -> E:
        """Return the floor of a double as a double."""
        floor = self.call("floor", value)
        if self.dialect != "spark":
            return floor
        # Spark's floor gives a BIGINT; from 2^52 on a double is whole anyway
        return self.case((self.lt(self.call("abs", value), self.number(_WHOLE)), self.double(floor)), default=value)

    def power(self, base: E, exponent: float) -> E:
        """Return base to a literal exponent, by the row reader's own multiplications."""
        if exponent < 0:
            return self.div(self.number(1), self.power(base, -exponent))
        if exponent != int(exponent):
            return self._root(base, exponent)

        def build(x: E) -> E:
            result: E = self.number(1)
            for _ in range(int(exponent)):
                result = self.mul(result, x)
            return result

        if exponent == 0:  # null to the power of 0 is null
            return self.bind(base, lambda x: self.case((self.known(x), self.number(1))))
        return self.bind(base, build)

    def _root(self, base: E, exponent: float) -> E:
        self.refuse("duckdb", "spark")

        def build(x: E) -> E:
            made = self.call("sqrt", x) if exponent == 0.5 else self.call("pow", x, self.number(exponent))
            return self.case((self.ge(x, self.number(0)), made))

        return self.bind(base, build)

    def smallest(self, a: E, b: E) -> E:
        """Return the smaller of two values that are not null."""
        return self.call("min" if self.dialect == "sqlite" else "least", a, b)

    def largest(self, a: E, b: E) -> E:
        """Return the larger of two values that are not null."""
        return self.call("max" if self.dialect == "sqlite" else "greatest", a, b)

    def _units(self, size: E, digits: float) -> E:
        scale = self.number(10.0 ** abs(digits))
        return self.mul(size, scale) if digits >= 0 else self.div(size, scale)

    def _value(self, units: E, digits: float) -> E:
        scale = self.number(10.0 ** abs(digits))
        return self.div(units, scale) if digits >= 0 else self.mul(units, scale)

    def _signed(self, value: E, size: E) -> E:
        return self.case((self.lt(value, self.number(0)), self.neg(size)), default=size)

    def half_away(self, value: E, digits: float) -> E:
        """Return the value rounded half away from zero: `engine.expression.rounding.half_away`."""
        digits = max(-15.0, min(15.0, digits))

        def rounded(x: E, low: E) -> E:
            size = self.call("abs", x)
            middle = self._value(self.add(low, self.number(0.5)), digits)
            up = self.case((self.ge(size, middle), self.add(low, self.number(1))), default=low)
            return self._signed(x, self._value(up, digits))

        return self._in_range(value, digits, rounded)

    def cut(self, value: E, digits: float, *, away: bool) -> E:
        """Return the value cut to *digits* decimals, or carried away from zero."""
        digits = max(-15.0, min(15.0, digits))

        def whole(size: E, low: E) -> E:
            one = self.number(1)
            above = self.add(low, one)
            return self.case(
                (self.gt(self._value(low, digits), size), self.sub(low, one)),
                (self.le(self._value(above, digits), size), above),
                default=low,
            )

        def finish(x: E, low: E) -> E:
            size = self.call("abs", x)
            if not away:
                return self._signed(x, self._value(whole(size, low), digits))

            def carried(units: E) -> E:
                more = self.case(
                    (self.lt(self._value(units, digits), size), self.add(units, self.number(1))), default=units
                )
                return self._signed(x, self._value(more, digits))

            return self.bind(whole(size, low), carried)

        return self._in_range(value, digits, finish)

    def _in_range(self, value: E, digits: float, build: Callable[[E, E], E]) -> E:
        """Return what *build* makes of the value and its whole units; the value itself from 2^52 units on."""

        def with_value(x: E) -> E:
            def with_units(units: E) -> E:
                done = self.bind(self.floor(units), lambda low: build(x, low))
                return self.case((self.ge(units, self.number(_WHOLE)), x), default=done)

            return self.bind(self._units(self.call("abs", x), digits), with_units)

        return self.bind(value, with_value)

    def multiples(self, value: E, step: E, *, up: bool) -> E:
        """Return the multiple of |step| next to the value: `engine.expression.rounding.multiples`."""
        tolerance = self.number(4.5e-16)

        def with_quotient(size: E, quotient: E) -> E:
            floor = self.floor(quotient)
            other = self.neg(self.floor(self.neg(quotient))) if up else floor

            def with_nearest(nearest: E) -> E:
                gap = self.call("abs", self.sub(quotient, nearest))
                near = self.le(gap, self.mul(self.call("abs", quotient), tolerance))
                count = self.case((near, nearest), default=other)
                return self.bind(count, lambda n: self._steps(n, size))

            return self.bind(self.floor(self.add(quotient, self.number(0.5))), with_nearest)

        def build(x: E, raw_step: E) -> E:
            size = exp.Nullif(this=self.call("abs", raw_step), expression=self.number(0))
            return self.bind(size, lambda s: self.bind(self.settle(self.div(x, s)), lambda q: with_quotient(s, q)))

        return self.bind_all((value, step), build)

    def _steps(self, count: E, size: E) -> E:
        one = self.number(1)
        inverse = self.div(one, size)

        def build(parts: E) -> E:
            gap = self.call("abs", self.sub(inverse, parts))
            is_part = self.both(
                self.lt(size, one),
                self.lt(inverse, self.number(_WHOLE)),
                self.le(gap, self.mul(parts, self.number(4.5e-16))),
            )
            return self.case((is_part, self.div(count, parts)), default=self.mul(count, size))

        return self.bind(self.floor(self.add(inverse, self.number(0.5))), build)

    def rmb_upper(self, amount: E) -> E:
        """Return an amount in capital numerals: `engine.expression.rmb`."""

        def build(x: E, cents: E) -> E:
            digits = self.call("format", self.text("{:.0f}"), cents)
            names = exp.Array(expressions=[self.text(unit) for unit in UNITS])
            place = exp.column("place")
            digit = self.call(
                "translate",
                self.call("substring", digits, place, self.whole(1)),
                self.text("0123456789"),
                self.text(DIGITS),
            )
            unit = self.call(
                "list_extract", names, self.add(self.sub(self.call("length", digits), place), self.whole(1))
            )
            places = self.call("generate_series", self.whole(1), self.call("length", digits))
            pieces = self.call(
                "list_transform",
                places,
                exp.Lambda(this=exp.DPipe(this=digit, expression=unit), expressions=[exp.to_identifier("place")]),
            )
            written: Any = self.call("array_to_string", pieces, self.text(""))
            for pattern, replacement in RULES:
                written = self.call(
                    "regexp_replace", written, self.text(pattern), self.text(replacement), self.text("g")
                )
            negative = self.both(self.lt(x, self.number(0)), self.gt(cents, self.number(0)))
            signed = self.bind(
                written, lambda w: self.case((negative, exp.DPipe(this=self.text("负"), expression=w)), default=w)
            )
            return self.case((self.lt(cents, self.number(1e14)), signed))

        def with_amount(x: E) -> E:
            exact = self.mul(self.half_away(self.call("abs", x), 2), self.number(100))
            return self.bind(self.half_away(exact, 0), lambda cents: build(x, cents))

        return self.bind(amount, with_amount)
