"""Uploaded files: references to them, and what the field types that hold some share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from engine.problems import Problem
from form_builder.context import RecordContext
from form_builder.field import Field, FieldType, Unreadable, setting, settings, unreadable

_KEYS = ("id", "name", "size", "type")


def read_files(value: Any, field: Field, accepted: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return id, name, size and type of each file; all problems at once, each under its file's place."""
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, Mapping) and isinstance(part.get("id"), str) and part.get("name") for part in parts):
        raise unreadable("应为已上传的文件", "should be uploaded files")
    if len(parts) > (most := field.get("max_count", 10)):
        raise unreadable(f"最多 {most} 个文件", f"at most {most} files")
    problems = [problem for place, part in enumerate(parts) for problem in _file_problems(place, part, field, accepted)]
    if problems:
        raise Unreadable(*problems)
    return [{key: part.get(key) for key in _KEYS} for part in parts]


def _file_problems(place: int, part: Mapping[str, Any], field: Field, accepted: Sequence[str]) -> list[Problem]:
    name, problems = part["name"], []
    largest = field.get("max_size_mb", 20)
    if (part.get("size") or 0) > largest * 1_000_000:
        problems.append(
            Problem(f"$[{place}]", f"“{name}”超过 {largest:g} MB", message_en=f"“{name}” is larger than {largest:g} MB")
        )
    kinds = field.get("accept") or accepted
    if kinds and part.get("type") not in kinds:
        listed = ", ".join(kinds)
        problems.append(
            Problem(f"$[{place}]", f"“{name}”的类型不对,只收 {listed}", message_en=f"“{name}” is not one of {listed}")
        )
    return problems


class FilesType(FieldType):
    """A field that keeps id, name, size (bytes) and type of files uploaded before; *accepted* are the types it takes unless said."""

    accepted: ClassVar[tuple[str, ...]] = ()
    schema = settings(
        max_count=setting("integer", "最多几个", "At most", minimum=1, maximum=100, default=10),
        max_size_mb=setting("number", "单个不超过(MB)", "Largest (MB)", exclusiveMinimum=0, maximum=1024, default=20),
        accept={"type": "array", "title": "文件类型", "x-title-en": "Accepted types", "items": {"type": "string"}},
    )

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> list[dict[str, Any]]:
        """Return the uploaded files; too many, too large or of another type are refused by name."""
        del context
        return read_files(value, field, cls.accepted)

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the names, separated by 、."""
        del field
        return "、".join(str(part["name"]) for part in value)
