"""A generic webhook, signed as Standard Webhooks 1.0 says, for whatever has no channel of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from standardwebhooks import Webhook as Signer

from integrations import http
from integrations.channel import Message, Outcome, OutcomeState, Recipient, channel, same_for_all
from integrations.provider import by_status, together


@channel("webhook")
class Webhook:
    """POST the notice as JSON to an address of yours; `webhook-id` stays the same over all attempts."""

    title: ClassVar[str] = "Webhook"
    title_en: ClassVar[str] = "Webhook"
    icon: ClassVar[str] = "api"
    address: ClassVar[str] = ""
    schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["url", "secret"],
        "properties": {
            "url": {"type": "string", "title": "接收地址", "title_en": "URL", "pattern": "^https?://"},
            "secret": {
                "type": "string",
                "title": "签名密钥",
                "title_en": "Signing secret",
                "pattern": "^whsec_[A-Za-z0-9+/=]{32,}$",
                "secret": True,
            },
        },
    }
    example: ClassVar[dict[str, Any]] = {
        "url": "https://erp.example.com/hooks/beihuo",
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send one request for all recipients; any 2xx is acceptance, 410 means gone for good."""
        body = json.dumps(
            {
                "type": message.data.get("type", "notice"),
                "key": message.key,
                "title": message.title,
                "body": message.body,
                "link": message.link,
                "to": [recipient.person for recipient in to],
                "data": dict(message.data),
            },
            ensure_ascii=False,
            default=str,
        )
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json; charset=utf-8",
            "webhook-id": message.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signer(settings["secret"]).sign(message.key, now, body),
        }

        def call() -> list[Outcome]:
            answer = http.request("POST", settings["url"], content=body.encode(), headers=headers)
            state = by_status(answer) or (OutcomeState.ACCEPTED if answer.status < 300 else OutcomeState.PERMANENT)
            return same_for_all(
                to, state, str(answer.status), "" if state is OutcomeState.ACCEPTED else str(answer.body)[:200]
            )

        return together(to, call)
