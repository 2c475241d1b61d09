"""What a formula's check can say, with the place in its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from engine.problems import Problem, did_you_mean

Trouble = Problem

TYPE_NAMES = {
    "number": "数值",
    "text": "文本",
    "boolean": "是非",
    "date": "日期",
    "datetime": "日期时间",
    "duration": "时长",
    "null": "空值",
    "any": "任意",
    "rows": "子表",
}


def type_name(word: str) -> str:
    """Return a type's Chinese name (`list[number]` → 数值列表)."""
    if word.startswith("list["):
        return f"{type_name(word[5:-1])}列表"
    return TYPE_NAMES.get(word, word)


def trouble(start: int, end: int, zh: str, en: str, hint: str = "", hint_en: str = "") -> Problem:
    """Return the problem of the source's characters *start* … *end*."""
    return Problem("$", zh, hint, en, hint_en, (start, max(end - start, 0)))


def unknown(
    start: int,
    end: int,
    name: str,
    kinds: tuple[str, str],
    known: Iterable[str],
    written: Callable[[str], str] | None = None,
) -> Problem:
    """Return “there is no … of that name”, with the nearest known one.

    *kinds* is what it should be, zh and en; *written* turns the nearest name into the text that mends the place (without it
    none is proposed).
    """
    near = did_you_mean(name, known)
    hint, hint_en = (f"是否想用“{near}”?", f"did you mean “{near}”?") if near else ("", "")
    found = trouble(
        start, end, f"没有名为“{name}”的{kinds[0]}", f"there is no {kinds[1]} named “{name}”", hint, hint_en
    )
    return replace(found, fix=written(near)) if near and written else found
