"""Through which channels a person can be reached, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from integrations.channel import CHANNELS
from services.directory import People
from store import settings
from store.database import Session

MAILBOX = "mailbox"


def channel_types(session: Session) -> dict[str, str]:
    """Return the plug-in of each channel that is set up and on, by the channel's key."""
    known = settings.every(session, "channel:").items()
    return {MAILBOX: MAILBOX} | {
        name.removeprefix("channel:"): value["type"] for name, value in known if value["enabled"]
    }


def is_shared(kind: str | None) -> bool:
    """Say whether a channel reaches a whole group at once, so that each notice goes there once and not once a person."""
    return kind is not None and kind != MAILBOX and kind in CHANNELS and not CHANNELS[kind].address


def addresses(people: People, person: str, channels: Iterable[str], kinds: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (channel, address) for each channel that reaches *person*; the mailbox when none of those named does.

    A channel that the person has left (an unsubscribe word, the account page) does not reach them any more.
    """
    wanted, found = list(channels), []
    left = people.left_channels(person)
    for channel in wanted:
        kind = kinds.get(channel)
        if kind is None or kind not in CHANNELS or channel in left:
            continue
        attribute = CHANNELS[kind].address
        address = people.address(person, attribute) if attribute else ""
        if address is not None:
            found.append((channel, address))
    return found or ([(MAILBOX, "")] if wanted else [])
