"""WeCom app callbacks: the address check, and clicks on a card's buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from integrations import tencent_crypt
from integrations.callback import CallbackRefused, Event, EventKind, Inbound, Received, callback

_OLDEST = 300  # seconds
_FIELD = re.compile(r"<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</\1>", re.DOTALL)


@callback("wecom_app")
class WecomAppCallback:
    """Signed and encrypted; the person who clicked stands in the decrypted message, so the identity is strong."""

    identity: ClassVar[str] = "strong"

    @staticmethod
    def receive(inbound: Inbound, settings: Mapping[str, Any]) -> Received:
        """Answer the address check of a GET; read the click of a POST."""
        query = inbound.query
        if abs(inbound.now - float(query.get("timestamp", 0))) > _OLDEST:
            raise CallbackRefused("回调已过期 / the callback is too old")
        token, key, corp = settings["callback_token"], settings["callback_key"], settings["corp_id"]
        encrypted = (
            query.get("echostr", "") if inbound.method == "GET" else fields(inbound.body.decode()).get("Encrypt", "")
        )
        tencent_crypt.verify(
            query.get("msg_signature", ""), token, query.get("timestamp", ""), query.get("nonce", ""), encrypted
        )
        text = tencent_crypt.decrypt(key, encrypted, corp)
        if inbound.method == "GET":
            return Received(answer=text)
        found = fields(text)
        if found.get("Event") != "template_card_event":
            return Received()
        event = Event(
            EventKind.ACTION,
            key="|".join(found.get(name, "") for name in ("FromUserName", "CreateTime", "TaskId", "EventKey")),
            address=found.get("FromUserName", ""),
            action=found.get("EventKey", ""),
            message_key=found.get("TaskId", ""),
            response=found.get("ResponseCode", ""),
        )
        return Received((event,))


def fields(xml: str) -> dict[str, str]:
    """Return the leaf elements of WeCom's flat XML.

    An XML parser is not needed for leaves of text, and what is not parsed cannot be attacked by entities.
    """
    return {name: cdata or text for name, cdata, text in _FIELD.findall(xml)}
