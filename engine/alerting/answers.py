"""From the rows at which some rule fires: which level, with which values; and which rules cannot be judged, and why.

Always DuckDB, also where Spark found the rows, so that texts and numbers are written by one hand.
"""

# ruff: noqa: S608 the SQL is made of quoted names, typed literals and compiled expressions, never of users' text

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from engine.alerting.compile import FIRES, UNKNOWN, Compiled, CompiledRule
from engine.alerting.shown import Shown
from engine.tables.duck import literal

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Unknown:
    """How many records a rule could not judge for one reason, and some of them.

    Args:
        rule: the rule's key.
        reason: why, in Chinese (提前期 为空).
        reason_en: why, in English.
        count: how many records.
        examples: the natural keys of some of them.
    """

    rule: str
    reason: str
    reason_en: str
    count: int
    examples: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen of a record whose alert is open and which does not breach now."""

    rule: str
    keys: dict[str, str]
    may_resolve: bool | None
    unknown: str | None


def outcomes(compiled: Compiled, hits: pa.Table) -> dict[int, np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the words of bits as arrays."""
    return {word: hits[f"m{word}"].to_numpy() for word in range(compiled.words)}


def rows_of(rule: CompiledRule, words: dict[int, Any], code: int = FIRES) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the places of the rows at which the rule has the outcome *code*."""
    return np.flatnonzero((words[rule.word] >> rule.shift) & 3 == code)


def _with(compiled: Compiled, words: dict[int, Any], code: int) -> list[tuple[int, CompiledRule]]:
    """Return the rules that have the outcome *code* in some row, with their numbers."""
    seen = {word: int(np.bitwise_or.reduce(bits)) if len(bits) else 0 for word, bits in words.items()}
    return [(n, rule) for n, rule in enumerate(compiled.rules) if (seen[rule.word] >> rule.shift) & code]


def breaches(connection: Any, compiled: Compiled, words: dict[int, Any], *, values: bool) -> pa.Table:
    """Return one row for each rule and record that fires: number of the rule, level, keys, shown values as JSON.

    Args:
        connection: a DuckDB in which the rows are registered as `hits`.
        compiled: the query that they came from.
        words: their outcomes.
        values: whether values are written; without them the column is null.
    """
    keys = ", ".join(f"key{n}" for n in range(len(compiled.keys)))
    parts = [
        f"SELECT {number} AS rule, {level_sql(rule)} AS level, {keys}, {_values(rule) if values else 'NULL'} AS shown "
        f"FROM hits WHERE {rule.code} = {FIRES}"
        for number, rule in _with(compiled, words, FIRES)
    ]
    if not parts:
        names = [f"key{n}" for n in range(len(compiled.keys))]
        columns = {"rule": pa.int32(), "level": pa.string()} | dict.fromkeys([*names, "shown"], pa.string())
        return pa.schema(list(columns.items())).empty_table()
    found: pa.Table = connection.sql(" UNION ALL ".join(parts)).to_arrow_table()
    return found


def level_sql(rule: CompiledRule) -> str:
    """Return the SQL of the level of a row at which the rule fires."""
    names = [condition.level for condition in rule.conditions]
    if len(set(names)) == 1:
        return literal(names[0])
    branches = "".join(f" WHEN {condition.sql} THEN {literal(condition.level)}" for condition in rule.conditions)
    return f"CASE{branches} END"


def _values(rule: CompiledRule) -> str:
    written = [(condition.sql, _json(condition.values)) for condition in rule.conditions]
    if len({text for _, text in written}) == 1:
        return written[0][1]
    return f"CASE{''.join(f' WHEN {test} THEN {text}' for test, text in written)} END"


def _json(values: Sequence[tuple[Shown, str]]) -> str:
    if not values:
        return "'{}'"
    pieces = []
    for number, (one, sql) in enumerate(values):
        opening = ("{" if number == 0 else ", ") + json.dumps(one.source, ensure_ascii=False) + ": "
        pieces += [literal(opening), _written(one, sql)]
    return " || ".join([*pieces, "'}'"])


def _written(one: Shown, sql: str) -> str:
    """Return the SQL that writes a value as JSON: whole numbers without a point, doubles as short as they can be read."""
    if one.type == "number":
        whole = f"{sql} = trunc({sql}) AND abs({sql}) < 1e15"
        number = f"CASE WHEN {whole} THEN CAST(CAST({sql} AS BIGINT) AS VARCHAR) ELSE CAST({sql} AS VARCHAR) END"
        return f"coalesce({number}, 'null')"
    return f"coalesce(CAST(to_json({sql}) AS VARCHAR), 'null')"


def unknowns(connection: Any, compiled: Compiled, words: dict[int, Any]) -> list[Unknown]:
    """Return why rules could not judge records, counted by reason, the most frequent first."""
    found = []
    keys = ", ".join(f"'k{n}': key{n}" for n in range(len(compiled.keys)))
    order = ", ".join(f"key{n}" for n in range(len(compiled.keys)))
    for _, rule in _with(compiled, words, UNKNOWN):
        query = (
            f"SELECT {_reason(rule)} AS reason, count(*) AS number, list({{{keys}}} ORDER BY {order})[1:{EXAMPLES}] AS some "
            f"FROM hits WHERE {rule.code} = {UNKNOWN} GROUP BY ALL ORDER BY number DESC, reason"
        )
        labels = _labels(rule)
        for reason, number, some in connection.sql(query).fetchall():
            zh, en = reason_text(labels[reason] if reason >= 0 else None)
            examples = tuple(dict(zip(compiled.keys, row.values(), strict=True)) for row in some)
            found.append(Unknown(rule.key, zh, en, int(number), examples))
    return found


def _inputs(rule: CompiledRule) -> dict[str, str]:
    """Return what the rule's conditions read: column → label."""
    return {column: label for condition in reversed(rule.conditions) for label, column in condition.inputs}


def _labels(rule: CompiledRule) -> list[str]:
    return list(_inputs(rule).values())


def _reason(rule: CompiledRule) -> str:
    branches = "".join(f" WHEN {column} IS NULL THEN {n}" for n, column in enumerate(_inputs(rule)))
    return f"CASE{branches} ELSE -1 END" if branches else "-1"


@functools.cache
def reason_text(label: str | None) -> tuple[str, str]:
    """Return the reason of an unknown outcome in Chinese and English: an empty field, or a division by zero."""
    if label is None:
        return "除数为 0,算不出结果", "a division by zero leaves no result"
    if "(" in label:
        return f"{label} 没有可用的天数", f"{label} has no day to look at"
    return f"{label} 为空", f"{label} is empty"


def watched(connection: Any, compiled: Compiled, numbers: set[int]) -> Iterator[Watched]:
    """Yield what was seen of the watched records of the rules *numbers* at which their rule does not fire.

    *connection* holds `watch_rules` (rule number, key0, …), the open alerts, beside `hits`.
    """
    names = [f"key{n}" for n in range(len(compiled.keys))]
    same = " AND ".join(f"hits.{name} = w.{name}" for name in names)
    for number in sorted(numbers):
        rule = compiled.rules[number]
        query = (
            f"SELECT {', '.join(f'hits.{name}' for name in names)}, {rule.resolve or 'NULL'} AS may, {rule.code} AS code, "
            f"{_reason(rule)} AS reason FROM hits JOIN watch_rules AS w ON {same} AND w.rule = {number} "
            f"WHERE {rule.code} <> {FIRES}"
        )
        labels = _labels(rule)
        for *key, may, code, reason in connection.sql(query).fetchall():
            why = reason_text(labels[reason] if reason >= 0 else None)[0] if code == UNKNOWN else None
            yield Watched(rule.key, dict(zip(compiled.keys, key, strict=True)), may, why)
