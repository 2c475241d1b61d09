"""Webhook (调用接口): an HTTP call to somebody else's server."""

from __future__ import annotations

from workflows.effects import DataNode
from workflows.node import node_type
from workflows.schemas import COMPENSATE, VALUES, settings


@node_type("webhook")
class Webhook(DataNode):
    """Asks for an HTTP call; its result is the answer's body. The service guards which addresses may be called."""

    title = "调用接口"
    title_en = "Webhook"
    sentence = "调用外部系统的接口，等它回答。"
    sentence_en = "Calls another system and waits for its answer."
    icon = "api"
    kind = "webhook"
    schema = settings(
        {
            "url": {"type": "string", "minLength": 1, "maxLength": 2000, "title": "地址", "x-title-en": "Address"},
            "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"], "default": "POST", "title": "方法", "x-title-en": "Method"},
            "headers": {"type": "object", "additionalProperties": {"type": "string"}, "title": "请求头", "x-title-en": "Headers"},
            "connection": {"type": "string", "title": "连接", "x-title-en": "Connection"},
            "body": {**VALUES, "title": "内容", "x-title-en": "Body"},
            "values": VALUES,
            "compensate": COMPENSATE,
        },
        ("url",),
    )  # fmt: skip
    example = {"type": "webhook", "url": "https://example.com/hook", "body": {"sku": "sku"}}  # noqa: RUF012 a constant of the class
    computed = ("body", "values")
