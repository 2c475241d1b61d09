"""What a use case refuses, with the reason and what to say about it."""

from __future__ import annotations

from typing import Any

from engine.problems import BeihuoError

STATUS = {
    "invalid": 422,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "stale": 409,
    "gone": 410,
    "busy": 503,
    "too_many": 429,
}


class Refused(BeihuoError):
    """A use case was refused.

    Args:
        reason: a word of `STATUS`, or the reason word of a room below (`not_your_seat`); unknown words count as 409.
        message: what to tell the user, in Chinese.
        message_en: the same in English.
        details: data that helps (the other draft, what was found), as JSON.
    """

    def __init__(self, reason: str, message: str, message_en: str = "", details: dict[str, Any] | None = None) -> None:
        super().__init__(f"{message} / {message_en}" if message_en else message)
        self.reason = reason
        self.message = message
        self.message_en = message_en or message
        self.details = details or {}

    @property
    def status(self) -> int:
        """The HTTP status that says it."""
        return STATUS.get(self.reason, 409)


def not_found(what: str, what_en: str, key: object) -> Refused:
    """Return the refusal for something that does not exist."""
    return Refused("not_found", f"没有这个{what}:{key}", f"no such {what_en}: {key}")
