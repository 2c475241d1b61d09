"""What a workspace keeps of the packs that are installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rule_templates import Pack
from services.audit import Entry, add
from services.workspace import Workspace
from store import settings
from store.database import Session

PREFIX = "pack:"


def about(pack: Pack) -> dict[str, Any]:
    """Return what a pack says about itself, with its key."""
    return {**pack.about}


def installed_packs(session: Session) -> dict[str, dict[str, Any]]:
    """Return the record of each installed pack by key: about, version, inputs, originals, published, previous."""
    return {key.removeprefix(PREFIX): value for key, value in settings.every(session, PREFIX).items()}


def note_pack(
    session: Session,
    workspace: Workspace,
    user: str,
    action: str,
    key: str,
    words: tuple[str, str],
    after: Mapping[str, Any],
) -> None:
    """Write what was done with a pack into the audit log."""
    summary, summary_en = words
    entry = Entry(
        at=workspace.clock(), actor=user, action=action, kind="pack", key=key, summary=summary, summary_en=summary_en, after=dict(after)
    )  # fmt: skip
    add(session, entry)


def held_by_others(session: Session, pack: str) -> set[tuple[str, str]]:
    """Return (kind, key) of the definitions that installed packs other than *pack* hold too."""
    return {
        (one["kind"], one["key"])
        for key, record in installed_packs(session).items()
        if key != pack
        for one in record["originals"]
    }
