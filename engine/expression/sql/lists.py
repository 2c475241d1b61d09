"""Lists: literal ones, multi-select fields and the columns of sub-forms (DuckDB and Spark)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from engine.expression import types
from engine.expression.sql.core import E
from engine.expression.sql.text import TextSql


class ListSql(TextSql):
    """Lists."""

    def listing(self, items: Sequence[E], word: str) -> E:
        """Return a literal list; an empty one needs its type."""
        self.refuse("duckdb", "spark")
        item = types.item_of(word)
        name = {
            "number": "double",
            "boolean": "boolean",
            "date": "date",
            "datetime": "timestamptz",
            "duration": "double",
            "null": "double",  # of nothing at all: only numbers are asked of it
        }.get(item, "text")
        if self.dialect == "spark" and items:
            return exp.Array(expressions=list(items))
        kind = (
            exp.DataType.build(f"array<{name}>", dialect="spark")
            if self.dialect == "spark"
            else exp.DataType.build(f"{name}[]", dialect="duckdb")
        )
        return exp.Cast(this=exp.Array(expressions=list(items)), to=kind)

    def each(self, items: E, name: str, body: E) -> E:
        """Return the list of *body* for every item, which it reads as column *name*."""
        self.refuse("duckdb", "spark")
        function = "list_transform" if self.dialect == "duckdb" else "transform"
        return self.call(function, items, exp.Lambda(this=body, expressions=[exp.to_identifier(name)]))

    def kept(self, items: E, name: str, condition: E) -> E:
        """Return the items for which *condition* holds."""
        self.refuse("duckdb", "spark")
        function = "list_filter" if self.dialect == "duckdb" else "filter"
        return self.call(function, items, exp.Lambda(this=condition, expressions=[exp.to_identifier(name)]))

    def positions(self, items: E) -> E:
        """Return 1 … the length of a list, as a list."""
        if self.dialect == "duckdb":
            return self.call("generate_series", self.whole(1), self.call("len", items))
        size = self.call("size", items)
        series = self.call("sequence", self.whole(1), self.call("greatest", size, self.whole(1)))
        return self.call("slice", series, self.whole(1), self.call("greatest", size, self.whole(0)))

    def at(self, items: E, position: E) -> E:
        """Return the item at a position that counts from 1; null beyond the end."""
        return self.call("list_extract" if self.dialect == "duckdb" else "try_element_at", items, position)

    def known_items(self, items: E) -> E:
        """Return a list without its nulls."""
        self._bound += 1
        name = f"k{self._bound}"
        return self.kept(items, name, self.known(exp.column(name)))

    def chosen(self, values: E, conditions: E) -> E:
        """Return the values at the positions where the condition holds; null lists are empty."""
        self._bound += 1
        name = f"p{self._bound}"

        def build(items: E, tests: E) -> E:
            place = exp.column(name)
            holds = self.call("coalesce", self.at(tests, place), exp.false())
            picked = self.case((self.both(holds, self.le(place, self._size(items))), self.at(items, place)))
            return self.known_items(self.each(self.positions(tests), name, picked))

        return self.bind_all((values, conditions), build)

    def _size(self, items: E) -> E:
        return self.call("len" if self.dialect == "duckdb" else "size", items)

    def _is_list(self, index: int, *, lists: bool) -> bool:
        return lists or types.is_list(self.types[index])

    def sum_of(self, values: Sequence[E], *, lists: bool = False) -> E:
        """Return the sum of numbers and lists of numbers, nulls skipped, each list summed by itself, from left to right."""
        total: E | None = None
        for index, value in enumerate(values):
            one = self._total(value) if self._is_list(index, lists=lists) else value
            known = self.call("coalesce", one, self.number(0))
            total = self.add(self.number(0), known) if total is None else self.add(total, known)
        return self.settle(total) if total is not None else self.number(0)

    def _total(self, items: E) -> E:
        start = exp.Array(expressions=[self.number(0)])
        self._bound += 1
        a, b = f"a{self._bound}", f"b{self._bound}"
        step = exp.Lambda(
            this=self.add(exp.column(a), exp.column(b)), expressions=[exp.to_identifier(a), exp.to_identifier(b)]
        )
        known = self.known_items(items)
        if self.dialect == "duckdb":
            return self.settle(self.call("list_reduce", self.call("list_concat", start, known), step))
        return self.settle(self.call("aggregate", known, self.number(0), step))

    def count_of(self, values: Sequence[E]) -> E:
        """Return how many of the values and items are not null, as a double."""
        total: E | None = None
        for index, value in enumerate(values):
            if self._is_list(index, lists=len(values) == 1):
                one: E = self.call("coalesce", self._size(self.known_items(value)), self.whole(0))
                if self.dialect == "spark":  # size(null) is −1
                    one = self.call("greatest", one, self.whole(0))
            else:
                one = self.case((self.known(value), self.whole(1)), default=self.whole(0))
            total = one if total is None else self.add(total, one)
        return self.double(exp.Paren(this=total)) if total is not None else self.number(0)

    def extreme(self, values: Sequence[E], *, largest: bool, lists: bool = False) -> E:
        """Return the smallest or largest of values and lists, nulls skipped."""
        found: list[E] = []
        for index, value in enumerate(values):
            if self._is_list(index, lists=lists):
                name = (
                    ("list_max" if largest else "list_min")
                    if self.dialect == "duckdb"
                    else ("array_max" if largest else "array_min")
                )
                self.refuse("duckdb", "spark")
                found.append(self.call(name, value))
            else:
                found.append(value)
        if len(found) == 1:
            return found[0]
        if self.dialect != "sqlite":
            return self.call("greatest" if largest else "least", *found)
        return self._sqlite_extreme(found, largest=largest)

    def _sqlite_extreme(self, values: Sequence[E], *, largest: bool) -> E:
        """SQLite's max(a, b) is null where one is: fill the gaps with the other."""
        result = values[0]
        for value in values[1:]:
            result = self.bind_all(
                (result, value),
                lambda a, b: self.call(
                    "max" if largest else "min", self.call("coalesce", a, b), self.call("coalesce", b, a)
                ),
            )
        return result

    def join(self, values: E, separator: E) -> E:
        """Return the texts of a list joined, nulls skipped; null beyond the limit."""
        known = self.known_items(values)
        if self.dialect == "spark":
            return self.short(self.call("array_join", known, separator))
        return self.short(self.bind(separator, lambda between: self._joined(known, between)))

    def _joined(self, texts: E, between: E) -> E:
        """Return texts joined by a separator that may differ from row to row."""
        step = exp.Lambda(
            this=self.joined([exp.column("j1"), between, exp.column("j2")]),
            expressions=[exp.to_identifier("j1"), exp.to_identifier("j2")],
        )
        led = self.call("list_concat", exp.Array(expressions=[self.text("")]), texts)
        start = self.add(self.length(between), self.whole(1))
        joined = self.call("substring", self.call("list_reduce", led, step), start)
        return self.case((self.both(self.known(texts), self.known(between)), joined))

    def unique(self, values: E) -> E:
        """Return a list without repeated items and nulls, in the order of first appearance."""
        if self.dialect == "spark":
            return self.call("array_distinct", self.known_items(values))
        self._bound += 1
        name = f"u{self._bound}"

        def build(items: E) -> E:
            place = exp.column(name)
            first = self.eq(self.call("list_position", items, self.at(items, place)), place)
            picked = self.each(self.positions(items), name, self.case((first, self.at(items, place))))
            return self.known_items(picked)

        return self.bind(self.known_items(values), build)

    def member(self, value: E, items: E) -> E:
        """Say whether a value is in a list column; null where either is null, and null items never match."""
        self.refuse("duckdb", "spark")
        name = "list_contains" if self.dialect == "duckdb" else "array_contains"

        def test(one: E, many: E) -> E:
            found = self.call("coalesce", self.call(name, many, one), exp.false())
            return self.case((self.both(self.known(one), self.known(many)), found))

        return self.bind_all((value, items), test)
