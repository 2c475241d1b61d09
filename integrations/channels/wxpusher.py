"""Personal WeChat through the push service WxPusher, for shops without a company account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations import http
from integrations.channel import Message, Outcome, OutcomeState, Recipient, channel, same_for_all
from integrations.provider import SECRET_KEY_SCHEMA, base_url_schema, body_of, by_status, together

_BASE = "https://wxpusher.zjiecode.com"


@channel("wxpusher")
class WxPusher:
    """Push to the personal WeChat of whoever follows your WxPusher app (their UID is the address)."""

    title: ClassVar[str] = "个人微信(WxPusher)"
    title_en: ClassVar[str] = "Personal WeChat (WxPusher)"
    icon: ClassVar[str] = "wechat"
    address: ClassVar[str] = "wxpusher"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["app_token"],
        "properties": {
            "app_token": {**SECRET_KEY_SCHEMA, "title": "appToken", "title_en": "appToken"},
            "base_url": base_url_schema(_BASE),
        },
    }
    example: ClassVar[dict[str, Any]] = {"app_token": "AT_******"}

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one request for all; the service answers for each UID."""
        payload = {
            "appToken": settings["app_token"],
            "content": message.body,
            "summary": message.title[:20],
            "contentType": 1,
            "uids": [recipient.address for recipient in to],
            "url": message.link or None,
        }

        def call() -> list[Outcome]:
            answer = http.request("POST", f"{settings.get('base_url', _BASE)}/api/send/message", json=payload)
            body = body_of(answer)
            if body.get("code") != 1000:
                state = by_status(answer) or OutcomeState.PERMANENT
                return same_for_all(to, state, str(body.get("code", answer.status)), str(body.get("msg", "")))
            return _outcomes(to, body.get("data") or [])

        return together(to, call)


def _outcomes(to: Sequence[Recipient], results: Sequence[Mapping[str, Any]]) -> list[Outcome]:
    by_uid = {result.get("uid"): result for result in results}
    outcomes = []
    for recipient in to:
        result = by_uid.get(
            recipient.address, {"code": "missing", "status": "服务没有回答这个 UID / no answer for this UID"}
        )
        state = OutcomeState.ACCEPTED if result.get("code") == 1000 else OutcomeState.PERMANENT
        outcomes.append(
            Outcome(
                recipient.person,
                state,
                str(result.get("code")),
                str(result.get("status", "")),
                str(result.get("messageId", "")),
            )
        )
    return outcomes
