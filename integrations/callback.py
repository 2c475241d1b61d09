"""What providers tell us afterwards: delivery receipts, replies and clicks on a card's buttons, each verified by its own rules.

A callback is at least once and in any order: whoever takes the events must recognise a repeat by `Event.key`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeVar

from engine.problems import BeihuoError
from engine.registry import Registry


class EventKind(StrEnum):
    """What happened at the provider."""

    DELIVERED = "delivered"
    FAILED = "failed"
    REPLY = "reply"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a provider reports.

    Args:
        kind: what happened.
        key: the same for every repeat of the same report.
        provider_id: of the message it is about, as the outcome of its sending had it; empty where the provider names none.
        address: who replied or clicked (phone number, user id).
        text: the reply's text, or the failure's reason.
        action: the key of the button.
        message_key: our own key of the message, where the provider hands it back.
        response: what the provider wants back for a later update of the card.
    """

    kind: EventKind
    key: str
    provider_id: str = ""
    address: str = ""
    text: str = ""
    action: str = ""
    message_key: str = ""
    response: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A callback as it came in."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    url: str
    now: float  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class Received:
    """The events of a callback and the answer that the provider expects."""

    events: tuple[Event, ...] = ()
    answer: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class CallbackRefused(BeihuoError):
    """A callback that does not prove where it comes from, or that is too old."""


class Callback(Protocol):
    """How the callbacks of one channel are verified and read.

    `identity` says how sure we are of who acts: `strong` where the provider signs, `weak` where only the secret in our own
    address protects it (then money is not decided by it). A callback may further have `answer(received, text)`: the answer
    with what came of a click put into it, for whoever clicked (Feishu's toast).
    """

    identity: ClassVar[str]

    @staticmethod
    def receive(inbound: Inbound, settings: Mapping[str, Any]) -> Received:
        """Verify and read a callback.

        Raises:
            CallbackRefused: it does not verify.
        """
        ...


CALLBACKS: Registry[type[Callback]] = Registry("渠道回调", "integrations.callbacks", "beihuo.callbacks", "callback")

Answer = Callable[[Received, str], Received]


def answerer(plug_in: type[Callback]) -> Answer | None:
    """Return how a callback's answer shows what came of a click; None where it shows nothing."""
    found: Answer | None = getattr(plug_in, "answer", None)
    return found


_C = TypeVar("_C", bound=type[Callback])


def callback(name: str) -> Callable[[_C], _C]:
    """Register the decorated class as the callback of the channel *name*."""

    def register(plug_in: _C) -> _C:
        CALLBACKS.add(name, plug_in)
        return plug_in

    return register
