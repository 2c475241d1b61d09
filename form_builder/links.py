"""Read links: the `code` of a record that must exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import unreadable
from form_builder.reading import to_list, to_text


def read_link(value: Any, form: str, context: RecordContext, *, several: bool) -> str | list[str]:
    """Return the code that *value* names in *form*, or the codes of *several*; absent ones are refused by name."""
    codes = [_code(part) for part in (to_list(value) if several else [value])]
    if context.lookup is not None:
        absent = [code for code in codes if context.lookup(form, code) is None]
        if absent:
            name = str(context.forms.get(form, {}).get("name", form))
            listed = "、".join(absent)
            raise unreadable(
                f"{name}里没有编码“{listed}”", f"{form} has no record with the code “{listed}”",
                "先建立这条记录,或检查编码是否写对", "create the record first, or check the code",
            )  # fmt: skip
    return list(dict.fromkeys(codes)) if several else codes[0]


def _code(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("code")
    code = to_text(value)
    if not code:
        raise unreadable("缺少编码", "the code is missing")
    return code
