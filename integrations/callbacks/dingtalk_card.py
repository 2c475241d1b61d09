"""DingTalk card callbacks over HTTP: clicks on an interactive card, signed with the apiSecret of their registration."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from integrations.callback import CallbackRefused, Event, EventKind, Inbound, Received, callback

_OLDEST = 3600  # seconds


@callback("dingtalk_card")
class DingtalkCardCallback:
    """Signed, and the user's id stands in the body: a strong identity."""

    identity: ClassVar[str] = "strong"

    @staticmethod
    def receive(inbound: Inbound, settings: Mapping[str, Any]) -> Received:
        """Verify `x-ddpaas-signature` (HMAC-SHA256 of the timestamp) and read the click."""
        stamp = inbound.headers.get("x-ddpaas-signature-timestamp", "0")
        if abs(inbound.now - float(stamp) / 1000) > _OLDEST:
            raise CallbackRefused("回调已过期 / the callback is too old")
        expected = signature(settings["callback_secret"], stamp)
        if not hmac.compare_digest(inbound.headers.get("x-ddpaas-signature", "").encode(), expected.encode()):
            raise CallbackRefused("回调签名不符 / the callback's signature does not match")
        return Received((click(json.loads(inbound.body), stamp),), answer="{}", content_type="application/json")

    @staticmethod
    def answer(received: Received, text: str) -> Received:
        """Let the card show what came of the click at once."""
        body = {"cardData": {"cardParamMap": {"body": text}}, "cardUpdateOptions": {"updateCardDataByKey": True}}
        return replace(received, answer=json.dumps(body, ensure_ascii=False))


def signature(secret: str, stamp: str) -> str:
    """Return base64(HMAC-SHA256(secret, timestamp in milliseconds))."""
    return base64.b64encode(hmac.new(secret.encode(), stamp.encode(), hashlib.sha256).digest()).decode()


def click(data: Mapping[str, Any], moment: str) -> Event:
    """Return the click that a callback tells of; *moment* tells repeats of it from later clicks."""
    content = data.get("content") or "{}"
    private = (json.loads(content) if isinstance(content, str) else content).get("cardPrivateData") or {}
    action = str((private.get("params") or {}).get("action") or next(iter(private.get("actionIds") or ()), ""))
    track, user = str(data.get("outTrackId", "")), str(data.get("userId", ""))
    return Event(
        EventKind.ACTION,
        key=f"dingtalk:{track}:{user}:{action}:{moment}",
        provider_id=track,
        address=user,
        action=action,
        message_key=track,
    )
