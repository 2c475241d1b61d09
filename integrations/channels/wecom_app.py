"""WeCom app (企业微信应用): messages to people of the company, as a card with buttons where there is something to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations import http, wecom
from integrations.channel import Limit, Message, Outcome, OutcomeState, Recipient, Sent, TextLimit, channel
from integrations.provider import (
    SECRET_KEY_SCHEMA,
    AccessTokens,
    base_url_schema,
    body_of,
    by_status,
    together,
    token_in,
)

_BASE = "https://qyapi.weixin.qq.com"
_TOKEN_ENDED = {40014, 42001, 41001}
_FOR_NOW = {-1, 45009, 45033}
_TOKENS = AccessTokens()


@channel("wecom_app")
class WecomApp:
    """Send to WeCom members by their user id; who does not exist is told by name, the others get it."""

    title: ClassVar[str] = "企业微信应用"
    title_en: ClassVar[str] = "WeCom app"
    icon: ClassVar[str] = "wechat-work"
    address: ClassVar[str] = "wecom"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["corp_id", "agent_id", "secret"],
        "properties": {
            "corp_id": {"type": "string", "title": "企业 ID", "title_en": "Corp id", "minLength": 1},
            "agent_id": {"type": "integer", "title": "应用 AgentId", "title_en": "Agent id"},
            "secret": {**SECRET_KEY_SCHEMA, "title": "应用 Secret", "title_en": "App secret"},
            "callback_token": {"type": "string", "title": "回调 Token", "title_en": "Callback token", "secret": True},
            "callback_key": {
                "type": "string",
                "title": "回调 EncodingAESKey",
                "title_en": "Callback EncodingAESKey",
                "pattern": "^[A-Za-z0-9]{43}$",
                "secret": True,
            },
            "base_url": base_url_schema(_BASE),
        },
    }
    # WeCom drops what is beyond these without a word.
    limits: ClassVar[tuple[Limit, ...]] = (Limit(30, 60, by="address"), Limit(1000, 3600, by="address"))
    text: ClassVar[TextLimit] = TextLimit(size=2048)
    example: ClassVar[dict[str, Any]] = {"corp_id": "ww1234567890abcdef", "agent_id": 1000002, "secret": "******"}

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one message to all; an ended access token is fetched anew, once."""

        def call() -> list[Outcome]:
            first = _send(message, to, settings)
            if any(outcome.code in map(str, _TOKEN_ENDED) for outcome in first):
                _TOKENS.forget(_key(settings))
                return _send(message, to, settings)
            return first

        return together(to, call)

    @staticmethod
    def update(message: Message, sent: Sent, to: Recipient, settings: Mapping[str, Any]) -> Outcome:
        """Take the buttons away and say who dealt with it; WeCom gives one such change within 72 hours."""
        if not sent.response:
            return Outcome(to.person, OutcomeState.PERMANENT, "response_code", "the card cannot be changed any more")

        def call() -> list[Outcome]:
            token = _TOKENS.get(_key(settings), lambda: _fetch(settings))
            url = f"{settings.get('base_url', _BASE)}/cgi-bin/message/update_template_card"
            body = {
                "userids": [to.address],
                "agentid": settings["agent_id"],
                "response_code": sent.response,
                "button": {"replace_name": message.body[:20]},
            }
            answer = body_of(http.request("POST", url, params={"access_token": token}, json=body))
            code = int(answer.get("errcode", -1))
            state = OutcomeState.ACCEPTED if code == 0 else OutcomeState.PERMANENT
            state = OutcomeState.RETRY if code in _FOR_NOW else state
            return [Outcome(to.person, state, str(code), str(answer.get("errmsg", "")))]

        return together([to], call)[0]


def _key(settings: Mapping[str, Any]) -> tuple[str, ...]:
    return (settings.get("base_url", _BASE), settings["corp_id"], settings["secret"])


def _fetch(settings: Mapping[str, Any]) -> tuple[str, float]:
    query = {"corpid": settings["corp_id"], "corpsecret": settings["secret"]}
    answer = http.request("GET", f"{settings.get('base_url', _BASE)}/cgi-bin/gettoken", params=query)
    return token_in(answer, "access_token", "expires_in", "errcode", "errmsg")


def _send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
    token = _TOKENS.get(_key(settings), lambda: _fetch(settings))
    url = f"{settings.get('base_url', _BASE)}/cgi-bin/message/send"
    answer = http.request("POST", url, params={"access_token": token}, json=payload(message, to, settings))
    body = body_of(answer)
    code = int(body.get("errcode", answer.status))
    unknown = set(str(body.get("invaliduser", "")).split("|")) | set(str(body.get("unlicenseduser", "")).split("|"))
    state = by_status(answer) or (OutcomeState.ACCEPTED if code == 0 else OutcomeState.PERMANENT)
    state = OutcomeState.RETRY if code in _FOR_NOW else state
    text, provider_id = str(body.get("errmsg", "")), str(body.get("msgid", ""))
    return [
        Outcome(recipient.person, OutcomeState.PERMANENT, "invaliduser", text)
        if recipient.address in unknown
        else Outcome(recipient.person, state, str(code), text, provider_id, response=str(body.get("response_code", "")))
        for recipient in to
    ]


def payload(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message as WeCom takes it: a card with buttons for what can be decided, else a text card or text."""
    common = {
        "touser": "|".join(recipient.address for recipient in to),
        "agentid": settings["agent_id"],
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 14400,
    }
    buttons = message.data.get("buttons")
    if buttons and settings.get("callback_token") and settings.get("callback_key"):
        return {**common, "msgtype": "template_card", "template_card": wecom.button_card(message, buttons)}
    if message.link:
        card_text = {
            "title": message.title[:128],
            "description": message.body[:512],
            "url": message.link,
            "btntxt": "查看",
        }
        return {**common, "msgtype": "textcard", "textcard": card_text}
    return {
        **common,
        "msgtype": "text",
        "text": {"content": f"{message.title}\n{message.body}".encode()[:2048].decode(errors="ignore")},
    }
