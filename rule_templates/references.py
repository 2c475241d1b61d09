"""Which definitions one definition names, so that a pack of it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rule_templates.plan import REFERENCES, Name

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_KIND_OF = {word: kind for kind, words in REFERENCES.items() for word in words}


def references(definition: Mapping[str, Any], known: Iterable[Name]) -> set[Name]:
    """Return those of the *known* definitions that *definition* names: by a key that refers, as `role:…`, or in a formula.

    A word of a formula that is also the key of a form counts as that form: one too many does no harm, one too few would.
    """
    there = set(known)
    forms = {key for kind, key in there if kind == "form"}
    own = (str(definition.get("kind")), str(definition.get("key")))
    return {name for name in _named(definition, forms) if name in there} - {own}


def _named(value: Any, forms: set[str], word: str = "") -> Iterator[Name]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _named(inner, forms, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, forms, word)
    elif isinstance(value, str):
        if word in _KIND_OF:
            yield _KIND_OF[word], value
        if value.startswith("role:"):
            yield "role", value.removeprefix("role:")
        if word not in _PROSE:
            yield from (("form", found) for found in _WORD.findall(value) if found in forms)


_PROSE = {
    "name",
    "name_en",
    "description",
    "description_en",
    "label",
    "label_en",
    "help",
    "help_en",
    "title",
    "title_en",
}
