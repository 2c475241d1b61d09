"""A stock-keeping unit of the workspace."""

from __future__ import annotations

from form_builder.field import Example, field_type
from form_builder.links import DomainLinkType


@field_type("sku")
class Sku(DomainLinkType):
    """A stock-keeping unit of the workspace: a link to the form `sku`, with its own picker. With `multiple`, a list of codes."""

    title, title_en = "商品", "SKU"
    icon, widget, group, kind = "box", "sku", "stock", "text"
    form = "sku"
    examples = (Example({}, "A001", "A001"), Example({"multiple": True}, "A001; A001", ["A001"]))
