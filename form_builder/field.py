"""What a field type is: its settings, its column, and how it reads what people type and files hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

from engine.problems import BeihuoError, Problem
from engine.registry import Registry
from form_builder.context import RecordContext

Field = Mapping[str, Any]
"""One field of a form definition: the common keys and the settings of its type, side by side."""


class Example(NamedTuple):
    """A proof of `read`: these settings and this input give this value."""

    settings: dict[str, Any]
    given: Any
    value: Any


class Unreadable(BeihuoError):
    """A value that a field cannot take; *problems* says why, paths from the value's root `$`."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def unreadable(message: str, message_en: str, hint: str = "", hint_en: str = "") -> Unreadable:
    """Return the error for one value with one problem."""
    return Unreadable(Problem("$", message, hint, message_en, hint_en))


class FieldType(Protocol):
    """A kind of field. Subclasses are static: they carry data and pure functions, and are never instantiated."""

    title: ClassVar[str]
    title_en: ClassVar[str]
    icon: ClassVar[str]
    widget: ClassVar[str]
    group: ClassVar[str]
    schema: ClassVar[dict[str, Any]]
    examples: ClassVar[tuple[Example, ...]]
    example: ClassVar[dict[str, Any]]
    """A field of this type as a form has it; made of the first of the examples when it is registered."""
    kind: ClassVar[str | None]
    """The column it is stored in: text, integer, number, money, boolean, date, datetime, json; None: not stored."""
    asks: ClassVar[bool] = False
    """Whether `read` asks the context about other records or people, so that the same input may read differently."""

    @classmethod
    def column(cls, field: Field) -> str | None:
        """Return the kind of the column of this *field*; None when nothing is stored."""
        del field
        return cls.kind

    @classmethod
    def target(cls, field: Field) -> str | None:
        """Return the form whose `code` the field stores, or None."""
        del field
        return None

    @classmethod
    def computed(cls, field: Field) -> bool:
        """Return whether the value is ours alone, so that what is given is passed over."""
        del field
        return False

    @classmethod
    def read(cls, value: Any, field: Field, context: RecordContext) -> Any:
        """Return the JSON value that a non-empty *value* stands for, or raise Unreadable."""
        ...

    @classmethod
    def show(cls, value: Any, field: Field) -> str:
        """Return the value as people read it (in exports, messages, labels)."""
        del field
        return str(value)


FIELD_TYPES: Registry[type[FieldType]] = Registry("字段类型", "form_builder.fields", "beihuo.fields", "field type")

_T = TypeVar("_T", bound=type[FieldType])


def field_type(name: str) -> Callable[[_T], _T]:
    """Register the decorated class as the field type *name*."""

    def register(plug_in: _T) -> _T:
        plug_in.example = {"key": "field", "type": name, "label": plug_in.title, **plug_in.examples[0].settings}
        FIELD_TYPES.add(name, plug_in)
        return plug_in

    return register


def setting(kind: str, title: str, title_en: str, **more: Any) -> dict[str, Any]:
    """Return the JSON Schema of one setting with its titles in both languages."""
    return {"type": kind, "title": title, "x-title-en": title_en, **more}


KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,54}$"}
EXPRESSION = {"type": "string", "minLength": 1, "maxLength": 2000, "x-widget": "expression"}

COMMON: dict[str, dict[str, Any]] = {
    "key": KEY | {"title": "字段标识", "x-title-en": "Key"},
    "type": setting("string", "类型", "Type"),
    "label": setting("string", "名称", "Label", minLength=1, maxLength=100),
    "label_en": setting("string", "英文名称", "Label in English", maxLength=100),
    "help": setting("string", "说明", "Help", maxLength=500),
    "help_en": setting("string", "英文说明", "Help in English", maxLength=500),
    "placeholder": setting("string", "输入提示", "Placeholder", maxLength=100),
    "required": setting("boolean", "必填", "Required"),
    "unique": setting("boolean", "不允许重复", "Unique"),
    "default": {"title": "默认值", "x-title-en": "Default"},
    "default_expression": EXPRESSION | {"title": "默认公式", "x-title-en": "Default formula"},
    "read_only": setting("boolean", "只读", "Read-only"),
    "hidden": setting("boolean", "隐藏", "Hidden"),
}
"""The keys that every field may have."""


def settings(*required: str, **own: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a field: the common keys and its *own* settings, some *required*; no others."""
    return {
        "type": "object",
        "properties": COMMON | own,
        "required": ["key", "type", "label", *required],
        "additionalProperties": False,
    }
