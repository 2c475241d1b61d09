"""A department of the workspace, or several."""

from __future__ import annotations

from typing import Any

from form_builder.context import RecordContext
from form_builder.field import Example, Field, FieldType, field_type, setting, settings
from form_builder.people import read_people


@field_type("department")
class Department(FieldType):
    """A department by key; a name is read too. With `multiple`, a list of them."""

    title, title_en = "部门", "Department"
    icon, widget, group, kind = "team", "department", "people", "text"
    asks = True
    schema = settings(multiple=setting("boolean", "可选多个", "Several"))
    examples = (Example({}, "buying", "buying"), Example({"multiple": True}, "采购部、运营部", ["采购部", "运营部"]))

    @classmethod
    def column(cls, field: Field) -> str:
        """Return `json` for several departments, else `text`."""
        return "json" if field.get("multiple") else "text"

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> str | list[str]:
        """Return the key of the department, or of each."""
        return read_people(value, context.department, "部门", "department", several=bool(field.get("multiple")))

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the keys, separated by 、."""
        del field
        return "、".join(value) if isinstance(value, list) else str(value)
