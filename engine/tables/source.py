"""Tables as they are given: Arrow tables, Parquet, CSV or Delta in files and folders; which columns they have, of which type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine.problems import BeihuoError
from engine.tables.csv_file import read_csv
from engine.tables.facts import Facts, day_of, is_delta
from engine.tables.facts_schema import DATE, is_number

Given = Any
"""pyarrow.Table, pandas.DataFrame, `Facts`, a path to a file or folder, or a list of Parquet files."""

# Identity columns are text even where a file writes them as numbers: 007 is not 7.
TEXT_COLUMNS = frozenset({"code", "sku", "warehouse", "location", "channel", "store", "shop", "supplier"})


@dataclass(frozen=True)
class Table:
    """A table to read.

    Args:
        name: its name in rules (`stock`).
        columns: column → Arrow type, in order.
        arrow: the data, when they are in memory.
        files: the Parquet files, when they are not.
        partitioned: whether `column=value` folders hold columns.
        version: of a Delta table, the version that is read; else None.
    """

    name: str
    columns: Mapping[str, pa.DataType]
    arrow: pa.Table | None = None
    files: tuple[str, ...] = ()
    partitioned: bool = False
    version: int | None = None
    texts: frozenset[str] = TEXT_COLUMNS

    def word(self, column: str) -> str | None:
        """Return the language's type word of *column* (identity columns are text), None for what it cannot hold."""
        found = type_word(self.columns[column])
        return "text" if column in self.texts and found in {"number", "text"} else found

    def is_full(self, column: str) -> bool:
        """Whether *column* is known to have no null, by what the data say of themselves."""
        if self.arrow is not None:
            return bool(self.arrow[column].null_count == 0)
        if self.partitioned or len(self.files) != 1:
            return False
        metadata = pq.read_metadata(self.files[0])
        place = metadata.schema.names.index(column) if column in metadata.schema.names else -1
        groups = (
            [metadata.row_group(n).column(place).statistics for n in range(metadata.num_row_groups)]
            if place >= 0
            else [None]
        )
        return all(found is not None and found.has_null_count and found.null_count == 0 for found in groups)

    @property
    def is_facts(self) -> bool:
        """Whether it holds numbers by day."""
        return DATE in self.columns

    def within(self, since: dt.date, until: dt.date) -> Table:
        """Return the table without the day partitions before *since* and after *until*."""
        if not self.partitioned:
            return self
        kept = tuple(file for file in self.files if (day := day_of(file)) is None or since <= day <= until)
        return replace(self, files=kept)


def type_word(kind: pa.DataType) -> str | None:
    """Return the language's type of an Arrow type (`int32` → number), or None when it has none."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if is_number(kind):
        return "number"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "text"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "datetime"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inner = type_word(kind.value_type)
        return f"list[{inner}]" if inner else None
    return "text" if pa.types.is_null(kind) else None


def open_tables(tables: Mapping[str, Given] | str | Path) -> dict[str, Table]:
    """Return the tables by name, opened but not read.

    Args:
        tables: name → data or path; or a folder with one Parquet or CSV file, partitioned folder or Delta table a table.

    Raises:
        BeihuoError: a path does not exist or holds nothing that can be read.
    """
    if isinstance(tables, str | Path):
        tables = tables_in(Path(tables))
    texts = TEXT_COLUMNS | frozenset(tables)
    return {name: replace(open_table(name, given, texts), texts=texts) for name, given in tables.items()}


def tables_in(folder: Path) -> dict[str, Path]:
    """Return the tables of a folder by name."""
    if not folder.is_dir():
        raise BeihuoError(f"没有文件夹 {folder} / there is no folder {folder}")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name = path.name.split(".")[0]
        if path.is_dir() and not path.name.startswith(("_", ".")):
            found[name] = path
        elif path.suffix in {".parquet", ".csv"} or path.name.endswith(".csv.gz"):
            if name in found:
                message = f"{folder} 里 {name} 有两份 / {folder} holds {name} twice"
                raise BeihuoError(message)
            found[name] = path
    return found


def open_table(name: str, given: Given, texts: frozenset[str] = TEXT_COLUMNS) -> Table:
    """Return one table, opened but not read; the columns *texts* of a CSV file stay text."""
    if isinstance(given, Table):
        return replace(given, name=name)
    if isinstance(given, Facts):
        return _from_facts(name, given)
    if isinstance(given, pa.Table):
        return _from_arrow(name, given)
    if isinstance(given, str | Path):
        return _from_path(name, given if "://" in str(given) else Path(given), texts)
    if isinstance(given, Sequence):
        return _from_files(name, [str(file) for file in given])
    if hasattr(given, "to_dict") and hasattr(given, "columns"):
        return _from_arrow(name, pa.Table.from_pandas(given, preserve_index=False))
    message = f"表 {name} 不认识 {type(given).__name__} / table {name} cannot be read from {type(given).__name__}"
    raise BeihuoError(message)


def _from_arrow(name: str, table: pa.Table) -> Table:
    return Table(name, {column.name: column.type for column in table.schema}, arrow=table)


def _from_facts(name: str, facts: Facts) -> Table:
    version = facts.version()
    schema = facts.schema()
    if version < 0:
        return _from_arrow(name, schema.empty_table())
    columns = {column.name: column.type for column in schema}
    return Table(name, columns, files=tuple(facts.files(version)), partitioned=True, version=version)


def facts_at(name: str, facts: Facts, version: int) -> Table:
    """Return a facts table as it stood at *version*.

    Raises:
        BeihuoError: that version's files are kept no longer.
    """
    files = facts.files(version)
    if not files:
        return _from_arrow(name, facts.schema(version).empty_table())
    if any("://" not in file and not Path(file).is_file() for file in files):
        raise BeihuoError(f"{name} 的版本 {version} 已清理 / version {version} of {name} is kept no longer")
    columns = {column.name: column.type for column in facts.schema(version)}
    return Table(name, columns, files=tuple(files), partitioned=True, version=version)


def _from_path(name: str, path: Path | str, text_columns: frozenset[str]) -> Table:
    if isinstance(path, str) or is_delta(path):
        return _from_facts(name, Facts(path))
    if path.is_dir():
        files = sorted(str(file) for file in path.rglob("*.parquet"))
        if files:
            return _from_files(name, files, root=path)
        texts = sorted(path.rglob("*.csv"))
        if texts:
            return _from_arrow(
                name, pa.concat_tables([read_csv(file, text_columns) for file in texts], promote_options="permissive")
            )
        raise BeihuoError(f"{path} 里没有 Parquet 或 CSV / {path} holds no Parquet or CSV")
    if not path.is_file():
        raise BeihuoError(f"没有文件 {path} / there is no file {path}")
    if path.suffix == ".parquet":
        return _from_files(name, [str(path)])
    return _from_arrow(name, read_csv(path, text_columns))


def _from_files(name: str, files: Sequence[str], root: Path | None = None) -> Table:
    if not files:
        raise BeihuoError(f"表 {name} 没有文件 / table {name} has no files")
    # The newest file has the newest columns; readers union by name.
    schemas = [pq.read_schema(file) for file in {files[0], files[-1]}]
    schema = pa.unify_schemas(schemas, promote_options="permissive")
    columns = {column.name: column.type for column in schema}
    folders = [] if root is None else [part for part in Path(files[0]).relative_to(root).parts if "=" in part]
    for part in folders:
        key = part.partition("=")[0]
        columns[key] = pa.date32() if key == DATE else pa.string()
    return Table(name, columns, files=tuple(files), partitioned=bool(folders))
