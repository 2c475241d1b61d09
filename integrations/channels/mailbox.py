"""The built-in mailbox: notices inside Beihuo itself, on the recipient's own page; needs no set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations.channel import Message, Outcome, OutcomeState, Recipient, channel, same_for_all


@channel("mailbox")
class Mailbox:
    """Deliver to the person's page in Beihuo.

    The message is a row of our own database: the dispatcher writes it in the same transaction that marks the delivery as
    accepted, so this channel has nothing to send and cannot fail.
    """

    title: ClassVar[str] = "站内消息"
    title_en: ClassVar[str] = "Built-in mailbox"
    icon: ClassVar[str] = "inbox"
    address: ClassVar[str] = ""
    schema: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": False, "properties": {}}
    example: ClassVar[dict[str, Any]] = {}

    @staticmethod
    def send(message: Message, to: Sequence[Recipient], settings: Mapping[str, Any]) -> list[Outcome]:  # noqa: ARG004 the contract's
        """Accept for every recipient."""
        return same_for_all(to, OutcomeState.ACCEPTED, provider_id=message.key)
