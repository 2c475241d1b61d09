"""The logic of a form: formulas, default formulas, rules and checks, as checked expressions in the order of need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.expression import check, parse
from engine.expression.typed import TypedTree
from engine.problems import DefinitionError, Problem
from form_builder.language import language_fields

Paths = dict[str, Any]
"""The fields that expressions read, as nested names: `{"sku": {"supplier": {}}}`."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A field whose value an expression gives: always (`formula`) or when nothing is given (`default`)."""

    key: str
    tree: TypedTree
    is_default: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the form: when its condition holds, fields are shown, required, locked or set."""

    when: TypedTree
    show: tuple[str, ...]
    hide: tuple[str, ...]
    require: tuple[str, ...]
    read_only: tuple[str, ...]
    set: tuple[tuple[str, TypedTree], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that every record must meet, and what to say when it does not."""

    tree: TypedTree
    message: str
    message_en: str
    fields: tuple[str, ...]


@dataclass(slots=True)
class Logic:
    """All expressions of a form, checked."""

    computed: list[Computed] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    options: dict[str, dict[str, TypedTree]] = field(default_factory=dict)
    reads: Paths = field(default_factory=dict)

    def trees(self) -> Iterator[TypedTree]:
        """Yield every expression."""
        yield from (one.tree for one in self.computed)
        for rule in self.rules:
            yield rule.when
            yield from (tree for _, tree in rule.set)
        yield from (one.tree for one in self.checks)
        for choices in self.options.values():
            yield from choices.values()


class _Compiler:
    """Checks the expressions of one form and collects their problems."""

    def __init__(self, definition: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> None:
        self.definition = definition
        self.fields = language_fields(definition, forms)
        self.problems: list[Problem] = []

    def tree(self, source: str, path: str, result: str | None = None) -> TypedTree | None:
        """Return the checked expression at *path*, or None after noting its problems."""
        try:
            typed, problems = check(parse(source), self.fields)
        except DefinitionError as error:
            self.problems += [Problem(path, p.message, p.hint, p.message_en, p.hint_en, p.at) for p in error.problems]
            return None
        if not problems and result is not None and typed.type not in {result, "any", "null"}:
            problems = [_wrong_type(result, typed.type)]
        self.problems += [Problem(path, p.message, p.hint, p.message_en, p.hint_en, p.at) for p in problems]
        return None if problems else typed

    def stored(self, source: str, path: str, result: str | None = None) -> TypedTree | None:
        """Return the checked expression at *path*, which must not read what only the server's tables know."""
        typed = self.tree(source, path, result)
        if typed is None or not typed.series_calls():
            return typed
        names = "、".join(dict.fromkeys(call.function for call in typed.series_calls()))
        self.problems.append(_changes_daily(names, path))
        return None


def compile_logic(definition: Mapping[str, Any], forms: Mapping[str, Mapping[str, Any]]) -> tuple[Logic, list[Problem]]:
    """Return the logic of the form *definition* and everything that is wrong with its expressions."""
    compiler = _Compiler(definition, forms)
    logic = Logic()
    computed = list(_computed(compiler))
    logic.computed, cycles = _in_order(computed)
    logic.rules = list(_rules(compiler))
    logic.checks = list(_checks(compiler))
    logic.options = dict(_options(compiler))
    for tree in logic.trees():
        for path in tree.paths():
            _note(logic.reads, path.split("."))
    places = {one["key"]: place for place, one in enumerate(definition["fields"])}
    return logic, compiler.problems + [_cycle(cycle, places) for cycle in cycles]


def _computed(compiler: _Compiler) -> Iterator[Computed]:
    for place, one in enumerate(compiler.definition["fields"]):
        path = f"$.fields[{place}]"
        if one["type"] == "formula":
            result = "number" if (kind := one.get("result", "number")) == "money" else kind
            read = compiler.tree if one.get("live") else compiler.stored
            tree = read(one["expression"], f"{path}.expression", result)
            if tree is not None and not one.get("live"):
                yield Computed(one["key"], tree, is_default=False)
        elif "default_expression" in one:
            tree = compiler.stored(one["default_expression"], f"{path}.default_expression")
            if tree is not None:
                yield Computed(one["key"], tree, is_default=True)


def _rules(compiler: _Compiler) -> Iterator[Rule]:
    for place, rule in enumerate(compiler.definition.get("rules", ())):
        path = f"$.rules[{place}]"
        when = compiler.stored(rule["when"], f"{path}.when", "boolean")
        values = {key: compiler.stored(text, f"{path}.set.{key}") for key, text in rule.get("set", {}).items()}
        if when is not None:
            show, hide, require, read_only = (
                tuple(rule.get(word, ())) for word in ("show", "hide", "require", "read_only")
            )
            trees = tuple((key, tree) for key, tree in values.items() if tree is not None)
            yield Rule(when, show, hide, require, read_only, trees)


def _checks(compiler: _Compiler) -> Iterator[Check]:
    for place, one in enumerate(compiler.definition.get("checks", ())):
        tree = compiler.stored(one["check"], f"$.checks[{place}].check", "boolean")
        if tree is not None:
            message_en = one.get("message_en") or one["message"]
            yield Check(tree, one["message"], message_en, tuple(one.get("fields", ())))


def _options(compiler: _Compiler) -> Iterator[tuple[str, dict[str, TypedTree]]]:
    for place, one in enumerate(compiler.definition["fields"]):
        trees: dict[str, TypedTree] = {}
        for number, option in enumerate(one.get("options", ())):
            if isinstance(option, Mapping) and "when" in option:
                path = f"$.fields[{place}].options[{number}].when"
                tree = compiler.stored(option["when"], path, "boolean")
                if tree is not None:
                    trees[option["value"]] = tree
        if trees:
            yield one["key"], trees


def _needs(one: Computed, keys: Iterable[str]) -> set[str]:
    return {path.split(".")[0] for path in one.tree.paths()} & set(keys)


def _in_order(computed: list[Computed]) -> tuple[list[Computed], list[list[str]]]:
    """Return the computed fields, each after those it needs, and the cycles that make this impossible."""
    by_key = {one.key: one for one in computed}
    done: dict[str, bool] = {}
    ordered: list[Computed] = []
    cycles: list[list[str]] = []

    def visit(key: str, behind: list[str]) -> None:
        if key in behind:
            cycles.append([*behind[behind.index(key) :], key])
        elif key not in done:
            for need in sorted(_needs(by_key[key], by_key)):
                visit(need, [*behind, key])
            if key not in done:
                done[key] = True
                ordered.append(by_key[key])

    for key in by_key:
        visit(key, [])
    return ordered, cycles


def _cycle(keys: list[str], places: Mapping[str, int]) -> Problem:
    chain = " → ".join(keys)
    return Problem(
        f"$.fields[{places[keys[0]]}]", f"公式互相引用,算不出来:{chain}", "去掉其中一个引用",
        f"the formulas need each other: {chain}", "remove one of the references",
    )  # fmt: skip


def _changes_daily(names: str, path: str) -> Problem:
    message, message_en = f"{names} 每天都在变,不能存进记录", f"{names} changes every day and cannot be stored"
    return Problem(path, message, "把公式设为“实时计算”(live)", message_en, "make the formula live")


def _wrong_type(wanted: str, found: str) -> Problem:
    return Problem("$", f"结果应为 {wanted},实为 {found}", "", f"the result should be {wanted}, is {found}")


def _note(paths: Paths, names: list[str]) -> None:
    for name in names:
        paths = paths.setdefault(name, {})
