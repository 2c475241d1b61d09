"""From what a run saw to the alerts as they stand: one step of the state machine each, kept with everything it said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.alerting.state import Acknowledgement, Episode, Event, Kind, Observation, State, step
from services.snapshot import Snapshot
from services.subjects import Subjects
from store import episodes
from store.database import Session
from store.episodes import EventRow

SHOWN = {
    Kind.FIRED: "fired",
    Kind.CHANGED: "changed",
    Kind.RESOLVED: "resolved",
    Kind.REPEAT: "repeat",
    Kind.PENDING: "pending",
    Kind.DROPPED: "dropped",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run saw of one record under one rule."""

    rule: str
    keys: dict[str, str]
    observation: Observation
    measured: list[dict[str, Any]] = field(default_factory=list)
    explanation: str = ""
    explanation_en: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of one episode, with what notices and actions need to know."""

    episode_id: int
    seen: Seen
    event: Event
    labels: dict[str, str]
    record: dict[str, Any]


@dataclass(slots=True)
class Changes:
    """What one run changed."""

    happened: list[Happened] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def count(self, rule: str, word: str) -> None:
        """Count one event of *rule*."""
        counted = self.counts.setdefault(rule, {"fired": 0, "changed": 0, "resolved": 0})
        if word in counted:
            counted[word] += 1

    def total(self, word: str) -> int:
        """Return how many events of all rules there were."""
        return sum(counted[word] for counted in self.counts.values())


def apply(
    session: Session,
    snapshot: Snapshot,
    seen: Sequence[Seen],
    *,
    rules: Mapping[str, Mapping[str, Any]],
    run_id: int,
    now: dt.datetime,
) -> Changes:
    """Take one step in each episode that *seen* speaks of, and keep the next states and what happened.

    Args:
        session: the run's transaction.
        snapshot: what the run read.
        seen: one entry a (rule, record) that breaches, cannot be judged, or had a live episode.
        rules: the rules as they hold now (their calendars applied).
        run_id: the run.
        now: the moment that the run stands for.
    """
    live = episodes.live(session, rules)
    subjects = _subjects(snapshot, seen, rules)
    changes = Changes()
    added: list[tuple[Seen, Episode, tuple[Event, ...]]] = []
    saved: list[tuple[int, dict[str, Any]]] = []
    events: list[tuple[int, Seen, Event]] = []
    for one in seen:
        row = live.get((one.rule, episodes.keys_text(one.keys)))
        previous = _machine(row) if row else None
        transition = step(previous, one.observation, rules[one.rule], now, one.keys)
        if row is None:
            if transition.next is not None:
                added.append((one, transition.next, transition.events))
            continue
        if transition.next is None:  # never fired: what was pending has passed by
            ended = {"state": "resolved", "resolved_at": now, "updated_at": now}
            saved.append((row.id, ended))
        elif _differs(previous, transition.next, one, row):
            saved.append((row.id, _columns(transition.next, one) | {"run_id": run_id}))
        events.extend((row.id, one, event) for event in transition.events)
    numbers = episodes.add_many(
        session, [_new(snapshot, subjects, rules, run_id, one, episode) for one, episode, _ in added]
    )
    for number, (one, _, happened) in zip(numbers, added, strict=True):
        events.extend((number, one, event) for event in happened)
    episodes.save_many(session, saved)
    _tell(session, subjects, events, changes, now)
    return changes


def _subjects(snapshot: Snapshot, seen: Sequence[Seen], rules: Mapping[str, Mapping[str, Any]]) -> dict[str, Subjects]:
    keys: dict[str, list[dict[str, str]]] = {}
    for one in seen:
        keys.setdefault(one.rule, []).append(one.keys)
    return {rule: Subjects(snapshot, str(rules[rule]["over"]), found) for rule, found in keys.items()}


def _tell(
    session: Session,
    subjects: Mapping[str, Subjects],
    events: Sequence[tuple[int, Seen, Event]],
    changes: Changes,
    now: dt.datetime,
) -> None:
    rows = []
    for number, one, event in events:
        word = SHOWN.get(event.kind)
        if word is None:
            continue
        rows.append(
            EventRow(
                number, now, word, event.reason.value, event.level, "system", "", {"previous": event.previous_level}
            )
        )
        changes.count(one.rule, word)
        known = subjects[one.rule]
        changes.happened.append(Happened(number, one, event, known.labels(one.keys), known.dotted(one.keys)))
    episodes.add_events(session, rows)


def _machine(row: episodes.Episode) -> Episode:
    """Return what the state machine knows of an episode."""
    kept = row.machine
    acknowledged = None
    if row.acknowledged_by and row.acknowledged_at:
        acknowledged = Acknowledgement(row.acknowledged_by, row.acknowledged_at, row.acknowledged_note or "")
    return Episode(
        rule=row.rule,
        keys=row.keys,
        state=State(row.state),
        level=row.level or "",
        since=row.started_at,
        runs=kept.get("runs", 1),
        started_at=row.fired_at,
        resolved_at=row.resolved_at,
        updated_at=row.updated_at,
        values=kept.get("values", {}),
        entered=tuple(kept.get("entered", ())),
        noticed_at=row.notified_at,
        noticed_level=kept.get("noticed_level"),
        acknowledged=acknowledged,
        snoozed_until=row.snoozed_until,
    )


def _differs(previous: Episode | None, following: Episode, one: Seen, row: episodes.Episode) -> bool:
    """Say whether anything is to be kept: a run that sees what the last one saw writes nothing for what fires on."""
    if previous is None or following.state is State.PENDING:
        return True
    same = (
        previous.state is following.state
        and previous.level == following.level
        and previous.noticed_at == following.noticed_at
        and previous.entered == following.entered
        and previous.acknowledged == following.acknowledged
        and previous.snoozed_until == following.snoozed_until
    )
    return not same or (bool(one.measured) and one.measured != row.measured)


def _columns(episode: Episode, one: Seen) -> dict[str, Any]:
    known = episode.acknowledged
    columns: dict[str, Any] = {
        "state": episode.state.value,
        "level": episode.level,
        "started_at": episode.since,
        "fired_at": episode.started_at,
        "updated_at": episode.updated_at,
        "resolved_at": episode.resolved_at,
        "notified_at": episode.noticed_at,
        "acknowledged_by": known.by if known else None,
        "acknowledged_at": known.at if known else None,
        "acknowledged_note": known.note if known else None,
        "snoozed_until": episode.snoozed_until,
        "machine": {
            "runs": episode.runs,
            "entered": list(episode.entered),
            "noticed_level": episode.noticed_level,
            "values": dict(episode.values),
        },
    }
    if one.measured:
        columns |= {"measured": one.measured, "explanation": one.explanation, "explanation_en": one.explanation_en}
    return columns


def _new(
    snapshot: Snapshot,
    subjects: Mapping[str, Subjects],
    rules: Mapping[str, Mapping[str, Any]],
    run_id: int,
    one: Seen,
    episode: Episode,
) -> dict[str, Any]:
    return {
        **_columns(episode, one),
        "rule": one.rule,
        "rule_version": snapshot.versions[one.rule],
        "over": str(rules[one.rule]["over"]),
        "keys": one.keys,
        "labels": subjects[one.rule].labels(one.keys),
        "run_id": run_id,
    }
