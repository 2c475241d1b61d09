"""Tencent Cloud SMS callbacks: delivery reports and replies; the `sign` in them is the message's signature, no proof."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from integrations.callback import CallbackRefused, Event, EventKind, Inbound, Received, callback


@callback("tencent_sms")
class TencentSmsCallback:
    """Protected by the secret in our own address alone: a weak identity."""

    identity: ClassVar[str] = "weak"

    @staticmethod
    def receive(inbound: Inbound, settings: Mapping[str, Any]) -> Received:  # noqa: ARG004 nothing to verify with
        """Read a list of reports, or one reply."""
        try:
            data = json.loads(inbound.body)
            events = tuple(map(_report, data)) if isinstance(data, list) else (_reply(data, inbound.body),)
        except (ValueError, TypeError, KeyError) as error:
            raise CallbackRefused("不是短信回执 / this is not a report of text messages") from error
        return Received(events, answer=json.dumps({"result": 0, "errmsg": "OK"}), content_type="application/json")


def _report(item: Mapping[str, Any]) -> Event:
    kind = EventKind.DELIVERED if item["report_status"] == "SUCCESS" else EventKind.FAILED
    return Event(
        kind,
        key=f"tencent:{item['sid']}",
        provider_id=item["sid"],
        address=item["mobile"],
        text=str(item.get("description", "")),
    )


def _reply(item: Mapping[str, Any], body: bytes) -> Event:
    key = f"tencent:{hashlib.sha256(body).hexdigest()[:32]}"
    return Event(EventKind.REPLY, key=key, address=item["mobile"], text=item["text"])
