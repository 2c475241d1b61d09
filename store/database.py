"""The database of a workspace: sessions for writing and for reading, and the schema's upgrade; SQLite or PostgreSQL."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.problems import BeihuoError
from store import sqlite
from store.errors import Conflict, StoreError, install
from store.types import dumps

__all__ = ["Database", "Session"]

T = TypeVar("T")
_UPGRADE_LOCK = 7_223_917  # any number, the same in every process
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """One database, given by its URL: `sqlite:///var/beihuo.db` or `postgresql://user@host/name`.

    Writing transactions are immediate and one at a time on SQLite, READ COMMITTED on PostgreSQL; reading ones see one
    snapshot and cannot write.
    """

    def __init__(self, url: str) -> None:
        made = make_url(url)
        if made.drivername in {"postgresql", "postgres"}:
            made = made.set(drivername="postgresql+psycopg")
        self.url = made
        self.is_sqlite = made.get_backend_name() == "sqlite"
        self._writer, self._reader = sqlite.create_engines(made) if self.is_sqlite else _postgres_engines(made)
        for engine in {self._writer.engine, self._reader.engine}:
            install(engine)
        self._lock = sqlite.WriterLock(Path(f"{made.database}.lock")) if self.is_sqlite else None
        self._writing = threading.local()

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return "sqlite" if self.is_sqlite else "postgresql"

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are kept together when the block ends, or not at all when it raises."""
        if getattr(self._writing, "on", False):
            raise RuntimeError("a writing transaction is open in this thread already: hand its session on")
        self._writing.on = True
        try:
            with self._lock.held() if self._lock else contextlib.nullcontext():
                yield from self._session(self._writer)
        finally:
            self._writing.on = False

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one snapshot and cannot write."""
        yield from self._session(self._reader)

    def transact(self, work: Callable[[Session], T], attempts: int = 3) -> T:
        """Run *work* in a writing transaction; run it again, up to *attempts* times, when two writers met."""
        for attempt in range(1, attempts + 1):
            try:
                with self.write() as session:
                    return work(session)
            except Conflict:
                if attempt == attempts:
                    raise
                time.sleep(random.uniform(0.02, 0.1) * attempt)  # noqa: S311 jitter, not a secret
        raise AssertionError("unreachable")

    def _session(self, engine: Engine) -> Iterator[Session]:
        # Changes in bulk are not looked for among the objects of the session: queries return copies, nobody holds these.
        session = Session(engine, expire_on_commit=False, execution_options={"synchronize_session": False})
        try:
            yield session
            session.commit()
        except BaseException:
            _roll_back(session)
            raise
        finally:
            session.close()

    def upgrade(self) -> str:
        """Bring the schema to the newest version; return it. Any number of processes may call it at once."""
        with self._lock.held() if self._lock else contextlib.nullcontext(), self._writer.connect() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
            self._refuse_newer(connection)
            command.upgrade(self._alembic(connection), "head")
            connection.commit()
        return self.head()

    def version(self) -> str | None:
        """Return the schema's version, or None when there is none yet."""
        with self._reader.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def head(self) -> str:
        """Return the schema version that this release needs."""
        return str(ScriptDirectory(str(_MIGRATIONS)).get_current_head())

    def _refuse_newer(self, connection: Connection) -> None:
        version = MigrationContext.configure(connection).get_current_revision()
        known = {revision.revision for revision in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
        if version is not None and version not in known:
            raise BeihuoError(
                f"数据库由更新的版本({version})写成,请升级备货后再打开 / "
                f"the database was written by a newer release ({version}); upgrade Beihuo to open it"
            )

    def _alembic(self, connection: Connection) -> Config:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.attributes["connection"] = connection
        return config

    def close(self) -> None:
        """Give back every connection."""
        self._writer.dispose()
        self._reader.dispose()


def _postgres_engines(url: URL) -> tuple[Engine, Engine]:
    options = f"-c timezone=UTC -c lock_timeout=10s {url.query.get('options', '')}".strip()
    engine = create_engine(
        url.difference_update_query(["options"]),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        json_serializer=dumps,
        connect_args={"connect_timeout": 5, "options": options},
    )
    return engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _roll_back(session: Session) -> None:
    """Roll back; a full disk has made SQLite do so already, and a second time is an error there."""
    with contextlib.suppress(DBAPIError, StoreError):
        session.rollback()
