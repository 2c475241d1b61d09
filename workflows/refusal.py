"""What the core says no with: a step that may not be taken, and a token that cannot go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.problems import BeihuoError


class Refused(BeihuoError):
    """A step that may not be taken; nothing was changed.

    Args:
        reason: one machine-readable word (`not_your_seat`).
        message: what to tell the person, in Chinese.
        message_en: the same in English.
    """

    def __init__(self, reason: str, message: str = "", message_en: str = "") -> None:
        self.reason = reason
        self.message = message or reason
        self.message_en = message_en or self.message
        super().__init__(reason, message)

    def __str__(self) -> str:
        english = "" if self.message_en == self.message else f" / {self.message_en}"
        return f"{self.message}{english}"


class Trouble(BeihuoError):
    """A token that cannot go on; the walk turns it into an incident.

    Args:
        reason: one machine-readable word (`no_branch`).
        message: what happened, in Chinese.
        message_en: the same in English.
        expression: the source text that could not be used, if any.
        values: the names that the expression reads, with their values.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        message_en: str,
        *,
        expression: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{message} / {message_en}")
        self.reason = reason
        self.message = message
        self.message_en = message_en
        self.expression = expression
        self.values = dict(values or {})
