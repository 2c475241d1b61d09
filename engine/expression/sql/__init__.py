"""SQL for the columnar reader, as sqlglot expressions: what each dialect needs to give the language's own values."""

from __future__ import annotations

from engine.expression.sql.dates import DateSql
from engine.expression.sql.lists import ListSql

__all__ = ["Sql"]


class Sql(ListSql, DateSql):
    """Builds expressions of one dialect. Functions' columnar forms take it as first argument.

    `types` holds the types of the arguments of the call that is being built.
    """
