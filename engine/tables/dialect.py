"""The few texts in which DuckDB and Spark differ where queries over tables are written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

LARGEST = "1.7976931348623157e308"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine writes what both can do.

    Args:
        name: sqlglot's word for it (`duckdb`, `spark`).
        quote: the quotation mark of identifiers.
        text: the type of text in a cast.
        zone: the time zone of timestamps that name none.
    """

    name: str
    quote: str
    text: str
    zone: str = "Asia/Shanghai"

    def moment(self, column: str) -> str:
        """Return an instant from a timestamp without zone, which is read on the zone's clock."""
        zone = self.zone.replace("'", "''")
        return f"to_utc_timestamp({column}, '{zone}')" if self.name == "spark" else f"timezone('{zone}', {column})"

    def column(self, name: str) -> str:
        """Return *name* as a quoted identifier."""
        return self.quote + name.replace(self.quote, self.quote * 2) + self.quote

    def day(self, day: dt.date) -> str:
        """Return a day as a typed literal."""
        return f"DATE '{day.isoformat()}'"

    def days_between(self, start: str, end: str) -> str:
        """Return the days from *start* to *end*, both dates."""
        return f"datediff({end}, {start})" if self.name == "spark" else f"date_diff('day', {start}, {end})"

    @property
    def once(self) -> str:
        """What makes a common table expression be computed once, filters not drawn into it."""
        return "" if self.name == "spark" else "MATERIALIZED "

    def any_true(self, flag: str) -> str:
        """Return the aggregate that is true when one *flag* is."""
        return f"bool_or({flag})"

    def of_smallest(self, value: str, order: str) -> str:
        """Return the aggregate that is *value*, NULL or not, of the row with the smallest *order*."""
        return f"{'min_by' if self.name == 'spark' else 'arg_min_null'}({value}, {order})"

    def gathered(self, value: str, condition: str) -> str:
        """Return the aggregate that lists *value* where *condition* holds; NULL or empty when it never does."""
        function = "collect_list" if self.name == "spark" else "list"
        return f"{function}({value}) FILTER (WHERE {condition})"

    def padded_and_sorted(self, values: str, zeros: str) -> str:
        """Return the list *values* with *zeros* (a count) zeros added, in rising order."""
        if self.name == "spark":
            return f"array_sort(concat(coalesce({values}, array()), array_repeat(CAST(0 AS DOUBLE), CAST({zeros} AS INT))))"
        filled = f"list_resize(CAST([] AS DOUBLE[]), CAST({zeros} AS BIGINT), CAST(0 AS DOUBLE))"
        return f"list_sort(list_concat(coalesce({values}, CAST([] AS DOUBLE[])), {filled}))"

    def item(self, values: str, place: str) -> str:
        """Return the item of a list at *place*, counted from 1."""
        if self.name == "spark":
            return f"element_at({values}, CAST({place} AS INT))"
        return f"list_extract({values}, CAST({place} AS BIGINT))"

    def numbers(self, values: list[int]) -> str:
        """Return a list literal of integers."""
        inside = ", ".join(map(str, values))
        return f"array({inside})" if self.name == "spark" else f"[{inside}]"

    def finite(self, value: str) -> str:
        """Return *value*, a double, as NULL where it is infinite or not a number (which both engines hold largest)."""
        return f"CASE WHEN {value} BETWEEN -{LARGEST} AND {LARGEST} THEN {value} END"


DUCKDB = Dialect("duckdb", '"', "VARCHAR")
SPARK = Dialect("spark", "`", "STRING")
