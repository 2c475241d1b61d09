"""Pictures."""

from __future__ import annotations

from form_builder.field import Example, field_type
from form_builder.files import FilesType

IMAGES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/heic")


@field_type("image")
class Image(FilesType):
    """Pictures that were uploaded before: the record keeps id, name, size (bytes) and type of each."""

    title, title_en = "图片", "Image"
    icon, widget, group, kind = "picture", "image", "advanced", "json"
    accepted = IMAGES
    examples = (
        Example(
            {},
            [{"id": "f1", "name": "耳环.png", "size": 1000, "type": "image/png"}],
            [{"id": "f1", "name": "耳环.png", "size": 1000, "type": "image/png"}],
        ),
    )
