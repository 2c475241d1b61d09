"""The types of the language, and which of them a form field has.

number (IEEE double), text, boolean, date, datetime (an instant), duration, list[…] of these; *null* is the type of None,
*any* that of a part which could not be typed (so that one mistake is told once), *rows* a sub-form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

NUMBER: Final = "number"
TEXT: Final = "text"
BOOLEAN: Final = "boolean"
DATE: Final = "date"
DATETIME: Final = "datetime"
DURATION: Final = "duration"
NULL: Final = "null"
ANY: Final = "any"
ROWS: Final = "rows"

SCALARS: Final = frozenset({NUMBER, TEXT, BOOLEAN, DATE, DATETIME, DURATION})
ORDERED: Final = frozenset({NUMBER, TEXT, DATE, DATETIME, DURATION})

_FIELD_TYPES: dict[str, str] = {
    **dict.fromkeys(
        ("number", "integer", "int", "float", "double", "decimal", "money", "currency", "percent", "percentage", "rating",
         "slider", "quantity", "progress", "score"), NUMBER),
    **dict.fromkeys(("boolean", "bool", "switch", "checkbox", "toggle", "yes_no"), BOOLEAN),
    **dict.fromkeys(("date", "day"), DATE),
    **dict.fromkeys(("datetime", "timestamp", "moment", "created_at", "updated_at"), DATETIME),
    **dict.fromkeys(("duration", "timedelta", "interval"), DURATION),
    **dict.fromkeys(("multi_choice", "multi_select", "multiselect", "checkboxes", "tags", "users", "departments", "links",
                     "multi_link", "cascade", "attachment", "attachments", "image", "images", "file", "files"), "list[text]"),
    **dict.fromkeys(("list", "array"), "list[any]"),
    **dict.fromkeys(("subform", "sub_form", "sub_table", "table", "rows", "lines"), ROWS),
    "null": NULL,
    "any": ANY,
}  # fmt: skip


def language_type(field_type: str) -> str:
    """Return the language's type of a form field's type (`money` → number); unlisted ones hold text."""
    word = field_type.strip().lower()
    if word.startswith("list[") and word.endswith("]"):
        return list_of(language_type(word[5:-1]))
    return _FIELD_TYPES.get(word, TEXT)


def field_language_type(field: Mapping[str, Any]) -> str:
    """Return the language's type of a form field's definition; a formula's is what its `result` says, else *any*."""
    kind = str(field.get("type", TEXT))
    if kind in {"formula", "computed", "lookup", "rollup", "summary"}:
        result = field.get("result") or field.get("returns") or field.get("value_type")
        return language_type(str(result)) if result else ANY
    if kind in {"choice", "select"} and field.get("multiple"):
        return "list[text]"
    if kind == "link" and field.get("multiple"):
        return "list[text]"
    return language_type(kind)


def list_of(item: str) -> str:
    """Return the type of a list of *item*."""
    return f"list[{item}]"


def is_list(word: str) -> bool:
    """Say whether *word* is the type of a list."""
    return word.startswith("list[")


def item_of(word: str) -> str:
    """Return the type of a list's items."""
    return word[5:-1]


def fits(actual: str, wanted: str) -> bool:
    """Say whether a value of type *actual* may stand where *wanted* is asked for."""
    if ANY in {actual, wanted} or actual in {wanted, NULL}:
        return True
    if is_list(actual) and is_list(wanted):
        return fits(item_of(actual), item_of(wanted))
    return False


def join(first: str, second: str) -> str | None:
    """Return the one type that both fit, or None: null and any give way."""
    if first in {NULL, ANY}:
        return second if first == NULL or second != NULL else first
    if second in {NULL, ANY} or first == second:
        return first
    if is_list(first) and is_list(second):
        item = join(item_of(first), item_of(second))
        return None if item is None else list_of(item)
    return None
