"""A person of the workspace, or several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.people import read_people


@field_type("member")
class Member(FieldType):
    """A user by key; a name is read too. With `multiple`, a list of them."""

    title, title_en = "成员", "Member"
    icon, widget, group, kind = "user", "member", "people", "text"
    asks = True
    schema = settings(
        multiple=setting("boolean", "可选多人", "Several"), role=setting("string", "限于角色", "Only of this role")
    )
    examples = (Example({}, "lin", "lin"), Example({"multiple": True}, "lin,chen", ["lin", "chen"]))

    @classmethod
    def column(cls, field: Field) -> str:
        """Return `json` for several people, else `text`."""
        return "json" if field.get("multiple") else "text"

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str | list[str]:
        """Return the key of the user, or of each."""
        find: Callable[[str], str | None] | None = context.member
        return read_people(value, find, "成员", "member", several=bool(field.get("multiple")))

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the keys, separated by 、."""
        del field
        return "、".join(value) if isinstance(value, list) else str(value)
