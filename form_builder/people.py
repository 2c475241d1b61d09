"""Read users and departments by key or name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from form_builder.field import unreadable
from form_builder.reading import to_list, to_text


def read_people(
    value: Any, find: Callable[[str], str | None] | None, label: str, label_en: str, *, several: bool
) -> str | list[str]:
    """Return the key of the one that *value* names, or the keys of *several*; unknown ones are refused by name."""
    words = [to_text(part) for part in (to_list(value) if several else [value])]
    keys = [word if find is None else find(word) for word in words]
    unknown = [word for word, key in zip(words, keys, strict=True) if key is None]
    if unknown:
        names = "、".join(unknown)
        raise unreadable(f"没有{label}“{names}”", f"there is no {label_en} “{names}”")
    known = [key for key in keys if key is not None]
    return list(dict.fromkeys(known)) if several else known[0]
