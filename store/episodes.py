"""Alert episodes: the live one of each rule and record, what happened in each, and lists of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, insert, literal_column, or_, select, update
from sqlalchemy.orm import Session

from store.models.alert import Episode as Row
from store.models.alert import EpisodeEvent
from store.types import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One alert as it stands.

    *started_at* is when the condition began to hold, *fired_at* when it fired; *measured* are the shown values,
    `[{source, label, value}]`; *machine* is what the state machine keeps beside the columns.
    """

    id: int
    rule: str
    rule_version: int
    over: str
    keys: dict[str, Any]
    keys_text: str
    labels: dict[str, Any]
    state: str
    level: str | None
    started_at: dt.datetime
    fired_at: dt.datetime | None
    updated_at: dt.datetime
    resolved_at: dt.datetime | None
    notified_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    acknowledged_by: str | None
    acknowledged_note: str | None
    snoozed_until: dt.datetime | None
    explanation: str
    explanation_en: str
    measured: list[Any]
    machine: dict[str, Any]
    task_id: int | None
    run_id: int | None
    snapshot: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened in an episode."""

    episode_id: int
    at: dt.datetime
    event: str
    reason: str = ""
    level: str | None = None
    actor: str = ""
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which episodes a list shows; *keys* are record keys that must be equal, *state* may be `all`.

    *where* is a condition in this database's SQL over the table `episode`, made of rights; never a user's text.
    """

    state: str = "all"
    level: str | None = None
    rule: str | None = None
    q: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    acknowledged: bool | None = None
    where: str | None = None


_COLUMNS = tuple(f.name for f in fields(Episode))
_rank = case((Row.level == "critical", 0), (Row.level == "warning", 1), else_=2)


def keys_text(keys: Mapping[str, Any]) -> str:
    """Return the one text of a record's natural keys, by which its episodes are found."""
    return canonical({name: str(value) for name, value in keys.items()})


def _episode(row: Row) -> Episode:
    return Episode(**{name: getattr(row, name) for name in _COLUMNS})


def get(session: Session, episode_id: int) -> Episode | None:
    """Return one episode, or None."""
    row = session.get(Row, episode_id)
    return _episode(row) if row else None


def live(session: Session, rules: Iterable[str] | None = None) -> dict[tuple[str, str], Episode]:
    """Return the episodes that have not ended, by (rule, text of keys)."""
    statement = select(Row).where(Row.state != "resolved")
    if rules is not None:
        statement = statement.where(Row.rule.in_(list(rules)))
    return {(row.rule, row.keys_text): _episode(row) for row in session.scalars(statement)}


def add_many(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Begin episodes, each given by its columns (`keys_text` is made here); return their numbers in order."""
    if not rows:
        return []
    standard: dict[str, Any] = dict.fromkeys(set(_COLUMNS) - {"id"})
    standard |= {"labels": {}, "explanation": "", "explanation_en": "", "measured": [], "machine": {}, "snapshot": {}}
    prepared = [{**standard, **row, "keys_text": keys_text(row["keys"])} for row in rows]
    return list(session.scalars(insert(Row).returning(Row.id, sort_by_parameter_order=True), prepared))


def save_many(session: Session, changes: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Change columns of episodes, each given as (number, columns)."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, columns in changes:
        groups.setdefault(tuple(sorted(columns)), []).append({"id": number, **columns})
    for rows in groups.values():
        session.execute(update(Row), rows)


def add_events(session: Session, events: Sequence[EventRow]) -> None:
    """Keep what happened."""
    if events:
        session.execute(insert(EpisodeEvent), [{f.name: getattr(e, f.name) for f in fields(EventRow)} for e in events])


def history(session: Session, episode_id: int) -> list[EventRow]:
    """Return what happened in one episode, oldest first."""
    rows = session.scalars(select(EpisodeEvent).where(EpisodeEvent.episode_id == episode_id).order_by(EpisodeEvent.id))
    return [EventRow(**{f.name: getattr(row, f.name) for f in fields(EventRow)}) for row in rows]


def page(
    session: Session, wanted: Wanted, *, limit: int = 50, after: tuple[int, int] | None = None
) -> list[tuple[int, Episode]]:
    """Return (rank, episode): critical first, then newest first; *after* is the (rank, number) where the last page ended."""
    statement = select(_rank, Row).where(*_conditions(wanted)).order_by(_rank, Row.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(or_(_rank > after[0], and_(_rank == after[0], Row.id < after[1])))
    return [(rank, _episode(row)) for rank, row in session.execute(statement)]


def count(session: Session, wanted: Wanted) -> int:
    """Return how many episodes a list shows."""
    return session.scalar(select(func.count()).select_from(Row).where(*_conditions(wanted))) or 0


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state != "all":
        found.append(Row.state == wanted.state)
    if wanted.level:
        found.append(Row.level == wanted.level)
    if wanted.rule:
        found.append(Row.rule == wanted.rule)
    if wanted.acknowledged is not None:
        there = Row.acknowledged_at.is_not(None)
        found.append(there if wanted.acknowledged else ~there)
    found += [Row.keys[name].as_string() == value for name, value in wanted.keys.items()]
    if wanted.where:
        found.append(literal_column(f"({wanted.where})"))
    for word in wanted.q.split():
        labels = [Row.keys_text, Row.explanation, cast(Row.labels, Text)]
        found.append(or_(*(text.icontains(word, autoescape=True) for text in labels)))
    return found


def shows(session: Session, number: int, where: str) -> bool:
    """Say whether episode *number* meets a condition as `Wanted.where`."""
    return session.scalar(select(Row.id).where(Row.id == number, literal_column(f"({where})"))) is not None


def count_by_level(session: Session, state: str = "firing") -> dict[str, int]:
    """Return how many alerts in one state there are at each level."""
    rows = session.execute(select(Row.level, func.count()).where(Row.state == state).group_by(Row.level))
    return {level: number for level, number in rows if level}


def count_by_rule(session: Session) -> dict[str, int]:
    """Return how many alerts of each rule are firing."""
    rows = session.execute(select(Row.rule, func.count()).where(Row.state == "firing").group_by(Row.rule))
    return {rule: number for rule, number in rows}  # noqa: C416 a Row is not a pair to mypy


def count_started(session: Session, since: dt.datetime) -> dict[str, int]:
    """Return how many alerts of each rule fired since a moment."""
    rows = session.execute(select(Row.rule, func.count()).where(Row.fired_at >= since).group_by(Row.rule))
    return {rule: number for rule, number in rows}  # noqa: C416 as above


def count_acknowledged(session: Session) -> int:
    """Return how many firing alerts somebody has acknowledged."""
    where = (Row.state == "firing", Row.acknowledged_at.is_not(None))
    return session.scalar(select(func.count()).select_from(Row).where(*where)) or 0


def acknowledge(session: Session, ids: Sequence[int], *, by: str, at: dt.datetime, note: str) -> list[int]:
    """Note that *by* has taken charge of live alerts; return which were live."""
    changed = session.scalars(
        update(Row)
        .where(Row.id.in_(ids), Row.state != "resolved")
        .values(acknowledged_by=by, acknowledged_at=at, acknowledged_note=note)
        .returning(Row.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(changed)


def snooze(session: Session, episode_id: int, until: dt.datetime | None) -> bool:
    """Send nothing about a live alert until a moment; False when it has ended."""
    changed = session.scalars(
        update(Row)
        .where(Row.id == episode_id, Row.state != "resolved")
        .values(snoozed_until=until)
        .returning(Row.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None
