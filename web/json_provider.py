"""JSON as the API speaks it: ISO moments in UTC, exact decimals as numbers, no NaN, Chinese as it is."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from flask.json.provider import JSONProvider

MOST_NESTED = 64


def plain(value: Any) -> Any:
    """Return *value* as JSON data: numbers that are no numbers become null."""
    if value is None or isinstance(value, str | bool | int):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _other(value)


def _other(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(UTC)).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        return int(value) if value == value.to_integral_value() else plain(float(value))
    if isinstance(value, timedelta):
        return value.total_seconds()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return plain(value.value)
    return str(value)


def bad_text(value: Any, path: str = "$", depth: int = 0) -> str | None:
    """Return the path of the first text that no database keeps (NUL, half a surrogate pair) or of too deep nesting."""
    if depth > MOST_NESTED:
        return path
    if isinstance(value, str):
        return path if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value) else None
    if isinstance(value, dict):
        parts = [(key, f"{path}.(键)") for key in value] + [(item, f"{path}.{key}") for key, item in value.items()]
    elif isinstance(value, list):
        parts = [(item, f"{path}[{number}]") for number, item in enumerate(value)]
    else:
        return None
    return next((found for item, at in parts if (found := bad_text(item, at, depth + 1))), None)


class Provider(JSONProvider):
    """Flask's JSON, by the rules above."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        """Return *obj* as JSON text."""
        return json.dumps(plain(obj), ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        """Return the data of JSON text; `NaN` and `Infinity` are no JSON."""

        def refuse(constant: str) -> float:
            raise ValueError(constant)

        return json.loads(s, parse_constant=refuse)
