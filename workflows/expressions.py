"""Expressions over an instance's variables: names exactly as written, a name without a value is null.

The core has no form to check names against, so the types come from the values at hand; a checked tree is kept for each
combination of types that was seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.expression import Context, check, evaluate, parse
from engine.expression.tree import Name, Tree, walk
from engine.problems import BeihuoError, DefinitionError
from workflows.refusal import Trouble

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
_LARGEST = 2**53


Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed source, in which each name has an alias of its own.

    Args:
        tree: the formula over the aliases: two names that differ in case only are two variables here.
        paths: the names as written, by their parts.
        aliases: the alias of each path; a path into rows is an alias of the rows with the column behind it.
        bare: the whole formula is one name.
    """

    tree: Tree
    paths: tuple[Path, ...]
    aliases: tuple[Path, ...]
    bare: bool

    @property
    def names(self) -> list[str]:
        """The names as written (`result.stock.count`), each once."""
        return [".".join(path) for path in self.paths]


@lru_cache(maxsize=4096)
def formula(source: str, rows: frozenset[str] = frozenset()) -> Formula:
    """Return the formula that *source* says.

    Args:
        source: the text.
        rows: the variables that hold a list of objects (a sub-form), whose columns stay columns.

    Raises:
        DefinitionError: the text is no formula.
    """
    tree = deepcopy(parse(source))
    paths = tree.names()
    roots = list(dict.fromkeys(path[0] for path in paths))
    aliases = tuple(
        (f"r{roots.index(path[0])}", *path[1:]) if path[0] in rows else (f"v{number}",)
        for number, path in enumerate(paths)
    )
    for node in walk(tree.root):
        if isinstance(node, Name):
            node.parts = aliases[paths.index(node.parts)]
    return Formula(tree, paths, aliases, isinstance(tree.root, Name))


def look_up(path: tuple[str, ...], scope: Mapping[str, Any]) -> Any:
    """Return the value at *path*: into objects by key, into a list of objects as the list of that column, else null."""
    value: Any = scope
    for position, part in enumerate(path):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list):
            return [look_up(path[position:], row) if isinstance(row, Mapping) else None for row in value]
        else:
            return None
    return value


def _type(value: Any, *, dates: bool) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        if dates and _DATE.match(value):
            return "date"
        return "datetime" if dates and _MOMENT.match(value) else "text"
    if isinstance(value, list):
        kinds = {_type(item, dates=dates) for item in value} - {"null"}
        return f"list[{kinds.pop() if len(kinds) == 1 else 'any'}]"
    return "any"


@lru_cache(maxsize=4096)
def _typed(source: str, kinds: tuple[str, ...]) -> Any:
    tree = formula(source).tree
    typed, problems = check(tree, {f"v{number}": kind for number, kind in enumerate(kinds)})
    if problems:
        raise DefinitionError(problems)
    return typed


def _checked(source: str, values: list[Any]) -> Any:
    try:
        return _typed(source, tuple(_type(value, dates=False) for value in values))
    except DefinitionError:
        kinds = tuple(_type(value, dates=True) for value in values)
        if not any("date" in kind for kind in kinds):
            raise
        # `due < TODAY()`: JSON has no dates; a text that looks like one is read as one where a text does not fit.
        return _typed(source, kinds)


def value_of(source: Any, scope: Mapping[str, Any], now: datetime) -> Any:
    """Return what the expression *source* yields over *scope*; anything but a text is itself.

    Raises:
        Trouble: the text is no formula, or cannot be evaluated; it carries the names and their values.
    """
    if not isinstance(source, str):
        return source
    values: dict[str, Any] = {}
    try:
        found = formula(source)
        values = {name: look_up(path, scope) for name, path in zip(found.names, found.paths, strict=True)}
        if found.bare:
            # A name alone is its value, whatever that is: rows and objects are handed on whole.
            return next(iter(values.values()))
        rows = frozenset(path[0] for path in found.paths if _holds_rows(scope.get(path[0])))
        if rows:
            return _number(_over_rows(source, rows, scope, now))
        typed = _checked(source, list(values.values()))
        record = {f"v{number}": value for number, value in enumerate(values.values())}
        return _number(evaluate(typed, record, Context(now=now)))
    except (BeihuoError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise Trouble(
            "expression",
            f"表达式“{source}”算不出来: {error}",
            f"the expression “{source}” cannot be evaluated: {error}",
            expression=source,
            values=values,
        ) from error


def _holds_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, Mapping) for row in value)


def _over_rows(source: str, rows: frozenset[str], scope: Mapping[str, Any], now: datetime) -> Any:
    """Evaluate a formula that reads sub-forms: their columns are lists, a column that no row has is null."""
    found = formula(source, rows)
    record: dict[str, Any] = {}
    for path, alias in zip(found.paths, found.aliases, strict=True):
        if path[0] not in rows:
            record[alias[0]] = look_up(path, scope)
            continue
        columns = {other[1]: None for other in found.paths if other[0] == path[0] and len(other) > 1}
        record[alias[0]] = [{**columns, **row} for row in scope[path[0]] if isinstance(row, Mapping)]
    return evaluate(found.tree, record, Context(now=now))


def _number(value: Any) -> Any:
    """Return a whole double as an integer, so that 2 + 1 is stored as 3."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST:
        return int(value)
    return value


def holds(source: Any, scope: Mapping[str, Any], now: datetime) -> bool:
    """Say whether the condition *source* is true; null counts as false.

    Raises:
        Trouble: it cannot be evaluated, or yields something that is neither true nor false.
    """
    value = value_of(source, scope, now)
    if value is None or isinstance(value, bool):
        return value is True
    names = names_of(source)
    raise Trouble(
        "expression",
        f"条件“{source}”的结果不是真假",
        f"the condition “{source}” is neither true nor false",
        expression=str(source),
        values={name: look_up(tuple(name.split(".")), scope) for name in names},
    )


def names_of(source: Any) -> list[str]:
    """Return the names that *source* reads; none when it is no formula."""
    if not isinstance(source, str):
        return []
    try:
        return formula(source).names
    except DefinitionError:
        return []
