"""Who is told of an alert, through what and when, and who is not and why: the one answer for sending and for trying a route out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.alerting import preferences as wishes
from engine.alerting import route as routing
from engine.alerting.preferences import Reason
from services import preferences
from services.addressing import MAILBOX, addresses
from services.directory import People
from store.database import Session


@dataclass(frozen=True, slots=True)
class Told:
    """One person, one channel: told at *due*, or not at all (*reason* says why not, or why later)."""

    person: str
    channel: str
    address: str
    due: dt.datetime | None
    reason: Reason | None = None


@dataclass(slots=True)
class Reach:
    """What people want and where they are reached, read once.

    Attributes:
        people: who is who.
        kinds: the plug-in of each channel that is on.
        zone: of quiet hours without one.
        wanted: what each person has said.
    """

    people: People
    kinds: Mapping[str, str]
    zone: str
    wanted: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session, people: People, kinds: Mapping[str, str], zone: str) -> Reach:
        """Read what everybody wants."""
        return cls(people, kinds, zone, preferences.of_all(session))

    def receivers(self, to: Sequence[str], record: Mapping[str, Any]) -> list[str]:
        """Return the active people whom *to* names; the administrator when it names nobody: no alert may vanish."""
        named = [person for person in routing.recipients(to, record, self.people) if self.people.active(person)]
        admin = self.people.admin()
        return named or ([admin] if admin else [])

    def unwanted(self, person: str, alert: Mapping[str, Any]) -> Reason | None:
        """Return why *person* does not want an alert, or None."""
        return wishes.unwanted(self.wanted.get(person, {}), alert)

    def tell(
        self, person: str, level: str, channels: Sequence[str], due: dt.datetime, quiet: Sequence[Mapping[str, Any]]
    ) -> list[Told]:
        """Return through which channels and when *person* is told of something of *level*."""
        own = self.wanted.get(person, {})
        chosen = wishes.channels(own, level, channels) or [MAILBOX]
        moment, reason = wishes.told_at(own, level, due, self.zone, quiet)
        return [
            Told(person, channel, address, moment, reason)
            for channel, address in addresses(self.people, person, chosen, self.kinds)
        ]
