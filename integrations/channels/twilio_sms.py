"""Twilio SMS, for recipients outside China."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from integrations import http
from integrations.channel import Message, Outcome, OutcomeState, Recipient, TextLimit, channel
from integrations.provider import SECRET_KEY_SCHEMA, base_url_schema, body_of, by_status, one_by_one

_BASE = "https://api.twilio.com"
_LONGEST = 1600  # characters of one message


@channel("twilio_sms")
class TwilioSms:
    """Send a text message through Twilio (API 2010-04-01)."""

    title: ClassVar[str] = "Twilio 短信(海外)"
    title_en: ClassVar[str] = "Twilio SMS"
    icon: ClassVar[str] = "mobile"
    address: ClassVar[str] = "phone"
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["account_sid", "auth_token", "sender"],
        "properties": {
            "account_sid": {"type": "string", "title": "Account SID", "title_en": "Account SID", "pattern": "^AC"},
            "auth_token": {**SECRET_KEY_SCHEMA, "title": "Auth token", "title_en": "Auth token"},
            "sender": {
                "type": "string",
                "title": "发送号码",
                "title_en": "Sender's number",
                "pattern": r"^\+[0-9]{6,15}$",
            },
            "base_url": base_url_schema(_BASE),
        },
    }
    text: ClassVar[TextLimit] = TextLimit(1600)
    example: ClassVar[dict[str, Any]] = {
        "account_sid": "AC" + "0" * 32,
        "auth_token": "******",
        "sender": "+15005550006",
    }
    costs_money: ClassVar[bool] = True

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one request a number."""
        return one_by_one(to, lambda recipient: _send_one(message, recipient, settings))


def _send_one(message: Message, recipient: Recipient, settings: Mapping[str, Any]) -> Outcome:
    sid = settings["account_sid"]
    # A no-break space would turn the whole message into UCS-2 and double its price.
    text = "\n".join(part for part in (message.title, message.body, message.link) if part).replace("\xa0", " ")[
        :_LONGEST
    ]
    form = urlencode({"To": recipient.address, "From": settings["sender"], "Body": text})
    credentials = base64.b64encode(f"{sid}:{settings['auth_token']}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/x-www-form-urlencoded"}
    url = f"{settings.get('base_url', _BASE)}/2010-04-01/Accounts/{sid}/Messages.json"
    answer = http.request("POST", url, content=form.encode(), headers=headers)
    body = body_of(answer)
    state = by_status(answer) or OutcomeState.ACCEPTED
    code = str(body.get("code") or answer.status)
    return Outcome(recipient.person, state, code, str(body.get("message", "")), str(body.get("sid", "")))
