"""The life of an alert: from what a run saw and what was known before, to the next state and what happened.

    inactive ──breach──▶ pending ──held long enough──▶ firing ──cleared──▶ resolved
                            └──cleared──▶ inactive

Pure: the time is an argument, and every decision has a named `Reason`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from engine.alerting.durations import has_passed
from engine.alerting.levels import rank


class Reason(str, Enum):  # noqa: UP042 Python 3.11's StrEnum would print the bare value in messages of tests
    """Why a step did what it did; counted in metrics, shown to the user, asserted in tests."""

    NOT_BREACHING = "not_breaching"
    FIRST_BREACH = "first_breach"
    STILL_WAITING = "still_waiting"
    HELD_LONG_ENOUGH = "held_long_enough"
    CLEARED_WHILE_PENDING = "cleared_while_pending"
    STILL_FIRING = "still_firing"
    LEVEL_ROSE = "level_rose"
    LEVEL_FELL = "level_fell"
    CONDITION_CLEARED = "condition_cleared"
    RESOLVE_CONDITION_MET = "resolve_condition_met"
    HELD_BY_HYSTERESIS = "held_by_hysteresis"
    REPEAT_INTERVAL_ELAPSED = "repeat_interval_elapsed"
    SNOOZE_ENDED = "snooze_ended"
    NO_DATA_KEPT = "no_data_kept"
    NO_DATA_RESOLVED = "no_data_resolved"
    NO_DATA_FIRES = "no_data_fires"
    UNKNOWN_KEPT = "unknown_kept"
    UNKNOWN_WARNED = "unknown_warned"


class State(str, Enum):  # noqa: UP042 as Reason
    """Where an episode stands."""

    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


class Kind(str, Enum):  # noqa: UP042 as Reason
    """What happened to an episode in one step."""

    PENDING = "pending"
    FIRED = "fired"
    CHANGED = "changed"
    REPEAT = "repeat"
    RESOLVED = "resolved"
    DROPPED = "dropped"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who took note of an alert, when, and what they wrote."""

    by: str
    at: dt.datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one run saw of one record.

    Args:
        level: the highest level whose condition holds; None when none does.
        values: the value of every shown sub-expression, {source: value}.
        unknown: the reason why a condition ended null (提前期 is empty), when no level holds; else None.
        may_resolve: the value of `resolve_when`; None when the rule has none or when it ended null.
        no_data: the record was not among the rows of the run.
    """

    level: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    unknown: str | None = None
    may_resolve: bool | None = None
    no_data: bool = False


@dataclass(frozen=True, slots=True)
class Episode:
    """One alert of one rule about one record, from its first breach to its end.

    Args:
        rule: the rule's key.
        keys: the natural keys of the record, as text.
        state: pending, firing or resolved.
        level: the level it has now (when resolved: the last one).
        since: when the condition began to hold without a break.
        runs: how many runs in a row it has held.
        started_at: when it fired.
        resolved_at: when it ended.
        updated_at: when it last changed.
        values: the shown values of the newest breaching run.
        entered: the levels it has been in; the actions of a level run once.
        noticed_at: when people were last told.
        noticed_level: the level that they were told about.
        acknowledged: who took note; ends the repeats until the level rises.
        snoozed_until: nobody is told before.
    """

    rule: str
    keys: Mapping[str, str]
    state: State
    level: str
    since: dt.datetime
    runs: int = 1
    started_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    entered: tuple[str, ...] = ()
    noticed_at: dt.datetime | None = None
    noticed_level: str | None = None
    acknowledged: Acknowledgement | None = None
    snoozed_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: what, why, at which level; whether people are told and whether the level's actions run."""

    kind: Kind
    reason: Reason
    level: str | None = None
    previous_level: str | None = None
    notify: bool = False
    act: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """The next state of an episode (None: inactive, nothing is kept) and the events of the step."""

    next: Episode | None
    events: tuple[Event, ...]


def step(
    previous: Episode | None,
    observation: Observation,
    rule: Mapping[str, Any],
    now: dt.datetime,
    keys: Mapping[str, str] | None = None,
) -> Transition:
    """Return what becomes of an episode after one run.

    Args:
        previous: what was known; None or a resolved one: the record was quiet.
        observation: what the run saw.
        rule: the rule as it holds now (`rule_on` has applied its calendars).
        now: the time of the run.
        keys: the record's natural keys; needed when there is no previous episode.
    """
    if previous is not None and previous.state is State.RESOLVED:
        keys, previous = keys if keys is not None else previous.keys, None
    if observation.no_data and rule.get("no_data", "keep") != "fire":
        return _no_data(previous, rule, now)
    level = observation.level
    if observation.no_data:
        level = level or (previous.level if previous else _highest(rule))
    elif level is None and observation.unknown is not None:
        return _unknown(previous, rule)
    if level is None:
        return _quiet(previous, observation, rule, now)
    if previous is None:
        begun = Episode(str(rule["key"]), dict(keys or {}), State.PENDING, level, now, runs=0, updated_at=now)
        return _pending(begun, level, observation, rule, now, first=True)
    if previous.state is State.PENDING:
        return _pending(previous, level, observation, rule, now)
    return _firing(previous, level, observation, rule, now)


def _highest(rule: Mapping[str, Any]) -> str:
    names = [str(level["level"]) for level in rule["levels"]]
    return max(names, key=lambda name: rank(rule, name))


def _no_data(previous: Episode | None, rule: Mapping[str, Any], now: dt.datetime) -> Transition:
    if previous is None:
        return Transition(None, ())
    if rule.get("no_data", "keep") == "resolve":
        return _clear(previous, Reason.NO_DATA_RESOLVED, now)
    return Transition(previous, (Event(Kind.NONE, Reason.NO_DATA_KEPT, previous.level),))


def _unknown(previous: Episode | None, rule: Mapping[str, Any]) -> Transition:
    # Nobody can judge: what fires goes on firing, what waits goes on waiting, nothing begins.
    level = previous.level if previous else None
    if rule.get("on_unknown", "warn") == "ignore":
        return Transition(previous, (Event(Kind.NONE, Reason.UNKNOWN_KEPT, level),))
    return Transition(previous, (Event(Kind.UNKNOWN, Reason.UNKNOWN_WARNED, level),))


def _quiet(previous: Episode | None, observation: Observation, rule: Mapping[str, Any], now: dt.datetime) -> Transition:
    if previous is None:
        return Transition(None, ())
    if previous.state is State.PENDING:
        return Transition(None, (Event(Kind.DROPPED, Reason.CLEARED_WHILE_PENDING, previous.level),))
    if not rule.get("resolve_when"):
        return _clear(previous, Reason.CONDITION_CLEARED, now)
    if observation.may_resolve:
        return _clear(previous, Reason.RESOLVE_CONDITION_MET, now)
    return _told_again(replace(previous, runs=0), Reason.HELD_BY_HYSTERESIS, rule, now)


def _clear(previous: Episode, reason: Reason, now: dt.datetime) -> Transition:
    if previous.state is State.PENDING:
        return Transition(None, (Event(Kind.DROPPED, reason, previous.level),))
    ended = replace(previous, state=State.RESOLVED, resolved_at=now, updated_at=now, snoozed_until=None)
    # Only those who were told that it began are told that it ended.
    told = previous.noticed_at is not None and not _snoozed(previous, now)
    return Transition(ended, (Event(Kind.RESOLVED, reason, previous.level, notify=told),))


def _pending(
    episode: Episode,
    level: str,
    observation: Observation,
    rule: Mapping[str, Any],
    now: dt.datetime,
    *,
    first: bool = False,
) -> Transition:
    held = replace(episode, level=level, runs=episode.runs + 1, values=dict(observation.values))
    wanted = rule.get("for", 1)
    ready = has_passed(held.since, wanted, now) if isinstance(wanted, str) else held.runs >= wanted
    if not ready:
        reason = Reason.FIRST_BREACH if first else Reason.STILL_WAITING
        return Transition(held, (Event(Kind.PENDING if first else Kind.NONE, reason, level),))
    reason = Reason.NO_DATA_FIRES if observation.no_data else Reason.HELD_LONG_ENOUGH
    fired = replace(held, state=State.FIRING, started_at=now, updated_at=now, entered=(level,))
    told = not _snoozed(fired, now)
    return Transition(
        _noticed(fired, now) if told else fired, (Event(Kind.FIRED, reason, level, None, told, act=True),)
    )


def _firing(
    previous: Episode, level: str, observation: Observation, rule: Mapping[str, Any], now: dt.datetime
) -> Transition:
    held = replace(previous, level=level, runs=previous.runs + 1, values=dict(observation.values))
    if level == previous.level:
        return _told_again(held, Reason.STILL_FIRING, rule, now)
    rose = rank(rule, level) > rank(rule, previous.level)
    new = level not in previous.entered
    held = replace(held, updated_at=now, entered=(*previous.entered, level) if new else previous.entered)
    if rose:
        held = replace(held, acknowledged=None)
    told = new and rose and not _snoozed(held, now)
    event = Event(
        Kind.CHANGED, Reason.LEVEL_ROSE if rose else Reason.LEVEL_FELL, level, previous.level, notify=told, act=new
    )
    return Transition(_noticed(held, now) if told else held, (event,))


def _told_again(episode: Episode, reason: Reason, rule: Mapping[str, Any], now: dt.datetime) -> Transition:
    if _snoozed(episode, now) or episode.acknowledged is not None:
        return Transition(episode, (Event(Kind.NONE, reason, episode.level),))
    told = episode.noticed_level
    # What fired or rose under a snooze is told when the snooze ends.
    if told is None or (rank(rule, episode.level) > rank(rule, told) and episode.snoozed_until is not None):
        event = Event(Kind.REPEAT, Reason.SNOOZE_ENDED, episode.level, notify=True)
        return Transition(replace(_noticed(episode, now), snoozed_until=None), (event,))
    every = rule.get("repeat_every")
    if every and episode.noticed_at is not None and has_passed(episode.noticed_at, every, now):
        event = Event(Kind.REPEAT, Reason.REPEAT_INTERVAL_ELAPSED, episode.level, notify=True)
        return Transition(_noticed(episode, now), (event,))
    return Transition(episode, (Event(Kind.NONE, reason, episode.level),))


def _noticed(episode: Episode, now: dt.datetime) -> Episode:
    return replace(episode, noticed_at=now, noticed_level=episode.level)


def _snoozed(episode: Episode, now: dt.datetime) -> bool:
    return episode.snoozed_until is not None and now < episode.snoozed_until


def acknowledge(episode: Episode, by: str, now: dt.datetime, note: str = "") -> Episode:
    """Return *episode* with the note that *by* has seen it: repeats and escalation stop until the level rises."""
    return replace(episode, acknowledged=Acknowledgement(by, now, note))


def snooze(episode: Episode, until: dt.datetime) -> Episode:
    """Return *episode* silent until *until*; what happens meanwhile is told afterwards."""
    return replace(episode, snoozed_until=until)
