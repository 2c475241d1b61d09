"""The outer limits of a document: plain JSON data, not too large, not too deep."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from engine.problems import Problem

MAX_DEPTH = 40
MAX_VALUES = 100_000
MAX_TEXT = 100_000
# 2 to the 53rd: beyond it a double no longer holds every integer.
MAX_INTEGER = 2**53


def child(path: str, key: str | int) -> str:
    """Return the JSON path of *key* inside *path*: `$.fields[1].type`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]'


def json_problems(document: Any, path: str = "$") -> list[Problem]:
    """Return what keeps *document* from being plain JSON data within the limits; the walk never recurses."""
    problems: list[Problem] = []
    waiting: list[tuple[Any, str, int]] = [(document, path, 0)]
    seen = 0
    while waiting:
        value, where, depth = waiting.pop()
        seen += 1
        if seen > MAX_VALUES:
            message = f"内容太多(超过 {MAX_VALUES} 个值)"
            return [*problems, Problem(path, message, "请拆成几个定义", f"more than {MAX_VALUES} values", "split it")]
        if isinstance(value, dict | list):
            if depth >= MAX_DEPTH:
                message = f"嵌套太深(超过 {MAX_DEPTH} 层)"
                return [*problems, Problem(where, message, "", f"nested more than {MAX_DEPTH} levels deep")]
            problems.extend(_keys(value, where))
            waiting.extend((item, child(where, key), depth + 1) for key, item in _items(value))
        else:
            problems.extend(_scalar(value, where))
    return problems


def _items(value: dict[Any, Any] | list[Any]) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, list):
        return iter(enumerate(value))
    return ((key, item) for key, item in value.items() if isinstance(key, str))


def _keys(value: dict[Any, Any] | list[Any], path: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                yield Problem(path, f"键 {key!r} 不是文本", "", f"the key {key!r} is not text")


def _scalar(value: Any, path: str) -> Iterator[Problem]:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            yield Problem(path, f"文本太长(超过 {MAX_TEXT} 字)", "", f"text of more than {MAX_TEXT} characters")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            yield Problem(path, "文本里有不成对的代理字符", "", "the text holds a lone surrogate")
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield Problem(path, "不是有限的数", "", "not a finite number")
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            yield Problem(path, "整数太大(超过 2^53)", "", "an integer beyond 2^53")
    elif value is not None:
        kind = type(value).__name__
        yield Problem(path, f"{kind} 不是 JSON 数据", "", f"{kind} is not JSON data")
