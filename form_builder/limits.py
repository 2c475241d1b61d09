"""Limits that several field types share: length, range, pattern, choice of words."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

from engine.problems import did_you_mean
from form_builder.field import Field, setting, unreadable

PATTERN = setting("string", "格式(正则表达式)", "Pattern (RE2)", maxLength=500, format="regex")
RANGE = {
    "min": setting("number", "最小值", "Smallest"),
    "max": setting("number", "最大值", "Largest"),
}


def check_length(text: str, field: Field, longest: int) -> None:
    """Refuse a *text* that is shorter or longer than the field allows."""
    low, high = field.get("min_length", 0), field.get("max_length", longest)
    if len(text) < low:
        raise unreadable(f"至少 {low} 个字,现有 {len(text)} 个", f"at least {low} characters, found {len(text)}")
    if len(text) > high:
        raise unreadable(f"最多 {high} 个字,现有 {len(text)} 个", f"at most {high} characters, found {len(text)}")


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """Return the compiled RE2 *pattern*: linear time whatever a user writes.

    Raises:
        re2.error: the pattern is not valid RE2.
    """
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    return re2.compile(pattern, options)


def check_pattern(text: str, field: Field) -> None:
    """Refuse a *text* that does not match the field's pattern as a whole."""
    pattern = field.get("pattern")
    if pattern and compiled(pattern).fullmatch(text) is None:
        message = field.get("pattern_message") or f"“{text}”不符合格式 {pattern}"
        raise unreadable(message, f"“{text}” does not match {pattern}")


def check_range(number: float, field: Field) -> None:
    """Refuse a *number* outside the field's `min` and `max`."""
    low, high = field.get("min"), field.get("max")
    if low is not None and number < low:
        raise unreadable(f"不能小于 {low:g},现为 {number:g}", f"must not be less than {low:g}, found {number:g}")
    if high is not None and number > high:
        raise unreadable(f"不能大于 {high:g},现为 {number:g}", f"must not be greater than {high:g}, found {number:g}")


OPTIONS = {
    "type": "array",
    "title": "选项",
    "x-title-en": "Options",
    "minItems": 1,
    "maxItems": 2000,
    "items": {
        "type": ["string", "object"],
        "minLength": 1,
        "properties": {
            "value": {"type": "string", "minLength": 1},
            "label": {"type": "string"},
            "label_en": {"type": "string"},
            "color": {"type": "string"},
            "when": {"type": "string", "x-widget": "expression", "maxLength": 2000},
        },
        "required": ["value"],
        "additionalProperties": False,
    },
}


def option_words(field: Field) -> dict[str, str]:
    """Return what may be written for each option (value, label, English label; lower case) → its value."""
    words: dict[str, str] = {}
    for option in field.get("options", ()):
        data = {"value": option} if isinstance(option, str) else option
        for word in (data["value"], data.get("label"), data.get("label_en")):
            if word:
                words.setdefault(str(word).strip().lower(), data["value"])
    return words


def read_option(word: str, field: Field) -> str:
    """Return the option that *word* names; an unknown one is refused unless the field allows new ones."""
    words = option_words(field)
    found = words.get(word.strip().lower())
    if found is not None:
        return found
    if field.get("allow_new"):
        return word.strip()
    near = did_you_mean(word.lower(), words)
    choices = "、".join(dict.fromkeys(words.values()))
    hint = f"是否想用“{words[near]}”?" if near else f"可选:{choices[:200]}"
    hint_en = f"did you mean “{words[near]}”?" if near else f"one of: {choices[:200]}"
    raise unreadable(f"没有选项“{word}”", f"there is no option “{word}”", hint, hint_en)


def option_label(value: Any, field: Field) -> str:
    """Return the label of the option *value*."""
    for option in field.get("options", ()):
        if not isinstance(option, str) and option["value"] == value:
            return str(option.get("label") or value)
    return str(value)
