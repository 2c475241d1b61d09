"""Definitions by kind and key: drafts with an optimistic lock, published versions that never change."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from store.models.definition import Definition, Draft, Version


@dataclass(frozen=True, slots=True)
class DraftState:
    """What somebody is changing and has not published."""

    document: dict[str, Any]
    etag: str
    updated_at: dt.datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class DefinitionState:
    """A definition as it stands: the newest published document, and its draft if there is one.

    *version* 0 means that nothing was published yet; then *document* is empty.
    """

    id: int
    kind: str
    key: str
    name: str
    version: int
    enabled: bool
    archived: bool
    problems: list[dict[str, Any]]
    origin: str | None
    updated_at: dt.datetime
    updated_by: str
    document: dict[str, Any]
    draft: DraftState | None

    @property
    def status(self) -> str:
        """`archived`, `draft` (never published), `disabled` (switched off or broken) or `published`."""
        if self.archived:
            return "archived"
        if self.version == 0:
            return "draft"
        return "published" if self.enabled and not self.problems else "disabled"

    @property
    def runs(self) -> bool:
        """Whether it is in use: published, on, sound and not archived."""
        return self.status == "published"


@dataclass(frozen=True, slots=True)
class VersionState:
    """One published version."""

    version: int
    document: dict[str, Any]
    published_at: dt.datetime
    published_by: str
    note: str


def _select(*where: ColumnElement[bool]) -> Any:
    return (
        select(Definition, Version.document, Draft)
        .outerjoin(Version, (Version.definition_id == Definition.id) & (Version.version == Definition.version))
        .outerjoin(Draft, Draft.definition_id == Definition.id)
        .where(*where)
        .order_by(Definition.kind, Definition.key)
    )


def _state(row: Any) -> DefinitionState:
    definition, document, draft = row
    return DefinitionState(
        definition.id,
        definition.kind,
        definition.key,
        definition.name,
        definition.version,
        definition.enabled,
        definition.archived,
        definition.problems,
        definition.origin,
        definition.updated_at,
        definition.updated_by,
        document or {},
        draft and DraftState(draft.document, draft.etag, draft.updated_at, draft.updated_by),
    )


def get(session: Session, kind: str, key: str) -> DefinitionState | None:
    """Return one definition, or None."""
    row = session.execute(_select(Definition.kind == kind, Definition.key == key)).one_or_none()
    return _state(row) if row else None


def every(session: Session, kind: str | None = None, *, archived: bool = False) -> list[DefinitionState]:
    """Return the definitions of *kind* (or of all kinds), sorted by kind and key."""
    where = [] if kind is None else [Definition.kind == kind]
    if not archived:
        where.append(Definition.archived.is_(False))
    return [_state(row) for row in session.execute(_select(*where))]


def save_draft(
    session: Session, kind: str, key: str, document: dict[str, Any], *, user: str, now: dt.datetime
) -> DraftState:
    """Keep *document* as the draft of (kind, key), made when there is none; the caller has checked the etag."""
    definition = _row(session, kind, key) or _create(session, kind, key, user=user, now=now)
    if definition.version == 0:
        definition.name = str(document.get("name") or key)
    draft = session.get(Draft, definition.id) or Draft(definition_id=definition.id)
    draft.document, draft.etag = document, secrets.token_hex(8)
    draft.updated_at, draft.updated_by = now, user
    session.add(draft)
    session.flush()
    return DraftState(draft.document, draft.etag, now, user)


def drop_draft(session: Session, kind: str, key: str) -> None:
    """Forget the draft of (kind, key)."""
    if definition := _row(session, kind, key):
        session.execute(delete(Draft).where(Draft.definition_id == definition.id))


def add_version(
    session: Session,
    kind: str,
    key: str,
    document: dict[str, Any],
    *,
    user: str,
    now: dt.datetime,
    note: str = "",
    origin: str | None = None,
) -> int:
    """Publish *document* as the next version; its draft is gone then. Return the version's number."""
    definition = _row(session, kind, key) or _create(session, kind, key, user=user, now=now)
    newest = select(func.max(Version.version)).where(Version.definition_id == definition.id)
    number = (session.scalar(newest) or 0) + 1
    session.add(
        Version(
            definition_id=definition.id,
            version=number,
            document=document,
            published_at=now,
            published_by=user,
            note=note,
        )
    )
    definition.version, definition.name = number, str(document.get("name") or key)
    definition.archived, definition.problems = False, []
    definition.updated_at, definition.updated_by = now, user
    definition.origin = origin or definition.origin
    session.execute(delete(Draft).where(Draft.definition_id == definition.id))
    session.flush()
    return number


def versions(session: Session, kind: str, key: str) -> list[VersionState]:
    """Return the published versions of (kind, key), newest first."""
    found = session.scalars(
        select(Version)
        .join(Definition, Definition.id == Version.definition_id)
        .where(Definition.kind == kind, Definition.key == key)
        .order_by(Version.version.desc())
    )
    return [VersionState(v.version, v.document, v.published_at, v.published_by, v.note) for v in found]


def document(session: Session, kind: str, key: str, version: int) -> dict[str, Any] | None:
    """Return the document of one version, as what runs has pinned it; None when there is none."""
    return session.scalar(
        select(Version.document)
        .join(Definition, Definition.id == Version.definition_id)
        .where(Definition.kind == kind, Definition.key == key, Version.version == version)
    )


def set_state(
    session: Session,
    kind: str,
    key: str,
    *,
    now: dt.datetime,
    user: str,
    enabled: bool | None = None,
    archived: bool | None = None,
    problems: Sequence[dict[str, Any]] | None = None,
) -> None:
    """Switch a definition on or off, archive it, or note the problems that keep it from running."""
    definition = _row(session, kind, key)
    if definition is None:
        return
    if enabled is not None:
        definition.enabled = enabled
    if archived is not None:
        definition.archived = archived
    if problems is not None:
        definition.problems = list(problems)
    definition.updated_at, definition.updated_by = now, user
    session.flush()


def _row(session: Session, kind: str, key: str) -> Definition | None:
    return session.scalar(select(Definition).where(Definition.kind == kind, Definition.key == key))


def _create(session: Session, kind: str, key: str, *, user: str, now: dt.datetime) -> Definition:
    definition = Definition(kind=kind, key=key, name=key, updated_at=now, updated_by=user)
    session.add(definition)
    session.flush()
    return definition
