"""Formulas as SQL text: of columns that are doubles already, with what is known of their size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from engine.expression import Context, columnar
from engine.expression.limits import MAX_NUMBER
from engine.expression.typed import InputCall, Node, TypedTree
from engine.tables.dialect import Dialect
from engine.tables.hours import local_hour
from engine.tables.window import LAST_HOUR

# Sums of whole numbers stay below this, so that adding and multiplying a few of them needs no check for overflow.
WHOLE = 1e20
# What a series comes to: sums of 128 bits, shared, divided by small numbers.
SUM = 1e90


class Writer:
    """Writes formulas in one dialect, for one time and zone."""

    def __init__(self, dialect: Dialect, context: Context) -> None:
        self.dialect = dialect
        self.context = context
        self.bounds: dict[str, float] = {}

    def hour(self, day: dt.date) -> int:
        """Return the hour of the run on the evaluation day *day*."""
        now = self.context.now
        return LAST_HOUR if now is None else local_hour(now, self.dialect.zone, day)

    def tree(self, tree: TypedTree, columns: Mapping[Any, str]) -> str:
        """Return the SQL of a checked formula, from field path or call → name of a column that is a double already."""
        named = {
            self._key(what): columnar.Column(name, self.bounds.get(name, MAX_NUMBER), double=True)
            for what, name in columns.items()
        }
        return columnar.to_sql(tree, named, self.dialect.name, self.context)

    def node(self, node: Node, columns: Mapping[str, str]) -> str:
        """Return the SQL of a value or condition over a row of facts, from path → SQL of a double."""
        named = {path: columnar.Column(exp.var(sql), MAX_NUMBER, double=True) for path, sql in columns.items()}
        return columnar.to_sql(node, named, self.dialect.name, self.context)

    def _key(self, what: Any) -> str:
        return what.key if isinstance(what, InputCall) else str(what)
