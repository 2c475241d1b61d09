"""What can be wrong with a definition or a value, told all at once: where, what, and what to do about it.

The tree of exceptions:

    BeihuoError
    ├── DefinitionError    a document cannot be used; carries its problems
    ├── UnknownName        a name that nobody registered; carries the nearest one
    └── EvaluationError    a computation that could not be carried out
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in Chinese and in English.

    Args:
        path: where, as a JSON path from the document's root (`$.fields[1].type`).
        message: what is wrong, in Chinese.
        hint: what to do about it, in Chinese; may be empty.
        message_en: the message in English.
        hint_en: the hint in English.
        at: offset and length (characters) inside the text at *path*, for an editor's squiggle.
        fix: text that mends it when put in place of what *at* marks; empty where nothing can be proposed.
    """

    path: str
    message: str
    hint: str = ""
    message_en: str = ""
    hint_en: str = ""
    at: tuple[int, int] | None = None
    fix: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as JSON data, as the API sends it."""
        data: dict[str, Any] = {
            "path": self.path,
            "message": self.message,
            "hint": self.hint,
            "message_en": self.message_en or self.message,
            "hint_en": self.hint_en or self.hint,
        }
        if self.at is not None:
            data["at"] = {"offset": self.at[0], "length": self.at[1]}
        if self.fix:
            data["fix"] = self.fix
        return data

    def under(self, prefix: str) -> Problem:
        """Return the same problem seen from a document that holds this one at *prefix* (`$.rules[0]`)."""
        return replace(self, path=prefix + self.path.removeprefix("$"))

    def __str__(self) -> str:
        hint = f"({self.hint})" if self.hint else ""
        english = f" / {self.message_en}" if self.message_en else ""
        return f"{self.path}: {self.message}{hint}{english}"


class BeihuoError(Exception):
    """The root of every error that Beihuo raises on purpose."""


class DefinitionError(BeihuoError):
    """A document cannot be used; *problems* says all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class UnknownName(BeihuoError, LookupError):
    """A name that nobody registered."""

    def __init__(self, label: str, name: str, known: Iterable[str], label_en: str = "") -> None:
        self.name = name
        self.suggestion = did_you_mean(name, known)
        hint = f"(是否想用“{self.suggestion}”?)" if self.suggestion else ""
        super().__init__(f"没有名为“{name}”的{label}{hint} / unknown {label_en or label} “{name}”")


class EvaluationError(BeihuoError):
    """A computation that could not be carried out, with the reason."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to *name*, or None when nothing is near."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return near[0]
    shares = [
        candidate for candidate in names if name and (name in candidate or candidate in name) and len(candidate) > 1
    ]
    return shares[0] if shares else None
