"""The audit log cannot be changed, and a change made past the application is found."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from store import audit
from store.audit import Entry
from store.database import Database, Session


def _add(session: Session, now: dt.datetime, number: int) -> None:
    audit.add(
        session,
        Entry(
            at=now,
            actor="lin",
            action="rule.published",
            kind="rule",
            key=f"r{number}",
            summary=f"发布规则 {number}",
            summary_en=f"published rule {number}",
            before=None,
            after={"阈值": 1.5, "levels": [1, None]},
        ),
    )


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "DELETE FROM audit_seal"])
def test_the_database_refuses_a_change(database: Database, now: dt.datetime, statement: str) -> None:
    """Neither our code nor a console can change a row without first removing the guard."""
    with database.write() as session:
        _add(session, now, 1)
        audit.seal(session, now)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        session.execute(text(statement))


def test_a_whole_log_is_sound(database: Database, now: dt.datetime) -> None:
    """Seals chain; rows after the last seal are counted and not yet sealed."""
    for batch in range(3):
        with database.write() as session:
            for number in range(4):
                _add(session, now, batch * 4 + number)
            if batch < 2:
                assert 4 == audit.seal(session, now)
    with database.read() as session:
        found = audit.verify(session)

    assert (True, 12, 8, 2) == (found.sound, found.rows, found.sealed, found.seals)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET summary = 'nothing' WHERE id = 3",
        "DELETE FROM audit WHERE id = 3",
        "INSERT INTO audit SELECT -5, at, actor, action, kind, key, summary, summary_en, before, after FROM audit WHERE id = 1",
        "UPDATE audit_seal SET digest = 'x' WHERE id = 1",
        "DELETE FROM audit_seal WHERE id = 1",
    ],
)
def test_tampering_is_found(database: Database, now: dt.datetime, tampering: str) -> None:
    """Whoever removes the guard and changes, removes or adds one row breaks a seal."""
    for start in (0, 4):
        with database.write() as session:
            for number in range(4):
                _add(session, now, start + number)
            audit.seal(session, now)
    with database.write() as session:
        for table in ("audit", "audit_seal"):
            triggers = [f"{table}_no_update", f"{table}_no_delete"] if database.is_sqlite else [f"{table}_append_only"]
            for trigger in triggers:
                session.execute(text(f"DROP TRIGGER {trigger}{'' if database.is_sqlite else f' ON {table}'}"))
        session.execute(text(tampering))
    with database.read() as session:
        found = audit.verify(session)

    assert not found.sound


def test_a_row_that_commits_late_is_sealed_too(postgres_url: str, now: dt.datetime) -> None:
    """A number taken before the seal and committed after it must not fall between two seals."""
    database = Database(postgres_url)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(session: Session) -> None:
        _add(session, now, 1)
        begun.set()
        go_on.wait(10)

    late = threading.Thread(target=database.transact, args=(slowly,))
    late.start()
    begun.wait(10)
    with database.write() as session:
        _add(session, now, 2)
    sealing = threading.Thread(target=database.transact, args=(lambda session: audit.seal(session, now),))
    sealing.start()
    time.sleep(0.2)  # the seal waits for the row to be committed; were it not to wait it would have passed it over
    go_on.set()
    late.join()
    sealing.join()
    with database.read() as session:
        found = audit.verify(session)
    database.close()

    assert (True, 2, 2) == (found.sound, found.rows, found.sealed)


def test_the_log_is_read_newest_first_and_searched(database: Database, now: dt.datetime) -> None:
    """Pages go backwards by number; words are found in both languages."""
    with database.write() as session:
        for number in range(5):
            _add(session, now, number)
        first = audit.page(session, limit=2)
        second = audit.page(session, limit=2, before_id=first[-1].id)

        assert ["r4", "r3", "r2", "r1"] == [row.key for row in [*first, *second]]
        assert ["r3"] == [row.key for row in audit.page(session, q="规则 3")]
        assert ["r3"] == [row.key for row in audit.page(session, q="Rule 3")]
        assert ["r2"] == [row.key for row in audit.page(session, kind="rule", key="r2")]
        assert [] == audit.page(session, actor="wang")
        assert {"阈值": 1.5, "levels": [1, None]} == first[0].after
        assert audit.happened(session, "rule.published")
        assert not audit.happened(session, "rule.archived")
