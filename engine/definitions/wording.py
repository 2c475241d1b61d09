"""What each JSON Schema keyword says when it is broken, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from engine.problems import Problem, did_you_mean

# A `jsonschema.ValidationError`; its attributes are typed as possibly unset there, and are always set in an error of ours.
Broken = Any


class Words(NamedTuple):
    """A message and a hint, each in Chinese and in English."""

    message: str
    hint: str = ""
    message_en: str = ""
    hint_en: str = ""


def suggestion(name: str, known: list[str]) -> tuple[str, str]:
    """Return the did-you-mean hint in Chinese and English; both empty when nothing is near."""
    near = did_you_mean(name, known)
    return (f"是否想用 “{near}”?", f"did you mean “{near}”?") if near else ("", "")


def shown(value: Any) -> str:
    """Return *value* as a message shows it: short, the JSON words for true, false and null."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _kinds(types: str | list[str]) -> list[str]:
    return [types] if isinstance(types, str) else list(types)


def _type(error: Broken) -> Words:
    kinds = _kinds(error.validator_value)
    found = shown(error.instance)
    return Words(f"应为 {' 或 '.join(kinds)},实为 {found}", "", f"should be {' or '.join(kinds)}, is {found}")


def _enum(error: Broken) -> Words:
    known = [shown(choice).strip("'") for choice in error.validator_value]
    found = shown(error.instance)
    hint, hint_en = suggestion(str(error.instance), known)
    if not hint:
        hint, hint_en = f"可用:{'、'.join(known)}", f"one of: {', '.join(known)}"
    return Words(f"不能是 {found}", hint, f"cannot be {found}", hint_en)


def _pattern(error: Broken) -> Words:
    hints = error.schema.get("x-pattern-hint", {}) if isinstance(error.schema, dict) else {}
    found = shown(error.instance)
    return Words(
        f"{found} 不合格式",
        hints.get("zh", f"应符合 {error.validator_value}"),
        f"{found} has the wrong form",
        hints.get("en", f"should match {error.validator_value}"),
    )


_FORMATS = {
    "date": ("日期", "2026-11-11", "a date"),
    "date-time": ("时刻", "2026-11-11T08:00:00+08:00", "a moment"),
    "duration": ("时长", "P1D、PT30M", "a duration"),
    "time": ("时间", "08:30", "a time of day"),
    "timezone": ("时区", "Asia/Shanghai", "a time zone"),
    "cron": (" cron 表达式", "0 8,14,20 * * *", "a cron expression"),
    "regex": ("模式", "[A-Z]{2}-[0-9]+", "a pattern"),
}


def _format(error: Broken) -> Words:
    name, example, name_en = _FORMATS[error.validator_value]
    found = shown(error.instance)
    return Words(f"{found} 不是{name}", f"例如 {example}", f"{found} is not {name_en}", f"for example {example}")


def _limit(zh: str, en: str) -> Callable[[Broken], Words]:
    def words(error: Broken) -> Words:
        limit = error.validator_value
        return Words(
            zh.format(limit=limit, found=shown(error.instance)), "", en.format(limit=limit, found=shown(error.instance))
        )

    return words


_WORDS: dict[str, Callable[[Broken], Words]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "format": _format,
    "const": _limit("应为 {limit!r},实为 {found}", "should be {limit!r}, is {found}"),
    "minimum": _limit("{found} 太小,不能小于 {limit}", "{found} is too small, at least {limit}"),
    "maximum": _limit("{found} 太大,不能大于 {limit}", "{found} is too large, at most {limit}"),
    "exclusiveMinimum": _limit("{found} 太小,要大于 {limit}", "{found} is too small, must be more than {limit}"),
    "exclusiveMaximum": _limit("{found} 太大,要小于 {limit}", "{found} is too large, must be less than {limit}"),
    "multipleOf": _limit("{found} 不是 {limit} 的倍数", "{found} is not a multiple of {limit}"),
    "minLength": _limit("太短,至少 {limit} 个字", "too short, at least {limit} characters"),
    "maxLength": _limit("太长,最多 {limit} 个字", "too long, at most {limit} characters"),
    "minItems": _limit("至少要有 {limit} 项", "needs at least {limit} items"),
    "maxItems": _limit("最多 {limit} 项", "at most {limit} items"),
    "minProperties": _limit("至少要有 {limit} 个键", "needs at least {limit} keys"),
    "maxProperties": _limit("最多 {limit} 个键", "at most {limit} keys"),
    "uniqueItems": _limit("有重复的项", "holds an item twice"),
    "not": _limit("不允许是 {found}", "must not be {found}"),
    "contains": _limit("缺少要求的项", "lacks a required item"),
    "anyOf": _limit("{found} 不合任何一种写法", "{found} fits none of the allowed forms"),
    "oneOf": _limit("{found} 不合任何一种写法", "{found} fits none of the allowed forms"),
}


def told(error: Broken, path: str) -> list[Problem]:
    """Return the problems that one broken keyword makes at *path*: `required` and unknown keys make one a key."""
    if error.validator == "required":
        return [missing(key, path) for key in error.validator_value if key not in error.instance][:1]
    if error.validator == "dependentRequired":
        return _dependent(error, path)
    words = _WORDS.get(str(error.validator))
    if words is None:
        return [Problem(path, "不合定义的要求", "", error.message)]
    return [Problem(path, *words(error))]


def missing(key: str, path: str) -> Problem:
    """Return the problem of a required *key* that is absent at *path*."""
    return Problem(path, f"缺少 {key}", "必填", f"{key} is missing", "required")


def _dependent(error: Broken, path: str) -> list[Problem]:
    needed = [
        (key, other)
        for key, others in error.validator_value.items()
        if key in error.instance
        for other in others
        if other not in error.instance
    ]
    return [Problem(path, f"有 {key} 就要有 {other}", "", f"{key} needs {other} beside it") for key, other in needed][
        :1
    ]


def unknown_key(key: str, known: list[str], path: str) -> Problem:
    """Return the problem of a *key* that the schema does not know, with the nearest one it does."""
    hint, hint_en = suggestion(key, known)
    if not hint and known:
        hint, hint_en = f"可用:{'、'.join(known)}", f"one of: {', '.join(known)}"
    return Problem(path, f"不认识 {key}", hint, f"unknown key {key}", hint_en)
