"""Facts: a table of numbers by day (sales, stock snapshots), kept as a Delta Lake table partitioned by `date`.

Appended and corrected, never edited in place: a reader holds one version while writers go on; a crash leaves the last
committed version. Every batch has an id that is committed with it, so that a batch is known to be in or not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from engine.problems import BeihuoError
from engine.tables.duck import connect, quoted
from engine.tables.facts_schema import BATCH, DATE, fitted, is_number
from engine.tables.hours import folded, has_hours
from engine.tables.window import HOUR

_TRIES = 5
# Batches that the table makes of others by itself.
_OWN = ("undo:", "fold:")
# Files that no version newer than this needs are deleted by `vacuum`; a running reader holds its version for less.
RETENTION_HOURS = 168


class Facts:
    """One facts table under *path* (a folder or an object store's address); it need not exist yet.

    Columns are the series' keys (text), `date`, measures (`quantity`, `exceptional` integer or DECIMAL(18,3); `revenue`,
    `price` DECIMAL(18,4)), flags (`in_stock` boolean, `promotion` text), and `batch`, the id under which a row came in.

    Args:
        path: where the table lies.
        storage_options: credentials and such for an object store.
        keys: the key columns that hold numbers; text columns are never taken for measures.
    """

    def __init__(
        self, path: str | Path, storage_options: dict[str, str] | None = None, keys: Sequence[str] = ()
    ) -> None:
        self.path = str(path)
        self._options = storage_options
        self._keys = frozenset(keys)

    def _table(self, version: int | None = None) -> DeltaTable | None:
        try:
            return DeltaTable(self.path, version=version, storage_options=self._options)
        except TableNotFoundError:
            return None

    def version(self) -> int:
        """Return the newest version; -1 when nothing was ever written."""
        table = self._table()
        return -1 if table is None else int(table.version())

    def schema(self, version: int | None = None) -> pa.Schema:
        """Return the columns and types (at *version*); no columns when nothing was ever written."""
        table = self._table(version)
        return pa.schema([]) if table is None else pa.schema(table.schema().to_arrow())

    def has_batch(self, batch_id: str) -> bool:
        """Whether the batch was committed."""
        table = self._table()
        return table is not None and table.transaction_version(batch_id) is not None

    def append(self, table: pa.Table, batch_id: str) -> int:
        """Add rows, late ones too, and return the version; a batch that is already in changes nothing.

        Raises:
            BeihuoError: a column does not fit (a quantity of 1.5 pieces in a table of whole pieces, a row without date).
        """
        return self._write(table, batch_id, None)

    def replace_day(self, date: dt.date, table: pa.Table, batch_id: str) -> int:
        """Put the rows of *table* in the place of all rows of *date*, and return the version."""
        if set(pc.unique(table[DATE].cast(pa.date32())).to_pylist()) - {date}:
            message = f"替换 {date} 时只能有这一天的行 / rows of other days than {date} cannot replace it"
            raise BeihuoError(message)
        return self._write(table, batch_id, date)

    def _write(self, table: pa.Table, batch_id: str, replaced: dt.date | None, *, kept: bool = False) -> int:
        """Commit rows under *batch_id*; *replaced* is the day whose rows go, *kept* leaves each row the batch it has."""
        for attempt in range(_TRIES):
            if self.has_batch(batch_id):
                return self.version()
            rows = fitted(table, self.schema(), batch_id, kept=kept)
            try:
                self._commit(rows, batch_id, replaced)
            except (CommitFailedError, DeltaError):
                # Somebody else committed a conflicting version (or created the table) first: look again.
                if attempt == _TRIES - 1:
                    raise
            else:
                return self.version()
        raise AssertionError

    def _commit(self, rows: pa.Table, batch_id: str, replaced: dt.date | None) -> None:
        options: dict[str, Any] = {}
        told = {"batch": batch_id}
        if replaced is not None and (version := self.version()) >= 0:
            options["predicate"] = f"{DATE} = '{replaced.isoformat()}'"
            told |= {"replaced": replaced.isoformat(), "before": str(version)}
        write_deltalake(
            self.path,
            rows,
            mode="overwrite" if options else "append",
            partition_by=[DATE],
            schema_mode="merge",
            storage_options=self._options,
            writer_properties=WriterProperties(compression="ZSTD"),
            commit_properties=CommitProperties(custom_metadata=told, app_transactions=[Transaction(batch_id, 1)]),
            **options,
        )

    def undo(self, batch_id: str) -> int:
        """Take a batch back, and return the version; twice is once.

        Rows that were added are answered by compensating facts (their measures negated); a day that was replaced gets its
        former rows back, beside what came to it since.

        Raises:
            BeihuoError: no such batch was committed, or the former rows of its day are kept no longer.
        """
        if not self.has_batch(batch_id):
            raise BeihuoError(f"没有批次 {batch_id} / there is no batch {batch_id}")
        replaced = self._replaced(batch_id)
        if replaced is not None:
            return self._restore(batch_id, *replaced)
        rows = self.read(where_batch=batch_id)
        for place, name in enumerate(rows.column_names):
            column = rows[name]
            # A price or an hour is not a sum: the negated quantity and revenue say all.
            if is_number(column.type) and name not in {"price", HOUR} and name not in self._keys:
                rows = rows.set_column(place, name, pc.negate(column).cast(column.type))
        return self.append(rows.drop_columns([BATCH]), f"undo:{batch_id}")

    def _replaced(self, batch_id: str) -> tuple[dt.date, int] | None:
        """Return the day that a batch replaced and the version before it; None for a batch that only added rows.

        Raises:
            BeihuoError: a later batch, which still stands, replaced the same day.
        """
        table = self._table()
        later: dict[str, str] = {}
        for commit in table.history() if table is not None else ():
            name = str(commit.get("batch"))
            if "before" not in commit or name.startswith(_OWN):
                continue
            if name == batch_id:
                after = later.get(commit["replaced"])
                if after is not None:
                    message = f"{commit['replaced']} 后来又被批次 {after} 替换,请先撤销它"
                    raise BeihuoError(f"{message} / batch {after} replaced that day later: take it back first")
                return dt.date.fromisoformat(commit["replaced"]), int(commit["before"])
            if not self.has_batch(f"undo:{name}"):
                later[commit["replaced"]] = name
        return None

    def _restore(self, batch_id: str, day: dt.date, version: int) -> int:
        now = self.read(since=day, until=day)
        then = self._table(version)
        try:
            before = self.read(since=day, until=day, version=version)
        except (DeltaError, OSError, duckdb.Error) as error:
            message = f"{day} 被替换前的行已清理,无法恢复 / the former rows of {day} are kept no longer"
            raise BeihuoError(message) from error
        # What was taken back in the meantime does not come back with the day.
        gone = [
            name
            for name in pc.unique(before[BATCH]).to_pylist()
            if self.has_batch(f"undo:{name}") and (then is None or then.transaction_version(f"undo:{name}") is None)
        ]
        stays = before.filter(pc.invert(pc.is_in(before[BATCH], pa.array(gone, pa.string()))))
        since = now.filter(pc.not_equal(now[BATCH], batch_id))
        rows = pa.concat_tables([stays, since], promote_options="default")
        return self._write(rows, f"undo:{batch_id}", day, kept=True)

    def fold_hours(self, day: dt.date) -> bool:
        """Add the hours of *day* up, so that each key and batch has one row; return whether there was something to fold."""
        rows = self.read(since=day, until=day)
        if not has_hours(rows):
            return False
        self._write(folded(rows), f"fold:{day.isoformat()}:{self.version()}", day, kept=True)
        return True

    def files(
        self, version: int | None = None, since: dt.date | None = None, until: dt.date | None = None
    ) -> list[str]:
        """Return the Parquet files of one version (default: the newest), of the days *since* … *until* only."""
        table = self._table(version)
        if table is None:
            return []
        return [file for file in table.file_uris() if _between(file, since, until)]

    def read(
        self,
        columns: Sequence[str] | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
        version: int | None = None,
        where_batch: str | None = None,
    ) -> pa.Table:
        """Return rows of the days *since* … *until* (both included) as they stood at *version*."""
        files = self.files(version, since, until)
        if not files:
            empty = self.schema().empty_table()
            return empty.select([name for name in columns or empty.column_names if name in empty.column_names])
        chosen = ", ".join(quoted(name) for name in columns) if columns else "*"
        condition = "" if where_batch is None else f" WHERE {quoted(BATCH)} = $batch"
        query = (
            f"SELECT {chosen} FROM read_parquet($files, hive_partitioning = true, union_by_name = true, "  # noqa: S608 names are quoted
            f"hive_types = {{'{DATE}': DATE}}){condition}"
        )
        with connect() as connection:
            parameters = {"files": files} | ({} if where_batch is None else {"batch": where_batch})
            found: pa.Table = connection.sql(query, params=parameters).to_arrow_table()
            return found

    def days(self, version: int | None = None) -> list[dt.date]:
        """Return the days that have files, in order."""
        return sorted({day for file in self.files(version) if (day := day_of(file)) is not None})

    def compact(self) -> None:
        """Join the small files of each day into one, and write a checkpoint of the log."""
        table = self._table()
        if table is not None:
            table.optimize.compact()
            table.update_incremental()
            table.create_checkpoint()

    def vacuum(self, retention_hours: int = RETENTION_HOURS) -> int:
        """Delete files that no version of the last *retention_hours* needs; return how many."""
        table = self._table()
        if table is None:
            return 0
        enforced = retention_hours >= RETENTION_HOURS
        return len(table.vacuum(retention_hours, dry_run=False, enforce_retention_duration=enforced))


def day_of(file: str) -> dt.date | None:
    """Return the day whose partition *file* lies in, or None."""
    for part in reversed(file.replace("\\", "/").split("/")):
        name, sign, value = part.partition("=")
        if sign and name == DATE:
            return dt.date.fromisoformat(unquote(value)[:10])
    return None


def _between(file: str, since: dt.date | None, until: dt.date | None) -> bool:
    day = day_of(file)
    return day is None or ((since is None or day >= since) and (until is None or day <= until))


def is_delta(path: str | Path) -> bool:
    """Whether a Delta table lies in the folder *path*."""
    return (Path(path) / "_delta_log").is_dir()
