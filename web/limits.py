"""Limits of requests: how large a body may be, and how often somebody may try to sign in."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from flask import Flask, request

from web.errors import WebError

BODY = 2 * 1024 * 1024
UPLOAD = 200 * 1024 * 1024
UPLOAD_ROUTES = ("/api/v1/imports/analyse", "/api/v1/files")
MOST_KEYS = 10_000


class Attempts:
    """A sliding window over failed attempts by key, in the memory of this process.

    Args:
        most: how many failures are allowed …
        seconds: … within so many seconds.
        clock: seconds that never go back.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, *keys: str) -> float:
        """Return for how many seconds the caller has to wait; 0 when it may try now."""
        now = self._clock()
        with self._lock:
            return max((self._wait(key, now) for key in keys), default=0.0)

    def _wait(self, key: str, now: float) -> float:
        failed = self._failed.get(key)
        if failed is None:
            return 0.0
        while failed and failed[0] <= now - self._seconds:
            failed.popleft()
        return failed[0] + self._seconds - now if len(failed) >= self._most else 0.0

    def failed(self, *keys: str) -> None:
        """Count one failure of each key; the oldest keys are forgotten when there are too many."""
        with self._lock:
            for key in keys:
                self._failed.setdefault(key, deque(maxlen=self._most)).append(self._clock())
                self._failed.move_to_end(key)
            while len(self._failed) > MOST_KEYS:
                self._failed.popitem(last=False)

    def succeeded(self, *keys: str) -> None:
        """Forget the failures of the keys."""
        with self._lock:
            for key in keys:
                self._failed.pop(key, None)


def refuse_soon(attempts: Attempts, *keys: str) -> None:
    """Raise 429 with `Retry-After` while a key has to wait."""
    wait = attempts.wait(*keys)
    if wait > 0:
        seconds = int(wait) + 1
        raise WebError(
            429,
            f"尝试次数过多,请在 {seconds} 秒后再试",
            f"Too many attempts: try again in {seconds} seconds",
            reason="too_many",
            headers={"Retry-After": str(seconds)},
        )


def install(app: Flask) -> None:
    """Refuse bodies that are too large before anything reads them."""

    @app.before_request
    def limit() -> None:
        request.max_content_length = UPLOAD if request.path in UPLOAD_ROUTES else BODY
        if (request.content_length or 0) > request.max_content_length:
            most = request.max_content_length // (1024 * 1024)
            raise WebError(413, f"内容超过 {most} MB", f"The content is larger than {most} MB", reason="too_large")
