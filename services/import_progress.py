"""How far an import is, and whether somebody wants it to stop: told by files, because its transaction may hold the database."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from services.refusal import Refused
from services.workspace import Workspace
from store import batches

_SECONDS = 1.0
_BEAT = 10.0


class Cancelled(Refused):
    """Somebody stopped the import; nothing of it was written."""

    def __init__(self) -> None:
        super().__init__("conflict", "导入已取消,什么也没有写入", "the import was cancelled: nothing was written")


class Progress:
    """Told (rows done, rows in all); keeps it for whoever asks, prolongs the worker's lease, and stops when asked to.

    Args:
        workspace: where.
        batch: the import.
        beats: whether the lease may be prolonged meanwhile; on SQLite nobody can take the import over while its own
            transaction holds the database, and nobody else can write either.
    """

    def __init__(self, workspace: Workspace, batch: str, *, beats: bool) -> None:
        self._workspace, self._batch, self._beats = workspace, batch, beats
        self._told = self._beaten = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Note how far it is.

        Raises:
            Cancelled: somebody wants it to stop.
        """
        now = time.monotonic()
        if done < total and now - self._told < _SECONDS:
            return
        self._told = now
        if _stop_file(self._workspace, self._batch).exists():
            raise Cancelled
        path = _place(self._workspace, self._batch)
        whole = path.with_suffix(".part")
        whole.write_text(json.dumps([done, total]))
        whole.replace(path)
        if self._beats and now - self._beaten > _BEAT:
            self._beaten = now
            with self._workspace.write() as session:
                batches.progress(session, self._batch, done, total)


def read(workspace: Workspace, batch: str) -> tuple[int, int] | None:
    """Return (rows done, rows in all) of an import that runs, or None."""
    with contextlib.suppress(OSError, ValueError):
        done, total = json.loads(_place(workspace, batch).read_text())
        return int(done), int(total)
    return None


def stop(workspace: Workspace, batch: str) -> None:
    """Ask a running import to stop at its next step."""
    _stop_file(workspace, batch).touch()


def forget(workspace: Workspace, batch: str) -> None:
    """Remove what was kept of an import that has ended."""
    for path in (_place(workspace, batch), _stop_file(workspace, batch)):
        path.unlink(missing_ok=True)


def _place(workspace: Workspace, batch: str) -> Path:
    return workspace.folder("imports") / f"{batch}.progress"


def _stop_file(workspace: Workspace, batch: str) -> Path:
    return workspace.folder("imports") / f"{batch}.stop"


@contextlib.contextmanager
def alone(workspace: Workspace, name: str) -> Iterator[None]:
    """Let only one at a time, of all processes, do what *name* names."""
    import fcntl  # noqa: PLC0415 POSIX only, as is the worker

    path = workspace.folder("locks") / name
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
