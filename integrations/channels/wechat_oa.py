"""WeChat Official Account (微信服务号) template message; acting happens on the page behind its link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations import http
from integrations.channel import Message, Outcome, OutcomeState, Recipient, TextLimit, channel
from integrations.provider import (
    SECRET_KEY_SCHEMA,
    AccessTokens,
    base_url_schema,
    body_of,
    by_status,
    one_by_one,
    token_in,
)
from integrations.sms import VARIABLES_SCHEMA, variables

_BASE = "https://api.weixin.qq.com"
_LONGEST = 20  # characters a field, without line breaks, since 2023-05-04
_TOKEN_ENDED = {40001, 40014, 42001}
_FOR_NOW = {-1, 45009}
_TOKENS = AccessTokens()


@channel("wechat_oa")
class WechatOa:
    """Send a template message to followers by their openid; only certified accounts may."""

    title: ClassVar[str] = "微信服务号模板消息"
    title_en: ClassVar[str] = "WeChat Official Account"
    icon: ClassVar[str] = "wechat"
    address: ClassVar[str] = "wechat_openid"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["app_id", "secret", "template_id"],
        "properties": {
            "app_id": {"type": "string", "title": "AppID", "title_en": "AppID", "minLength": 1},
            "secret": {**SECRET_KEY_SCHEMA, "title": "AppSecret", "title_en": "AppSecret"},
            "template_id": {"type": "string", "title": "模板 ID", "title_en": "Template id", "minLength": 1},
            "variables": VARIABLES_SCHEMA,
            "base_url": base_url_schema(_BASE),
        },
    }
    text: ClassVar[TextLimit] = TextLimit(20, lines=False)
    example: ClassVar[dict[str, Any]] = {
        "app_id": "wx1234567890abcdef",
        "secret": "******",
        "template_id": "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY",
        "variables": {"thing1": "record", "number2": "days"},
    }

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one request a follower."""
        return one_by_one(to, lambda recipient: _send_one(message, recipient, settings))


def _send_one(message: Message, recipient: Recipient, settings: Mapping[str, Any]) -> Outcome:
    base = settings.get("base_url", _BASE)
    key = (base, settings["app_id"], settings["secret"])
    filled = variables(message, settings, _LONGEST)
    payload: dict[str, Any] = {
        "touser": recipient.address,
        "template_id": settings["template_id"],
        "client_msg_id": message.key[:32],
        "data": {name: {"value": " ".join(text.split())} for name, text in filled.items()},
    }
    if message.link:
        payload["url"] = message.link
    body: Mapping[str, Any] = {}
    code, status = -1, None
    for _ in range(2):
        token = _TOKENS.get(key, lambda: _fetch(settings, base))
        answer = http.request(
            "POST", f"{base}/cgi-bin/message/template/send", params={"access_token": token}, json=payload
        )
        body, status = body_of(answer), by_status(answer)
        code = int(body.get("errcode", answer.status))
        if code not in _TOKEN_ENDED:
            break
        _TOKENS.forget(key)
    state = OutcomeState.ACCEPTED if code == 0 else status or OutcomeState.PERMANENT
    state = OutcomeState.RETRY if code in _FOR_NOW else state
    return Outcome(recipient.person, state, str(code), str(body.get("errmsg", "")), str(body.get("msgid", "")))


def _fetch(settings: Mapping[str, Any], base: str) -> tuple[str, float]:
    query = {"grant_type": "client_credential", "appid": settings["app_id"], "secret": settings["secret"]}
    return token_in(
        http.request("GET", f"{base}/cgi-bin/token", params=query), "access_token", "expires_in", "errcode", "errmsg"
    )
