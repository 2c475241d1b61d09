"""Pieces of JSON Schema that several node types share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXPRESSION: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": 2000, "x-widget": "expression"}
"""Source text of an expression."""

VALUE: Mapping[str, Any] = {
    "type": ["string", "number", "boolean", "null"],
    "maxLength": 2000,
    "x-widget": "expression",
}
"""An expression, or a constant that is no text."""

VALUES: Mapping[str, Any] = {
    "type": "object",
    "title": "字段取值",
    "x-title-en": "Field values",
    # For a sub-form: a list of rows whose values are expressions.
    "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"], "maxLength": 2000},
    "x-widget": "values",
}
DURATION: Mapping[str, Any] = {"type": ["string", "number"], "x-widget": "duration"}
FORM: Mapping[str, Any] = {"type": "string", "title": "表单", "x-title-en": "Form", "x-widget": "form"}
SOURCES: Mapping[str, Any] = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "title": "人员",
    "x-title-en": "People",
    "x-widget": "people",
}
FIELDS: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}, "x-widget": "fields"}
EMPTY: Mapping[str, Any] = {
    "type": "string",
    "pattern": "^(error|pass|reject|admin|user:.+)$",
    "title": "找不到人时",
    "x-title-en": "When nobody is found",
    "default": "error",
}
CALENDAR: Mapping[str, Any] = {"enum": ["work", "wall"], "title": "时钟", "x-title-en": "Clock", "default": "wall"}
TIMEOUT: Mapping[str, Any] = {
    "type": "array",
    "title": "超时",
    "x-title-en": "Time limits",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["action"],
        "properties": {
            "after": DURATION,
            "before": DURATION,
            "from": EXPRESSION,
            "calendar": CALENDAR,
            "action": {"type": "string", "pattern": "^(remind|pass|reject|escalate|return:.+|transfer:.+)$"},
            "every": DURATION,
            "max": {"type": "integer", "minimum": 1},
            "how": {"enum": ["parallel", "transfer"], "default": "parallel"},
        },
    },
}
COPIES: Mapping[str, Any] = {
    "type": "array",
    "title": "抄送",
    "x-title-en": "Copies",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["to"],
        "properties": {"on": {"enum": ["enter", "pass", "reject"], "default": "pass"}, "to": SOURCES},
    },
}
ACTIONS = ("approve", "reject", "return", "add_sign", "transfer", "delegate")

PEOPLE: Mapping[str, Any] = {
    "approvers": SOURCES,
    "empty": EMPTY,
    "timeout": TIMEOUT,
    "cc": COPIES,
    "write": {**FIELDS, "title": "可写字段", "x-title-en": "Fields to write"},
    "read": {**FIELDS, "title": "只读字段", "x-title-en": "Fields to read"},
    "hide": {**FIELDS, "title": "隐藏字段", "x-title-en": "Hidden fields"},
    "return_to": {"type": "array", "items": {"type": "string"}, "title": "可退回到", "x-title-en": "May return to"},
    "resume": {"enum": ["replay", "direct", "changed", "ask"], "default": "replay", "title": "退回后", "x-title-en": "After a return"},
    "required_on": {"type": "object", "additionalProperties": FIELDS, "title": "必填", "x-title-en": "Required"},
}  # fmt: skip
"""Settings that every node with people has."""

COMPENSATE: Mapping[str, Any] = {
    "type": "object",
    "title": "退回时撤销",
    "x-title-en": "Undo on return",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "values": VALUES},
}


def settings(properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """Return the JSON Schema of a node's own settings."""
    return {"type": "object", "additionalProperties": False, "properties": dict(properties), "required": list(required)}
