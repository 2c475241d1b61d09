"""One pass over a facts table for many windows: what is selected from its rows, added up by day, and by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.expression.typed import Field, InputCall, Node, walk
from engine.tables.source import Table
from engine.tables.window import Window, column_of, ewma_weight

CompileNode = Callable[[Node, dict[str, str]], str]
"""SQL of a value or condition, from field path → column name."""


@dataclass(frozen=True)
class View:
    """A table under the name that a query uses, and the days of it that are read (None: all)."""

    table: str
    first: dt.date | None = None
    last: dt.date | None = None

    def of(self, tables: Mapping[str, Table]) -> Table:
        """Return the table to read."""
        table = tables[self.table]
        return table if self.first is None or self.last is None else table.within(self.first, self.last)


@dataclass(frozen=True)
class Series:
    """A series call with the table that it reads and how that table meets the rule's.

    Args:
        call: the call.
        table: the facts.
        group: facts column → column of the base relation.
        launched: the column of the base relation that holds the launch day, or None.
    """

    call: InputCall
    table: Table
    group: tuple[tuple[str, str], ...]
    launched: str | None = None


@dataclass
class Scan:
    """One pass over a facts table: what it selects from the rows, and what it adds up by key.

    Args:
        name: the common table expression that holds the sums.
        table: the facts.
        group: facts column → column of the base relation.
        launched: the column of the base relation with the launch day, or None.
        daily: whether sums are taken from the totals of days (else straight from the rows).
        rows: SQL over a row → name.
        days: SQL over the rows of a day → name.
        sums: SQL (or, straight from rows, what tells it apart) over all that is read → name.
        holds: conditions over the totals of a day → name.
        ranges: of a sum straight from rows: what is added up, from which day, to which day.
        first: the first day that is read.
        last: the last one.
    """

    name: str
    table: Table
    group: tuple[tuple[str, str], ...]
    launched: str | None
    daily: bool
    rows: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, tuple[str, dt.date, dt.date]] = field(default_factory=dict)
    first: dt.date = dt.date.max
    last: dt.date = dt.date.min

    def take(self, store: dict[str, str], sql: str, letter: str) -> str:
        """Return the name of *sql* among the columns of *store*; the same text is computed once."""
        return store.setdefault(sql, f"{letter}{len(store)}")

    def ranged(self, value: str, start: dt.date, end: dt.date) -> str:
        """Return the name of the sum of *value*, a name among the rows' columns, over the days *start* … *end*."""
        name = self.take(self.sums, f"{value} {start} {end}", "s")
        self.ranges[name] = (value, start, end)
        return name

    def see(self, window: Window) -> None:
        """Widen the range of days that is read."""
        self.first, self.last = min(self.first, window.start), max(self.last, window.end)


def view_name(scan: Scan) -> str:
    """Return the name under which a scan's table is registered with the engine."""
    return f"facts_{scan.name}"


def columns_read(node: Node | None, form: str) -> list[str]:
    """Return the facts columns that a value or condition reads."""
    return [] if node is None else [column_of(each, form) for each in walk(node) if isinstance(each, Field)]


def weights(days: int, half_life: float) -> list[int]:
    """Return the whole-number weights of `ewma`, the newest day first."""
    return [ewma_weight(age, half_life) for age in range(days)]
