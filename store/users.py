"""People: who they are, who is above them, who acts for whom, and the passwords' hashes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from store.models.user import Agency, Department, User


@dataclass(frozen=True, slots=True)
class Person:
    """A person as everybody but the login sees them."""

    key: str
    name: str
    roles: tuple[str, ...]
    superior: str | None
    department: str | None
    language: str
    email: str | None
    phone: str | None
    addresses: dict[str, Any]
    active: bool
    epoch: int
    created_at: dt.datetime
    last_login_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the login needs to know of a person."""

    key: str
    password_hash: str | None
    active: bool
    failed_logins: int
    locked_until: dt.datetime | None


def _person(user: User) -> Person:
    return Person(
        user.key,
        user.name,
        tuple(user.roles),
        user.superior,
        user.department,
        user.language,
        user.email,
        user.phone,
        user.addresses,
        user.active,
        user.epoch,
        user.created_at,
        user.last_login_at,
    )


def get(session: Session, key: str) -> Person | None:
    """Return one person, or None."""
    user = session.get(User, key)
    return _person(user) if user else None


def every(session: Session, *, active: bool | None = None) -> list[Person]:
    """Return all people (or the active ones), sorted by key."""
    statement = select(User).order_by(User.key)
    if active is not None:
        statement = statement.where(User.active.is_(active))
    return [_person(user) for user in session.scalars(statement)]


def with_role(session: Session, role: str) -> list[Person]:
    """Return the active people who have *role*, sorted by key."""
    return [person for person in every(session, active=True) if role in person.roles]


def add(session: Session, *, key: str, name: str, now: dt.datetime, **columns: Any) -> Person:
    """Add a person; *columns* are the optional ones of the table."""
    user = User(key=key, name=name, created_at=now, **columns)
    session.add(user)
    session.flush()
    return _person(user)


def change(session: Session, key: str, *, end_sessions: bool = False, **columns: Any) -> Person | None:
    """Change *columns* of a person; with *end_sessions* every login before now ends."""
    user = session.get(User, key)
    if user is None:
        return None
    for name, value in columns.items():
        setattr(user, name, value)
    if end_sessions:
        user.epoch += 1
    session.flush()
    return _person(user)


def credentials(session: Session, key: str) -> Credentials | None:
    """Return what the login needs to know, or None."""
    user = session.get(User, key)
    if user is None:
        return None
    return Credentials(user.key, user.password_hash, user.active, user.failed_logins, user.locked_until)


def note_login(session: Session, key: str, *, now: dt.datetime, failed: bool, locked_until: dt.datetime | None) -> None:
    """Remember a login, or a failed one with how long the account is closed after it."""
    values: dict[Any, Any] = {User.failed_logins: User.failed_logins + 1, User.locked_until: locked_until}
    if not failed:
        values = {User.failed_logins: 0, User.locked_until: None, User.last_login_at: now}
    session.execute(update(User).where(User.key == key).values(values))


def departments(session: Session) -> dict[str, tuple[str, str | None, str | None]]:
    """Return the departments: key → (name, the department above, its head)."""
    return {d.key: (d.name, d.parent, d.head) for d in session.scalars(select(Department))}


def save_department(session: Session, key: str, *, name: str, parent: str | None, head: str | None) -> None:
    """Add or change a department."""
    session.merge(Department(key=key, name=name, parent=parent, head=head))
    session.flush()


def agent(session: Session, principal: str, workflow: str, now: dt.datetime) -> str | None:
    """Return who acts for *principal* in *workflow* at *now*, or None; the newest agency counts."""
    return session.scalar(
        select(Agency.agent)
        .where(
            Agency.principal == principal,
            or_(Agency.workflow.is_(None), Agency.workflow == workflow),
            Agency.starts_at <= now,
            Agency.ends_at > now,
        )
        .order_by(Agency.id.desc())
        .limit(1)
    )


def add_agency(
    session: Session, *, principal: str, agent: str, workflow: str | None, starts_at: dt.datetime, ends_at: dt.datetime
) -> int:
    """Let *agent* act for *principal* for a time; return the agency's number."""
    row = Agency(principal=principal, agent=agent, workflow=workflow, starts_at=starts_at, ends_at=ends_at)
    session.add(row)
    session.flush()
    return row.id


@dataclass(frozen=True, slots=True)
class AgencyState:
    """Who acts for whom, in which workflow (all when None), from when until when."""

    id: int
    principal: str
    agent: str
    workflow: str | None
    starts_at: dt.datetime
    ends_at: dt.datetime


def agencies(session: Session, person: str, now: dt.datetime) -> list[AgencyState]:
    """Return the agencies of *person*, as principal or agent, that have not ended, newest first."""
    mine = or_(Agency.principal == person, Agency.agent == person)
    rows = session.scalars(select(Agency).where(mine, Agency.ends_at > now).order_by(Agency.id.desc()))
    return [AgencyState(a.id, a.principal, a.agent, a.workflow, a.starts_at, a.ends_at) for a in rows]


def end_agency(session: Session, number: int, principal: str, now: dt.datetime) -> bool:
    """Let an agency end now; False when *principal* has no such one running."""
    row = session.get(Agency, number)
    if row is None or row.principal != principal or row.ends_at <= now:
        return False
    row.ends_at = now
    session.flush()
    return True
