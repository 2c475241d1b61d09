"""DuckDB in process: how a connection is opened, and the few texts that are written by hand."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from threading import Lock

import duckdb


def connect(
    memory_limit: str | None = None, threads: int | None = None, *, alone: bool = False
) -> duckdb.DuckDBPyConnection:
    """Return a connection to the process's in-memory DuckDB, which spills to disk, keeps UTC and never uses the network.

    Temporary tables, views and registered data belong to the connection; whoever makes tables asks for a DuckDB *alone*.

    Args:
        memory_limit: e.g. `4GB`; default BEIHUO_MEMORY_LIMIT, else DuckDB's own (80 % of the machine).
        threads: default BEIHUO_THREADS, else all cores.
        alone: a new DuckDB instead of the process's.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(Path(tempfile.gettempdir()) / "beihuo-spill"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    limit = memory_limit or os.environ.get("BEIHUO_MEMORY_LIMIT")
    if limit:
        config["memory_limit"] = limit
    count = threads or int(os.environ.get("BEIHUO_THREADS", "0"))
    if count:
        config["threads"] = str(count)
    connection = duckdb.connect(config=config) if alone else _cursor(config)
    # The order of rows carries no meaning in an evaluation; keeping it costs memory.
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


_shared: dict[tuple[object, ...], duckdb.DuckDBPyConnection] = {}
_lock = Lock()


def _cursor(config: dict[str, str | bool | int | float | list[str]]) -> duckdb.DuckDBPyConnection:
    """Return a cursor on the process's DuckDB of that configuration; a forked process has its own."""
    key = (os.getpid(), *sorted(map(str, config.items())))
    with _lock:
        if key not in _shared:
            _shared[key] = duckdb.connect(config=config)
        return _shared[key].cursor()


def quoted(name: str) -> str:
    """Return *name* as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return *text* as a quoted SQL text literal."""
    return "'" + text.replace("'", "''") + "'"
