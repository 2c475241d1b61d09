"""Reasons as text: a template and its numbers, row by row, put together by DuckDB (a million rows in seconds)."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

import duckdb
import pyarrow as pa

from engine.forecasting.panel import Floats
from engine.forecasting.source import quoted


def sentences(con: duckdb.DuckDBPyConnection, templates: Mapping[str, str], terms: Mapping[str, Floats]) -> pa.Table:
    """Return one text column a template.

    Args:
        con: a connection.
        templates: column -> text with `{term}` places.
        terms: name -> (N,) numbers; shown with at most two decimals, NaN as a dash.
    """
    parsed = {column: list(Formatter().parse(template)) for column, template in templates.items()}
    used = sorted({name for parts in parsed.values() for _, name, _, _ in parts if name})
    con.register("terms", pa.table({"row": pa.array(range(_length(terms))), **{name: terms[name] for name in used}}))
    shown = ", ".join(f"{_number(name)} AS {quoted(name)}" for name in used)
    texts = ", ".join(f"concat({_pieces(parts)}) AS {quoted(column)}" for column, parts in parsed.items())
    more = f", {shown}" if shown else ""
    sql = f"SELECT {texts} FROM (SELECT row{more} FROM terms) ORDER BY row"
    return con.sql(sql).to_arrow_table()


def _length(terms: Mapping[str, Floats]) -> int:
    return len(next(iter(terms.values())))


def _number(name: str) -> str:
    value = f"round({quoted(name)}, 2)"
    return (
        f"CASE WHEN isnan({value}) THEN '–' WHEN {value} = floor({value}) THEN CAST(CAST({value} AS BIGINT) AS VARCHAR)"
        f" ELSE rtrim(printf('%.2f', {value}), '0') END"
    )


def _pieces(parts: list[tuple[str, str | None, str | None, str | None]]) -> str:
    pieces = []
    for text, name, _, _ in parts:
        if text:
            pieces.append("'" + text.replace("'", "''") + "'")
        if name:
            pieces.append(quoted(name))
    return ", ".join(pieces) or "''"
