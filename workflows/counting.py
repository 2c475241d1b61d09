"""Counting votes, in exact fractions: when a node passes, when it is rejected, and when it is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from workflows.refusal import Trouble

Votes = Sequence[bool | None]
"""One value a living base or parallel seat: approved, rejected or undecided."""


def read_ratio(value: Any) -> Fraction:
    """Return a ratio (`"2/3"`, `0.6`, `"60%"`) as an exact fraction.

    Raises:
        Trouble: it is none, or not between 0 and 1.
    """
    text = str(value).strip()
    try:
        ratio = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        ratio = Fraction(-1)
    if not 0 < ratio <= 1:
        raise Trouble("bad_ratio", f"“{value}”不是 0 到 1 之间的比例(如 2/3)", f"“{value}” is not a ratio such as 2/3")
    return ratio


def verdict(settings: Mapping[str, Any], votes: Votes) -> bool | None:
    """Return True when the node passes, False when it is rejected, None while it is open (workflow.md §3).

    Args:
        settings: the approval node's settings (`mode`, `or_reject`, `collect`, `ratio`, `count`).
        votes: the values of the living base and parallel seats.
    """
    total, yes, no = len(votes), sum(vote is True for vote in votes), sum(vote is False for vote in votes)
    mode = settings.get("mode", "all")
    if mode == "any":
        refused = no == total if settings.get("or_reject", "first") == "all" else no >= 1
        return _decide(passed=yes >= 1, refused=refused)
    if mode == "ratio":
        share = read_ratio(settings.get("ratio", 1))
        return _decide(passed=yes >= share * total, refused=total - no < share * total)
    if mode == "count":
        needed = int(settings.get("count", 1))
        return _decide(passed=yes >= needed, refused=total - no < needed)
    if mode not in {"all", "sequential", "random"}:
        raise Trouble("bad_mode", f"没有名为“{mode}”的审批方式", f"there is no mode “{mode}”")
    if mode == "all" and settings.get("collect"):
        return _decide(passed=yes == total, refused=yes + no == total)
    return _decide(passed=yes == total, refused=no >= 1)


def group_verdict(method: str, votes: Votes) -> bool | None:
    """Return what an added group (加签) says: any, all or sequential; a group without members agrees."""
    if method == "any":
        return _decide(passed=not votes or True in votes, refused=None not in votes)
    return _decide(passed=all(vote is True for vote in votes), refused=False in votes)


def _decide(*, passed: bool, refused: bool) -> bool | None:
    if passed:
        return True
    return False if refused else None
