"""SQLite as a database of record: WAL, immediate write transactions, full synchronisation, one fair writer at a time."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import Connection

from store.types import dumps

BUSY_MS = 5_000
# Below this SQLite had a rare fault when the WAL file was reset while another process read it.
SOUND_SINCE = (3, 51, 3)


def driver() -> ModuleType:
    """Return the one SQLite library of this process: the standard one, or a newer `pysqlite3` when installed.

    Two SQLite libraries on one file would break each other's locks, so everything asks here.
    """
    with contextlib.suppress(ImportError):
        other = importlib.import_module("pysqlite3.dbapi2")
        if other.sqlite_version_info > sqlite3.sqlite_version_info:
            return other
    return sqlite3


def create_engines(url: URL) -> tuple[Engine, Engine]:
    """Return the engine for writing (immediate transactions) and the one for reading (deferred, read-only)."""
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: sqlite:///path/to/beihuo.db")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    writer, reader = (
        create_engine(url, module=driver(), json_serializer=dumps, connect_args={"timeout": BUSY_MS / 1000})
        for _ in range(2)
    )
    event.listen(writer, "connect", _prepare)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(writer, "begin", _begin_immediate)
    event.listen(reader, "begin", _begin_deferred)
    return writer, reader


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver's own habit loses updates
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-32000",
        "journal_size_limit=67108864",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reader(connection: Any, record: Any) -> None:
    _prepare(connection, record)
    connection.execute("PRAGMA query_only=ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


class WriterLock:
    """One writer at a time, among threads and processes: SQLite's own waiting is a lottery that some lose for 5 s."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._file: IO[bytes] | None = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock while the block runs."""
        with self._threads:
            if self._file is None:
                self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
