"""What a function of the language is: names, signatures, row form, columnar form, documentation and examples in one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.expression.signature import Signature, read_signature
from engine.problems import BeihuoError
from engine.registry import Registry

RowForm = Callable[..., Any]


@dataclass(eq=False, slots=True)
class Function:
    """One function.

    Args:
        name: its English name; names are case-insensitive in formulas.
        alias: its Chinese name.
        category: the family (`numbers`, `text`, …): the module that holds it.
        signatures: one or more; a call takes the first that fits.
        zh: what it does, in Chinese.
        en: what it does, in English (the row form's docstring).
        examples: formulas that must be true, however they are evaluated.
        row: Python values in, a Python value out (None is null). It never raises.
        strict: whether null in any argument gives null without calling the row form.
        context: whether the row form takes the Context first.
        clock: whether its value depends on the evaluation's time.
        family: for what is supplied from outside the record: `series`, `forecast`, `stock`, `lookup`; else "".
        operator: the operator that a call is turned into (`and`, `if`, …), or "".
        fold: computes the call at check time when all arguments are literals, or says NotImplemented; may be None.
        verify: looks at the types and literal values of a call; says (argument, zh, en) where they do not go together.
        source: the work or product that it follows (Excel, a paper), or "".
        sql: the columnar form: (Sql, *arguments as sqlglot expressions) → expression; None where it is compiled apart.
    """

    name: str
    alias: str
    category: str
    signatures: tuple[Signature, ...]
    zh: str
    en: str
    examples: tuple[str, ...]
    row: RowForm
    strict: bool = True
    context: bool = False
    clock: bool = False
    family: str = ""
    operator: str = ""
    fold: RowForm | None = None
    verify: Callable[[tuple[str, ...], tuple[Any, ...]], tuple[int, str, str] | None] | None = None
    source: str = ""
    sql: Callable[..., Any] | None = None
    dialects: frozenset[str] = field(default_factory=frozenset)

    @property
    def server_only(self) -> bool:
        """Whether the browser shows its last value instead of computing it."""
        return bool(self.family)

    @property
    def keywords(self) -> frozenset[str]:
        """The names of its keyword arguments."""
        return frozenset(option.name for signature in self.signatures for option in signature.options)

    def columnar(self, *dialects: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Take the decorated function as columnar form, for all dialects or for those named."""

        def keep(form: Callable[..., Any]) -> Callable[..., Any]:
            self.sql = form
            self.dialects = frozenset(dialects)
            return form

        return keep


FUNCTIONS: Registry[Function] = Registry("函数", "engine.expression.functions", "beihuo.functions", "function")
_BY_NAME: dict[str, Function] = {}


def function(
    *signatures: str,
    alias: str,
    zh: str,
    examples: tuple[str, ...],
    **traits: Any,
) -> Callable[[RowForm], Function]:
    """Make a Function of the decorated row form and register it; *traits* are the other fields of Function."""

    def register(row: RowForm) -> Function:
        read = tuple(read_signature(text) for text in signatures)
        made = Function(
            name=read[0].name, alias=alias, category=row.__module__.rpartition(".")[2], signatures=read, zh=zh,
            en=" ".join((row.__doc__ or "").split()), examples=examples, row=row, **traits,
        )  # fmt: skip
        for name in (made.name, made.alias):
            if _BY_NAME.setdefault(name.casefold(), made) is not made:
                raise BeihuoError(f"函数“{name}”登记了两次 / function “{name}” is registered twice")
        return FUNCTIONS.add(made.name, made)

    return register


def find_function(name: str) -> Function | None:
    """Return the function of that English or Chinese name in any case, or None."""
    len(FUNCTIONS)  # the scan happens on first use
    return _BY_NAME.get(name.casefold())


def function_names() -> list[str]:
    """Return every English and Chinese name, for suggestions."""
    found: Mapping[str, Function] = FUNCTIONS
    return [name for made in found.values() for name in (made.name, made.alias)]


def keywords_of(name: str) -> frozenset[str]:
    """Return the keyword arguments that the function of that name declares."""
    found = find_function(name)
    return found.keywords if found else frozenset()
