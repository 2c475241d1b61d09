"""What each evaluation did, for the whole and for each rule, and which workers are alive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from store.models.run import RuleRun as RuleRow
from store.models.run import Run, Worker


@dataclass(frozen=True, slots=True)
class RunState:
    """One evaluation."""

    id: int
    trigger: str
    as_of: str
    scheduled_for: dt.datetime | None
    started_at: dt.datetime
    finished_at: dt.datetime | None
    seconds: float
    rows: int
    rules: int
    fired: int
    changed: int
    resolved: int
    notices: int
    tasks: int
    snapshot: dict[str, Any]
    error: str | None


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What one evaluation found for one rule; *reasons* counts what could not be judged."""

    run_id: int
    rule: str
    version: int
    at: dt.datetime
    rows: int
    breaches: int
    fired: int
    changed: int
    resolved: int
    unknown: int
    reasons: list[Any]
    error: str | None


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker that was seen alive."""

    name: str
    host: str
    pid: int
    embedded: bool
    started_at: dt.datetime
    seen_at: dt.datetime


_ONE_AT_A_TIME = 7_223_918  # any number, the same in every process


def exclusive(session: Session) -> None:
    """Let no other evaluation write until this transaction ends; on SQLite there is one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


def begin(
    session: Session,
    *,
    trigger: str,
    as_of: str,
    started_at: dt.datetime,
    rules: int = 0,
    scheduled_for: dt.datetime | None = None,
) -> int:
    """Note that an evaluation began; return its number."""
    run = Run(trigger=trigger, as_of=as_of, started_at=started_at, rules=rules, scheduled_for=scheduled_for)
    session.add(run)
    session.flush()
    return run.id


def finish(session: Session, run_id: int, **columns: Any) -> None:
    """Note what came of an evaluation."""
    session.execute(update(Run).where(Run.id == run_id).values(**columns))


def add_rule_runs(session: Session, run_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what an evaluation found for each rule (columns of `RuleRun` but the run)."""
    if rows:
        standard = {"rows": 0, "breaches": 0, "fired": 0, "changed": 0, "resolved": 0, "unknown": 0, "reasons": []}
        session.execute(insert(RuleRow), [{**standard, "error": None, **row, "run_id": run_id} for row in rows])


def last(session: Session) -> RunState | None:
    """Return the newest finished evaluation, or None."""
    row = session.scalars(select(Run).where(Run.finished_at.is_not(None)).order_by(Run.id.desc()).limit(1)).first()
    return _run(row) if row else None


def get(session: Session, run_id: int) -> RunState | None:
    """Return one evaluation, or None."""
    row = session.get(Run, run_id)
    return _run(row) if row else None


def page(session: Session, *, before_id: int | None = None, limit: int = 50) -> list[RunState]:
    """Return evaluations, newest first."""
    statement = select(Run).order_by(Run.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(Run.id < before_id)
    return [_run(row) for row in session.scalars(statement)]


def of_rule(session: Session, rule: str, limit: int = 50) -> list[RuleRun]:
    """Return what the newest evaluations found for one rule, newest first."""
    rows = session.scalars(select(RuleRow).where(RuleRow.rule == rule).order_by(RuleRow.id.desc()).limit(limit))
    return [_rule_run(row) for row in rows]


def last_of_rules(session: Session) -> dict[str, RuleRun]:
    """Return what the newest evaluation of each rule found."""
    newest = select(func.max(RuleRow.id)).group_by(RuleRow.rule)
    return {row.rule: _rule_run(row) for row in session.scalars(select(RuleRow).where(RuleRow.id.in_(newest)))}


def seconds_a_rule(session: Session, ids: Iterable[int]) -> dict[int, float]:
    """Return, for some evaluations, the seconds that fell to each of their rules: they share one scan."""
    rows = session.execute(select(Run.id, Run.seconds, Run.rules).where(Run.id.in_(list(ids))))
    return {row.id: row.seconds / max(row.rules, 1) for row in rows}


def _run(row: Run) -> RunState:
    return RunState(**{f.name: getattr(row, f.name) for f in fields(RunState)})


def _rule_run(row: RuleRow) -> RuleRun:
    return RuleRun(**{f.name: getattr(row, f.name) for f in fields(RuleRun)})


def beat(session: Session, worker: WorkerState) -> None:
    """Note that a worker is alive."""
    session.merge(Worker(**{f.name: getattr(worker, f.name) for f in fields(WorkerState)}))
    session.flush()


def leave(session: Session, name: str) -> None:
    """Forget a worker that has stopped."""
    row = session.get(Worker, name)
    if row is not None:
        session.delete(row)
        session.flush()


def workers(session: Session, since: dt.datetime) -> list[WorkerState]:
    """Return the workers that were alive since a moment."""
    rows = session.scalars(select(Worker).where(Worker.seen_at >= since).order_by(Worker.name))
    return [WorkerState(**{f.name: getattr(row, f.name) for f in fields(WorkerState)}) for row in rows]


def count_workers(session: Session, since: dt.datetime) -> int:
    """Return how many workers were alive since a moment."""
    return session.scalar(select(func.count()).select_from(Worker).where(Worker.seen_at >= since)) or 0
