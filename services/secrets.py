"""Secrets at rest: encrypted under a key derived from the workspace's secret, with the key's id beside each value.

Rotation: put the old `BEIHUO_SECRET_KEY` into `BEIHUO_SECRET_KEY_PREVIOUS`; what was encrypted under it is still read, and
is written under the new one the next time it is saved.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.problems import BeihuoError
from services.workspace import Workspace


def encrypt(workspace: Workspace, data: dict[str, Any]) -> bytes:
    """Return *data* encrypted, as `key id:token`."""
    key = _derive(workspace.secret)
    token = Fernet(key).encrypt(json.dumps(data, ensure_ascii=False).encode())
    return _id(key).encode() + b":" + token


def decrypt(workspace: Workspace, encrypted: bytes | None) -> dict[str, Any]:
    """Return what `encrypt` was given; nothing for None.

    Raises:
        BeihuoError: none of the keys at hand is the one it was encrypted under.
    """
    if encrypted is None:
        return {}
    name, _, token = encrypted.partition(b":")
    for secret in (workspace.secret, *filter(None, os.environ.get("BEIHUO_SECRET_KEY_PREVIOUS", "").split(","))):
        key = _derive(secret)
        if _id(key).encode() == name:
            try:
                data: dict[str, Any] = json.loads(Fernet(key).decrypt(token))
            except InvalidToken:
                break
            return data
    raise BeihuoError(
        "密钥已更换,保存的渠道密码无法解密;请把旧的 BEIHUO_SECRET_KEY 写入 BEIHUO_SECRET_KEY_PREVIOUS,或重新填写"
        " / the secret key has changed: name the old one in BEIHUO_SECRET_KEY_PREVIOUS, or enter the channel's secrets again"
    )


def _derive(secret: str) -> bytes:
    """Return the Fernet key of a workspace secret (HKDF, RFC 5869)."""
    raw = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"beihuo settings at rest").derive(secret.encode())
    return base64.urlsafe_b64encode(raw)


def _id(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]
