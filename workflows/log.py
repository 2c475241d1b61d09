"""The action log inside an instance's JSON: rows leave out what the row before them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]


def pack_log(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the rows as JSON data: without a number that is one more than the last, a repeated moment, and `system`."""
    packed: list[Row] = []
    before: Mapping[str, Any] = {"seq": 0, "at": ""}
    for row in rows:
        short = dict(row)
        if row["seq"] == before["seq"] + 1:
            del short["seq"]
        if row["at"] == before["at"]:
            del short["at"]
        if row["actor"] == "system":
            del short["actor"]
        packed.append(short)
        before = row
    return packed


def unpack_log(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the rows that `pack_log` wrote, whole again."""
    whole: list[Row] = []
    before: Mapping[str, Any] = {"seq": 0, "at": ""}
    for row in rows:
        full = {"seq": before["seq"] + 1, "at": before["at"], "actor": "system", **row}
        whole.append(full)
        before = full
    return whole
