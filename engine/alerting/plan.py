"""A rule made ready: every formula checked, calendars that are on merged in, levels in order; all problems at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.alerting.calendars import ActiveEvent, active_events, by_key
from engine.alerting.levels import level_names, order
from engine.alerting.subject import Subject, World
from engine.definitions.document import child
from engine.expression import check, parse
from engine.expression.scope import Entry, Scope, fold
from engine.expression.typed import TypedTree
from engine.problems import DefinitionError, Problem, did_you_mean


@dataclass(frozen=True)
class Let:
    """A name of the rule: its formula, and those that take its place where a guard (by number) holds; the last one wins."""

    name: str
    typed: TypedTree | None
    overrides: tuple[tuple[int, TypedTree], ...] = ()

    @property
    def type(self) -> str:
        """The type of its value."""
        trees = [self.typed] if self.typed else [tree for _, tree in self.overrides]
        return trees[0].type

    def trees(self) -> list[TypedTree]:
        """Return all its formulas."""
        return [*([self.typed] if self.typed else []), *(tree for _, tree in self.overrides)]


@dataclass(frozen=True)
class Condition:
    """One level's condition: it counts where the guard holds (if there is one) and none of *unless* does."""

    level: str
    rank: int
    when: TypedTree
    guard: int | None = None
    unless: tuple[int, ...] = ()


@dataclass
class Plan:
    """A rule made ready for one day.

    Args:
        rule: the definition.
        subject: its table and what that leads to.
        where: which records it is about, or None for all.
        guards: conditions of `during` blocks and overrides, each null counting as false.
        lets: its names in order.
        conditions: the conditions of its levels.
        resolve_when: when a firing alert ends, or None for when no level holds.
        problems: what is wrong; a plan with problems is not run.
    """

    rule: Mapping[str, Any]
    subject: Subject
    where: TypedTree | None = None
    guards: list[TypedTree] = field(default_factory=list)
    lets: dict[str, Let] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)
    resolve_when: TypedTree | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The rule's key."""
        return str(self.rule["key"])

    @property
    def levels(self) -> list[str]:
        """The names of its levels, the mildest first."""
        return order(level_names(self.rule))

    def trees(self) -> list[TypedTree]:
        """Return every formula."""
        lets = [tree for one in self.lets.values() for tree in one.trees()]
        single = [tree for tree in (self.where, self.resolve_when) if tree is not None]
        return [*single, *self.guards, *lets, *(condition.when for condition in self.conditions)]


def make_plan(rule: Mapping[str, Any], world: World, calendars: Any = None, day: dt.date | None = None) -> Plan:
    """Return the plan of *rule* on *day*; without a day, every `during` block is looked at, as when it is published.

    Raises:
        BeihuoError: there is no table of that name.
    """
    return _Planner(rule, world.subject(str(rule["over"])), by_key(calendars), day).plan()


@dataclass(frozen=True)
class _Block:
    """A `during` block or an override that may count: its definition, its place, its guard (None: it counts everywhere)."""

    definition: Mapping[str, Any]
    path: str
    guard: int | None
    replaces: bool


class _Planner:
    def __init__(
        self, rule: Mapping[str, Any], subject: Subject, calendars: Mapping[str, Mapping[str, Any]], day: dt.date | None
    ) -> None:
        self.made = Plan(rule, subject)
        self.calendars = calendars
        self.day = day
        self.scope = Scope({})
        self.scope.by_key.update(subject.scope.by_key)
        self.scope.by_label.update(subject.scope.by_label)

    def plan(self) -> Plan:
        rule, made = self.made.rule, self.made
        if rule.get("where"):
            made.where = self._tree(rule["where"], "$.where", "boolean")
        blocks = [*self._during(), *self._overrides()]
        self._lets(blocks)
        replacing = [block for block in blocks if block.replaces]
        if all(block.guard is not None for block in replacing):
            unless = tuple(block.guard for block in replacing if block.guard is not None)
            self._levels(rule, "$", None, unless)
        for block in blocks:
            self._levels(block.definition, block.path, block.guard, ())
        made.conditions.sort(key=lambda condition: -condition.rank)
        if rule.get("resolve_when"):
            made.resolve_when = self._tree(rule["resolve_when"], "$.resolve_when", "boolean")
        return made

    def _tree(self, source: Any, path: str, result: str | None = None) -> TypedTree | None:
        """Return the checked formula, or None with its problems noted."""
        try:
            typed, problems = check(parse(source), self.scope, result=result)
        except DefinitionError as error:
            self.made.problems.extend(problem.under(path) for problem in error.problems)
            return None
        self.made.problems.extend(problem.under(path) for problem in problems)
        return None if problems else typed

    def _during(self) -> Iterator[_Block]:
        for number, block in enumerate(self.made.rule.get("during", ())):
            path = f"$.during[{number}]"
            calendar = self.calendars.get(block["calendar"])
            if calendar is None:
                self._no_calendar(block["calendar"], path)
                continue
            events = _all_events(calendar) if self.day is None else active_events(calendar, self.day)
            if events or self.day is None:
                guard = self._guard(_joined(self._event_test(events), block.get("where")), path)
                yield _Block(block, path, guard, bool(block.get("replace")))

    def _overrides(self) -> Iterator[_Block]:
        for number, block in enumerate(self.made.rule.get("overrides", ())):
            path = f"$.overrides[{number}]"
            yield _Block(block, path, self._guard(block["where"], path), bool(block.get("levels")))

    def _no_calendar(self, key: str, path: str) -> None:
        near = did_you_mean(key, self.calendars)
        hint, hint_en = (f"是否想用 “{near}”?", f"did you mean “{near}”?") if near else ("", "")
        message, message_en = f"没有名为 “{key}” 的日历", f"there is no calendar “{key}”"
        self.made.problems.append(Problem(f"{path}.calendar", message, hint, message_en, hint_en))

    def _event_test(self, events: list[ActiveEvent]) -> str | None:
        """Return the condition under which one of *events* concerns a record; None: all records."""
        tests = []
        for event in events:
            channels = None
            if event.channels and self.scope.find("channel"):
                channels = f"channel in [{', '.join(map(repr, event.channels))}]"
            test = _joined(event.where, channels)
            if test is None:
                return None
            tests.append(f"({test})")
        return " or ".join(dict.fromkeys(tests)) or None

    def _guard(self, source: str | None, path: str) -> int | None:
        if source is None and self.day is not None:
            return None
        tree = self._tree(source or "True", f"{path}.where", "boolean")
        if tree is None:
            tree = self._tree("False", path)
        if tree is None:
            raise AssertionError
        self.made.guards.append(tree)
        return len(self.made.guards) - 1

    def _lets(self, blocks: list[_Block]) -> None:
        base = self.made.rule.get("let", {})
        for name in self._ordered(base, blocks):
            plain = self._tree(base[name], child("$.let", name)) if name in base else None
            overrides: list[tuple[int, TypedTree]] = []
            for block in blocks:
                source = block.definition.get("let", {}).get(name)
                tree = self._tree(source, child(f"{block.path}.let", name)) if source is not None else None
                if tree is not None and block.guard is None:
                    plain, overrides = tree, []
                elif tree is not None and block.guard is not None:
                    overrides.append((block.guard, tree))
            if plain is None and not overrides:
                self._name(name, "any")
                continue
            let = Let(name, plain, tuple(overrides))
            self.made.lets[name] = let
            self._same_type(let)
            self._name(name, let.type)

    def _ordered(self, base: Mapping[str, str], blocks: list[_Block]) -> list[str]:
        """Return the rule's names, each after those that it uses: a JSON object promises no order."""
        sources: dict[str, list[str]] = {}
        for let in (base, *(block.definition.get("let", {}) for block in blocks)):
            for name, source in let.items():
                sources.setdefault(name, []).append(source)
        folded = {fold(name): name for name in sources}
        uses = {
            name: {folded[used] for text in texts for used in _used(text) if used in folded}
            for name, texts in sources.items()
        }
        ordered: list[str] = []
        waiting = list(sources)
        while waiting:
            free = [name for name in waiting if uses[name] <= set(ordered)]
            if not free:
                shown = "、".join(waiting)
                self.made.problems.append(
                    Problem("$.let", f"{shown} 互相引用", "", f"{', '.join(waiting)} refer to each other")
                )
                return ordered
            ordered.append(free[0])
            waiting.remove(free[0])
        return ordered

    def _name(self, name: str, kind: str) -> None:
        self.scope.by_key[fold(name)] = Entry(name, "", kind)

    def _same_type(self, let: Let) -> None:
        kinds = sorted({tree.type for tree in let.trees()} - {"null", "any"})
        if len(kinds) > 1:
            message = f"{let.name} 的几个公式类型不同:{'、'.join(kinds)}"
            message_en = f"the formulas of {let.name} have different types: {', '.join(kinds)}"
            self.made.problems.append(Problem(child("$.let", let.name), message, "", message_en))

    def _levels(self, block: Mapping[str, Any], path: str, guard: int | None, unless: tuple[int, ...]) -> None:
        names = self.made.levels
        for number, level in enumerate(block.get("levels", ())):
            tree = self._tree(level["when"], f"{path}.levels[{number}].when", "boolean")
            if tree is not None:
                rank = names.index(str(level["level"])) + 1
                self.made.conditions.append(Condition(str(level["level"]), rank, tree, guard, unless))


def _used(source: str) -> set[str]:
    """Return the names that a formula uses, as names are compared."""
    try:
        return {fold(parts[0]) for parts in parse(source).names()}
    except DefinitionError:
        return set()


def _joined(*tests: str | None) -> str | None:
    """Return the conditions joined by `and`; None where there is none."""
    given = [test for test in tests if test]
    return " and ".join(f"({test})" for test in given) if len(given) > 1 else (given[0] if given else None)


def _all_events(calendar: Mapping[str, Any]) -> list[ActiveEvent]:
    """Return every event of *calendar*, as for a check of all that may ever count."""
    return [
        ActiveEvent(str(event["name"]), "", 1.0, tuple(event.get("channels", ())), event.get("where"))
        for event in calendar.get("events", ())
    ]


def ready(plans: list[Plan]) -> list[Plan]:
    """Return *plans*.

    Raises:
        DefinitionError: one of them has problems; each problem's path begins with its rule's key.
    """
    problems = [problem.under(f"$.{plan.key}") for plan in plans for problem in plan.problems]
    if problems:
        raise DefinitionError(problems)
    return plans
