"""Sessions, transactions and the schema's upgrade, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.problems import BeihuoError
from store import counters
from store.database import Database, Session
from store.errors import Conflict
from store.models import METADATA
from store.models.record import Counter


def test_what_raises_leaves_nothing(database: Database) -> None:
    """A transaction is kept whole or not at all."""

    def fail(session: Session) -> None:
        counters.take(session, "orders")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        database.transact(fail)

    with database.write() as session:
        assert 1 == counters.take(session, "orders")


def test_reading_sessions_cannot_write(database: Database) -> None:
    """A list page can never change data, whatever its code does."""
    with pytest.raises(Exception, match=r"readonly|read-only"), database.read() as session:
        session.execute(text("INSERT INTO counter (name, value) VALUES ('a', 1)"))


def test_a_reading_session_sees_one_snapshot(database: Database) -> None:
    """What commits while a list is read does not appear in the middle of it."""
    with database.write() as session:
        counters.take(session, "orders")
    with database.read() as reading:
        assert 1 == reading.get(Counter, "orders").value
        with database.write() as session:
            counters.take(session, "orders")
        reading.expire_all()

        assert 1 == reading.get(Counter, "orders").value


def test_no_update_is_lost_among_writers(database: Database) -> None:
    """Eight threads that read, add one and write back, 25 times each, count to 200 (the driver's default lost 8 %)."""

    def count() -> None:
        for _ in range(25):
            database.transact(lambda session: counters.take(session, "orders"), attempts=20)

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(count) for _ in range(8)]:
            future.result()

    with database.write() as session:
        assert 201 == counters.take(session, "orders")


def test_a_second_transaction_in_one_thread_is_refused(database: Database) -> None:
    """Opening a transaction inside another would wait for itself for ever; it is a bug and says so."""
    with database.write(), pytest.raises(RuntimeError, match="hand its session on"), database.write():
        pass


def test_work_that_met_another_writer_is_done_again(database: Database) -> None:
    """A deadlock is tried again, at most three times."""
    tries = []

    def work(_session: object) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise Conflict("deadlock")
        return "done"

    assert "done" == database.transact(work)
    assert 3 == len(tries)


def test_a_real_deadlock_ends_well(postgres_url: str) -> None:
    """Two transactions that lock the same two rows in opposite order both succeed in the end."""
    database = Database(postgres_url)
    with database.write() as session:
        counters.take(session, "a")
        counters.take(session, "b")
    barrier = threading.Barrier(2)

    def add(first: str, second: str) -> None:
        met = False

        def work(session: object) -> None:
            nonlocal met
            counters.take(session, first)
            if not met:
                met = True
                barrier.wait(10)
            counters.take(session, second)

        database.transact(work)

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(add, "a", "b"), pool.submit(add, "b", "a")]:
            future.result()

    with database.write() as session:
        assert (4, 4) == (counters.take(session, "a"), counters.take(session, "b"))
    database.close()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_upgrading_at_once_is_harmless(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Four processes that start together on an empty database make the schema once."""
    url = f"sqlite:///{tmp_path / 'new.db'}"
    if kind == "postgresql":
        server = request.getfixturevalue("postgres_server")
        server.execute("CREATE DATABASE brand_new")
        url = server.url("brand_new")
    databases = [Database(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        versions = set(pool.map(lambda one: one.upgrade(), databases))

    assert {databases[0].head()} == versions
    assert databases[0].head() == databases[0].version()
    for one in databases:
        one.close()


def test_a_newer_schema_is_refused(database: Database) -> None:
    """An old release does not touch what a newer one wrote."""
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(BeihuoError, match="newer release"):
        database.upgrade()


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    """No table and no column is missing between the models and the migrations."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": False})
        differences = compare_metadata(context, METADATA)

    assert [] == differences


def test_a_database_in_memory_is_refused() -> None:
    """Each connection would have another empty database."""
    with pytest.raises(ValueError, match="needs a file"):
        Database("sqlite://")
