"""WeCom group bot (企业微信群机器人): a message into one group chat; the key in the address is the secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations import http
from integrations.channel import Limit, Message, Outcome, OutcomeState, Recipient, TextLimit, channel, same_for_all
from integrations.provider import SECRET_KEY_SCHEMA, base_url_schema, body_of, by_status, together

MOST_BYTES = 4096  # of a markdown message
_FOR_NOW = {45009, 45033, -1}  # over the 20 messages a minute; too many at once; the service is busy


@channel("wecom_bot")
class WecomBot:
    """Post into a WeCom group; the people named are reminded by their phone numbers. Links only, no buttons."""

    title: ClassVar[str] = "企业微信群机器人"
    title_en: ClassVar[str] = "WeCom group bot"
    icon: ClassVar[str] = "wechat-work"
    address: ClassVar[str] = "phone"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["key"],
        "properties": {
            "key": {**SECRET_KEY_SCHEMA, "title": "机器人 key", "title_en": "Bot key"},
            "base_url": base_url_schema("https://qyapi.weixin.qq.com"),
        },
    }
    text: ClassVar[TextLimit] = TextLimit(size=2048)
    example: ClassVar[dict[str, Any]] = {"key": "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"}
    limits: ClassVar[tuple[Limit, ...]] = (Limit(20, 60),)

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one text for all; WeCom answers 200 and tells the truth in `errcode`."""
        link = f"\n{message.link}" if message.link else ""
        text = cut_bytes(f"{message.title}\n{message.body}", 2048 - len(link.encode())) + link
        phones = [recipient.address for recipient in to if recipient.address]
        payload = {"msgtype": "text", "text": {"content": text, "mentioned_mobile_list": phones}}
        url = f"{settings.get('base_url', 'https://qyapi.weixin.qq.com')}/cgi-bin/webhook/send"

        def call() -> list[Outcome]:
            answer = http.request("POST", url, params={"key": settings["key"]}, json=payload)
            body = body_of(answer)
            code = int(body.get("errcode", answer.status))
            state = by_status(answer) or _state(code)
            retry_after = 60.0 if code == 45009 else None
            return same_for_all(to, state, str(code), str(body.get("errmsg", "")), retry_after=retry_after)

        return together(to, call)


def _state(code: int) -> OutcomeState:
    if code == 0:
        return OutcomeState.ACCEPTED
    return OutcomeState.RETRY if code in _FOR_NOW else OutcomeState.PERMANENT


def cut_bytes(text: str, most: int) -> str:
    """Return *text* cut to *most* bytes of UTF-8, marked with an ellipsis, never inside a character."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: most - 3].decode(errors="ignore") + "…"
