"""DuckDB in process: how a connection is opened, and the few texts that are written by hand."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import duckdb


def connect(memory_limit: str | None = None, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory DuckDB that spills to disk, keeps UTC and never reaches for the network.

    Args:
        memory_limit: e.g. `4GB`; default BEIHUO_MEMORY_LIMIT, else DuckDB's own (80 % of the machine).
        threads: default BEIHUO_THREADS, else all cores.
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
    connection = duckdb.connect(config=config)
    # The order of rows carries no meaning in an evaluation; keeping it costs memory.
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def quoted(name: str) -> str:
    """Return *name* as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return *text* as a quoted SQL text literal."""
    return "'" + text.replace("'", "''") + "'"
