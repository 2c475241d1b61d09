"""Aliyun SMS callbacks: delivery reports (SmsReport) and replies (SmsUp); neither is signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from integrations.callback import CallbackRefused, Event, EventKind, Inbound, Received, callback


@callback("aliyun_sms")
class AliyunSmsCallback:
    """Protected by the secret in our own address alone: a weak identity."""

    identity: ClassVar[str] = "weak"

    @staticmethod
    def receive(inbound: Inbound, settings: Mapping[str, Any]) -> Received:  # noqa: ARG004 nothing to verify with
        """Read the list of reports or replies; the answer stops Aliyun's repeats after 1, 5 and 10 minutes."""
        try:
            items = json.loads(inbound.body)
            events = tuple(_event(item) for item in items)
        except (ValueError, TypeError, KeyError) as error:
            raise CallbackRefused("不是短信回执 / this is not a report of text messages") from error
        return Received(
            events,
            answer=json.dumps({"code": 0, "msg": "接收成功"}, ensure_ascii=False),
            content_type="application/json",
        )


def _event(item: Mapping[str, Any]) -> Event:
    if "content" in item:
        return Event(
            EventKind.REPLY, key=f"aliyun:{item['sequence_id']}", address=item["phone_number"], text=item["content"]
        )
    kind = EventKind.DELIVERED if item["success"] else EventKind.FAILED
    key = f"aliyun:{item['biz_id']}:{item['phone_number']}"
    return Event(
        kind,
        key=key,
        provider_id=item["biz_id"],
        address=item["phone_number"],
        text=str(item.get("err_msg") or item.get("err_code", "")),
    )
