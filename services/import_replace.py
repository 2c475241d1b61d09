"""New facts in the place of those of the same days: what was there is compensated in the same commit, so undo gives it back."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from engine.tables.facts import Facts
from services.import_codes import Note

_MEASURES = ("quantity", "exceptional", "revenue")


def in_place_of(facts: Facts, table: pa.Table) -> tuple[pa.Table, Note | None]:
    """Return *table* with compensating rows for the facts of its days and channels, and what to tell.

    Args:
        facts: the facts table.
        table: the new facts; only days, and channels where it names them, that it has are replaced.
    """
    days = pc.unique(table["date"])
    there = facts.read(since=pc.min(days).as_py(), until=pc.max(days).as_py())
    if not there.num_rows:
        return table, None
    there = there.filter(
        pc.is_in(there["date"], value_set=days.combine_chunks() if hasattr(days, "combine_chunks") else days)
    )
    if "channel" in table.column_names and "channel" in there.column_names:
        channels = pc.unique(table["channel"])
        there = there.filter(pc.is_in(there["channel"].cast(pa.string()), value_set=channels.cast(pa.string())))
    keys = [name for name in ("sku", "warehouse", "channel", "date") if name in there.column_names]
    measures = [name for name in _MEASURES if name in there.column_names]
    sums = there.group_by(keys).aggregate([(name, "sum") for name in measures])
    left = sums.filter(pc.not_equal(sums["quantity_sum"], 0))
    if not left.num_rows:
        return table, None
    columns = {name: left[name] for name in keys}
    columns |= {name: pc.negate(left[f"{name}_sum"]).cast(there.schema.field(name).type) for name in measures}
    zh = f"替换了这些天原有的 {left.num_rows:,} 条日销量"
    note = (zh, f"took the place of {left.num_rows:,} daily facts of the same days")
    return pa.concat_tables([table, pa.table(columns)], promote_options="permissive"), note
