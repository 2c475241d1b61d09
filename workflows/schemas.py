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
    "x-group": "people",
    "x-choices": [
        ["error", "停下,请管理员处理", "Stop for an administrator"],
        ["pass", "自动通过", "Pass"],
        ["reject", "自动驳回", "Refuse"],
        ["admin", "交给管理员", "An administrator decides"],
        ["user:", "交给这个人", "This person decides"],
    ],
}
CALENDAR: Mapping[str, Any] = {
    "enum": ["work", "wall"],
    "title": "时钟",
    "x-title-en": "Clock",
    "default": "wall",
    "x-choices": [["wall", "自然时间", "Round the clock"], ["work", "工作时间", "Working time"]],
}
TIMEOUT: Mapping[str, Any] = {
    "type": "array",
    "title": "超时",
    "x-title-en": "Time limits",
    "x-group": "time",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["action"],
        "properties": {
            "after": {**DURATION, "title": "到达后多久", "x-title-en": "How long after"},
            "action": {
                "type": "string",
                "pattern": "^(remind|pass|reject|escalate|return:.+|transfer:.+)$",
                "title": "就",
                "x-title-en": "Then",
                "x-choices": [
                    ["remind", "提醒", "Remind"],
                    ["escalate", "请上级一起处理", "Ask the superior too"],
                    ["transfer:", "转给这个人", "Hand it to this person"],
                    ["pass", "自动通过", "Pass"],
                    ["reject", "自动驳回", "Refuse"],
                    ["return:", "退回到这一步", "Send it back to this step"],
                ],
            },
            "every": {**DURATION, "title": "之后每隔", "x-title-en": "Again every", "x-when": {"action": ["remind"]}},
            "max": {
                "type": "integer",
                "minimum": 1,
                "title": "最多几次",
                "x-title-en": "At most",
                "x-when": {"action": ["remind"]},
            },
            "how": {
                "enum": ["parallel", "transfer"],
                "default": "parallel",
                "title": "怎么请上级",
                "x-title-en": "How",
                "x-when": {"action": ["escalate"]},
                "x-choices": [["parallel", "加上级一起审", "Add the superior"], ["transfer", "转给上级", "Hand it on"]],
            },
            "calendar": CALENDAR,
            "before": {**DURATION, "title": "提前多久", "x-title-en": "How long before"},
            "from": {**EXPRESSION, "title": "按哪个日期算", "x-title-en": "Counted from the date"},
        },
    },
}
COPIES: Mapping[str, Any] = {
    "type": "array",
    "title": "抄送",
    "x-title-en": "Copies",
    "x-group": "more",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["to"],
        "properties": {
            "on": {
                "enum": ["enter", "pass", "reject"],
                "default": "pass",
                "title": "什么时候",
                "x-title-en": "When",
                "x-choices": [
                    ["enter", "到达时", "On arrival"],
                    ["pass", "通过时", "When passed"],
                    ["reject", "驳回时", "When refused"],
                ],
            },
            "to": SOURCES,
        },
    },
}
ACTIONS = ("approve", "reject", "return", "add_sign", "transfer", "delegate")

PEOPLE: Mapping[str, Any] = {
    "approvers": SOURCES,
    "empty": EMPTY,
    "timeout": TIMEOUT,
    "cc": COPIES,
    "write": {**FIELDS, "title": "可写字段", "x-title-en": "Fields to write", "x-group": "fields"},
    "read": {**FIELDS, "title": "只读字段", "x-title-en": "Fields to read", "x-group": "fields"},
    "hide": {**FIELDS, "title": "隐藏字段", "x-title-en": "Hidden fields", "x-group": "fields"},
    "return_to": {"type": "array", "items": {"type": "string"}, "title": "可退回到", "x-title-en": "May return to", "x-widget": "nodes", "x-group": "return"},
    "resume": {"enum": ["replay", "direct", "changed", "ask"], "default": "replay", "title": "退回改好以后", "x-title-en": "After a return", "x-group": "return", "x-choices": [["replay", "逐级重新审批", "Everybody decides again"], ["direct", "直接回到退回的这一步", "Straight back to this step"], ["changed", "只有看到变化的人重审", "Only those who see a change"], ["ask", "退回时由退回人选", "Whoever returns it chooses"]]},
    "required_on": {"type": "object", "additionalProperties": FIELDS, "title": "必填", "x-title-en": "Required", "x-widget": "required", "x-group": "fields"},
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
