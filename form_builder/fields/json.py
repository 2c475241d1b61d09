"""Any JSON data."""

from __future__ import annotations

import json
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, settings, unreadable

_LARGEST = 100_000


@field_type("json")
class Json(FieldType):
    """Any JSON data, for programs; at most 100,000 characters."""

    title, title_en = "JSON 数据", "JSON"
    icon, widget, group, kind = "code", "json", "advanced", "json"
    schema = settings()
    examples = (Example({}, '{"a": [1, 2]}', {"a": [1, 2]}), Example({}, [1, "b"], [1, "b"]))

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> Any:
        """Return the data; a text is parsed."""
        del field, context
        try:
            data = json.loads(value, parse_constant=_refuse) if isinstance(value, str) else value
            size = len(json.dumps(data, ensure_ascii=False, allow_nan=False))
        except (ValueError, TypeError, RecursionError):
            raise unreadable("不是有效的 JSON", "is not valid JSON") from None
        if size > _LARGEST:
            raise unreadable(f"JSON 太大({size:,} 字)", f"the JSON is too large ({size:,} characters)")
        return data

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the JSON text."""
        del field
        return json.dumps(value, ensure_ascii=False)


def _refuse(constant: str) -> None:
    raise ValueError(constant)
