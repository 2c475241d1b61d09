"""Python's search for garbage, put off while millions of small objects are made that are no garbage."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator

_LOCK = threading.Lock()
_HOLDERS: list[bool] = []


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """Collect no garbage while the block runs.

    A collection looks at every object that is alive; while an import builds its rows it would look at all of them again and
    again and find nothing (a fifth of the time, measured). Reference counting goes on as always.
    """
    with _LOCK:
        if not _HOLDERS and gc.isenabled():
            gc.disable()
        _HOLDERS.append(True)
    try:
        yield
    finally:
        with _LOCK:
            _HOLDERS.pop()
            if not _HOLDERS:
                gc.enable()
