"""When rules are due (schedules and slots), what each run did, timers, and the workers that do it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.parent import Model, Numbered

_DUE, _RUNNING = text("state = 'due'"), text("state = 'running'")


class Schedule(Model):
    """When the next slot of a definition is due: a cron line with its zone."""

    __tablename__ = "schedule"
    __table_args__ = (Index("ix_schedule_next", "next_at"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    cron: Mapped[str]
    timezone: Mapped[str]
    missed: Mapped[str] = mapped_column(default="latest")
    next_at: Mapped[dt.datetime | None]


class Slot(Numbered, Model):
    """One due moment of one schedule: UNIQUE, so that any number of schedulers is harmless."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("kind", "key", "scheduled_for"),
        Index("ix_slot_due", "scheduled_for", "id", sqlite_where=_DUE, postgresql_where=_DUE),
        Index("ix_slot_running", "lease_until", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    kind: Mapped[str]
    key: Mapped[str]
    scheduled_for: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(default="due")
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None]
    run_id: Mapped[int | None]
    error: Mapped[str | None]
    finished_at: Mapped[dt.datetime | None]


class Run(Numbered, Model):
    """One evaluation: which rules, over which snapshot, what came of it."""

    __tablename__ = "run"

    trigger: Mapped[str]
    as_of: Mapped[str]
    scheduled_for: Mapped[dt.datetime | None]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    seconds: Mapped[float] = mapped_column(default=0.0)
    rows: Mapped[int] = mapped_column(default=0)
    rules: Mapped[int] = mapped_column(default=0)
    fired: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    resolved: Mapped[int] = mapped_column(default=0)
    notices: Mapped[int] = mapped_column(default=0)
    tasks: Mapped[int] = mapped_column(default=0)
    snapshot: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str | None]


class RuleRun(Numbered, Model):
    """What one run found for one rule."""

    __tablename__ = "rule_run"
    __table_args__ = (Index("ix_rule_run_rule", "rule", "id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    rule: Mapped[str]
    version: Mapped[int]
    at: Mapped[dt.datetime]
    rows: Mapped[int] = mapped_column(default=0)
    breaches: Mapped[int] = mapped_column(default=0)
    fired: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    resolved: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    error: Mapped[str | None]


class Timer(Numbered, Model):
    """Something is to happen at a moment: a workflow's timer, an escalation, a reminder; one per name."""

    __tablename__ = "timer"
    __table_args__ = (
        Index(
            "ix_timer_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    due_at: Mapped[dt.datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="waiting")
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None]
    error: Mapped[str | None]


class Worker(Model):
    """A worker process that was seen alive."""

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    embedded: Mapped[bool]
    started_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
