"""The envelope of WeCom, WeChat and DingTalk callbacks: SHA-1 signature over sorted parts, AES-256-CBC with 32-byte padding.

Source: the callback encryption of WeCom, developer.work.weixin.qq.com, document 90968, whose sample is among the tests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from integrations.callback import CallbackRefused

_BLOCK = 32


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """Return the `msg_signature` of an envelope."""
    return hashlib.sha1("".join(sorted([token, timestamp, nonce, encrypted])).encode()).hexdigest()  # noqa: S324 the protocol's


def verify(expected: str, token: str, timestamp: str, nonce: str, encrypted: str) -> None:
    """Compare in constant time.

    Raises:
        CallbackRefused: the signature is another.
    """
    if not hmac.compare_digest(signature(token, timestamp, nonce, encrypted), expected):
        raise CallbackRefused("回调签名不符 / the callback's signature does not match")


def _key(encoding_aes_key: str) -> bytes:
    return base64.b64decode(encoding_aes_key + "=")


def decrypt(encoding_aes_key: str, encrypted: str, receive_id: str) -> str:
    """Return the message of an envelope meant for *receive_id* (corp id, app id).

    Raises:
        CallbackRefused: it was not encrypted with this key, or is meant for somebody else.
    """
    key = _key(encoding_aes_key)
    try:
        raw = base64.b64decode(encrypted, validate=True)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = decryptor.update(raw) + decryptor.finalize()
        padding = plain[-1]
        content = plain[:-padding]
        length = struct.unpack(">I", content[16:20])[0]
        text, receiver = content[20 : 20 + length].decode(), content[20 + length :].decode()
    except (ValueError, IndexError, struct.error) as error:
        raise CallbackRefused("回调内容无法解密 / the callback cannot be decrypted") from error
    if not 1 <= padding <= _BLOCK or not hmac.compare_digest(receiver.encode(), receive_id.encode()):
        raise CallbackRefused("回调不是发给这个企业的 / the callback is meant for somebody else")
    return text


def encrypt(encoding_aes_key: str, text: str, receive_id: str) -> str:
    """Return *text* as an envelope for *receive_id*."""
    key = _key(encoding_aes_key)
    content = secrets.token_bytes(16) + struct.pack(">I", len(text.encode())) + text.encode() + receive_id.encode()
    padding = _BLOCK - len(content) % _BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(content + bytes([padding]) * padding) + encryptor.finalize()).decode()
