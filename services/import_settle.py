"""Daily facts on their way into the workspace: warehouses and SKUs they point to, and a stock to start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from engine.problems import DefinitionError, Problem
from services import import_codes, import_opening
from services.workspace import Workspace
from store import records
from store.database import Session

_SHOWN = 20


@dataclass(frozen=True)
class Settled:
    """Facts with their codes in order, and what was done for it, in Chinese and English."""

    table: pa.Table
    notes: list[tuple[str, str]]


def settle(
    session: Session, workspace: Workspace, table: pa.Table, options: Mapping[str, Any], *, user: str, batch: str
) -> Settled:
    """Fill in the warehouse, turn names into codes, create (or report) what is unknown, and derive an opening stock.

    Raises:
        DefinitionError: codes are unknown and `unknown` is `report`, or the warehouse has to be said.
    """
    notes: list[import_codes.Note] = []
    if "warehouse" in table.column_names and table["warehouse"].null_count == table.num_rows:
        code, note = import_codes.default_warehouse(session, workspace, user=user, batch=batch, dry=False)
        notes.append(note)
        table = _replaced(table, "warehouse", pa.array([code] * table.num_rows, pa.string()))
    for key in ("warehouse", "sku"):
        table = _named(session, table, key)
    usual = import_opening.usual_sales(table) if {"sku", "warehouse", "exceptional"} <= set(table.column_names) else {}
    values = {"sku": import_opening.sku_values(usual), "warehouse": {}}
    for key in ("warehouse", "sku"):
        codes = _missing(session, table, key)
        if codes and options.get("unknown", "create") != "create":
            raise DefinitionError([_unknown(key, codes)])
        told = import_codes.create_missing(
            session, workspace, form=key, codes=codes, user=user, batch=batch, values=values[key]
        )
        notes += [told] if told else []
    if usual and options.get("opening_stock", True) and records.state(session, "stock") is not None:
        told = import_opening.open_stock(session, workspace, usual=usual, user=user, batch=batch)
        notes += [told] if told else []
    return Settled(table, notes)


def _named(session: Session, table: pa.Table, key: str) -> pa.Table:
    if key not in table.column_names or records.state(session, key) is None:
        return table
    words = [word for word in pc.unique(table[key]).to_pylist() if word]
    named = import_codes.by_name(session, key, words)
    if not named:
        return table
    coded = table[key].combine_chunks().dictionary_encode()
    codes = pa.array([named.get(word, word) for word in coded.dictionary.to_pylist()], pa.string())
    return _replaced(table, key, codes.take(coded.indices))


def _missing(session: Session, table: pa.Table, key: str) -> list[str]:
    if key not in table.column_names or records.state(session, key) is None:
        return []
    return import_codes.missing(session, key, pc.unique(table[key]).to_pylist())


def _replaced(table: pa.Table, key: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(key), key, column)


def _unknown(key: str, codes: list[str]) -> Problem:
    label = {"sku": "商品", "warehouse": "仓库"}[key]
    shown = "、".join(codes[:_SHOWN])
    return Problem(
        f"$.{key}",
        f"{len(codes)} 个{label}编码在工作区里没有:{shown}",
        f"先导入{label}表,或让导入时自动新建(unknown=create)",
        f"{len(codes)} codes of {key} are unknown: {shown}",
        "import them first, or let the import create them (unknown=create)",
    )
