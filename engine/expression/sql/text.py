"""Texts: code points, positions from 1, plain numerals, patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from engine.expression import limits
from engine.expression.formats import DateFormat, NumberFormat, read_format
from engine.expression.sql.core import VARCHAR, E, Unsupported
from engine.expression.sql.numbers import NumberSql


class TextSql(NumberSql):
    """Texts."""

    def length(self, value: E) -> E:
        """Return the number of code points, as an integer."""
        return self.call("char_length" if self.dialect in {"spark", "postgres"} else "length", value)

    def short(self, value: E) -> E:
        """Return the text, or null where it exceeds the language's limit."""
        if isinstance(value, exp.Literal):
            return value
        return self.bind(value, lambda one: self.case((self.le(self.length(one), self.whole(limits.MAX_TEXT)), one)))

    def joined(self, values: Sequence[E]) -> E:
        """Return the texts joined, null where one is null."""
        result = values[0]
        for value in values[1:]:
            result = exp.DPipe(this=result, expression=self.paren(value))
        return result

    def part(self, text: E, start: E, size: E, *, limit: bool = True) -> E:
        """Return *size* characters from *start* (both doubles)."""
        name = "substr" if self.dialect == "sqlite" else "substring"
        least = self.call("min" if self.dialect == "sqlite" else "least", size, self.number(1e9))
        found = self.call(name, text, self._position(start), self._position(least))
        return self.short(found) if limit else found

    def _position(self, value: E) -> E:
        if isinstance(value, exp.Cast) and isinstance(value.this, exp.Literal):
            return self.whole(int(float(value.this.name)))
        kind = exp.DataType.build("int" if self.dialect in {"spark", "postgres"} else "bigint")
        return exp.Cast(this=self.call("floor", value), to=kind)

    def right(self, text: E, n: E) -> E:
        """Return the last *n* characters, null for a negative *n*."""

        def build(one: E, size: E) -> E:
            length = self.double(self.length(one))
            least = self.smallest(self.floor(size), length)
            start = self.add(self.sub(length, least), self.number(1))
            return self.case((self.ge(size, self.number(0)), self.part(one, start, self.add(size, self.number(0)))))

        return self.bind_all((text, n), build)

    def mid(self, text: E, start: E, n: E) -> E:
        """Return *n* characters from *start* on; null for a start below 1 or a negative *n*."""

        def build(first: E, size: E) -> E:
            fine = self.both(self.ge(first, self.number(1)), self.ge(size, self.number(0)))
            return self.case((fine, self.part(text, self.smallest(first, self.number(1e9)), size)))

        return self.bind_all((start, n), build)

    def trim(self, text: E, blanks: str) -> E:
        """Return the text without the *blanks* at its ends."""
        if self.dialect in {"duckdb", "sqlite"}:
            return self.call("trim", text, self.text(blanks))
        return exp.Trim(this=text, expression=self.text(blanks), position="BOTH")

    def replace(self, text: E, old: E, new: E) -> E:
        """Return the text with every *old* replaced; an empty *old* changes nothing."""

        def build(one: E, before: E, after: E) -> E:
            done = self.short(self.call("replace", one, before, after))
            return self.case(
                (self.eq(before, self.text("")), self.case((self.known(after), self.short(one)))), default=done
            )

        return self.bind_all((text, old, new), build)

    def contains(self, text: E, part: E) -> E:
        """Say whether *part* occurs in the text."""
        if self.dialect == "duckdb":
            return self.call("contains", text, part)
        name = {"spark": "instr", "sqlite": "instr", "postgres": "strpos"}[self.dialect]
        return self.gt(self.call(name, text, part), self.whole(0))

    def ends_with(self, text: E, part: E) -> E:
        """Say whether the text ends with *part*."""
        if self.dialect == "duckdb":
            return self.call("ends_with", text, part)

        def build(one: E, end: E) -> E:
            start = self.add(self.sub(self.double(self.length(one)), self.double(self.length(end))), self.number(1))
            long_enough = self.ge(self.length(one), self.length(end))
            known = self.both(self.known(one), self.known(end))
            same = self.eq(self.part(one, start, self.double(self.length(end)), limit=False), end)
            return self.case(
                (known, self.case((self.eq(end, self.text("")), exp.true()), (long_enough, same), default=exp.false()))
            )

        return self.bind_all((text, part), build)

    def matches(self, text: E, pattern: str) -> E:
        """Say whether the whole text matches a pattern in its plain spelling; null beyond the limit."""

        def build(one: E) -> E:
            if self.dialect == "duckdb":
                test: E = self.call("regexp_full_match", one, self.text(pattern))
            else:
                name = "regexp_like" if self.dialect == "postgres" else "rlike"
                start, end = ("\\A(?:", ")\\Z") if self.dialect == "postgres" else ("\\A(?:", ")\\z")
                test = self.call(name, one, self.text(f"{start}{pattern}{end}"))
            return self.case((self.le(self.length(one), self.whole(limits.MAX_TEXT)), test))

        return self.bind(text, build)

    def written(self, value: E, form: str | None) -> E:
        """Return a number or date as text in a format of TEXT."""
        if self.types[0] == "null":
            return exp.null()
        read = read_format(form) if form else None
        if isinstance(read, DateFormat):
            return self._written_date(value, read)
        if isinstance(read, NumberFormat):
            return self.bind(value, lambda one: self._written_number(one, read))
        if self.dialect != "duckdb":
            raise Unsupported
        return self.bind(value, self._plain)

    def _printf(self, form: str, value: E) -> E:
        return self.call("printf" if self.dialect == "duckdb" else "format_string", self.text(form), value)

    def _plain(self, value: E) -> E:
        size = self.call("abs", value)
        shortest = self.call("regexp_replace", exp.Cast(this=value, to=VARCHAR), self.text("\\.0$"), self.text(""))
        tiny = self.call("regexp_replace", self._printf("%.15f", value), self.text("\\.?0+$"), self.text(""))
        tiny = self.bind(tiny, lambda one: self.case((self.eq(one, self.text("-0")), self.text("0")), default=one))
        return self.case(
            (self.is_null(value), exp.null()),
            (self.eq(value, self.number(0)), self.text("0")),
            (self.ge(size, self.number(1e38)), exp.null()),
            (
                self.ge(size, self.number(1e16)),
                exp.Cast(this=exp.Cast(this=value, to=exp.DataType.build("hugeint", dialect="duckdb")), to=VARCHAR),
            ),
            (self.ge(size, self.number(1e-4)), shortest),
            default=tiny,
        )

    def _written_number(self, value: E, form: NumberFormat) -> E:
        scaled = self.mul(value, self.number(100)) if form.percent else value

        def build(rounded: E) -> E:
            size = self.call("abs", rounded)
            if self.dialect == "duckdb":
                digits = self.call("format", self.text(f"{{:{',' if form.thousands else ''}.{form.decimals}f}}"), size)
            else:
                digits = self._printf(f"%{',' if form.thousands else ''}.{form.decimals}f", size)
            sign = self.case((self.lt(rounded, self.number(0)), self.text("-")), default=self.text(""))
            after = f"{'%' if form.percent else ''}{form.after}"
            whole = self.joined([sign, self.text(form.before), digits, self.text(after)])
            return self.case((self.lt(self.mul(size, self.number(10.0**form.decimals)), self.number(2.0**52)), whole))

        return self.bind(self.half_away(scaled, form.decimals), build)

    def _written_date(self, value: E, form: DateFormat) -> E:
        moment = self.local(value) if self.types[0] == "datetime" else value
        codes = {"yyyy": "%Y", "mm": "%m", "dd": "%d", "m": "%-m", "d": "%-d", "hh": "%H", "mi": "%M", "ss": "%S"}
        if self.dialect == "spark":
            codes = {"yyyy": "yyyy", "mm": "MM", "dd": "dd", "m": "M", "d": "d", "hh": "HH", "mi": "mm", "ss": "ss"}
            parts = [f"'{part[1:]}'" if part.startswith('"') else codes[part] for part in form.parts]
            return self.call("date_format", moment, self.text("".join(parts)))
        pieces: list[Any] = []
        for part in form.parts:
            if part == "yyyy":  # %Y does not pad the years before 1000
                pieces.append(self.call("printf", self.text("%04d"), self.call("year", moment)))
            else:
                pieces.append(
                    self.text(part[1:])
                    if part.startswith('"')
                    else self.call("strftime", moment, self.text(codes[part]))
                )
        return self.bind(moment, lambda _: self.joined(pieces)) if len(pieces) > 1 else pieces[0]

    def read_number(self, text: E, blanks: str, pattern: str) -> E:
        """Return the number that a text writes down, else null."""

        def build(one: E) -> E:
            plain = self.call(
                "replace", self.call("replace", one, self.text(","), self.text("")), self.text("%"), self.text("")
            )
            number = self.double(plain)
            percent = self.ends_with(one, self.text("%"))
            value = self.case((percent, self.div(number, self.number(100))), default=number)
            if self.dialect == "duckdb":
                fits = self.call("regexp_full_match", one, self.text(pattern))
            else:
                fits = self.call("rlike", one, self.text(f"\\A(?:{pattern})\\z"))
            fine = self.both(fits, self.le(self.length(one), self.whole(300)))
            return self.case((fine, value))

        return self.bind(self.trim(text, blanks), build)
