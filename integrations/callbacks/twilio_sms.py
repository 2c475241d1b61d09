"""Twilio callbacks: message status and replies, signed with the account's token."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from integrations.callback import CallbackRefused, Event, EventKind, Inbound, Received, callback

_KINDS = {"delivered": EventKind.DELIVERED, "undelivered": EventKind.FAILED, "failed": EventKind.FAILED}


@callback("twilio_sms")
class TwilioSmsCallback:
    """Twilio signs; a phone number in a reply is still a weak proof of the person."""

    identity: ClassVar[str] = "weak"

    @staticmethod
    def receive(inbound: Inbound, settings: Mapping[str, Any]) -> Received:
        """Verify `X-Twilio-Signature` over the address and the sorted form, and read it."""
        form = dict(parse_qsl(inbound.body.decode(), keep_blank_values=True))
        text = inbound.url + "".join(f"{name}{form[name]}" for name in sorted(form))
        expected = base64.b64encode(
            hmac.new(settings["auth_token"].encode(), text.encode(), hashlib.sha1).digest()
        ).decode()
        if not hmac.compare_digest(expected, inbound.headers.get("x-twilio-signature", "")):
            raise CallbackRefused("回调签名不符 / the callback's signature does not match")
        status, sid = form.get("MessageStatus", ""), form.get("MessageSid", "")
        empty = "<Response></Response>"
        if status in _KINDS:
            event = Event(
                _KINDS[status],
                key=f"twilio:{sid}:{status}",
                provider_id=sid,
                address=form.get("To", ""),
                text=form.get("ErrorCode", ""),
            )
            return Received((event,), answer=empty, content_type="text/xml")
        if "Body" in form and not status:
            event = Event(EventKind.REPLY, key=f"twilio:{sid}", address=form.get("From", ""), text=form["Body"])
            return Received((event,), answer=empty, content_type="text/xml")
        return Received(answer=empty, content_type="text/xml")
