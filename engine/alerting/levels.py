"""Levels and their order: the known words by how grave they are, a rule's own words in the order it lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

KNOWN = ("info", "notice", "warning", "error", "critical")


def level_names(rule: Mapping[str, Any]) -> list[str]:
    """Return the level names of *rule*, base ones first, then those its calendars add; each once."""
    blocks = [rule, *rule.get("during", ()), *rule.get("overrides", ())]
    return list(dict.fromkeys(str(level["level"]) for block in blocks for level in block.get("levels", ())))


def order(names: Iterable[str]) -> list[str]:
    """Return *names*, the mildest first: known words by gravity; if one is unknown, all as they were listed."""
    listed = list(names)
    if all(name in KNOWN for name in listed):
        return sorted(listed, key=KNOWN.index)
    return listed


def rank(rule: Mapping[str, Any], level: str) -> int:
    """Return the place of *level* in *rule*'s order, 1 for the mildest; 0 for one it does not have."""
    names = order(level_names(rule))
    return names.index(level) + 1 if level in names else 0
