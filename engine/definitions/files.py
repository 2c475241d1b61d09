"""Definitions from files: one JSON document a file, a list of them, or an object that holds such lists (a pack)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.problems import BeihuoError

MAX_BYTES = 20_000_000


def read_definitions(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return the definitions of *kind* in a JSON file, or in all JSON files of a folder.

    A document says what it is by its `kind`; one that does not is taken for *kind*, so that a folder of rules needs no
    more than rules. A pack's `definitions` are looked into.

    Raises:
        BeihuoError: there is no such path, a file is no JSON, or is far too large.
    """
    if not path.exists():
        raise BeihuoError(f"没有 {path} / there is no {path}")
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    return [found for file in files for found in _of_kind(_read(file), kind, None)]


def _read(file: Path) -> Any:
    if file.stat().st_size > MAX_BYTES:
        raise BeihuoError(f"{file} 太大 / {file} is too large")
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BeihuoError(f"{file} 不是合法的 JSON:{error} / {file} is not JSON") from error


def _of_kind(document: Any, kind: str, under: str | None) -> Iterator[dict[str, Any]]:
    """Yield the definitions of *kind* in a document; *under* is the key of the list that it stands in."""
    if isinstance(document, list):
        for item in document:
            yield from _of_kind(item, kind, under)
    elif isinstance(document, dict):
        inner = document.get("definitions")
        if isinstance(inner, list | dict):
            yield from _of_kind(inner, kind, under)
        elif "key" not in document:
            for name, value in document.items():
                if isinstance(value, list):
                    yield from _of_kind(value, kind, name.removesuffix("s"))
        elif document.get("kind", under or kind) == kind:
            yield document
