"""A link to a record of another form."""

from __future__ import annotations

from form_builder.field import EXPRESSION, KEY, Example, Field, field_type, setting, settings
from form_builder.links import LinkType


@field_type("link")
class Link(LinkType):
    """A link to another form's record; its `code` is kept. With `multiple`, a list of codes."""

    title, title_en = "关联记录", "Link"
    icon, widget, group, kind = "link", "link", "relation", "text"
    asks = True
    schema = settings(
        "form",
        form=KEY | {"title": "关联表单", "x-title-en": "Form"},
        multiple=setting("boolean", "可选多条", "Several"),
        where=EXPRESSION | {"title": "可选范围", "x-title-en": "Only records where"},
        create=setting("boolean", "可当场新建", "May be created on the spot"),
    )
    examples = (
        Example({"form": "sku"}, "A001", "A001"),
        Example({"form": "sku"}, {"code": "A001", "name": "珍珠耳环"}, "A001"),
        Example({"form": "sku", "multiple": True}, "A001,A002", ["A001", "A002"]),
    )

    @classmethod
    def target(cls, field: Field) -> str | None:
        """Return the form that is linked to."""
        return str(field["form"])
