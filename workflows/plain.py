"""Plain JSON data: copies that share nothing, and digests that tell whether values changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_SCALARS = frozenset({str, int, float, bool, type(None)})
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def plain(value: Any) -> Any:
    """Return *value* as JSON data that shares nothing with it: dates as ISO text, decimals as numbers."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    # Every step copies the variables: what is JSON data already takes the short way.
    if kind is dict:
        return {str(key): item if type(item) in _SCALARS else plain(item) for key, item in value.items()}
    if kind is list:
        return [item if type(item) in _SCALARS else plain(item) for item in value]
    return _made_plain(value)


def _made_plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def digest(value: Any) -> str:
    """Return 16 hexadecimal digits that differ when the JSON data *value* differs, whatever the order of its keys."""
    return hashlib.blake2b(_encode(value).encode(), digest_size=8).hexdigest()


def draw(count: int, *seed: Any) -> int:
    """Return a number from 0 to *count* - 1 that depends on *seed* alone."""
    return int(hashlib.blake2b(json.dumps(seed).encode(), digest_size=8).hexdigest(), 16) % count
