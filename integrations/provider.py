"""What the adapters of message providers share: how an answer, or none, becomes an outcome, and short-lived access tokens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from integrations.address import AddressRefused
from integrations.channel import Outcome, OutcomeState, Recipient, same_for_all
from integrations.http import Answer, Unreachable


class TokenRefused(Exception):
    """The provider gave no access token: its code and words, and whether asking again later may help."""

    def __init__(self, state: OutcomeState, code: str, text: str) -> None:
        super().__init__(text)
        self.state = state
        self.code = code


SECRET_KEY_SCHEMA = {"type": "string", "minLength": 1, "secret": True}


def base_url_schema(default: str) -> dict[str, Any]:
    """Return the schema of the setting that lets a private cloud, a proxy or a test gateway take the provider's place."""
    return {
        "type": "string",
        "title": "接口地址",
        "title_en": "Base URL",
        "default": default,
        "pattern": "^https?://",
        "advanced": True,
    }


def together(to: Sequence[Recipient], call: Callable[[], list[Outcome]]) -> list[Outcome]:
    """Run one request that serves all recipients; no answer is an outcome too."""
    try:
        return call()
    except AddressRefused as error:
        return same_for_all(to, OutcomeState.PERMANENT, "address", str(error))
    except TokenRefused as error:
        return same_for_all(to, error.state, error.code, str(error))
    except Unreachable as error:
        return same_for_all(to, OutcomeState.UNKNOWN if error.sent else OutcomeState.RETRY, "unreachable", str(error))


def one_by_one(to: Sequence[Recipient], call: Callable[[Recipient], Outcome]) -> list[Outcome]:
    """Run one request a recipient; a failure for one holds nobody else back."""
    outcomes: list[Outcome] = []
    for recipient in to:
        outcomes += together([recipient], lambda recipient=recipient: [call(recipient)])  # type: ignore[misc]
    return outcomes


def by_status(answer: Answer) -> OutcomeState | None:
    """Return what the HTTP status alone decides, or None: most Chinese providers answer 200 and put the truth in the body."""
    if answer.status in {408, 425, 429} or answer.status >= 500:
        return OutcomeState.RETRY
    return OutcomeState.PERMANENT if answer.status >= 400 else None


def body_of(answer: Answer) -> Mapping[str, Any]:
    """Return the JSON object of the answer's body, or an empty one where it is something else."""
    return answer.body if isinstance(answer.body, dict) else {}


def token_in(answer: Answer, token: str, lifetime: str, code: str, text: str) -> tuple[str, float]:
    """Return the access token of *answer* and the seconds it lives; the arguments name the fields of its body.

    Raises:
        TokenRefused: there is none in it.
    """
    body = body_of(answer)
    if not body.get(token):
        state = by_status(answer) or (OutcomeState.RETRY if body.get(code) == -1 else OutcomeState.PERMANENT)
        raise TokenRefused(state, str(body.get(code, answer.status)), str(body.get(text, "")))
    return str(body[token]), float(body.get(lifetime, 7200))


class AccessTokens:
    """Short-lived tokens of one provider, fetched once and kept until shortly before they end; safe between threads."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...], fetch: Callable[[], tuple[str, float]]) -> str:
        """Return the token of *key*; *fetch* answers (token, seconds it lives)."""
        with self._lock:
            token, ends = self._kept.get(key, ("", 0.0))
            if time.monotonic() < ends:
                return token
            token, seconds = fetch()
            self._kept[key] = (token, time.monotonic() + max(0.0, seconds - 300))
            return token

    def forget(self, key: tuple[str, ...]) -> None:
        """Drop the token of *key*: the provider said that it no longer holds."""
        with self._lock:
            self._kept.pop(key, None)
