"""Permanent row ids: each key of a facts table (SKU × place) has one dense whole number, given once and never again."""

# ruff: noqa: S608 the SQL is made of our own names

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from engine.tables.duck import connect
from engine.tables.store_folder import Ints, Kept, StoreFolder

MISSING = -1


class RowIds:
    """The row ids of one store.

    Args:
        folder: the store's folder, held.
        width: how many columns a key has.
    """

    def __init__(self, folder: StoreFolder, width: int) -> None:
        self.folder = folder
        self.names = [f"k{n}" for n in range(width)]
        kept = folder.manifest["keys"]
        self.table = self._empty() if kept is None else self._read(kept)

    def _empty(self) -> pa.Table:
        return pa.table({name: pa.array([], pa.string()) for name in self.names})

    def _read(self, name: str) -> pa.Table:
        with pa.memory_map(str(self.folder.path / name)) as source:
            return pa.ipc.open_file(source).read_all()

    @property
    def count(self) -> int:
        """How many keys there are."""
        return int(self.table.num_rows)

    def add(self, new: pa.Table) -> None:
        """Give the keys of *new* (distinct, not yet known) the next ids."""
        self.table = pa.concat_tables([self.table, new.select(self.names).cast(self.table.schema)])
        name = self.folder.name("keys")
        with pa.OSFile(str(self.folder.path / name), "wb") as out, pa.ipc.new_file(out, self.table.schema) as writer:
            writer.write_table(self.table, max_chunksize=1 << 17)
        self.folder.manifest["keys"] = name

    def numbered(self) -> pa.Table:
        """Return the keys with their ids as `rid`."""
        return self.table.append_column("rid", pa.array(np.arange(self.count, dtype=np.int32)))

    def places(self, name: str, keys: Sequence[pa.ChunkedArray]) -> Ints | None:
        """Return the id of each row of a table, -1 for none; None where row n has the id n.

        What was found is kept: the same keys in the same order are known again by their fingerprint.

        Args:
            name: the table.
            keys: its key columns, as text.
        """
        mark = f"{self.count}:{fingerprint(keys)}"
        known = self.folder.manifest["rows"].get(name)
        if known is not None and known["mark"] == mark:
            kept = Kept.read(known["places"])
            return None if kept is None else self.folder.get(kept, kept.count)
        found = self.looked_up(keys)
        straight = len(found) == self.count and bool(np.array_equal(found, np.arange(self.count)))
        places = None if straight else self.folder.put("rows", found).written()
        self.folder.manifest["rows"][name] = {"mark": mark, "places": places}
        return None if straight else found

    def looked_up(self, keys: Sequence[pa.ChunkedArray]) -> Ints:
        """Return the id of each key, -1 for none."""
        columns: dict[str, Any] = dict(zip(self.names, keys, strict=True))
        columns["place"] = pa.array(np.arange(len(keys[0]), dtype=np.int32))
        with connect() as connection:
            connection.register("asked", pa.table(columns))
            connection.register("known", self.numbered())
            query = f"SELECT a.place, k.rid FROM asked AS a JOIN known AS k ON {same(self.names, 'a', 'k')}"
            found = connection.sql(query).fetchnumpy()
        places = np.full(len(keys[0]), MISSING, np.int32)
        places[found["place"]] = found["rid"]
        return places


def same(names: Sequence[str], left: str, right: str) -> str:
    """Return the SQL of two relations having the same key."""
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in names)


def fingerprint(keys: Sequence[pa.ChunkedArray]) -> str:
    """Return what tells columns of text apart from others, in whatever pieces they lie."""
    made = hashlib.blake2b(digest_size=16)
    for column in keys:
        text_only = column.cast(pa.string())
        whole = pa.concat_arrays(text_only.chunks) if text_only.num_chunks else pa.array([], pa.string())
        made.update(f"{len(whole)}:{whole.null_count}:".encode())
        if whole.null_count:
            made.update(whole.is_null().to_numpy(zero_copy_only=False).tobytes())
            whole = whole.fill_null("")
        _, offsets, letters = whole.buffers()
        if whole.offset == 0 and offsets is not None:
            made.update(memoryview(offsets)[: 4 * (len(whole) + 1)])
            last = int(np.frombuffer(offsets, np.int32, len(whole) + 1)[-1])
            made.update(memoryview(letters)[:last] if letters is not None else b"")
        else:
            made.update("\0".join(whole.to_pylist()).encode())
    return made.hexdigest()
