"""One JSON line a request: who, what, how long. Never a token, a query or a body."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("web")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def configure_logging() -> None:
    """Send structlog to standard error as JSON lines, unless the program has configured it already."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the values of local variables: a password or a token may be among them.
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_to_stderr,
    )


def _to_stderr(*_names: str) -> structlog.PrintLogger:
    """Return a logger to what standard error is now: it may have been redirected since the program began."""
    return structlog.PrintLogger(sys.stderr)


def install(app: Flask) -> None:
    """Log every request of *app* but the probes, and give each an id that its answer carries."""
    configure_logging()

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        rule = str(request.url_rule) if request.url_rule else "(none)"
        if rule in {"/livez", "/readyz", "/metrics"}:
            return response
        who = g.get("principal")
        log.info(
            "request",
            method=request.method,
            route=rule,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            user=who.key if who else None,
        )
        return response
