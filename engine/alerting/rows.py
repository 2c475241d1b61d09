"""The rows of a table one by one: as the language sees them, and as facts are added up from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from engine.tables import facts_value
from engine.tables.dialect import DUCKDB
from engine.tables.duck import connect, quoted
from engine.tables.engines import register
from engine.tables.source import Table


class Rows:
    """The rows of one table as plain Python data, as the language sees them."""

    def __init__(self, table: Table, where: Mapping[str, str] | None = None) -> None:
        self.table = table
        self.where = where or {}

    @cached_property
    def all(self) -> list[dict[str, Any]]:
        """Every row (those with the texts of *where* only)."""
        columns = [column for column in self.table.columns if self.table.word(column) is not None]
        items = ", ".join(f"{self._item(column)} AS {quoted(column)}" for column in columns)
        tests = [f"CAST({quoted(column)} AS VARCHAR) = ?" for column in self.where]
        query = f"SELECT {items} FROM given{' WHERE ' + ' AND '.join(tests) if tests else ''}"  # noqa: S608 quoted names
        with connect() as connection:
            register(connection, "given", self.table)
            found: list[dict[str, Any]] = (
                connection.sql(query, params=list(self.where.values())).to_arrow_table().to_pylist()
            )
            return found

    def _item(self, column: str) -> str:
        return facts_value.as_language(self.table, column, DUCKDB)

    @cached_property
    def exact(self) -> list[dict[str, Any]]:
        """Every row with numbers as they are stored: what facts are added up from."""
        with connect() as connection:
            register(connection, "given", self.table)
            keys = [column for column in self.table.columns if self.table.word(column) == "text"]
            replaced = ", ".join(f"CAST({quoted(key)} AS VARCHAR) AS {quoted(key)}" for key in keys)
            day = f"CAST(date AS DATE) AS date{', ' if replaced else ''}" if "date" in self.table.columns else ""
            tests = [f"CAST({quoted(column)} AS VARCHAR) = ?" for column in self.where]
            replace = f" REPLACE ({day}{replaced})" if day or replaced else ""
            query = f"SELECT *{replace} FROM given{' WHERE ' + ' AND '.join(tests) if tests else ''}"  # noqa: S608 quoted names
            found: list[dict[str, Any]] = (
                connection.sql(query, params=list(self.where.values())).to_arrow_table().to_pylist()
            )
            return found
