"""Who is who, as one transaction sees it: the answer to what routing and workflows ask about people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from engine.alerting.rota import on_call
from store import settings, users
from store.database import Session


class People:
    """The people of the workspace: superiors, roles, departments, who acts for whom.

    Satisfies `workflows.Directory` and `engine.alerting.route.Directory`. Everything but agencies is read once, so that the
    same question gets the same answer throughout one step.
    """

    def __init__(self, session: Session, now: dt.datetime) -> None:
        self._session, self._now = session, now
        self._people = {person.key: person for person in users.every(session)}
        self._departments = users.departments(session)
        self._left: dict[str, frozenset[str]] = {}

    def superior(self, user: str) -> str | None:
        """Return the direct superior of *user*, or None."""
        person = self._people.get(user)
        return person.superior if person else None

    def members(self, source: str) -> Sequence[str]:
        """Return the active people behind `role:buyer` or `dept:purchasing`, sorted by key."""
        kind, _, name = source.partition(":")
        if kind == "role":
            return self.in_role(name)
        if kind in {"dept", "department"}:
            return [key for key, person in self._people.items() if person.active and person.department == name]
        return []

    def in_role(self, role: str) -> Sequence[str]:
        """Return the active people who have *role*, sorted by key."""
        return [key for key, person in self._people.items() if person.active and role in person.roles]

    def department_head(self, user: str, n: int) -> str | None:
        """Return the head of the *n*-th department above *user* (1 = his own), or None."""
        person = self._people.get(user)
        department = person.department if person else None
        for _ in range(n - 1):
            department = self._departments[department][1] if department in self._departments else None
        return self._departments[department][2] if department in self._departments else None

    def active(self, user: str) -> bool:
        """Say whether *user* exists and may act."""
        person = self._people.get(user)
        return person is not None and person.active

    def agent(self, user: str, workflow: str) -> str | None:
        """Return who acts for *user* in *workflow* now, or None."""
        return users.agent(self._session, user, workflow, self._now)

    def admin(self) -> str | None:
        """Return the first active administrator, or None."""
        return next(iter(self.in_role("admin")), None)

    def name(self, user: str | None) -> str:
        """Return how *user* is called; the key itself for whoever is not known."""
        if not user:
            return ""
        person = self._people.get(user)
        return person.name if person else {"system": "系统"}.get(user, user)

    def language(self, user: str) -> str:
        """Return the language of *user*'s notices."""
        person = self._people.get(user)
        return person.language if person else "zh"

    def address(self, user: str, attribute: str) -> str | None:
        """Return the address of *user* that a channel needs: `email`, `phone`, or one of the others; None when unset."""
        person = self._people.get(user)
        if person is None:
            return None
        if attribute in {"email", "phone"}:
            return person.email if attribute == "email" else person.phone
        found = person.addresses.get(attribute)
        return str(found) if found else None

    def on_call(self, rota: str) -> str | None:
        """Return who is on call in *rota* at the moment of this directory, or None."""
        found = settings.get(self._session, f"rota:{rota}")
        zone = str(settings.get(self._session, "workspace.timezone", "Asia/Shanghai"))
        return on_call(found, self._now, zone) if found else None

    def colleagues(self, user: str, most: int = 30) -> list[tuple[str, str]]:
        """Return (key, name) of active people whom *user* may hand work to: those of a shared role or department first."""
        me = self._people.get(user)
        if me is None:
            return []

        def distance(key: str) -> tuple[bool, str]:
            other = self._people[key]
            near = bool(set(other.roles) & set(me.roles)) or (other.department or "") == (me.department or "-")
            return not near and me.superior != key, other.name

        others = [key for key, person in self._people.items() if person.active and key != user]
        return [(key, self._people[key].name) for key in sorted(others, key=distance)[:most]]

    def left_channels(self, user: str) -> frozenset[str]:
        """Return the channels through which *user* wants nothing more."""
        if user not in self._left:
            wanted = settings.get(self._session, f"preferences:{user}", {})
            self._left[user] = frozenset(wanted.get("left_channels", ()))
        return self._left[user]

    def who_has(self, attribute: str, address: str) -> str | None:
        """Return the active person with this address; phone numbers are compared without their country code; None for two."""
        wanted = _comparable(attribute, address)
        found = [
            key
            for key, person in self._people.items()
            if person.active and wanted and _comparable(attribute, self.address(key, attribute) or "") == wanted
        ]
        return found[0] if len(found) == 1 else None


def _comparable(attribute: str, address: str) -> str:
    if attribute != "phone":
        return address.strip().casefold()
    digits = "".join(sign for sign in address if sign.isdigit())
    return digits.removeprefix("86") if len(digits) == 13 else digits
