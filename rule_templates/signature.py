"""Signatures of packs: Ed25519 (RFC 8032) over the pack's JSON with sorted keys and no spaces (in the spirit of RFC 8785)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from engine.problems import BeihuoError

ALGORITHM = "ed25519"


def new_key() -> tuple[bytes, bytes]:
    """Return a new key pair as PEM: (private, public)."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def sign(document: Mapping[str, Any], private: bytes) -> dict[str, Any]:
    """Return *document* with its `signature` by the private key (PEM).

    Raises:
        BeihuoError: *private* is no Ed25519 key.
    """
    key = _private(private)
    value = base64.b64encode(key.sign(_signed(document))).decode()
    return {**document, "signature": {"algorithm": ALGORITHM, "key_id": _id(key.public_key()), "value": value}}


def verify(document: Mapping[str, Any], public: bytes) -> bool:
    """Return whether *document* carries a signature by the key whose public half (PEM) is given, and is unchanged since.

    Raises:
        BeihuoError: *public* is no Ed25519 key.
    """
    key = _public(public)
    signature = document.get("signature") or {}
    if signature.get("algorithm") != ALGORITHM or signature.get("key_id") != _id(key):
        return False
    try:
        key.verify(base64.b64decode(str(signature.get("value", "")), validate=True), _signed(document))
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """Return the id of a public key (PEM): the first 16 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return _id(_public(public))


def _signed(document: Mapping[str, Any]) -> bytes:
    bare = {key: value for key, value in document.items() if key != "signature"}
    return json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise BeihuoError("不是 Ed25519 私钥(PEM) / this is no Ed25519 private key (PEM)")
    return key


def _public(pem: bytes) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise BeihuoError("不是 Ed25519 公钥(PEM) / this is no Ed25519 public key (PEM)")
    return key
