"""Links: the `code` of a record that must exist, and what the field types that hold one share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from form_builder.context import RecordContext
from form_builder.field import EXPRESSION, Field, FieldType, setting, settings, unreadable
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


class LinkType(FieldType):
    """A field that stores the `code` of a record of its target form; with `multiple`, a list of codes."""

    @classmethod
    def column(cls, field: Field) -> str:
        """Return `json` for several codes, else `text`."""
        return "json" if field.get("multiple") else "text"

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str | list[str]:
        """Return the code (or codes); one that the form does not hold is refused."""
        return read_link(value, str(cls.target(field)), context, several=bool(field.get("multiple")))

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the codes, separated by 、."""
        del field
        return "、".join(value) if isinstance(value, list) else str(value)


class DomainLinkType(LinkType):
    """A link to one form of the base pack, *form*, with a picker of its own."""

    form: ClassVar[str]
    asks = True
    schema = settings(
        multiple=setting("boolean", "可选多个", "Several"),
        where=EXPRESSION | {"title": "可选范围", "x-title-en": "Only where"},
    )

    @classmethod
    def target(cls, field: Field) -> str:
        """Return the form that is linked to."""
        del field
        return cls.form
