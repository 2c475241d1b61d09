"""Alert episodes, what happened in each, and silences."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered

_LIVE = text("state <> 'resolved'")


class Episode(Numbered, Model):
    """One alert from its first breach to its end, keyed by rule and the record's natural keys; one is live at a time."""

    __tablename__ = "episode"
    __table_args__ = (
        Index("uq_episode_live", "rule", "keys_text", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_episode_state_level", "state", "level"),
        Index("ix_episode_rule_started", "rule", "started_at"),
    )

    rule: Mapped[str]
    rule_version: Mapped[int]
    over: Mapped[str]
    keys: Mapped[dict[str, Any]]
    keys_text: Mapped[str]
    labels: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str]
    level: Mapped[str | None]
    started_at: Mapped[dt.datetime]
    fired_at: Mapped[dt.datetime | None]
    updated_at: Mapped[dt.datetime]
    resolved_at: Mapped[dt.datetime | None]
    notified_at: Mapped[dt.datetime | None]
    acknowledged_at: Mapped[dt.datetime | None]
    acknowledged_by: Mapped[str | None]
    acknowledged_note: Mapped[str | None]
    snoozed_until: Mapped[dt.datetime | None]
    explanation: Mapped[str] = mapped_column(default="")
    explanation_en: Mapped[str] = mapped_column(default="")
    measured: Mapped[list[Any]] = mapped_column(default=list)
    machine: Mapped[dict[str, Any]] = mapped_column(default=dict)
    task_id: Mapped[int | None]
    run_id: Mapped[int | None]
    snapshot: Mapped[dict[str, Any]] = mapped_column(default=dict)
    lock_version: Mapped[int] = mapped_column(default=1)


class EpisodeEvent(Numbered, Model):
    """One thing that happened in an episode, with the reason."""

    __tablename__ = "episode_event"

    episode_id: Mapped[int] = mapped_column(ForeignKey("episode.id"), index=True)
    at: Mapped[dt.datetime]
    event: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    level: Mapped[str | None]
    actor: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Silence(Numbered, Model):
    """For a time, matching alerts send nothing: of a rule, of records with these keys, or by an expression."""

    __tablename__ = "silence"
    __table_args__ = (Index("ix_silence_ends", "ends_at"),)

    rule: Mapped[str | None]
    keys: Mapped[dict[str, Any]] = mapped_column(default=dict)
    match: Mapped[str] = mapped_column(default="")
    comment: Mapped[str] = mapped_column(default="")
    created_by: Mapped[str]
    created_at: Mapped[dt.datetime]
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
