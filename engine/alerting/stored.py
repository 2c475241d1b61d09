"""Which series calls of a rule the window store can answer, and what it has to know of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.alerting.grain import Grain
from engine.alerting.subject import Subject
from engine.expression.typed import Apply, Constant, Field, InputCall, walk
from engine.tables import facts_value
from engine.tables.day_columns import PROMOTIONS, STOCKOUTS, Measure
from engine.tables.dense_series import FROM_DAYS, FROM_SUMS
from engine.tables.dialect import DUCKDB
from engine.tables.scan import CompileNode
from engine.tables.source import Table
from engine.tables.wanted import Wanted
from engine.tables.window import HISTORY_DAYS, HOUR, Window
from engine.tables.window_sql import row_units

if TYPE_CHECKING:
    from engine.alerting.relation import Relation


@dataclass(frozen=True)
class Asking:
    """The table that rules are over, as the window store is asked about it.

    Args:
        subject: that table.
        compile_node: how a value over a row of facts becomes SQL.
    """

    subject: Subject
    compile_node: CompileNode

    def wanted(
        self, name: str, windows: tuple[Window, ...], met: Grain, launched: str | None, query: Callable[[], str]
    ) -> Wanted | None:
        """Return what the store is to answer, or None where the facts themselves have to be read.

        Args:
            name: the column that the answer becomes.
            windows: those of the call.
            met: how the facts meet the record.
            launched: the path of the launch day, or None where none matters.
            query: returns the query of launch days.
        """
        call = windows[0].call
        table = self.subject.world.tables[call.form]
        own = tuple(path for _, path in met.pairs)
        if not _fits(call, table, windows[0]) or not self._is_own(own, launched):
            return None
        sql, scale = row_units(windows[0], table, DUCKDB, self.compile_node)
        left_out = windows[0].excludes
        without = []
        if STOCKOUTS in left_out:
            without.append(Measure(facts_value.in_stock(table, DUCKDB), STOCKOUTS))
        if PROMOTIONS in left_out:
            without.append(Measure(facts_value.is_promoted(table, DUCKDB), PROMOTIONS))
        group = tuple(column for column, _ in met.pairs)
        days = query() if launched else None
        return Wanted(name, windows, call.form, group, own, Measure(sql), scale, tuple(without), days)

    def _is_own(self, own: tuple[str, ...], launched: str | None) -> bool:
        """Whether the keys are texts of the table itself, and a launch day belongs to the key."""
        table = self.subject.world.tables[self.subject.name]
        texts = all("." not in path and path in table.columns and table.word(path) == "text" for path in own)
        return texts and (launched is None or "." in launched or set(own) == set(self.subject.keys))


def is_readable(table: Table) -> bool:
    """Whether the records of *table* can be put beside the store's columns: in memory or in plain files."""
    return table.arrow is not None or (bool(table.files) and not table.partitioned)


def _fits(call: InputCall, table: Table, window: Window) -> bool:
    function = call.function.lower()
    plain = call.value is not None and all(isinstance(node, Apply | Constant | Field) for node in walk(call.value))
    kept_in_files = bool(table.files) and not any("://" in file for file in table.files)
    by_hour = function == "today_so_far" and (window.excludes or HOUR in table.columns)
    known = function in FROM_SUMS | FROM_DAYS and not by_hour
    return plain and kept_in_files and known and call.condition is None


def launch_query(apart: Relation, met: Grain, path: str) -> str:
    """Return the query of the launch days that a window may begin after: k0, k1, … and `launched`.

    Args:
        apart: an empty relation of the rules' table.
        met: how the facts meet the record.
        path: the path of the launch day.
    """
    keys = [apart.field(own) for _, own in met.pairs]
    launched = apart.field(path)
    named = ", ".join(f"{key} AS k{n}" for n, key in enumerate(keys))
    late = f"{launched} > {apart.dialect.day(apart.day - dt.timedelta(days=HISTORY_DAYS))}"
    newest = f"SELECT {named}, max({launched}) AS launched FROM base WHERE {late} GROUP BY {', '.join(keys)}"  # noqa: S608 our own names and typed literals
    return f"WITH base AS ({apart.base_sql()}) {newest}"
