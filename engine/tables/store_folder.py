"""The folder of a window store: arrays in files that are never changed, and the one manifest that says which count.

A writer puts new arrays beside the old ones and then replaces the manifest, so that a crash at any moment leaves what the
manifest says; files that it no longer names are deleted afterwards. One process at a time holds the folder.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.problems import BeihuoError

FORMAT = 1
Ints = np.ndarray[Any, np.dtype[Any]]
_NARROW = (np.int8, np.int16, np.int32, np.int64)


class StoreDoubt(BeihuoError):
    """What the store holds is not what its manifest says, or it cannot serve what is asked; the facts still can."""


class StoreBusy(StoreDoubt):
    """Another process holds the store."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One array in a file.

    Args:
        file: its name.
        kind: the type of its items (`int16`; `bits` for packed marks).
        count: how many items.
        total: their sum, by which a damaged file is found out.
        largest: the largest absolute value.
    """

    file: str
    kind: str
    count: int
    total: int
    largest: int

    @classmethod
    def read(cls, found: Any) -> Kept | None:
        """Return what a manifest says, or None for an array of zeros."""
        return None if found is None else cls(*found)

    def written(self) -> list[Any]:
        """Return it as the manifest keeps it."""
        return [self.file, self.kind, self.count, self.total, self.largest]


class StoreFolder:
    """The arrays of one store.

    Args:
        path: the folder; made when first written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: dict[str, Any] = {}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder; its manifest is read anew.

        Raises:
            StoreBusy: somebody else holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StoreBusy(f"窗口库正被使用 / the window store is in use: {self.path.name}") from error
            self._open()
            yield

    def _open(self) -> None:
        fresh: dict[str, Any] = {
            "format": FORMAT, "next": 0, "keys": None, "measures": {}, "days": {}, "states": {}, "rows": {}
        }  # fmt: skip
        try:
            found = json.loads((self.path / "manifest.json").read_text())
        except FileNotFoundError:
            found = fresh
        except ValueError:
            found = fresh  # half a manifest can only be a damaged disk: everything is made again from the facts
        self.manifest = found if found.get("format") == FORMAT else fresh

    def name(self, stem: str) -> str:
        """Return a file name that was never used."""
        self.manifest["next"] += 1
        return f"{stem}-{self.manifest['next']}"

    def put(self, stem: str, values: Ints) -> Kept:
        """Write whole numbers in the narrowest type that holds them."""
        largest = int(max(-int(values.min(initial=0)), int(values.max(initial=0))))
        kind = next(kind for kind in _NARROW if largest <= np.iinfo(kind).max)
        kept = Kept(self.name(stem), np.dtype(kind).name, len(values), int(values.sum(dtype=np.int64)), largest)
        values.astype(kind, copy=False).tofile(self.path / kept.file)
        return kept

    def put_marks(self, stem: str, marks: Ints) -> Kept:
        """Write marks, a bit each."""
        kept = Kept(self.name(stem), "bits", len(marks), int(marks.sum()), 1)
        np.packbits(marks).tofile(self.path / kept.file)
        return kept

    def get(self, kept: Kept, count: int) -> Ints:
        """Return an array, filled up with zeros to *count* items (keys that came later).

        Raises:
            StoreDoubt: the file is not there, or not what was written.
        """
        try:
            found = np.fromfile(self.path / kept.file, np.uint8 if kept.kind == "bits" else kept.kind)
        except OSError as error:
            raise StoreDoubt(f"窗口库缺少文件 {kept.file} / the window store lacks {kept.file}") from error
        if kept.kind == "bits":
            found = np.unpackbits(found, count=kept.count).astype(bool)
        if len(found) != kept.count or int(found.sum(dtype=np.int64)) != kept.total:
            raise StoreDoubt(f"窗口库文件 {kept.file} 不对 / {kept.file} of the window store is not what was written")
        return found if count == kept.count else np.concatenate([found, np.zeros(count - kept.count, found.dtype)])

    def commit(self) -> None:
        """Make the manifest count, then delete the files that it no longer names."""
        text = json.dumps(self.manifest)
        new = self.path / "manifest.new"
        # Not synced: what a power cut leaves is found out by its sums, and the facts are still there.
        new.write_text(text)
        new.replace(self.path / "manifest.json")
        for file in self.path.iterdir():
            if f'"{file.name}"' not in text and file.name not in {"lock", "manifest.json"}:
                file.unlink(missing_ok=True)

    def forget(self) -> None:
        """Throw everything away; the next use builds it again from the facts."""
        (self.path / "manifest.json").unlink(missing_ok=True)
        self._open()
