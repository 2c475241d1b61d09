"""Sales as the outside brings them: a frame, an Arrow table, a Parquet/CSV file or folder, a Delta table; columns by our names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa

from engine.problems import DefinitionError, Problem, did_you_mean

Source: TypeAlias = pd.DataFrame | pa.Table | str | Path

# The order of the names is the order inside `unique_id`: what is sold, then where, then through whom.
KEY_NAMES = ("sku", "location", "warehouse", "channel", "region")
VALUE_NAMES = (
    "date", "quantity", "exceptional", "revenue", "price", "promotion", "in_stock", "discount", "phase",
    "multiplier", "largest_line", "orders", "category", "name", "unit_cost", "batch_id",
)  # fmt: skip
# What other tools call the same things (Nixtla's frames), taken when our own name is absent.
SYNONYMS = {"date": "ds", "quantity": "y", "sku": "unique_id"}


@dataclass(frozen=True, slots=True)
class Relation:
    """A table inside a DuckDB connection.

    Args:
        sql: a SELECT that yields the key columns as text and the value columns found, by our names.
        keys: the key columns, in the order of `unique_id`.
        columns: all columns of *sql*.
        scan: what *sql* reads from.
        files: "parquet" or "csv" and the paths, when it reads files.
    """

    sql: str
    keys: tuple[str, ...]
    columns: frozenset[str]
    scan: str = ""
    files: tuple[str, tuple[str, ...]] | None = None


def connect(threads: int = 2, memory: str = "2GB") -> duckdb.DuckDBPyConnection:
    """Return an in-process DuckDB that spills to disk beyond *memory*."""
    return duckdb.connect(config={"threads": str(threads), "memory_limit": memory, "preserve_insertion_order": "false"})


def one(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """Return the first row of *sql*; an aggregate without rows is a row of NULLs."""
    row: tuple[Any, ...] = con.sql(sql).fetchall()[0]
    return row


def quoted(name: str) -> str:
    """Return *name* as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _scan(con: duckdb.DuckDBPyConnection, source: Source, label: str) -> tuple[str, tuple[str, tuple[str, ...]] | None]:
    """Return what to read from in SQL, and the files behind it."""
    if isinstance(source, pd.DataFrame):
        source = pa.Table.from_pandas(source, preserve_index=False)
    if isinstance(source, pa.Table):
        view = f"input_{label}"
        con.register(view, source)
        return view, None
    kind, paths = _files(Path(source), label)
    reader = "read_csv" if kind == "csv" else "read_parquet"
    options = "" if kind == "csv" else ", hive_partitioning = true, union_by_name = true"
    return f"{reader}([{', '.join(map(_text, paths))}]{options})", (kind, paths)


def _files(path: Path, label: str) -> tuple[str, tuple[str, ...]]:
    """Return "parquet" or "csv" and the files of *path*."""
    if not path.exists():
        raise DefinitionError(
            [Problem(f"$.{label}", f"找不到文件 {path}", "请检查路径", f"no such file: {path}", "check the path")]
        )
    if path.is_file():
        return ("csv" if path.suffix.lower() in {".csv", ".tsv", ".txt"} else "parquet"), (str(path),)
    if (path / "_delta_log").is_dir():
        from deltalake import DeltaTable  # noqa: PLC0415 loading it costs 0.1 s and most inputs are plain files

        return "parquet", tuple(DeltaTable(path).file_uris())
    for kind in ("parquet", "csv"):
        if files := tuple(sorted(map(str, path.rglob(f"*.{kind}")))):
            return kind, files
    text, text_en = f"文件夹 {path} 里没有 Parquet 或 CSV 文件", f"no Parquet or CSV file in {path}"
    raise DefinitionError([Problem(f"$.{label}", text, "", text_en)])


def _rename(found: Sequence[str], mapping: Mapping[str, str], label: str) -> dict[str, str]:
    """Return our name -> their column, for every column we know or were told of."""
    problems = [
        Problem(
            f"$.{label}.map.{ours}",
            f"没有名为“{theirs}”的列",
            f"是否想用“{near}”?" if (near := did_you_mean(theirs, found)) else "现有的列:" + "、".join(found),
            f"no column “{theirs}”",
            f"did you mean “{near}”?" if near else "columns: " + ", ".join(found),
        )
        for ours, theirs in mapping.items()
        if theirs not in found
    ]
    if problems:
        raise DefinitionError(problems)
    known = {*KEY_NAMES, *VALUE_NAMES, *SYNONYMS.values()}
    names = {name.lower() if name.lower() in known else name: name for name in found if name not in mapping.values()}
    names |= dict(mapping)
    for ours, synonym in SYNONYMS.items():
        if ours not in names and synonym in names:
            names[ours] = names.pop(synonym)
    return names


def _keys(names: Mapping[str, str], mapping: Mapping[str, str], keys: Sequence[str] | None) -> tuple[str, ...]:
    if keys is not None:
        return tuple(key for key in keys if key in names)
    known = [key for key in KEY_NAMES if key in names]
    told = [name for name in mapping if name not in VALUE_NAMES and name not in KEY_NAMES]
    return tuple(known + told)


def read(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    label: str,
    *,
    mapping: Mapping[str, str] | None = None,
    keys: Sequence[str] | None = None,
    require: Sequence[str] = (),
) -> Relation:
    """Return *source* as a relation of *con* with our column names.

    Args:
        con: the connection in which the relation lives.
        source: DataFrame, Arrow table, or path of a Parquet/CSV file, a folder of them, or a Delta table.
        label: what the table is (`sales`); it names the view and appears in messages.
        mapping: our name -> the column's name in *source* (`{"quantity": "units"}`). A name that is none of ours
            becomes a further key.
        keys: the key columns, when they are not the usual ones.
        require: columns that must be there.

    Raises:
        DefinitionError: a column of *mapping* or *require* is absent, or there is no key column.
    """
    scan, files = _scan(con, source, label)
    found = [row[0] for row in con.sql(f"DESCRIBE SELECT * FROM {scan}").fetchall()]
    names = _rename(found, mapping or {}, label)
    key_names = _keys(names, mapping or {}, keys)
    _must_have(names, require, label)
    if not key_names and "quantity" in require:
        raise DefinitionError([_no_key(label, found)])
    if files is not None and files[0] == "csv" and key_names:
        # A code such as 0012 is text, whatever its digits look like.
        types = ", ".join(f"{_text(names[key])}: 'VARCHAR'" for key in key_names)
        scan = f"{scan[:-1]}, types = {{{types}}})"
    parts = [f"CAST({quoted(names[key])} AS VARCHAR) AS {quoted(key)}" for key in key_names]
    others = [name for name in names if name not in key_names]
    parts += [f"{quoted(names[name])} AS {quoted(name)}" for name in others]
    return Relation(f"SELECT {', '.join(parts)} FROM {scan}", key_names, frozenset([*key_names, *others]), scan, files)


def _no_key(label: str, found: Sequence[str]) -> Problem:
    columns = ", ".join(found)
    return Problem(
        f"$.{label}",
        f"没有键列({'、'.join(KEY_NAMES)})",
        f"用 --map sku=列名 或 --keys 指明;现有的列:{columns}",
        f"there is no key column ({', '.join(KEY_NAMES)})",
        f"say which by --map sku=COLUMN or --keys; columns: {columns}",
    )


def part_of(mapping: Mapping[str, str] | None, con: duckdb.DuckDBPyConnection, source: Source) -> dict[str, str]:
    """Return the part of *mapping* whose columns *source* has: one --map serves sales, stock, transit and promotions."""
    scan, _ = _scan(con, source, "probe")
    columns = {row[0] for row in con.sql(f"DESCRIBE SELECT * FROM {scan}").fetchall()}
    return {ours: theirs for ours, theirs in (mapping or {}).items() if theirs in columns}


def _must_have(names: Mapping[str, str], require: Sequence[str], label: str) -> None:
    problems = [
        Problem(
            f"$.{label}",
            f"缺少列“{name}”",
            f"用 --map {name}=列名 指明;现有的列:" + "、".join(names),
            f"the column “{name}” is missing",
            f"say which it is by --map {name}=COLUMN; columns: " + ", ".join(names),
        )
        for name in require
        if name not in names
    ]
    if problems:
        raise DefinitionError(problems)


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write *frame* as Parquet or, for a name ending in .csv, as CSV (UTF-8 with a mark, so that Excel reads Chinese)."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix.lower() == ".csv":
        frame.to_csv(target, index=False, encoding="utf-8-sig")
    else:
        frame.to_parquet(target, index=False, compression="zstd")
