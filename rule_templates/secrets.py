"""Secrets in a pack: found wherever they hide, since packs travel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.problems import Problem

_NAMES = frozenset(
    ("password", "passwd", "secret", "token", "api_key", "apikey", "access_key", "private_key", "secret_key", "authorization",
     "x-api-key", "cookie", "proxy-authorization", "access_token", "client_secret")
)  # fmt: skip
_IN_ADDRESS = re.compile(
    r"https?://(?:[^/\s@]*:[^/\s@]*@|\S*[?&](?:access_token|token|key|secret|sign|apikey|api_key)=[^&\s]+)",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


def secrets_in(value: Any, path: str = "$") -> Iterator[Problem]:
    """Yield a problem for each place of *value* that holds what looks like a secret: by its name, in an address, as a key."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if str(key).lower() in _NAMES and isinstance(inner, str) and inner:
                yield _problem(f"{path}.{key}")
            else:
                yield from secrets_in(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from secrets_in(inner, f"{path}[{number}]")
    elif isinstance(value, str) and (_IN_ADDRESS.search(value) or _PRIVATE.search(value)):
        yield _problem(path)


def _problem(path: str) -> Problem:
    return Problem(
        path, "模板包里不能有密码或密钥", "在通道或连接的设置里填写", "a pack must not hold secrets", "enter it in the settings of a channel or connection"
    )  # fmt: skip
