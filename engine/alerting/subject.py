"""What a rule may read: the fields of its table, of the forms it links to, and of the facts about its records.

With forms, their definitions say all; without them (headless), a column named like another table is a link to that
table's `code`, and a table with a `date` column holds facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pyarrow as pa

from engine.expression import check, parse
from engine.expression.scope import Scope
from engine.expression.typed import TypedTree
from engine.problems import BeihuoError, DefinitionError, did_you_mean
from engine.tables.facts_schema import BATCH, DATE
from engine.tables.source import Table

MAX_LINKS = 4
# Columns of facts that are measures or marks, never keys, whatever their type.
MARKS = frozenset(
    {DATE, BATCH, "quantity", "exceptional", "revenue", "price", "promotion", "in_stock", "hour", "phase"}
)
# Field types that hold another record's `code`: a link says to which form, the others are named after theirs.
LINKS = frozenset({"link", "sku", "warehouse", "supplier"})
KEY_WORDS = frozenset({"sku", "warehouse", "location", "channel", "store", "shop"})


class World:
    """All tables and forms of one evaluation.

    Args:
        tables: the opened tables by name; may be empty where only definitions are checked.
        forms: form definitions, by key or as a list; may be None.
    """

    def __init__(self, tables: Mapping[str, Table], forms: Any = None) -> None:
        self.tables = dict(tables)
        self.forms: dict[str, Mapping[str, Any]] = (
            dict(forms) if isinstance(forms, Mapping) else {form["key"]: form for form in forms or ()}
        )
        self._definitions: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._fields: dict[tuple[str, int], dict[str, Any]] = {}
        self._subjects: dict[str, Subject] = {}

    def names(self) -> list[str]:
        """Return every table and form."""
        return list(dict.fromkeys([*self.tables, *self.forms]))

    def signature(self) -> tuple[object, ...]:
        """Return what tells two worlds apart whose tables have other columns."""
        return tuple(
            (name, tuple((column, str(kind)) for column, kind in table.columns.items()), table.partitioned)
            for name, table in self.tables.items()
        )

    def subject(self, over: str) -> Subject:
        """Return what a rule over *over* reads.

        Raises:
            BeihuoError: there is no such table.
        """
        if over not in self._subjects:
            if over not in self.tables and over not in self.forms:
                near = did_you_mean(over, self.names())
                hint = f"(是否想用 “{near}”?)" if near else ""
                raise BeihuoError(f"没有名为 “{over}” 的表{hint} / there is no table “{over}”")
            self._subjects[over] = Subject(self, over)
        return self._subjects[over]

    def definitions(self, table: str) -> dict[str, Mapping[str, Any]]:
        """Return the columns of *table* as field definitions: those of its form, then those only its data have."""
        if table in self._definitions:
            return self._definitions[table]
        found = self._definitions[table] = {}
        for field in self.forms.get(table, {}).get("fields", ()):
            found[field["key"]] = field
        opened = self.tables.get(table)
        for column in opened.columns if opened else ():
            if column not in found:
                found.update(self._headless(opened, column))
        return found

    def _headless(self, table: Table | None, column: str) -> dict[str, Mapping[str, Any]]:
        word = table.word(column) if table else None
        if word is None:
            return {}
        linked = column in self.tables and column != (table.name if table else "") and self.code(column) is not None
        if linked and word in {"text", "number"}:
            return {column: {"key": column, "type": "link", "form": column}}
        return {column: {"key": column, "type": word}}

    def code(self, table: str) -> str | None:
        """Return the column that links to *table* hold: its `code`, else the column of its own name, else None."""
        opened, form = self.tables.get(table), self.forms.get(table)
        columns = set(opened.columns if opened else ()) | {field["key"] for field in (form or {}).get("fields", ())}
        return "code" if "code" in columns else table if table in columns else None

    def link(self, table: str, column: str) -> str | None:
        """Return the table that *column* of *table* links to, or None."""
        field = self.definitions(table).get(column, {})
        kind = str(field.get("type"))
        if kind not in LINKS or field.get("multiple"):
            return None
        target = str(
            field.get("form") or field.get("target") or field.get("to") or (column if kind == "link" else kind)
        )
        return target if target in self.tables or target in self.forms else None

    def is_facts(self, table: str) -> bool:
        """Whether *table* holds facts: by its form, else by its `date` column."""
        if table in self.forms:
            return self.forms[table].get("storage") == "facts"
        opened = self.tables.get(table)
        return opened is not None and opened.is_facts

    def fields(self, table: str, links: int = MAX_LINKS) -> dict[str, Any]:
        """Return the fields of *table* as `engine.expression.check` takes them, links nested *links* deep."""
        if (table, links) not in self._fields:
            found: dict[str, Any] = {}
            for key, field in self.definitions(table).items():
                target = self.link(table, key)
                if target is not None and links > 0:
                    inner = self.fields(target, links - 1)
                    found[key] = {"type": "link", "label": field.get("label", ""), "form": target, "fields": inner}
                else:
                    found[key] = {"type": "text", "label": field.get("label", "")} if target else dict(field)
            self._fields[table, links] = found
        return self._fields[table, links]


class Subject:
    """The table that a rule is over, seen with everything that it leads to.

    Args:
        world: all tables and forms.
        name: the table.
    """

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell its records apart: the form's natural keys, `code`, or what its columns look like."""
        form = self.world.forms.get(self.name, {})
        if form.get("natural_keys"):
            return tuple(form["natural_keys"])
        columns = list(self.world.definitions(self.name))
        if "code" in columns:
            return ("code",)
        facts = {key for table in self.facts for key in facts_keys(self.world, table)} if self.facts else set()
        found = [c for c in columns if c in facts or c in KEY_WORDS or self.world.link(self.name, c) is not None]
        if found:
            return tuple(found)
        texts = [c for c in columns if self.world.definitions(self.name)[c].get("type") == "text"]
        return tuple(texts[:1] or columns[:1])

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts tables."""
        return tuple(name for name in self.world.names() if name != self.name and self.world.is_facts(name))

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The names that conditions may use, as `engine.expression.check` takes them."""
        found = dict(self.world.fields(self.name))
        for name in self.world.names():
            if name in found:
                continue
            label = str(self.world.forms.get(name, {}).get("name", ""))
            kind = "facts" if self.world.is_facts(name) else "form"
            found[name] = {"type": kind, "label": label, "form": name, "fields": self.world.fields(name, 0)}
        return found

    @cached_property
    def scope(self) -> Scope:
        """The same names, ready for many checks."""
        return Scope(self.fields)

    def has(self, path: str) -> bool:
        """Whether a field stands at *path*."""
        inner: Any = self.fields
        for part in path.split("."):
            if not isinstance(inner, dict) or inner.get("type") in {"form", "facts"}:
                return False  # another table's column is no field of the record
            inner = inner.get("fields", inner)
            if part not in inner:
                return False
            inner = inner[part]
        return True

    def has_column(self, path: str) -> bool:
        """Whether the given tables hold the field at *path* as a column."""
        table: str | None = self.name
        *links, column = path.split(".")
        for link in links:
            table = self.world.link(table, link) if table else None
        opened = self.world.tables.get(table or "")
        return opened is not None and column in opened.columns

    def is_whole(self, path: str) -> bool:
        """Whether the field at *path* is a column of integers."""
        table: str | None = self.name
        *links, column = path.split(".")
        for link in links:
            table = self.world.link(table, link) if table else None
        opened = self.world.tables.get(table or "")
        return opened is not None and column in opened.columns and bool(pa.types.is_integer(opened.columns[column]))

    def formula(self, path: str) -> TypedTree | None:
        """Return the formula of a formula field of this table that has no column of its own, else None."""
        field = self.world.definitions(self.name).get(path, {})
        if not field.get("expression") or self.has_column(path):
            return None
        typed, problems = check(parse(str(field["expression"])), self.scope)
        if problems:
            raise DefinitionError([problem.under(f"$.{path}") for problem in problems])
        return typed

    @cached_property
    def launched_on(self) -> str | None:
        """The path of the day since when the record's product is sold, or None."""
        if "launched_on" in self.world.definitions(self.name):
            return "launched_on"
        for key in self.keys:
            target = self.world.link(self.name, key)
            if target is not None and "launched_on" in self.world.definitions(target):
                return f"{key}.launched_on"
        return None


def facts_keys(world: World, table: str) -> tuple[str, ...]:
    """Return the key columns of a facts table: its form's natural keys without the day, else its texts and links."""
    form = world.forms.get(table, {})
    if form.get("natural_keys"):
        return tuple(key for key in form["natural_keys"] if key != DATE)
    found = []
    for key, field in world.definitions(table).items():
        kind = str(field.get("type"))
        is_id = kind == "number" and key.endswith(("_id", "_code")) and _is_integer(world, table, key)
        if key not in MARKS and (kind in {"text", "choice", "select"} | LINKS or is_id):
            found.append(key)
    return tuple(found)


def _is_integer(world: World, table: str, column: str) -> bool:
    opened = world.tables.get(table)
    return opened is None or column not in opened.columns or bool(pa.types.is_integer(opened.columns[column]))
