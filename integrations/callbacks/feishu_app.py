"""Feishu app callbacks: the address check, and clicks on a card's buttons (card.action.trigger, schema 2.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from integrations.callback import CallbackRefused, Event, EventKind, Inbound, Received, callback

_OLDEST = 3600  # seconds


@callback("feishu_app")
class FeishuAppCallback:
    """Signed with the app's encrypt key; the operator stands in the body, so the identity is strong."""

    identity: ClassVar[str] = "strong"

    @staticmethod
    def receive(inbound: Inbound, settings: Mapping[str, Any]) -> Received:
        """Verify, decrypt and read; the answer closes Feishu's three seconds with an empty object."""
        key = settings["encrypt_key"]
        outer = json.loads(inbound.body)
        data = json.loads(decrypt(key, outer["encrypt"])) if "encrypt" in outer else outer
        if data.get("type") == "url_verification":
            _same(data.get("token", ""), settings["verification_token"])
            return Received(answer=json.dumps({"challenge": data["challenge"]}), content_type="application/json")
        _verify(inbound, key)
        header, event = data.get("header", {}), data.get("event", {})
        if header.get("event_type") != "card.action.trigger":
            return Received(answer="{}", content_type="application/json")
        value = event.get("action", {}).get("value", {})
        click = Event(
            EventKind.ACTION,
            key=str(header.get("event_id", "")),
            provider_id=str(event.get("context", {}).get("open_message_id", "")),
            address=str(event.get("operator", {}).get("open_id", "")),
            action=str(value.get("action", "")),
            message_key=str(value.get("key", "")),
            response=str(event.get("token", "")),
        )
        return Received((click,), answer="{}", content_type="application/json")

    @staticmethod
    def answer(received: Received, text: str) -> Received:
        """Show what came of the click as a toast."""
        toast = {"toast": {"type": "info", "content": text[:100]}}
        return replace(received, answer=json.dumps(toast, ensure_ascii=False))


def _verify(inbound: Inbound, key: str) -> None:
    stamp, nonce = inbound.headers.get("x-lark-request-timestamp", "0"), inbound.headers.get("x-lark-request-nonce", "")
    if abs(inbound.now - float(stamp)) > _OLDEST:
        raise CallbackRefused("回调已过期 / the callback is too old")
    expected = hashlib.sha256(f"{stamp}{nonce}{key}".encode() + inbound.body).hexdigest()
    _same(inbound.headers.get("x-lark-signature", ""), expected)


def _same(got: str, expected: str) -> None:
    if not hmac.compare_digest(got.encode(), expected.encode()):
        raise CallbackRefused("回调签名不符 / the callback's signature does not match")


def decrypt(key: str, encrypted: str) -> str:
    """Return the text of base64(iv + AES-256-CBC(sha256(key)))."""
    try:
        raw = base64.b64decode(encrypted)
        decryptor = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(raw[:16])).decryptor()
        unpad = padding.PKCS7(128).unpadder()
        return (unpad.update(decryptor.update(raw[16:]) + decryptor.finalize()) + unpad.finalize()).decode()
    except ValueError as error:
        raise CallbackRefused("回调内容无法解密 / the callback cannot be decrypted") from error
