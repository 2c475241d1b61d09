"""A receiver of Standard Webhooks that verifies with the standard's own library."""

from __future__ import annotations

from typing import Any

from standardwebhooks import Webhook

from gateways.server import Gateway, Request

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G"


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Accept what verifies; a repeated id changes nothing."""
    try:
        body = Webhook(SECRET).verify(request.raw.decode(), request.headers)
    except Exception as error:  # noqa: BLE001 whatever the library objects to is a refusal
        return 401, {"error": str(error)}
    unique = f"webhook:{request.headers['webhook-id']}"
    if unique not in gateway.seen:
        gateway.seen.add(unique)
        gateway.inbox.append({"vendor": "webhook", **body})
    return 200, {"ok": True}
