"""DingTalk custom robot (钉钉群机器人), signed; an actionCard whose button opens the action page."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations import http
from integrations.channel import ACT, Limit, Message, Outcome, OutcomeState, Recipient, TextLimit, channel, same_for_all
from integrations.provider import SECRET_KEY_SCHEMA, base_url_schema, body_of, by_status, together

_LIMITED = {130101, 90030, 410100}  # over 20 messages a minute: the robot is then silenced for ten minutes
_FOR_NOW = _LIMITED | {-1}


@channel("dingtalk_robot")
class DingtalkRobot:
    """Post into a DingTalk group; the button only opens a page (interactive cards are another channel)."""

    title: ClassVar[str] = "钉钉群机器人"
    title_en: ClassVar[str] = "DingTalk group robot"
    icon: ClassVar[str] = "dingtalk"
    address: ClassVar[str] = "phone"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["access_token", "secret"],
        "properties": {
            "access_token": {**SECRET_KEY_SCHEMA, "title": "access_token", "title_en": "access_token"},
            "secret": {**SECRET_KEY_SCHEMA, "title": "加签密钥", "title_en": "Signing secret"},
            "base_url": base_url_schema("https://oapi.dingtalk.com"),
        },
    }
    text: ClassVar[TextLimit] = TextLimit(size=20_000)
    example: ClassVar[dict[str, Any]] = {"access_token": "566cc69da782ec******", "secret": "SEC39d01d******"}
    limits: ClassVar[tuple[Limit, ...]] = (Limit(20, 60, penalty=600),)

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one card for all; a full minute of silence is asked for when DingTalk limits the robot."""
        url = f"{settings.get('base_url', 'https://oapi.dingtalk.com')}/robot/send"
        now = str(int(time.time() * 1000))
        params = {"access_token": settings["access_token"], "timestamp": now, "sign": sign(now, settings["secret"])}

        def call() -> list[Outcome]:
            answer = http.request("POST", url, params=params, json=_payload(message, to))
            body = body_of(answer)
            code = int(body.get("errcode", answer.status))
            state = by_status(answer) or (OutcomeState.ACCEPTED if code == 0 else OutcomeState.PERMANENT)
            if code in _FOR_NOW:
                state = OutcomeState.RETRY
            retry_after = 600.0 if code in _LIMITED else None
            return same_for_all(to, state, str(code), str(body.get("errmsg", "")), retry_after=retry_after)

        return together(to, call)


def sign(timestamp: str, secret: str) -> str:
    """Return base64(HMAC-SHA256(secret, timestamp + newline + secret)); the query encoding happens once, in the client."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _payload(message: Message, to: Sequence[Recipient]) -> dict[str, Any]:
    lines = "\n\n".join(line for line in message.body.splitlines() if line.strip())
    phones = [recipient.address for recipient in to if recipient.address]
    text = f"### {message.title}\n\n{lines}"
    if not message.link:
        mentions = " ".join(f"@{phone}" for phone in phones)
        markdown = {"title": message.title, "text": f"{text}\n\n{mentions}"}
        return {"msgtype": "markdown", "markdown": markdown, "at": {"atMobiles": phones}}
    button = ACT[message.language]
    return {
        "msgtype": "actionCard",
        "actionCard": {"title": message.title, "text": text, "singleTitle": button, "singleURL": message.link},
    }
