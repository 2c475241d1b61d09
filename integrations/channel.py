"""What a notification channel is: settings under a JSON Schema, and one way to send that answers per recipient."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from engine.registry import Registry


class OutcomeState(StrEnum):
    """What became of a message for one recipient.

    `UNKNOWN` means that the provider may or may not have it (a connection lost after the data were sent): the outbox
    then tries at most once more where a message costs money.
    """

    ACCEPTED = "accepted"
    RETRY = "retry"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person and the address under which a channel reaches them (an e-mail address, a phone number, a user id)."""

    person: str
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered notice.

    Args:
        key: the idempotency key of the delivery; stable over attempts, becomes the Message-ID or the provider's own field.
        title: one line.
        body: plain text.
        html: the same as HTML, already escaped; empty where the channel makes its own.
        link: the address of the recipient's action page; empty where there is nothing to act on.
        language: `zh` or `en`.
        data: the plain values behind the text, for channels with templates of their own (SMS variables).
    """

    key: str
    title: str
    body: str
    html: str = ""
    link: str = ""
    language: str = "zh"
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one recipient's part of a sending came to.

    Args:
        person: whose part.
        state: what became of it.
        code: the provider's own code (`250`, `isv.BUSINESS_LIMIT_CONTROL`).
        text: the provider's own words.
        provider_id: under which the provider knows the message, for receipts.
        retry_after: seconds to wait before the next attempt, where the provider says so.
        response: what the provider wants back when the message is changed later (WeCom's response_code).
    """

    person: str
    state: OutcomeState
    code: str = ""
    text: str = ""
    provider_id: str = ""
    retry_after: float | None = None
    response: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent, as the provider knows it: its id, what a change of it needs, and the card's own key."""

    provider_id: str
    response: str = ""
    card_key: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a provider takes: *most* messages within *seconds*, for the whole channel or for each address.

    Args:
        most: messages …
        seconds: … within so many seconds.
        by: `channel`, or `address` for each recipient by itself.
        penalty: seconds of silence that breaking it costs, where the provider punishes.
    """

    most: int
    seconds: float
    by: Literal["channel", "address"] = "channel"
    penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class TextLimit:
    """How long the body of a message may be, and what may not stand in it.

    Args:
        characters: at most; None for no limit.
        size: bytes in UTF-8 at most; None for no limit.
        links: whether an address may stand in it.
        lines: whether it may have more than one line.
    """

    characters: int | None = None
    size: int | None = None
    links: bool = True
    lines: bool = True


class Channel(Protocol):
    """A way to reach people. Settings marked `"secret": true` in *schema* are encrypted at rest and never shown again.

    `address` names the user's attribute that holds the address (`email`, `phone`, `wecom`), or is empty where the channel
    needs none. `send` raises only for bugs: what the provider refused is an outcome. A channel may further have `limits`
    (a tuple of `Limit`), `costs_money` (each message does), `text` (a `TextLimit`), and `update`, by which a card that was sent tells everybody who
    dealt with it.
    """

    title: ClassVar[str]
    title_en: ClassVar[str]
    icon: ClassVar[str]
    address: ClassVar[str]
    schema: ClassVar[dict[str, Any]]
    example: ClassVar[dict[str, Any]]

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:
        """Send *message* to each of *to*; one outcome per recipient, in their order."""
        ...


Update = Callable[[Message, Sent, Recipient, Mapping[str, Any]], Outcome]
"""Puts a message (without buttons) in the place of what a recipient was sent."""


def updater(plug_in: type[Channel]) -> Update | None:
    """Return how the messages of a channel are changed after they were sent; None where they cannot be."""
    found: Update | None = getattr(plug_in, "update", None)
    return found


ACT = {"zh": "查看并处理", "en": "Open and act"}
"""What the button or link of a notice says, by language."""

CHANNELS: Registry[type[Channel]] = Registry("通知渠道", "integrations.channels", "beihuo.channels", "channel")

_C = TypeVar("_C", bound=type[Channel])


def channel(name: str) -> Callable[[_C], _C]:
    """Register the decorated class as the channel *name*."""

    def register(plug_in: _C) -> _C:
        CHANNELS.add(name, plug_in)
        return plug_in

    return register


def same_for_all(
    to: Sequence[Recipient],
    state: OutcomeState,
    code: str = "",
    text: str = "",
    *,
    provider_id: str = "",
    retry_after: float | None = None,
) -> list[Outcome]:
    """Return the one outcome of a sending that the provider answered as a whole, for each recipient."""
    return [Outcome(recipient.person, state, code, text, provider_id, retry_after) for recipient in to]
