"""Episodes: one live alert for each rule and record, with its history, listed the most severe first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from store import episodes
from store.database import Database, Session
from store.episodes import EventRow, Wanted
from store.errors import Duplicate


def _row(now: dt.datetime, sku: str = "A001", **columns: Any) -> dict[str, Any]:
    return {
        "rule": "low",
        "rule_version": 1,
        "over": "stock",
        "keys": {"sku": sku, "warehouse": "hd"},
        "labels": {"sku": f"{sku} 珍珠耳环"},
        "state": "firing",
        "level": "warning",
        "started_at": now,
        "fired_at": now,
        "updated_at": now,
        **columns,
    }


def test_one_alert_is_live_for_a_record(database: Database, now: dt.datetime) -> None:
    """A second one is refused while the first has not ended; afterwards it begins anew."""
    with database.write() as session:
        number = episodes.add_many(session, [_row(now)])[0]
    with pytest.raises(Duplicate), database.write() as session:
        episodes.add_many(session, [_row(now)])
    with database.write() as session:
        episodes.save_many(session, [(number, {"state": "resolved", "resolved_at": now})])
        again = episodes.add_many(session, [_row(now)])

        assert [again[0]] == [episode.id for episode in episodes.live(session).values()]


def test_live_alerts_are_found_by_rule_and_keys(database: Database, now: dt.datetime) -> None:
    """The order in which keys are written does not matter."""
    with database.write() as session:
        episodes.add_many(session, [_row(now), _row(now, rule="high")])
        found = episodes.live(session, ["low"])

    assert {("low", episodes.keys_text({"warehouse": "hd", "sku": "A001"}))} == set(found)


def test_ten_thousand_begin_in_order(database: Database, now: dt.datetime) -> None:
    """A load that trips ten thousand records keeps them all."""
    with database.write() as session:
        numbers = episodes.add_many(session, [_row(now, f"S{n}") for n in range(10_000)])
        episodes.add_events(session, [EventRow(number, now, "fired", "held_long_enough") for number in numbers])

        assert {"warning": 10_000} == episodes.count_by_level(session)
        assert "S77" == episodes.get(session, numbers[77]).keys["sku"]


@pytest.fixture
def filled(database: Database, now: dt.datetime) -> Database:
    """Six alerts."""
    rows = [
        _row(now, "A1", level="warning"),
        _row(now, "A2", level="critical"),
        _row(now, "A3", level="info"),
        _row(now, "A4", level="critical", explanation="只够 3 天"),
        _row(now, "A5", state="pending"),
        _row(now, "A6", state="resolved", rule="high"),
    ]
    with database.write() as session:
        episodes.add_many(session, rows)
    return database


def test_lists_show_the_critical_first(filled: Database) -> None:
    """Then the newest; pages follow each other without gap."""
    with filled.read() as session:
        walked: list[str] = []
        after = None
        while page := episodes.page(session, Wanted(state="firing"), limit=3, after=after):
            walked += [episode.keys["sku"] for _, episode in page]
            after = (page[-1][0], page[-1][1].id)

    assert ["A4", "A2", "A1", "A3"] == walked


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(level="critical"), {"A2", "A4"}),
        (Wanted(rule="high"), {"A6"}),
        (Wanted(state="pending"), {"A5"}),
        (Wanted(q="a3"), {"A3"}),
        (Wanted(q="够 3"), {"A4"}),
        (Wanted(q="珍珠 A1"), {"A1"}),
        (Wanted(keys={"sku": "A2", "warehouse": "hd"}), {"A2"}),
        (Wanted(keys={"warehouse": "hn"}), set()),
        (Wanted(state="firing", acknowledged=True), set()),
        (Wanted(state="firing", acknowledged=False), {"A1", "A2", "A3", "A4"}),
    ],
)
def test_lists_are_narrowed(filled: Database, wanted: Wanted, expected: set[str]) -> None:
    """By state, level, rule, key and words; the count is that of the list."""
    with filled.read() as session:
        found = {episode.keys["sku"] for _, episode in episodes.page(session, wanted)}

        assert (expected, len(expected)) == (found, episodes.count(session, wanted))


def test_taking_note_tells_which_were_live(filled: Database, now: dt.datetime) -> None:
    """What has ended cannot be acknowledged or snoozed."""
    with filled.write() as session:
        numbers = {e.keys["sku"]: e.id for _, e in episodes.page(session, Wanted())}
        done = episodes.acknowledge(session, [numbers["A1"], numbers["A6"]], by="lin", at=now, note="在办")
        session.expire_all()

        assert [numbers["A1"]] == done
        assert 1 == episodes.count_acknowledged(session)
        assert ("lin", now, "在办") == _acknowledged(session, numbers["A1"])
        assert episodes.snooze(session, numbers["A2"], now)
        assert not episodes.snooze(session, numbers["A6"], now)


def _acknowledged(session: Session, number: int) -> tuple[Any, ...]:
    episode = episodes.get(session, number)
    return episode.acknowledged_by, episode.acknowledged_at, episode.acknowledged_note


def test_history_is_in_order(database: Database, now: dt.datetime) -> None:
    """Each event keeps its reason and who was behind it."""
    with database.write() as session:
        number = episodes.add_many(session, [_row(now)])[0]
        rows = [EventRow(number, now, "fired", "first", "warning"), EventRow(number, now, "acknowledged", actor="lin")]
        episodes.add_events(session, rows)

        assert rows == episodes.history(session, number)


def test_alerts_are_counted_by_rule(filled: Database, now: dt.datetime) -> None:
    """Firing now, and fired since a moment."""
    with filled.read() as session:
        assert {"low": 4} == episodes.count_by_rule(session)
        assert {"low": 5, "high": 1} == episodes.count_started(session, now)
        assert {} == episodes.count_started(session, now + dt.timedelta(seconds=1))
