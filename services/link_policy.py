"""How sure we must be of who acts behind a link: the link alone, with the person's PIN, or signed in; as each workflow says."""

from __future__ import annotations

from typing import Any

from store import definitions, instances, seats
from store.database import Session
from store.instances import InstanceState

LINK, PIN, LOGIN = "link", "pin", "login"
MONEY = frozenset({"money"})


def of_seat(session: Session, seat_id: int) -> str:
    """Return the policy of a seat's workflow; what it does not say is `login` where money is decided, else `link`."""
    seat = seats.get(session, seat_id)
    row = instances.get(session, seat.instance) if seat else None
    return of_instance(session, row) if row else LINK


def of_instance(session: Session, row: InstanceState) -> str:
    """Return the policy of an instance: of the version that it runs."""
    document = definitions.document(session, "workflow", row.workflow, row.version) or {}
    wanted = (document.get("policy") or {}).get("links")
    if wanted in {LINK, PIN, LOGIN}:
        return str(wanted)
    return LOGIN if decides_money(session, row.form) else LINK


def decides_money(session: Session, form: str | None) -> bool:
    """Say whether the records of *form* carry an amount of money, in a field of their own or in a line."""
    state = definitions.get(session, "form", form) if form else None
    return state is not None and _has_money(state.document.get("fields", ()))


def _has_money(fields: Any) -> bool:
    return any(field.get("type") in MONEY or _has_money(field.get("fields", ())) for field in fields)
