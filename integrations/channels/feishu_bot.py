"""Feishu custom bot (飞书群机器人), signed; an interactive card whose button opens the action page."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations import http
from integrations.channel import Limit, Message, Outcome, OutcomeState, Recipient, TextLimit, channel, same_for_all
from integrations.feishu import card
from integrations.provider import SECRET_KEY_SCHEMA, base_url_schema, body_of, by_status, together

_FOR_NOW = {9499, 11232, 11233}  # too many requests: 100 a minute and 5 a second


@channel("feishu_bot")
class FeishuBot:
    """Post a card into a Feishu group; its button opens the action page."""

    title: ClassVar[str] = "飞书群机器人"
    title_en: ClassVar[str] = "Feishu group bot"
    icon: ClassVar[str] = "feishu"
    address: ClassVar[str] = ""
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["token", "secret"],
        "properties": {
            "token": {**SECRET_KEY_SCHEMA, "title": "机器人 token", "title_en": "Bot token"},
            "secret": {**SECRET_KEY_SCHEMA, "title": "签名校验密钥", "title_en": "Signing secret"},
            "base_url": base_url_schema("https://open.feishu.cn"),
        },
    }
    text: ClassVar[TextLimit] = TextLimit(size=20_000)
    example: ClassVar[dict[str, Any]] = {"token": "xxxxxxxx-xxxx-xxxx", "secret": "kPSgQ******"}
    limits: ClassVar[tuple[Limit, ...]] = (Limit(100, 60), Limit(5, 1))

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one card for all; Feishu answers 200 and tells the truth in `code`."""
        url = f"{settings.get('base_url', 'https://open.feishu.cn')}/open-apis/bot/v2/hook/{settings['token']}"
        now = str(int(time.time()))
        payload = {
            "timestamp": now,
            "sign": sign(now, settings["secret"]),
            "msg_type": "interactive",
            "card": card(message),
        }

        def call() -> list[Outcome]:
            answer = http.request("POST", url, json=payload)
            body = body_of(answer)
            code = int(body.get("code", answer.status))
            state = by_status(answer) or (OutcomeState.ACCEPTED if code == 0 else OutcomeState.PERMANENT)
            if code in _FOR_NOW:
                state = OutcomeState.RETRY
            return same_for_all(to, state, str(code), str(body.get("msg", "")))

        return together(to, call)


def sign(timestamp: str, secret: str) -> str:
    """Return base64(HMAC-SHA256(key = timestamp + newline + secret, nothing)), as Feishu turns key and message round."""
    return base64.b64encode(hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()
