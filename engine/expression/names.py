"""Names and dotted paths to fields: by key or label, along links, into sub-forms, facts tables and other forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.expression import limits, typed, types
from engine.expression import tree as raw
from engine.expression.messages import trouble, unknown
from engine.expression.printing import quote_name
from engine.expression.scope import FACTS, FORM, LINK, ROWS, Entry, Scope
from engine.problems import Problem


@dataclass(slots=True)
class Foreign:
    """The table whose rows an argument goes through: which kinds may be named, and which one was."""

    kinds: frozenset[str]
    own: bool
    form: str = ""


@dataclass(slots=True)
class _Walk:
    """How far a path has been followed."""

    entry: Entry
    keys: list[str]
    links: int = 0
    row: str = ""
    labels: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)


class NameResolver:
    """Resolves the names of one formula; *say* takes the problems."""

    def __init__(self, scope: Scope, say: Callable[[Problem], None]) -> None:
        self.scope = scope
        self.labels: dict[str, str] = {}
        self._say = say
        self._rows: set[str] | None = None  # the sub-forms whose rows are gone through, where an argument allows it
        self.inner_rows = False  # whether rows were gone through inside the present argument
        self._foreign: Foreign | None = None
        self._open: set[int] = set()  # formula fields being typed

    @contextmanager
    def rows(self) -> Iterator[set[str]]:
        """Let columns of sub-forms stand for one row's value; the set collects the sub-forms used."""
        before, self._rows = self._rows, set()
        inner_before, self.inner_rows = self.inner_rows, False
        try:
            yield self._rows
        finally:
            self.inner_rows = inner_before or bool(self._rows)
            self._rows = before

    @contextmanager
    def foreign(self, foreign: Foreign) -> Iterator[Foreign]:
        """Let columns of facts tables or other forms stand for one row's value."""
        before, self._foreign = self._foreign, foreign
        try:
            yield foreign
        finally:
            self._foreign = before

    def resolve(self, node: raw.Name) -> typed.Node:
        """Return the field that *node* means; an unknown one has type *any*."""
        entry = self._first(node)
        if entry is None:
            return typed.Field(types.ANY, node.at, ".".join(node.parts))
        walk = _Walk(entry, [entry.key], labels=[entry.label or entry.key])
        for place in range(1, len(node.parts)):
            if not self._step(node, walk, place):
                return typed.Field(types.ANY, node.at, ".".join(node.parts))
        return self._end(node, walk)

    def _first(self, node: raw.Name) -> Entry | None:
        return self._choose(node, 0, self.scope)

    def _choose(self, node: raw.Name, place: int, scope: Scope) -> Entry | None:
        name = node.parts[place]
        found = scope.find(name)
        if len(found) == 1:
            return found[0]
        if found:
            keys = "、".join(entry.key for entry in found)
            self._say(
                trouble(*node.at, f"有几个字段都叫“{name}”", f"several fields are called “{name}”",
                        f"请用编号:{keys}", f"use a key: {keys}")
            )  # fmt: skip
        else:

            def mended(near: str) -> str:
                return ".".join(map(quote_name, (*node.parts[:place], near, *node.parts[place + 1 :])))

            self._say(unknown(*node.at, name, ("字段", "field"), scope.known(), mended))
        return None

    def _step(self, node: raw.Name, walk: _Walk, place: int) -> bool:
        entry, part = walk.entry, node.parts[place]
        if entry.leads == LINK:
            walk.links += 1
            if walk.links > limits.MAX_LINKS:
                self._say(
                    trouble(*node.at, f"路径最多沿 {limits.MAX_LINKS} 个关联字段",
                            f"a path follows at most {limits.MAX_LINKS} links")
                )  # fmt: skip
                return False
            walk.forms.append(entry.form)
        elif entry.leads == ROWS and not walk.row:
            walk.row = ".".join(walk.keys)
            if walk.links:
                self._say(trouble(*node.at, "只能用本记录的子表", "only the record's own sub-forms can be used"))
                return False
        elif entry.leads in {FACTS, FORM} and not walk.row:
            walk.row = entry.key
            if not self._allow_foreign(node, entry):
                return False
        else:
            self._say(
                trouble(*node.at, f"“{entry.label or entry.key}”不是关联字段,不能再取“{part}”",
                        f"“{entry.key}” is no link, it has no “{part}”")
            )  # fmt: skip
            return False
        following = self._choose(node, place, entry.scope)
        if following is None:
            return False
        walk.entry = following
        walk.keys.append(following.key)
        walk.labels.append(following.label or following.key)
        return True

    def _allow_foreign(self, node: raw.Name, entry: Entry) -> bool:
        label = entry.label or entry.key
        foreign = self._foreign
        if foreign is None or entry.leads not in foreign.kinds:
            self._say(
                trouble(*node.at, f"“{label}”的列只能用在按行计算的函数里",
                        f"columns of “{entry.key}” belong inside a function over its rows",
                        "例如 日均(销售.数量, 7)", "for example avg_daily(sales.quantity, 7)")
            )  # fmt: skip
            return False
        if foreign.form and foreign.form != entry.key:
            self._say(trouble(*node.at, "一次只能用一张表的列", "only the columns of one table can be used at a time"))
            return False
        foreign.form = entry.key
        return True

    def _end(self, node: raw.Name, walk: _Walk) -> typed.Node:
        entry, path = walk.entry, ".".join(walk.keys)
        label = walk.labels[-1] if walk.links == 0 else "·".join(walk.labels)
        for count, own in enumerate(walk.labels, 1):
            self.labels[".".join(walk.keys[:count])] = own
        forms = tuple(walk.forms)
        if entry.leads in {FACTS, FORM}:
            self._say(
                trouble(
                    *node.at, f"“{label}”是一张表,请写出它的列", f"“{entry.key}” is a table: name one of its columns"
                )
            )
            return typed.Field(types.ANY, node.at, path, label)
        if entry.leads == ROWS:
            return typed.Field("list[rows]", node.at, path, label)
        word = self._type(entry)
        if not walk.row:
            if self._foreign is not None and not self._foreign.own:
                self._say(
                    trouble(
                        *node.at,
                        f"这里只能用该表的列,不能用“{label}”",
                        f"only the table's columns can be used here, not “{path}”",
                    )
                )
            return typed.Field(word, node.at, path, label, "", forms)
        if self._foreign is not None and walk.row == self._foreign.form:
            return typed.Field(word, node.at, path, label, walk.row, forms)
        if self._rows is not None:
            self._rows.add(walk.row)
            return typed.Field(word, node.at, path, label, walk.row, forms)
        return typed.Field(types.list_of(word), node.at, path, label, walk.row, forms)

    def _type(self, entry: Entry) -> str:
        """Return an entry's type; a formula field without a stated result is typed by checking its formula."""
        if entry.type != types.ANY or not entry.expression or id(entry) in self._open:
            return entry.type
        from engine.expression.checker import Checker  # noqa: PLC0415 a formula inside a formula
        from engine.expression.parser import parse  # noqa: PLC0415
        from engine.problems import DefinitionError  # noqa: PLC0415

        checker = Checker(self.scope)
        checker.names._open = self._open | {id(entry)}  # noqa: SLF001 the same class
        try:
            entry.type = checker.node(parse(entry.expression).root).type
        except DefinitionError:
            return types.ANY
        return entry.type
