"""One HTTP server with a path prefix a vendor; it keeps what it accepted and fails on demand."""

from __future__ import annotations

import contextlib
import http.server
import importlib
import json
import pkgutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Refusal(Exception):
    """The vendor's answer to a request that breaks its rules."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = dict(body)


@dataclass
class Request:
    """A request as a vendor sees it; *path* without the vendor's prefix."""

    method: str
    path: str
    host: str
    raw_query: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.raw or b"null")


@dataclass
class Gateway:
    """The running server.

    `inbox` holds what was accepted, a dict a message with at least `vendor`; `faults` what goes wrong next:
    {"status": 503} answers that status, {"hang": seconds} waits first, {"body": {...}} answers that body with 200; each
    carries `times` (default 1) and may carry `vendor`.
    """

    secrets: dict[str, str] = field(default_factory=lambda: {"key": "gateway-key", "secret": "gateway-secret"})
    now: Callable[[], float] = time.time
    inbox: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    calls: list[tuple[str, str]] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _server: http.server.ThreadingHTTPServer | None = None

    def start(self) -> Gateway:
        """Listen on a port of the system's choosing."""
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                gateway._answer(self, raw)

            do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815 the library's names

            def log_message(self, *arguments: object) -> None:
                """Say nothing: the tests print enough."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None
        return int(self._server.server_port)

    def url(self, vendor: str) -> str:
        """The base address of *vendor*'s part (its own host name where the vendor signs the bare host)."""
        return f"http://127.0.0.1:{self.port}/{vendor}"

    def fault(self, **what: Any) -> None:
        """Let the next request(s) go wrong."""
        self.faults.append({"times": 1, **what})

    def _next_fault(self, vendor: str) -> dict[str, Any] | None:
        with self.lock:
            for fault in self.faults:
                if fault.get("vendor", vendor) == vendor and fault["times"] > 0:
                    fault["times"] -= 1
                    return fault
        return None

    def _answer(self, handler: http.server.BaseHTTPRequestHandler, raw: bytes) -> None:
        parts = urlsplit(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        vendor, _, rest = parts.path.lstrip("/").partition("/")
        if vendor not in VENDORS:  # SDKs that take a host only
            vendor, rest = (
                ("aliyun" if "x-acs-action" in headers else "tencent" if "x-tc-action" in headers else "twilio"),
                parts.path.lstrip("/"),
            )
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        request = Request(handler.command, f"/{rest}", headers.get("host", ""), parts.query, query, headers, raw)
        with self.lock:
            self.calls.append((vendor, request.path))
        fault = self._next_fault(vendor)
        if fault and "hang" in fault:
            time.sleep(fault["hang"])
        if fault and "status" in fault:
            return _write(handler, fault["status"], fault.get("body", {"error": "on demand"}))
        if fault and "body" in fault:
            return _write(handler, 200, fault["body"])
        try:
            with self.lock:
                status, body = VENDORS[vendor](self, request)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        return _write(handler, status, body)


def _write(handler: http.server.BaseHTTPRequestHandler, status: int, body: Any) -> None:
    raw = json.dumps(body, ensure_ascii=False).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(raw)))
    with contextlib.suppress(ConnectionError):  # whoever did not wait for a hanging answer has gone
        handler.end_headers()
        handler.wfile.write(raw)


Vendor = Callable[[Gateway, Request], tuple[int, Any]]
VENDORS: dict[str, Vendor] = {
    module.name: importlib.import_module(f"gateways.vendors.{module.name}").answer
    for module in pkgutil.iter_modules([str(Path(__file__).parent / "vendors")])
}
