"""The one HTTP client: checked addresses, no redirects, no proxies from the environment, bounded time and size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from engine.problems import BeihuoError
from integrations import address

TOTAL_SECONDS = 10.0
MOST_BYTES = 1_000_000
PORTS = frozenset({80, 443, 8080, 8443})


class Unreachable(BeihuoError):
    """No answer came.

    `sent` says whether the request may have reached the other side: then its effect is unknown.
    """

    def __init__(self, text: str, *, sent: bool) -> None:
        super().__init__(text)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side answered; *body* is its JSON where it was JSON, else its text."""

    status: int
    body: Any
    headers: Mapping[str, str]


def request(
    method: str,
    url: str,
    *,
    json: Any = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    seconds: float = TOTAL_SECONDS,
) -> Answer:
    """Send one request and return the answer, whatever its status.

    Raises:
        AddressRefused: the host leads inside and is not allowed (see `integrations.address`).
        Unreachable: nothing came back in time; its text never holds the query, which may carry a secret.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if parts.scheme not in {"http", "https"} or (port not in PORTS and host.casefold() not in address.allowed_hosts()):
        raise address.AddressRefused(f"不支持的地址 {parts.scheme}://{host}:{port} / this address is not supported")
    target = address.resolve(host, port)
    literal = f"[{target.ip}]" if ":" in target.ip else target.ip
    checked = parts._replace(netloc=f"{literal}:{port}").geturl()
    sent_headers = httpx.Headers({"Host": parts.netloc.rpartition("@")[2]})
    sent_headers.update(headers)
    timeout = httpx.Timeout(seconds, connect=min(seconds, 5.0))
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(
                method,
                checked,
                json=json,
                content=content,
                headers=sent_headers,
                params=params,
                extensions={"sni_hostname": target.host},
            ) as response,
        ):
            return Answer(response.status_code, _body(response), dict(response.headers))
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.LocalProtocolError) as error:
        raise Unreachable(
            f"连不上 {host}:{port} / cannot connect to {host}:{port} ({type(error).__name__})", sent=False
        ) from error
    except httpx.HTTPError as error:
        raise Unreachable(
            f"{host}:{port} 没有应答 / no answer from {host}:{port} ({type(error).__name__})", sent=True
        ) from error


def _body(response: httpx.Response) -> Any:
    received = bytearray()
    for chunk in response.iter_bytes():
        received += chunk
        if len(received) > MOST_BYTES:
            raise httpx.DecodingError("the answer is too large", request=response.request)
    whole = httpx.Response(
        response.status_code,
        headers={"content-type": response.headers.get("content-type", "")},
        content=bytes(received),
    )
    try:
        return whole.json()
    except ValueError:
        return whole.text
