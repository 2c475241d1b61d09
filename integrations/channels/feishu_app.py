"""Feishu app (飞书应用): a card to a person, by open id, user id or e-mail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations import http
from integrations.channel import Limit, Message, Outcome, OutcomeState, Recipient, Sent, channel
from integrations.feishu import card
from integrations.provider import (
    SECRET_KEY_SCHEMA,
    AccessTokens,
    base_url_schema,
    body_of,
    by_status,
    one_by_one,
    token_in,
)

_BASE = "https://open.feishu.cn"
_TOKEN_ENDED = {99991663, 99991664, 99991668}
_FOR_NOW = {99991400, 230020, 11232}  # too many requests
_TOKENS = AccessTokens()


@channel("feishu_app")
class FeishuApp:
    """Send a card to members by the app's own identity; its buttons act once callbacks are set up, and one opens the page."""

    title: ClassVar[str] = "飞书应用"
    title_en: ClassVar[str] = "Feishu app"
    icon: ClassVar[str] = "feishu"
    address: ClassVar[str] = "feishu"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["app_id", "app_secret"],
        "properties": {
            "app_id": {"type": "string", "title": "App ID", "title_en": "App id", "minLength": 1},
            "app_secret": {**SECRET_KEY_SCHEMA, "title": "App Secret", "title_en": "App secret"},
            "receive_id_type": {
                "enum": ["open_id", "user_id", "email", "chat_id"],
                "title": "收件人标识",
                "title_en": "Recipient id",
                "default": "open_id",
            },
            "encrypt_key": {"type": "string", "title": "Encrypt Key", "title_en": "Encrypt key", "secret": True},
            "verification_token": {
                "type": "string",
                "title": "Verification Token",
                "title_en": "Verification token",
                "secret": True,
            },
            "base_url": base_url_schema(_BASE),
        },
    }
    limits: ClassVar[tuple[Limit, ...]] = (Limit(50, 1), Limit(1000, 60))
    example: ClassVar[dict[str, Any]] = {"app_id": "cli_9f5343c580712544", "app_secret": "******"}

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one card a person; `uuid` makes Feishu drop a repeat within the hour."""
        return one_by_one(to, lambda recipient: _send_one(message, recipient, settings))

    @staticmethod
    def update(message: Message, sent: Sent, to: Recipient, settings: Mapping[str, Any]) -> Outcome:
        """Put a card that says who dealt with it in the place of the one that was sent."""
        return one_by_one([to], lambda recipient: _update_one(message, sent, recipient, settings))[0]


def _send_one(message: Message, recipient: Recipient, settings: Mapping[str, Any]) -> Outcome:
    buttons = message.data.get("buttons", ()) if settings.get("encrypt_key") else ()
    payload = {
        "receive_id": recipient.address,
        "msg_type": "interactive",
        "content": _content(message, buttons),
        "uuid": message.key[-50:],
    }
    query = {"receive_id_type": settings.get("receive_id_type", "open_id")}
    body, state = _call("POST", "/open-apis/im/v1/messages", settings, payload, query)
    provider_id = str(body.get("data", {}).get("message_id", ""))
    return Outcome(recipient.person, state, str(body.get("code", "")), str(body.get("msg", "")), provider_id)


def _update_one(message: Message, sent: Sent, recipient: Recipient, settings: Mapping[str, Any]) -> Outcome:
    path = f"/open-apis/im/v1/messages/{sent.provider_id}"
    body, state = _call("PATCH", path, settings, {"content": _content(message, ())}, {})
    return Outcome(recipient.person, state, str(body.get("code", "")), str(body.get("msg", "")), sent.provider_id)


def _content(message: Message, buttons: Sequence[Mapping[str, Any]]) -> str:
    # Only cards that every reader shares can be changed afterwards (update_multi).
    config = {"enable_forward_interaction": False, "update_multi": True}
    return json.dumps({**card(message, buttons), "config": config}, ensure_ascii=False)


def _call(
    method: str, path: str, settings: Mapping[str, Any], payload: Mapping[str, Any], query: Mapping[str, str]
) -> tuple[Mapping[str, Any], OutcomeState]:
    base = settings.get("base_url", _BASE)
    key = (base, settings["app_id"], settings["app_secret"])
    body: Mapping[str, Any] = {}
    code, status = -1, None
    for _ in range(2):
        token = _TOKENS.get(key, lambda: _fetch(settings, base))
        headers = {"Authorization": f"Bearer {token}"}
        answer = http.request(method, f"{base}{path}", params=query, json=payload, headers=headers)
        body, status = body_of(answer), by_status(answer)
        code = int(body.get("code", answer.status))
        if code not in _TOKEN_ENDED:
            break
        _TOKENS.forget(key)
    state = OutcomeState.ACCEPTED if code == 0 else status or OutcomeState.PERMANENT
    return body, OutcomeState.RETRY if code in _FOR_NOW else state


def _fetch(settings: Mapping[str, Any], base: str) -> tuple[str, float]:
    credentials = {"app_id": settings["app_id"], "app_secret": settings["app_secret"]}
    answer = http.request("POST", f"{base}/open-apis/auth/v3/tenant_access_token/internal", json=credentials)
    return token_in(answer, "tenant_access_token", "expire", "code", "msg")
