"""A warehouse of the workspace."""

from __future__ import annotations

from form_builder.field import Example, field_type
from form_builder.links import DomainLinkType


@field_type("warehouse")
class Warehouse(DomainLinkType):
    """A warehouse of the workspace: a link to the form `warehouse`, with its own picker. With `multiple`, a list of codes."""

    title, title_en = "仓库", "Warehouse"
    icon, widget, group, kind = "bank", "warehouse", "stock", "text"
    form = "warehouse"
    examples = (Example({}, "hd", "hd"), Example({"multiple": True}, "hd; hd", ["hd"]))
