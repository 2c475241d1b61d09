"""Versions of packs: semantic versioning, and which versions a requirement allows."""

from __future__ import annotations

import re

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?", re.ASCII)
_PART = re.compile(r"(\^|~|>=|<=|>|<|=)?\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?", re.ASCII)
Key = tuple[int, int, int, tuple[tuple[int, int, str], ...]]
# Sorts after every pre-release of the same number.
_RELEASE = ((2, 0, ""),)


def key(version: str) -> Key:
    """Return what *version* is ordered by: a pre-release comes before its release.

    Raises:
        ValueError: it is no semantic version.
    """
    match = _VERSION.fullmatch(version)
    if match is None:
        raise ValueError(version)
    parts = match[4].split(".") if match[4] else []
    before = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    return int(match[1]), int(match[2]), int(match[3]), before or _RELEASE


def newer(one: str, other: str) -> bool:
    """Return whether version *one* comes after *other*."""
    return key(one) > key(other)


def allows(requirement: str, version: str) -> bool:
    """Return whether *version* meets *requirement*: `*`, `1.2.0`, `^1.2`, `~1.2`, `>=1.0,<2`."""
    if requirement.strip() == "*":
        return True
    return all(_meets(part.strip(), version) for part in re.split(r"[, ]+(?=[\^~<>=\d])", requirement.strip()))


def _meets(part: str, version: str) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    sign, numbers = match[1] or "=", [int(number) for number in match.groups()[1:] if number is not None]
    low: Key = (*_three(numbers), _RELEASE)
    have = key(version)
    if sign in {"^", "~"}:
        place = 0 if sign == "^" and (numbers[0] or len(numbers) == 1) else 1 if sign == "~" or len(numbers) > 1 else 0
        return low <= have < (*_raised(numbers, place), ())
    if sign == "=":
        return have[: len(numbers)] == low[: len(numbers)]
    return {">=": have >= low, "<=": have <= low, ">": have > low, "<": have < low}[sign]


def _three(numbers: list[int]) -> tuple[int, int, int]:
    padded = [*numbers, 0, 0][:3]
    return padded[0], padded[1], padded[2]


def _raised(numbers: list[int], place: int) -> tuple[int, int, int]:
    padded = list(_three(numbers))
    padded[place] += 1
    return _three(padded[: place + 1])
