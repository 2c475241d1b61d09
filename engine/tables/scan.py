"""One pass over a facts table for many windows: what is selected from its rows, added up by day, and by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.expression.typed import Field, InputCall, Node, walk
from engine.tables.source import Table
from engine.tables.window import Window, column_of, ewma_weight

CompileNode = Callable[[Node, dict[str, str]], str]
"""SQL of a value or condition, from field path → column name."""


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
    """One pass over a facts table: what it selects from the rows, and what it adds up by key."""

    name: str
    table: Table
    group: tuple[tuple[str, str], ...]
    launched: str | None
    daily: bool
    rows: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    first: dt.date = dt.date.max
    last: dt.date = dt.date.min

    def take(self, store: dict[str, str], sql: str, letter: str) -> str:
        """Return the name of *sql* among the columns of *store*; the same text is computed once."""
        return store.setdefault(sql, f"{letter}{len(store)}")

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
