"""A supplier of the workspace."""

from __future__ import annotations

from form_builder.field import Example, field_type
from form_builder.links import DomainLinkType


@field_type("supplier")
class Supplier(DomainLinkType):
    """A supplier of the workspace: a link to the form `supplier`, with its own picker. With `multiple`, a list of codes."""

    title, title_en = "供应商", "Supplier"
    icon, widget, group, kind = "shop", "supplier", "stock", "text"
    form = "supplier"
    examples = (Example({}, "S01", "S01"), Example({"multiple": True}, "S01; S01", ["S01"]))
