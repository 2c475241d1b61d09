"""The names that a formula may use: fields by key or label, links, sub-forms and the columns of facts and other forms."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.expression import types

LINK, ROWS, FACTS, FORM = "link", "rows", "facts", "form"
_NESTED = {"link": LINK, "facts": FACTS, "form": FORM}


@lru_cache(maxsize=1 << 16)
def fold(name: str) -> str:
    """Return a name as names are compared: NFKC and case-folded."""
    return name.casefold() if name.isascii() else unicodedata.normalize("NFKC", name).casefold()


@dataclass(slots=True)
class Entry:
    """One name: its key, label, language type, and what it leads to (`link`, `rows`, `facts`, `form` or nothing)."""

    key: str
    label: str
    type: str
    leads: str = ""
    form: str = ""
    inner: Any = None
    expression: str = ""
    _scope: Scope | None = field(default=None, repr=False)

    @property
    def scope(self) -> Scope:
        """The names behind a link, a sub-form or a table."""
        if self._scope is None:
            self._scope = Scope(self.inner or {})
        return self._scope


class Scope:
    """Names to entries. Made of a mapping key → type word or field definition, or of a form's list of fields.

    Args:
        fields: what `check` takes (see the package's docstring).
    """

    def __init__(self, fields: Mapping[str, Any] | Iterable[Mapping[str, Any]] | Scope) -> None:
        self.by_key: dict[str, Entry] = {}
        self.by_label: dict[str, list[Entry]] = {}
        for key, definition in _pairs(fields):
            self._add(_entry(key, definition))

    def _add(self, entry: Entry) -> None:
        self.by_key[fold(entry.key)] = entry
        if entry.label and entry.label != entry.key:
            self.by_label.setdefault(fold(entry.label), []).append(entry)

    def find(self, name: str) -> list[Entry]:
        """Return the entries that *name* may mean: one, none, or several fields of the same label."""
        folded = fold(name)
        entry = self.by_key.get(folded)
        return [entry] if entry is not None else self.by_label.get(folded, [])

    def entries(self) -> Iterator[Entry]:
        """Yield all entries in their order."""
        yield from self.by_key.values()

    def known(self) -> list[str]:
        """Return every name, labels first: what a suggestion is taken from."""
        labels = [entries[0].label for entries in self.by_label.values()]
        return labels + [entry.key for entry in self.by_key.values()]


def _pairs(fields: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(fields, Mapping):
        inner = fields.get("fields")
        if isinstance(inner, list) and "key" in fields:  # a whole form definition
            fields = inner
        else:
            yield from fields.items()
            return
    for definition in fields:
        yield str(definition["key"]), definition


def _entry(key: str, definition: Any) -> Entry:
    if isinstance(definition, str):
        if definition in _NESTED:
            return Entry(key, "", types.TEXT if definition == LINK else types.ANY, _NESTED[definition])
        return Entry(key, "", types.language_type(definition))
    label = str(definition.get("label") or definition.get("name") or "")
    kind = str(definition.get("type", types.TEXT))
    inner = definition.get("fields") or definition.get("columns")
    if kind in _NESTED:
        return Entry(
            key, label, types.field_language_type(definition) if kind == LINK else types.ANY, _NESTED[kind],
            str(definition.get("form", key)), inner,
        )  # fmt: skip
    word = types.field_language_type(definition)
    if word == types.ROWS:
        return Entry(key, label, types.ROWS, ROWS, "", inner)
    return Entry(key, label, word, expression=str(definition.get("expression", "")))
