"""Dates and instants: local days of the workspace's zone, arithmetic within the years 1 … 9999, working days."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlglot import exp

from engine.expression import limits
from engine.expression.calendars import exceptions
from engine.expression.sql.core import DATE, INTEGER, TIMESTAMP, TIMESTAMPTZ, VARCHAR, E
from engine.expression.sql.text import TextSql
from engine.problems import EvaluationError


class DateSql(TextSql):
    """Dates and datetimes."""

    def date_literal(self, day: date) -> E:
        """Return a literal date."""
        if self.dialect == "sqlite":
            return self.text(day.isoformat())
        return exp.Cast(this=self.text(day.isoformat()), to=DATE)

    def time_literal(self, moment: datetime) -> E:
        """Return a literal instant; SQLite keeps instants as UTC text with microseconds."""
        utc = moment.astimezone(UTC)
        text = utc.replace(tzinfo=None).isoformat(" ", "microseconds")
        if self.dialect == "sqlite":
            return self.text(text)
        return exp.Cast(this=self.text(f"{text}+00"), to=TIMESTAMPTZ)

    def today(self) -> E:
        """Return the evaluation's date."""
        if self.context.today is None:
            raise EvaluationError(
                "公式用到当前时间,请给出评估时间 / the formula uses the clock: give the evaluation's time"
            )
        return self.date_literal(self.context.today)

    def now(self) -> E:
        """Return the evaluation's instant."""
        if self.context.moment is None:
            raise EvaluationError(
                "公式用到当前时间,请给出评估时间 / the formula uses the clock: give the evaluation's time"
            )
        return self.time_literal(self.context.moment)

    def day(self, moment: E, word: str) -> E:
        """Return the date of a date or, in the workspace's zone, of a datetime."""
        return moment if word != "datetime" else exp.Cast(this=self.local(moment), to=DATE)

    def date_part(self, name: str, day: E) -> E:
        """Return year, month, day or hour as a double."""
        if self.dialect == "sqlite":
            code = {"year": "%Y", "month": "%m", "day": "%d"}[name]
            return self.double(self.call("strftime", self.text(code), day))
        return self.double(exp.Extract(this=exp.var(name.upper()), expression=day))

    def weekday(self, day: E) -> E:
        """Return 1 for Monday … 7 for Sunday as a double."""
        match self.dialect:
            case "duckdb":
                return self.double(self.call("isodow", day))
            case "postgres":
                return self.double(exp.Extract(this=exp.var("ISODOW"), expression=day))
            case "spark":
                return self.double(self.add(self.call("weekday", day), self.whole(1)))
        sunday_first = exp.Cast(this=self.call("strftime", self.text("%w"), day), to=INTEGER)
        return self.double(
            self.add(
                self.binary(exp.Mod, exp.Paren(this=self.add(sunday_first, self.whole(6))), self.whole(7)),
                self.whole(1),
            )
        )

    def date_diff(self, a: E, b: E) -> E:
        """Return the days from *b* to *a* as a double."""
        match self.dialect:
            case "spark":
                return self.double(self.call("datediff", a, b))
            case "sqlite":
                return self.double(self.sub(self.call("julianday", a), self.call("julianday", b)))
        return self.double(exp.Paren(this=self.sub(a, b)))

    def date_plus(self, day: E, days: E) -> E:
        """Return the date *days* later; null outside the years 1 … 9999."""

        def build(start: E, number: E) -> E:
            whole = exp.Cast(this=self.call("floor", number), to=INTEGER)
            match self.dialect:
                case "spark":
                    moved: E = self.call("date_add", start, whole)
                case "sqlite":
                    moved = self.call(
                        "date", start, exp.DPipe(this=exp.Cast(this=whole, to=VARCHAR), expression=self.text(" days"))
                    )
                case _:
                    moved = self.add(start, whole)
            fits = self.lt(self.call("abs", number), self.number(3_700_000))
            return self.case((fits, self.bind(moved, self._in_years)))

        return self.bind_all((day, days), build)

    def _in_years(self, day: E) -> E:
        first, last = self.date_literal(date(1, 1, 1)), self.date_literal(date(9999, 12, 31))
        return self.case((self.both(self.ge(day, first), self.le(day, last)), day))

    def make_date(self, year: E, month: E, day: E) -> E:
        """Return the date of three numbers, null where there is none."""
        self.refuse("duckdb")

        def build(*parts: E) -> E:
            fine = self.both(
                *(c for part in parts for c in (self.ge(part, self.number(1)), self.lt(part, self.number(10_000))))
            )
            whole = [exp.Cast(this=self.call("floor", part), to=INTEGER) for part in parts]
            text = self.call("printf", self.text("%04d-%02d-%02d"), *whole)
            return self.case((fine, exp.TryCast(this=text, to=DATE)))

        return self.bind_all((year, month, day), build)

    def add_months(self, moment: E, n: E, months: int, word: str) -> E:
        """Return the date or instant *n* × *months* months later, clipped to the month's end."""
        self.refuse("duckdb", *(() if word == "datetime" else ("spark",)))

        def build(start: E, number: E) -> E:
            whole = exp.Cast(this=self.call("floor", number), to=INTEGER)
            total = self.mul(whole, self.whole(months))
            if self.dialect == "spark":
                moved: E = self._spark_months(start, total)
            else:
                local = self.local(start) if word == "datetime" else start
                moved = self.add(local, self.call("to_months", total))
                moved = (
                    exp.Cast(this=exp.Paren(this=moved), to=TIMESTAMP)
                    if word == "datetime"
                    else exp.Cast(this=exp.Paren(this=moved), to=DATE)
                )
            fits = self.lt(self.call("abs", number), self.number(120_000))
            kept = self.bind(moved, lambda one: self._kept(one, word))
            return self.case((self.both(fits, self._stays(start, number, months, word)), kept))

        return self.bind_all((moment, n), build)

    def _stays(self, start: E, number: E, months: int, word: str) -> E:
        """Say that moving stays within the years that every engine can represent."""
        day = self.day(start, word)
        year = self.add(self.date_part("year", day), self.div(self.mul(number, self.number(months)), self.number(12)))
        return self.both(self.ge(year, self.number(-1)), self.lt(year, self.number(10_001)))

    def _kept(self, moved: E, word: str) -> E:
        if word != "datetime":
            return self._in_years(moved)
        years = self._in_years_of(moved)
        return self.case((years, self.call("timezone", self.text(self.context.zone), moved)))

    def _in_years_of(self, moment: E) -> E:
        year = self.date_part("year", moment)
        return self.both(self.gt(year, self.number(1)), self.lt(year, self.number(9_999)))

    def _spark_months(self, start: E, total: E) -> E:
        return self.call("add_months", start, total)

    def time_plus(self, moment: E, seconds: E) -> E:
        """Return the instant *seconds* later, to the microsecond; null outside the years 1 … 9999."""
        self.refuse("duckdb")

        def build(start: E, number: E) -> E:
            micros = self.integer(self.call("floor", self.add(self.mul(number, self.number(1e6)), self.number(0.5))))
            moved = self.call("make_timestamptz", exp.Paren(this=self.add(self.call("epoch_us", start), micros)))
            first, last = self.time_literal(limits.FIRST_MOMENT), self.time_literal(limits.LAST_MOMENT)
            inside = self.bind(moved, lambda one: self.case((self.both(self.ge(one, first), self.le(one, last)), one)))
            return self.case((self.lt(self.call("abs", number), self.number(3.2e11)), inside))

        return self.bind_all((moment, seconds), build)

    def time_diff(self, a: E, b: E) -> E:
        """Return the seconds from *b* to *a* as a double."""
        self.refuse("duckdb")
        gap = exp.Paren(this=self.sub(self.call("epoch_us", a), self.call("epoch_us", b)))
        return self.div(self.double(gap), self.number(1e6))

    def is_workday(self, day: E) -> E:
        """Say whether a day is worked: the calendar's exceptions, else Monday to Friday."""
        free, worked = exceptions(self.context)

        def listed(days: frozenset[date], one: E) -> E:
            return exp.In(this=one, expressions=[self.date_literal(entry) for entry in sorted(days)])

        def build(one: E) -> E:
            branches: list[tuple[E, E]] = [(self.is_null(one), exp.null())]
            if worked:
                branches.append((listed(worked, one), exp.true()))
            if free:
                branches.append((listed(free, one), exp.false()))
            return self.case(*branches, default=self.lt(self.weekday(one), self.number(6)))

        return self.bind(day, build)

    def _days(self, first: E, last: E) -> E:
        step = exp.Interval(this=exp.Literal.string("1"), unit=exp.var("DAY"))
        name = exp.column("d")
        as_date = exp.Lambda(this=exp.Cast(this=name, to=DATE), expressions=[exp.to_identifier("d")])
        return self.call("list_transform", self.call("generate_series", first, last, step), as_date)

    def _worked_days(self, first: E, last: E) -> E:
        name = f"w{id(first) % 1000}"
        test = exp.Lambda(this=self.is_workday(exp.column(name)), expressions=[exp.to_identifier(name)])
        return self.call("list_filter", self._days(first, last), test)

    def workdays(self, start: E, end: E) -> E:
        """Return the working days from *start* to *end*, both included; negative in reverse order."""

        def build(a: E, b: E) -> E:
            first, last = self.smallest(a, b), self.largest(a, b)
            count = self.double(self.call("len", self._worked_days(first, last)))
            sign = self.case((self.le(a, b), self.number(1)), default=self.number(-1))
            fits = self.lt(self.call("abs", self.sub(a, b)), self.whole(limits.MAX_SPAN))
            return self.case((fits, self.mul(sign, count)))

        return self.bind_all((start, end), build)

    def workday(self, day: E, n: E) -> E:
        """Return the *n*-th working day after *day* (before it for a negative *n*), within the span."""

        def build(start: E, number: E) -> E:
            count = exp.Cast(this=self.call("floor", number), to=INTEGER)
            after = self._worked_days(self.add(start, self.whole(1)), self.add(start, self.whole(limits.MAX_SPAN)))
            before = self._worked_days(self.sub(start, self.whole(limits.MAX_SPAN)), self.sub(start, self.whole(1)))
            found = self.case(
                (self.eq(self.call("floor", number), self.number(0)), start),
                (
                    self.both(self.gt(number, self.number(0)), self.le(number, self.number(4000))),
                    self.call("list_extract", after, count),
                ),
                (
                    self.both(self.lt(number, self.number(0)), self.ge(number, self.number(-4000))),
                    self.call("list_extract", before, count),
                ),
            )
            return self.bind(found, self._in_years)

        return self.bind_all((day, n), build)
