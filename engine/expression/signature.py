"""The signature of a function, read from its text: `ROUND(x: number, digits: whole = 0) -> number`.

A type is one of the language's (`number`, `list[T]`, `T` for "the same type everywhere"), alternatives by `/`, or says
how the argument must be written: `whole` a literal whole number, `word` a literal text, `share` a literal between 0 and 1,
`pattern`, `format`, `day`, `'a'/'b'` one of these; `facts` an expression over the columns of one table, `check` such a
condition. `T`, `U` stand for any scalar type, `O` for one with an order, `moment` for a date or datetime. `*x` repeats; after `*,` stand keyword arguments.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from engine.expression import types

LITERAL_KINDS = {"whole": types.NUMBER, "share": types.NUMBER, "word": types.TEXT, "pattern": types.TEXT,
                 "format": types.TEXT, "day": types.TEXT, "name": types.TEXT, "choice": types.TEXT}  # fmt: skip
"""How an argument must be written → the type of the literal."""

MISSING: Any = object()
_SIGNATURE = re.compile(r"(\w+)\((.*)\) -> (\S+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the alternatives of its type, its default (MISSING where it has none)."""

    name: str
    kinds: tuple[str, ...]
    default: Any = MISSING
    repeats: bool = False

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is MISSING

    @property
    def literal(self) -> str:
        """How a literal for it is written (`whole`, `word`, …), or "" where any expression will do."""
        if self.kinds[0].startswith("'"):
            return "choice"
        return self.kinds[0] if self.kinds[0] in LITERAL_KINDS else ""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes and gives; *text* is how it is shown."""

    name: str
    parameters: tuple[Parameter, ...]
    options: tuple[Parameter, ...]
    result: str
    text: str

    def accepts(self, count: int) -> bool:
        """Say whether *count* positional arguments are few and many enough."""
        least = sum(1 for parameter in self.parameters if parameter.required)
        repeats = any(parameter.repeats for parameter in self.parameters)
        return least <= count and (repeats or count <= len(self.parameters))

    def expand(self, count: int) -> list[Parameter]:
        """Return the parameter of each of *count* positional arguments; the repeated ones take turns."""
        fixed = [parameter for parameter in self.parameters if not parameter.repeats]
        turns = [parameter for parameter in self.parameters if parameter.repeats]
        if not turns:
            return list(self.parameters[:count])
        first = self.parameters.index(turns[0])
        last = fixed[first:] if (count - first) % len(turns) == len(fixed[first:]) % len(turns) else []
        middle = count - first - len(last)
        return [*fixed[:first], *(turns[i % len(turns)] for i in range(middle)), *last]


def read_signature(text: str) -> Signature:
    """Return the signature that *text* writes down."""
    found = _SIGNATURE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not a signature: {text}")
    name, inside, result = found.groups()
    positional, _, named = inside.partition("*, ")
    parameters = tuple(_parameter(part) for part in _split(positional))
    return Signature(name, parameters, tuple(_parameter(part) for part in _split(named)), result, text.strip())


def _split(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(",")) if part]


def _parameter(text: str) -> Parameter:
    name, _, rest = text.partition(":")
    kind, _, default = rest.partition("=")
    value = ast.literal_eval(default.strip()) if default.strip() else MISSING
    repeats = name.startswith("*")
    if type(value) is int:
        value = float(value)
    kinds = tuple(word.strip() for word in kind.split("/"))
    return Parameter(name.lstrip("*").strip(), kinds, value, repeats)
