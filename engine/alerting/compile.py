"""All rules over one table as one query: it returns only the rows at which some rule fires or cannot be judged.

Each rule's outcome is two bits of a word a row (0 quiet, 1 fires, 2 unknown), so that a hundred rules are one pass and
few columns; levels and shown values are worked out afterwards, for those rows only (`engine.alerting.answers`).
"""

# ruff: noqa: S608 the SQL is made of quoted names, typed literals and compiled expressions, never of users' text

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.alerting.leading import Coded, leading, word
from engine.alerting.plan import Condition, Let, Plan
from engine.alerting.relation import Relation
from engine.alerting.share import Share
from engine.alerting.shown import Shown, field_label, reads, shown, source_of
from engine.alerting.writer import Writer
from engine.expression.typed import Field, TypedTree
from engine.tables.scan import View
from engine.tables.wanted import Wanted

RULES_A_WORD = 31
# Up to so many columns, outcomes are kept for all rows before those that rest are dropped.
NARROW = 12
# HELD: no level holds, but neither does `resolve_when`, so that an alert goes on (asked for in a backtest only).
QUIET, FIRES, UNKNOWN, HELD = 0, 1, 2, 3


@dataclass
class CompiledCondition:
    """One level's condition as SQL over the rows that came back, with what is shown of it.

    Args:
        level: the level.
        sql: the condition.
        shown: what is shown, each with the columns that it reads; its SQL is written only for rules that fire.
        inputs: label and column of what the condition reads.
        writer: writes that SQL.
    """

    level: str
    sql: str
    shown: list[tuple[Shown, dict[Any, str]]]
    inputs: list[tuple[str, str]]
    writer: Writer

    @property
    def values(self) -> list[tuple[Shown, str]]:
        """What is shown, each with its SQL."""
        return [
            (one, columns[one.source] if one.tree is None else f"({self.writer.tree(one.tree, columns)})")
            for one, columns in self.shown
        ]


@dataclass
class CompiledRule:
    """One rule: where its bits lie, its conditions from the gravest down, when it may resolve."""

    key: str
    word: int
    shift: int
    conditions: list[CompiledCondition] = field(default_factory=list)
    resolve: str | None = None

    @property
    def code(self) -> str:
        """The rule's outcome in a row that came back, as SQL."""
        return f"((m{self.word} >> {self.shift}) & 3)"


@dataclass
class Compiled:
    """One query over one table.

    Args:
        rules: the rules in it.
        sql: the query.
        views: the tables that it reads, by the names under which they are to be registered.
        keys: the natural keys; the query returns them as text in `key0`, `key1`, ….
        words: how many words of bits a row has.
        stored: what the window store answers, as columns of the rules' own table.
        own: the columns of that table that are read.
    """

    rules: list[CompiledRule]
    sql: str
    views: dict[str, View]
    keys: tuple[str, ...]
    words: int
    stored: tuple[Wanted, ...] = ()
    own: tuple[str, ...] = ()


class Compiler:
    """Compiles the plans of one table into one query.

    Args:
        relation: the relation of that table; columns are asked of it.
        watched: whether rows that are named in a table `watch` (key0, key1, …) come back although no rule fires.
        values: whether the columns come back from which shown values and reasons are worked out.
        holds: whether rows come back at which an alert would go on because `resolve_when` does not hold.
    """

    def __init__(self, relation: Relation, *, watched: bool = False, holds: bool = False, values: bool = True) -> None:
        self.relation = relation
        self.values = values
        self.watched = watched
        self.holds = holds
        self.needed: dict[str, None] = {}
        self.names: dict[str, Mapping[str, str]] = {}

    def compile(self, plans: Sequence[Plan]) -> Compiled:
        """Return the query for *plans*."""
        rules, codes = [], []
        for number, plan in enumerate(plans):
            rule, test = self._rule(plan, number)
            rules.append(rule)
            codes.append(self._coded(plan, rule, test))
        words = -(-len(plans) // RULES_A_WORD)
        sql = self._query(rules, codes, words)
        relation = self.relation
        stored, own = tuple(relation.stored.values()), tuple(relation.own_columns())
        return Compiled(rules, sql, relation.views, relation.subject.keys, words, stored, own)

    def _rule(self, plan: Plan, number: int) -> tuple[CompiledRule, str]:
        share = Share.of(plan.rule)
        names: dict[str, str] = {}
        self.names[plan.key] = names
        guards = [f"coalesce({self._inline(tree, {}, share)}, FALSE)" for tree in plan.guards]
        for let in plan.lets.values():
            names[let.name] = self._let(let, guards, names, share)
        rule = CompiledRule(plan.key, number // RULES_A_WORD, 2 * (number % RULES_A_WORD))
        rule.conditions = [self._condition(plan, one, guards, names, share) for one in plan.conditions]
        if plan.resolve_when is not None:
            rule.resolve = self._inline(plan.resolve_when, names, share, keep=True)
        fires = " OR ".join(condition.sql for condition in rule.conditions) or "FALSE"
        if plan.where is not None:
            fires = f"coalesce({self._inline(plan.where, names, share)}, FALSE) AND ({fires})"
        return rule, fires

    def _inline(self, tree: TypedTree, names: Mapping[str, str], share: Share, *, keep: bool = False) -> str:
        """Return the SQL of *tree*; *keep* keeps the columns that it reads in the answer."""
        columns = self.relation.columns(tree, names, share)
        if keep:
            self.needed.update(dict.fromkeys(columns.values()))
        return f"({self.relation.writer.tree(tree, columns)})"

    def _let(self, let: Let, guards: list[str], names: Mapping[str, str], share: Share) -> str:
        """Return the column of a name; where a guard holds, its override takes the place of the plain formula."""
        plain = "NULL" if let.typed is None else self.relation.derive(let.typed, names, share)
        if not let.overrides:
            return plain
        inputs = [plain] if let.typed is not None else []
        branches = []
        for guard, tree in reversed(let.overrides):
            column = self.relation.derive(tree, names, share)
            inputs.append(column)
            branches.append(f"WHEN {guards[guard]} THEN {column}")
        return self.relation.derive_sql(f"CASE {' '.join(branches)} ELSE {plain} END", [*inputs, *self._all_columns()])

    def _all_columns(self) -> list[str]:
        # A guard may read any column; it is put after all that exist.
        return list(self.relation.depths)

    def _condition(
        self, plan: Plan, condition: Condition, guards: list[str], names: Mapping[str, str], share: Share
    ) -> CompiledCondition:
        # The level of a rule that has only one needs no column.
        sql = self._inline(condition.when, names, share, keep=self.values or len(plan.levels) > 1)
        if plan.rule.get("on_unknown") == "fire":
            sql = f"coalesce({sql}, TRUE)"
        applies = [*([guards[condition.guard]] if condition.guard is not None else [])]
        applies += [f"NOT {guards[number]}" for number in condition.unless]
        for number in (*condition.unless, *([condition.guard] if condition.guard is not None else [])):
            self._inline(plan.guards[number], {}, share, keep=True)
        sql = "(" + " AND ".join([*applies, sql]) + ")" if applies else sql
        if not self.values:
            return CompiledCondition(condition.level, sql, [], [], self.relation.writer)
        values = [(one, self._value(one, names, share)) for one in shown(plan, condition)]
        inputs: list[tuple[str, str]] = []
        for owner, node in reads(plan, condition.when):
            column = self.relation.columns(TypedTree(owner.tree, node, (), owner.labels), names, share)
            label = field_label(owner, node.path) if isinstance(node, Field) else source_of(owner, node)
            inputs.extend((label, name) for name in column.values())
        self.needed.update(dict.fromkeys(name for _, name in inputs))
        return CompiledCondition(condition.level, sql, values, inputs, self.relation.writer)

    def _value(self, one: Shown, names: Mapping[str, str], share: Share) -> dict[Any, str]:
        columns = {one.source: names[one.source]} if one.tree is None else self.relation.columns(one.tree, names, share)
        self.needed.update(dict.fromkeys(columns.values()))
        return columns

    def _code(self, rule: CompiledRule, test: str) -> str:
        """Return the outcome of a rule in a row."""
        if self.holds and rule.resolve is not None:
            held = f"CASE WHEN {rule.resolve} THEN {QUIET} ELSE {HELD} END"
            return f"CASE WHEN {test} THEN {FIRES} WHEN ({test}) IS NULL THEN {UNKNOWN} ELSE {held} END"
        return f"coalesce(CAST(({test}) AS BIGINT), {UNKNOWN})"

    def _coded(self, plan: Plan, rule: CompiledRule, test: str) -> Coded:
        """Return a rule's outcome, and what is left of it where its leading test has passed."""
        code, factor = self._code(rule, test), 1 << rule.shift
        first = leading(plan)
        if first is None or first.path in plan.lets:
            return Coded(factor, code)
        column = self.relation.field(first.path)
        names, share = self.names[plan.key], Share.of(plan.rule)
        if first.scoped:
            fires = " OR ".join(condition.sql for condition in rule.conditions) or "FALSE"
            scope = f"coalesce({self._inline(first.rest, names, share)}, FALSE) AND " if first.rest is not None else ""
            rest = f"{scope}({fires})"
        else:
            rest = "TRUE" if first.rest is None else self._inline(first.rest, names, share)
        if not self.dialect_is_duck:
            return Coded(factor, code)
        return Coded(factor, code, column, first.value, self._code(rule, rest))

    @property
    def dialect_is_duck(self) -> bool:
        """Whether the query is for DuckDB, which works a branch of a CASE out on its own rows only."""
        return self.relation.dialect.name == "duckdb"

    def _full(self) -> list[str]:
        """Return the columns of the table itself that have no null."""
        own = self.relation.subject.world.tables[self.relation.subject.name]
        leaves = self.relation.leaves.items()
        return [name for path, name in leaves if "." not in path and path in own.columns and own.is_full(path)]

    def _query(self, rules: list[CompiledRule], coded: list[Coded], words: int) -> str:
        self.relation.late_keys = not self.watched
        ctes = self.relation.ctes()
        last = ctes[-1][0]
        full = self._full() if any(code.column is not None for code in coded) else []
        codes = [word([c for c, rule in zip(coded, rules, strict=True) if rule.word == n], full) for n in range(words)]
        keys = [f"key{n}" for n in range(len(self.relation.subject.keys))]
        needed = [name for name in self.needed if name != "NULL"]
        items = [
            *keys,
            *(["as_of"] if self.relation.days else []),
            *needed,
            *(f"{code} AS m{n}" for n, code in enumerate(codes)),
        ]
        fires = " OR ".join(f"m{n} <> 0" for n in range(words))
        source = last
        if self.watched:
            same = " AND ".join(f"{last}.{key} = watch.{key}" for key in keys)
            source = (
                f"(SELECT {last}.*, watch.key0 IS NOT NULL AS watched FROM {last} LEFT JOIN watch ON {same}) AS seen"
            )
            items.append("watched")
            fires = f"watched OR {fires}"
        listed = ", ".join(f"{name} AS ({query})" for name, query in ctes)
        texts = [f"CAST({key} AS {self.relation.dialect.text}) AS {key}" for key in keys]
        back = ", ".join([*texts, *(item.rpartition(" AS ")[2] for item in items[len(keys) :])])
        outcome = f"SELECT {', '.join(items)} FROM {source}"
        # The filter would be drawn below the outcomes and work them out twice; few columns are cheaper to keep.
        once = self.relation.dialect.once if len(items) <= NARROW else ""
        return f"WITH {listed}, outcome AS {once}({outcome}) SELECT {back} FROM outcome WHERE {fires}"


def day_of(now: dt.datetime, zone: Any) -> dt.date:
    """Return the evaluation day: the local date of *now* in *zone*."""
    return (now if now.tzinfo is not None else now.replace(tzinfo=zone)).astimezone(zone).date()
