"""DingTalk interactive card (钉钉互动卡片): a card in the chat with the organisation's robot, whose buttons call us back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations import http
from integrations.channel import Limit, Message, Outcome, OutcomeState, Recipient, Sent, channel
from integrations.provider import (
    SECRET_KEY_SCHEMA,
    AccessTokens,
    base_url_schema,
    body_of,
    by_status,
    one_by_one,
    token_in,
)

_BASE = "https://api.dingtalk.com"
_TOKENS = AccessTokens()
_TOKEN_ENDED = frozenset({"InvalidAuthentication", "Forbidden.AccessDenied.AccessTokenInvalid"})


@channel("dingtalk_card")
class DingtalkCard:
    """Send a card to members by their user id. The card's template has the variables title, body, state and link."""

    title: ClassVar[str] = "钉钉互动卡片"
    title_en: ClassVar[str] = "DingTalk interactive card"
    icon: ClassVar[str] = "dingtalk"
    address: ClassVar[str] = "dingtalk"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["app_key", "app_secret", "template_id"],
        "properties": {
            "app_key": {"type": "string", "title": "Client ID (AppKey)", "title_en": "Client id", "minLength": 1},
            "app_secret": {**SECRET_KEY_SCHEMA, "title": "Client Secret", "title_en": "Client secret"},
            "robot_code": {"type": "string", "title": "机器人编码(默认同 Client ID)", "title_en": "Robot code"},
            "template_id": {"type": "string", "title": "卡片模板 ID", "title_en": "Card template id", "minLength": 1},
            "callback_secret": {
                "type": "string",
                "title": "卡片回调 apiSecret",
                "title_en": "Callback apiSecret",
                "secret": True,
            },
            "base_url": base_url_schema(_BASE),
        },
    }
    limits: ClassVar[tuple[Limit, ...]] = (Limit(20, 1),)
    example: ClassVar[dict[str, Any]] = {
        "app_key": "ding1234567890",
        "app_secret": "******",
        "template_id": "8b3b2d1a-0000.schema",
    }

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one card a person; the card's own id makes a repeat the same card."""
        return one_by_one(to, lambda recipient: _send_one(message, recipient, settings))

    @staticmethod
    def update(message: Message, sent: Sent, to: Recipient, settings: Mapping[str, Any]) -> Outcome:
        """Let the card say who dealt with it; its template hides the buttons once `state` is done."""
        changed = {"title": message.title, "body": message.body, "state": "done"}
        body = {
            "outTrackId": sent.provider_id,
            "cardData": {"cardParamMap": changed},
            "cardUpdateOptions": {"updateCardDataByKey": True},
        }
        call = one_by_one([to], lambda recipient: _call("PUT", "/v1.0/card/instances", body, recipient, settings))
        return call[0]


def _send_one(message: Message, recipient: Recipient, settings: Mapping[str, Any]) -> Outcome:
    card_key = str(message.data.get("card_key") or message.key)
    robot = settings.get("robot_code") or settings["app_key"]
    can_act = bool(message.data.get("buttons")) and bool(settings.get("callback_secret"))
    state = "done" if not can_act else "approve" if message.data["buttons"][0]["key"] == "approve" else "acknowledge"
    body = {
        "cardTemplateId": settings["template_id"],
        "outTrackId": card_key,
        "callbackType": "HTTP",
        "callbackRouteKey": "beihuo",
        "userIdType": 1,
        "cardData": {
            "cardParamMap": {"title": message.title, "body": message.body, "link": message.link, "state": state}
        },
        "openSpaceId": f"dtv1.card//IM_ROBOT.{recipient.address}",
        "imRobotOpenSpaceModel": {"supportForward": False},
        "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": robot},
    }
    return _call("POST", "/v1.0/card/instances/createAndDeliver", body, recipient, settings, card_key)


def _call(
    method: str,
    path: str,
    body: Mapping[str, Any],
    to: Recipient,
    settings: Mapping[str, Any],
    provider_id: str = "",
) -> Outcome:
    base = settings.get("base_url", _BASE)
    key = (base, settings["app_key"], settings["app_secret"])
    answer: Mapping[str, Any] = {}
    status, code = None, ""
    for _ in range(2):
        token = _TOKENS.get(key, lambda: _fetch(settings, base))
        headers = {"x-acs-dingtalk-access-token": token}
        got = http.request(method, f"{base}{path}", json=body, headers=headers)
        answer, status = body_of(got), by_status(got)
        code = str(answer.get("code", "" if got.status < 300 else got.status))
        if code not in _TOKEN_ENDED:
            break
        _TOKENS.forget(key)
    refused = _refused(answer)
    state = status or (OutcomeState.PERMANENT if code or refused else OutcomeState.ACCEPTED)
    state = OutcomeState.RETRY if code.startswith("Forbidden.AccessDenied.QpsLimit") else state
    return Outcome(to.person, state, code, str(answer.get("message") or refused), provider_id)


def _refused(answer: Mapping[str, Any]) -> str:
    """Return why the card did not reach its space, though the call itself succeeded."""
    results = (answer.get("result") or {}).get("deliverResults") if isinstance(answer.get("result"), dict) else None
    return next((str(one.get("errorMsg") or "") for one in results or () if not one.get("success")), "")


def _fetch(settings: Mapping[str, Any], base: str) -> tuple[str, float]:
    body = {"appKey": settings["app_key"], "appSecret": settings["app_secret"]}
    answer = http.request("POST", f"{base}/v1.0/oauth2/accessToken", json=body)
    return token_in(answer, "accessToken", "expireIn", "code", "message")
