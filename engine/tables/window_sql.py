"""The SQL of one series call: what is selected from the rows of facts, added up by key, and made of the sums."""

from __future__ import annotations

from collections.abc import Callable

from engine.expression.typed import Field, Node
from engine.tables import facts_value
from engine.tables.dialect import Dialect
from engine.tables.facts_value import MICRO
from engine.tables.scan import CompileNode, Scan, Series, columns_read, weights
from engine.tables.source import Table
from engine.tables.window import HOUR, Window, column_of


def row_units(window: Window, table: Table, dialect: Dialect, compile_node: CompileNode) -> tuple[str, int]:
    """Return the SQL of the value of a call over a row of facts, in whole units, and its scale: the unit is 1 / scale."""
    node, form = window.call.value, window.call.form
    spikes = "spikes" in window.excludes
    if isinstance(node, Field):
        column = column_of(node, form)
        kind = table.columns[column]
        name = facts_value.quantity(table, dialect) if spikes and column == "quantity" else dialect.column(column)
        return facts_value.units(name, kind), facts_value.scale_of(kind)
    if node is None:
        raise AssertionError
    columns = {}
    for column in columns_read(node, form):
        sql = facts_value.as_language(table, column, dialect)
        if spikes and column == "quantity":
            sql = f"CAST({facts_value.quantity(table, dialect)} AS DOUBLE)"
        columns[f"{form}.{column}"] = sql
    return facts_value.units_of_double(compile_node(node, columns)), MICRO


def within_hours(window: Window, table: Table, dialect: Dialect) -> str | None:
    """Return the SQL of whether a row of facts lies in the hours that a call asks for; None where it asks for whole days.

    Of the evaluation day only the hours until the run are known; a row that names no hour is known as a whole.
    """
    hour = f"CAST({dialect.column(HOUR)} AS INTEGER)"
    if window.function == "today_so_far":
        return f"({hour} IS NULL OR {hour} <= {window.hour})" if HOUR in table.columns else None
    if window.function != "avg_hourly":
        return None
    first, last = window.hours
    days = dialect.days_between(dialect.day(window.day), facts_value.day(table, dialect))
    return f"{days} * 24 + {hour} BETWEEN {first} AND {last}"


class WindowSql:
    """Writes the SQL of one call into its scan and returns the expression over the joined relation."""

    def __init__(self, dialect: Dialect, compile_node: CompileNode, scan: Scan, series: Series) -> None:
        self.dialect = dialect
        self.compile_node = compile_node
        self.scan = scan
        self.series = series
        self.form = series.call.form

    def sql(self, windows: tuple[Window, ...]) -> str:
        """Return the call's value as an expression over the base relation and the scan."""
        window = windows[0]
        if window.function == "year_over_year":
            now, before = (self._when(each, self.summed(each)) for each in windows)
            return f"({now}) / nullif({before}, CAST(0 AS DOUBLE)) - CAST(1 AS DOUBLE)"
        made = _FUNCTIONS.get(window.function)
        if made is not None:
            return made(self, window)
        return self._when(window, _AGGREGATES[window.function](self, window))

    # -- pieces -------------------------------------------------------------------------------------------------------

    def _value(self, window: Window) -> tuple[str, int]:
        """Return the name of the call's value among the rows' columns, and its scale."""
        sql, scale = row_units(window, self.series.table, self.dialect, self.compile_node)
        within = within_hours(window, self.series.table, self.dialect)
        if within is not None:
            sql = f"CASE WHEN {within} THEN {sql} END"
        return self.scan.take(self.scan.rows, sql, "x"), scale

    def _inline(self, node: Node | None, columns: dict[str, str]) -> str:
        if node is None:
            raise AssertionError
        return self.compile_node(node, columns)

    def _total(self, window: Window) -> tuple[str, int]:
        """Return the name of the value as the scan adds it up (of a row, or of a day), and its scale."""
        name, scale = self._value(window)
        if not self.scan.daily:
            return name, scale
        return self.scan.take(self.scan.days, f"CAST(coalesce(sum({name}), 0) AS BIGINT)", "v"), scale

    def _kept(self, window: Window) -> str:
        tests = []
        if "stockouts" in window.excludes:
            row = self.scan.take(self.scan.rows, facts_value.in_stock(self.series.table, self.dialect), "x")
            tests.append(f"coalesce({self.scan.take(self.scan.days, self.dialect.any_true(row), 'v')}, TRUE)")
        if "promotions" in window.excludes:
            row = self.scan.take(self.scan.rows, facts_value.is_promoted(self.series.table, self.dialect), "x")
            tests.append(f"NOT {self.scan.take(self.scan.days, self.dialect.any_true(row), 'v')}")
        return " AND ".join(tests)

    def _range(self, window: Window) -> str:
        return f"d BETWEEN {self.dialect.day(window.start)} AND {self.dialect.day(window.end)}"

    def _sum(self, window: Window, aggregate: str, *, kept: bool = True) -> str:
        """Return the scan's column of *aggregate* over the window's days that count (or, not *kept*, do not)."""
        test = self._kept(window)
        where = self._range(window)
        if test:
            where += f" AND {test if kept else f'NOT ({test})'}"
        return f"{self.scan.name}.{self.scan.take(self.scan.sums, f'{aggregate} FILTER (WHERE {where})', 's')}"

    def _count(self, window: Window, *, kept: bool = True) -> str:
        return f"coalesce({self._sum(window, 'count(*)', kept=kept)}, 0)"

    def days(self, window: Window) -> str:
        """Return how many days count, as an integer expression."""
        days = str(window.days)
        launched = self.series.launched
        if launched is not None:
            since = self.dialect.days_between(launched, self.dialect.day(window.end))
            days = f"CASE WHEN {launched} IS NULL THEN {days} ELSE greatest(0, least({days}, {since} + 1)) END"
        if window.excludes - {"spikes"}:
            days = f"({days} - {self._count(window, kept=False)})"
        return days

    def _when(self, window: Window, value: str) -> str:
        """Return *value*, NULL where fewer days count than the call asks for."""
        days = self.days(window)
        if days.isdigit():
            return value if int(days) >= window.min_days else "CAST(NULL AS DOUBLE)"
        return f"CASE WHEN {days} >= {window.min_days} THEN {value} END"

    def _double(self, sql: str, scale: int = 1) -> str:
        return f"CAST({sql} AS DOUBLE)" + (f" / CAST({scale} AS DOUBLE)" if scale != 1 else "")

    def summed(self, window: Window) -> str:
        """Return the sum over the window; without a row 0."""
        name, scale = self._total(window)
        if self.scan.daily:
            return self._double(f"coalesce({self._sum(window, f'sum({name})')}, 0)", scale)
        found = f"{self.scan.name}.{self.scan.ranged(name, window.start, window.end)}"
        return self._double(f"coalesce({found}, 0)", scale)

    def _average(self, window: Window) -> str:
        return self._when(window, f"{self.summed(window)} / CAST({self.days(window)} AS DOUBLE)")

    # -- functions ----------------------------------------------------------------------------------------------------

    def extreme(self, window: Window, which: str) -> str:
        """Return the largest or smallest day; a day without a row is 0."""
        name, scale = self._total(window)
        best = f"coalesce({self._sum(window, f'{which}({name})')}, 0)"
        zero = "greatest" if which == "max" else "least"
        missing = f"{self._count(window)} < {self.days(window)}"
        return self._double(f"CASE WHEN {missing} THEN {zero}({best}, 0) ELSE {best} END", scale)

    def percentile(self, window: Window, share: float) -> str:
        """Return the value below which *share* of the days lie, between two days in proportion."""
        name, scale = self._total(window)
        test = " AND ".join(part for part in (self._range(window), self._kept(window)) if part)
        gathered = self.dialect.gathered(self._double(name, scale), test)
        listed = f"{self.scan.name}.{self.scan.take(self.scan.sums, gathered, 's')}"
        days = self.days(window)
        values = self.dialect.padded_and_sorted(listed, f"({days} - {self._count(window)})")
        place = f"(CAST('{share!r}' AS DOUBLE) * CAST({days} - 1 AS DOUBLE))"
        low = self.dialect.item(values, f"floor({place}) + 1")
        high = self.dialect.item(values, f"least(floor({place}) + 2, {days})")
        return f"{low} + ({high} - {low}) * ({place} - floor({place}))"

    def std(self, window: Window) -> str:
        """Return the standard deviation of a sample, from the sum and the sum of squares; below two days NULL."""
        name, scale = self._total(window)
        total = self._double(f"coalesce({self._sum(window, f'sum({name})')}, 0)")
        square = f"sum(CAST({name} AS DECIMAL(18, 0)) * CAST({name} AS DECIMAL(18, 0)))"
        squares = self._double(f"coalesce({self._sum(window, square)}, 0)")
        days = self._double(self.days(window))
        spread = f"({squares} - {total} * {total} / {days}) / ({days} - 1)"
        scaled = f" / CAST({scale} AS DOUBLE)" if scale != 1 else ""
        root = f"sqrt(greatest(CAST(0 AS DOUBLE), {spread})){scaled}"
        return f"CASE WHEN {self.days(window)} >= 2 THEN {root} END"

    def _ages(self, window: Window, power: int) -> str:
        """Return the sum of the ages of the days that count, or of their squares."""
        span = self.days_since_launch(window)
        whole = f"{span} * ({span} - 1) / 2" if power == 1 else f"{span} * ({span} - 1) * (2 * {span} - 1) / 6"
        if not window.excludes - {"spikes"}:
            return f"({whole})"
        age = f"CAST({self._age(window)} AS BIGINT)"
        left_out = self._sum(window, f"sum({age if power == 1 else f'{age} * {age}'})", kept=False)
        return f"({whole} - coalesce({left_out}, 0))"

    def days_since_launch(self, window: Window) -> str:
        """Return how many days the window has, as a double expression, before any is left out."""
        if self.series.launched is None:
            return self._double(str(window.days))
        since = self.dialect.days_between(self.series.launched, self.dialect.day(window.end))
        clipped = f"greatest(0, least({window.days}, {since} + 1))"
        return self._double(f"CASE WHEN {self.series.launched} IS NULL THEN {window.days} ELSE {clipped} END")

    def _age(self, window: Window) -> str:
        return self.dialect.days_between("d", self.dialect.day(window.end))

    def trend(self, window: Window) -> str:
        """Return the slope a day of the least-squares line."""
        name, scale = self._total(window)
        total = self._double(f"coalesce({self._sum(window, f'sum({name})')}, 0)")
        weighed = self._double(f"coalesce({self._sum(window, f'sum({self._age(window)} * {name})')}, 0)")
        days, ages, squares = self._double(self.days(window)), self._ages(window, 1), self._ages(window, 2)
        scaled = f" / CAST({scale} AS DOUBLE)" if scale != 1 else ""
        below = f"nullif({days} * {squares} - {ages} * {ages}, CAST(0 AS DOUBLE))"
        return f"({ages} * {total} - {days} * {weighed}) / {below}{scaled}"

    def ewma(self, window: Window) -> str:
        """Return the average in which a day weighs half as much each half-life."""
        half_life = float(window.call.arguments[0])
        if half_life <= 0:
            return "CAST(NULL AS DOUBLE)"
        name, scale = self._total(window)
        listed = weights(window.days, half_life)
        weight = self.dialect.item(self.dialect.numbers(listed), f"{self._age(window)} + 1")
        product = f"sum(CAST({weight} AS DECIMAL(18, 0)) * CAST({name} AS DECIMAL(18, 0)))"
        above = self._double(f"coalesce({self._sum(window, product)}, 0)")
        sums = [sum(listed[:count]) for count in range(1, len(listed) + 1)]
        span = self.days_since_launch(window)
        below = self.dialect.item(self.dialect.numbers(sums), span) if self.series.launched else str(sums[-1])
        if window.excludes - {"spikes"}:
            below = f"{below} - coalesce({self._sum(window, f'sum({weight})', kept=False)}, 0)"
        scaled = f" / CAST({scale} AS DOUBLE)" if scale != 1 else ""
        return f"{above} / {self._double(below)}{scaled}"

    def hourly(self, window: Window) -> str:
        """Return the mean of the last complete hours."""
        return f"{self.summed(window)} / CAST({int(window.call.arguments[0])} AS DOUBLE)"

    def since_last(self, window: Window) -> str:
        """Return the days since the newest day with more than nothing; NULL when there was none."""
        name, _ = self._total(window)
        test = " AND ".join(part for part in (self._range(window), self._kept(window), f"{name} > 0") if part)
        newest = self.scan.take(self.scan.sums, f"max(d) FILTER (WHERE {test})", "s")
        return self._double(self.dialect.days_between(f"{self.scan.name}.{newest}", self.dialect.day(window.day)))

    def count_days(self, window: Window) -> str:
        """Return on how many days the condition holds of the day's totals; a day without a row has totals of 0."""
        node, table = window.call.condition or window.call.value, self.series.table
        columns, zeros = {}, {}
        for column in columns_read(node, self.form):
            kind, word = table.columns[column], table.word(column)
            zeros[f"{self.form}.{column}"] = "CAST(0 AS DOUBLE)" if word == "number" and column != "price" else "NULL"
            columns[f"{self.form}.{column}"] = self._day_total(window, column, word, facts_value.scale_of(kind))
        holds = self.scan.take(self.scan.holds, self._inline(node, columns), "h")
        test = " AND ".join(part for part in (self._range(window), self._kept(window), holds) if part)
        found = f"{self.scan.name}.{self.scan.take(self.scan.sums, f'count(*) FILTER (WHERE {test})', 's')}"
        empty = f"CASE WHEN {self._inline(node, zeros)} THEN 1 ELSE 0 END"
        counted = f"coalesce({found}, 0) + {empty} * ({self.days(window)} - {self._count(window)})"
        return self._when(window, self._double(f"({counted})"))

    def _day_total(self, window: Window, column: str, word: str | None, scale: int) -> str:
        table, name = self.series.table, self.dialect.column(column)
        if word == "number" and column != "price":
            spikes = "spikes" in window.excludes and column == "quantity"
            plain = facts_value.quantity(table, self.dialect) if spikes else name
            row = self.scan.take(self.scan.rows, facts_value.units(plain, table.columns[column]), "x")
            return self._double(self.scan.take(self.scan.days, f"CAST(coalesce(sum({row}), 0) AS BIGINT)", "v"), scale)
        row = self.scan.take(self.scan.rows, facts_value.as_language(table, column, self.dialect), "x")
        aggregate = self.dialect.any_true(row) if word == "boolean" else f"max({row})"
        return self.scan.take(self.scan.days, aggregate, "v")


_Make = Callable[[WindowSql, Window], str]
_FUNCTIONS: dict[str, _Make] = {
    "today_so_far": WindowSql.summed,
    "avg_hourly": WindowSql.hourly,
    "days_since_last": WindowSql.since_last,
    "count_days": WindowSql.count_days,
    "avg_daily": WindowSql._average,  # noqa: SLF001 the class's own table
}
_AGGREGATES: dict[str, _Make] = {
    "sum_over": WindowSql.summed,
    "same_period_last_year": WindowSql.summed,
    "max_over": lambda sql, window: sql.extreme(window, "max"),
    "min_over": lambda sql, window: sql.extreme(window, "min"),
    "median_over": lambda sql, window: sql.percentile(window, 0.5),
    "percentile_over": lambda sql, window: sql.percentile(window, float(window.call.arguments[1])),
    "std_over": WindowSql.std,
    "trend": WindowSql.trend,
    "ewma": WindowSql.ewma,
}
SUPPORTED = frozenset(_FUNCTIONS) | frozenset(_AGGREGATES) | {"year_over_year"}
