"""The audit log: rows are added and never changed; seals chain them, and `verify` finds what was tampered with."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from store.models.audit import Audit, Seal
from store.types import canonical, iso

_SEAL_AT_MOST = 10_000
_TEXTS = ("actor", "action", "kind", "key", "summary", "summary_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who did what to what: *kind* and *key* name the subject, *before* and *after* are its state as JSON data."""

    at: dt.datetime
    actor: str
    action: str
    kind: str
    key: str
    summary: str
    summary_en: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow(Entry):
    """An entry as it stands in the log."""

    id: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying the log found: *broken* names each seal that does not fit its rows, with the reason."""

    rows: int
    sealed: int
    seals: int
    last_digest: str
    broken: tuple[dict[str, Any], ...]

    @property
    def sound(self) -> bool:
        """Whether every seal fits."""
        return not self.broken


def add(session: Session, entry: Entry) -> None:
    """Add a row, in the transaction of what it tells."""
    session.add(Audit(**asdict(entry)))
    session.flush()


def page(
    session: Session,
    *,
    before_id: int | None = None,
    limit: int = 50,
    actor: str | None = None,
    kind: str | None = None,
    key: str | None = None,
    q: str | None = None,
) -> list[AuditRow]:
    """Return rows, newest first, from before *before_id*."""
    statement = select(Audit).order_by(Audit.id.desc()).limit(limit)
    for column, wanted in ((Audit.actor, actor), (Audit.kind, kind), (Audit.key, key)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before_id is not None:
        statement = statement.where(Audit.id < before_id)
    if q:
        statement = statement.where(
            Audit.summary.contains(q, autoescape=True) | Audit.summary_en.icontains(q, autoescape=True)
        )
    return [_row(row) for row in session.scalars(statement)]


def happened(session: Session, action: str) -> bool:
    """Say whether *action* was ever logged."""
    return session.execute(select(Audit.id).where(Audit.action == action).limit(1)).first() is not None


def seal(session: Session, now: dt.datetime) -> int:
    """Seal the rows since the last seal; return how many. At most 10,000 a time."""
    if session.get_bind().dialect.name == "postgresql":
        # A number may be taken in a transaction that commits later: wait until nobody is between the two.
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        session.execute(text("LOCK TABLE audit IN SHARE MODE"))
    last = session.scalars(select(Seal).order_by(Seal.id.desc()).limit(1)).first()
    rows = session.scalars(_after(last.last_id if last else None).limit(_SEAL_AT_MOST)).all()
    if not rows:
        return 0
    previous = last.digest if last else ""
    session.add(
        Seal(
            first_id=rows[0].id,
            last_id=rows[-1].id,
            count=len(rows),
            previous=previous,
            digest=_digest(previous, rows),
            sealed_at=now,
        )
    )
    session.flush()
    return len(rows)


def verify(session: Session) -> Verdict:
    """Recompute every seal over the rows as they are now."""
    broken: list[dict[str, Any]] = []
    previous, sealed, seals = "", 0, 0
    reached: int | None = None
    for mark in session.scalars(select(Seal).order_by(Seal.id)):
        rows = session.scalars(_after(reached).where(Audit.id <= mark.last_id)).all()
        if reason := _why_broken(mark, previous, list(rows)):
            broken.append({"seal": mark.id, "first_id": mark.first_id, "last_id": mark.last_id, **reason})
        session.expunge_all()
        previous, reached, sealed, seals = mark.digest, mark.last_id, sealed + mark.count, seals + 1
    total = session.scalar(select(func.count()).select_from(Audit)) or 0
    return Verdict(total, sealed, seals, previous, tuple(broken))


def last_seal(session: Session) -> tuple[int, str] | None:
    """Return the newest seal's last row and digest: the anchor to keep elsewhere."""
    found = session.execute(select(Seal.last_id, Seal.digest).order_by(Seal.id.desc()).limit(1)).first()
    return (found[0], found[1]) if found else None


def _after(reached: int | None) -> Select[Audit]:
    """Return the rows after *reached*; before the first seal all, so that none can be slipped in below."""
    statement = select(Audit).order_by(Audit.id)
    return statement if reached is None else statement.where(Audit.id > reached)


def _why_broken(mark: Seal, previous: str, rows: list[Audit]) -> dict[str, str] | None:
    if mark.previous != previous:
        return {"reason": "前一个封条不符", "reason_en": "does not continue the seal before it"}
    if len(rows) != mark.count:
        return {
            "reason": f"应有 {mark.count} 行,实有 {len(rows)} 行",
            "reason_en": f"{mark.count} rows were sealed, {len(rows)} are there",
        }
    if _digest(mark.previous, rows) != mark.digest:
        return {"reason": "内容被改动", "reason_en": "the content was changed"}
    return None


def _digest(previous: str, rows: Iterable[Audit]) -> str:
    chain = hashlib.sha256(previous.encode())
    for row in rows:
        chain.update(canonical(_sealed(row)).encode())
    return chain.hexdigest()


def _sealed(row: Audit) -> list[Any]:
    return [row.id, iso(row.at), *(getattr(row, name) for name in _TEXTS), row.before, row.after]


def _row(row: Audit) -> AuditRow:
    texts = {name: getattr(row, name) for name in _TEXTS}
    return AuditRow(id=row.id, at=row.at, before=row.before, after=row.after, **texts)
