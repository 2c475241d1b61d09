"""The records that a run's findings are about: what people call them, and what routes and actions may ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from form_builder import display
from services.snapshot import Snapshot

Row = dict[str, Any]


class Subjects:
    """The records of one table behind a list of keys, with the records that they link to.

    Args:
        snapshot: what the run read.
        over: the table.
        keys: the records' natural keys, each a mapping of text.
    """

    def __init__(self, snapshot: Snapshot, over: str, keys: Sequence[Mapping[str, str]]) -> None:
        self._snapshot = snapshot
        self._form = snapshot.forms.get(over, {"fields": []})
        self._names = tuple(keys[0]) if keys else ()
        self._rows = self._found(over, keys)
        self._linked = self._links(keys)

    def _found(self, over: str, keys: Sequence[Mapping[str, str]]) -> dict[tuple[str, ...], Row]:
        wanted = {name: {key[name] for key in keys} for name in self._names}
        return {
            tuple(str(row[name]) for name in self._names): row for row in _rows(self._snapshot.tables.get(over), wanted)
        }

    def _links(self, keys: Sequence[Mapping[str, str]]) -> dict[str, dict[str, Row]]:
        linked = {}
        for field in self._form["fields"]:
            if field["type"] != "link":
                continue
            name = field["key"]
            codes = {str(row[name]) for row in self._rows.values() if row.get(name) is not None}
            codes |= {key[name] for key in keys if name in key}
            rows = _rows(self._snapshot.tables.get(field["form"]), {"code": codes})
            linked[name] = {str(row["code"]): row for row in rows}
        return linked

    def row(self, keys: Mapping[str, str]) -> Row:
        """Return the record; only its keys when the table holds facts."""
        return self._rows.get(tuple(keys[name] for name in self._names), dict(keys))

    def dotted(self, keys: Mapping[str, str]) -> Row:
        """Return the record's values by path, one link deep: `on_hand`, `sku.owner`."""
        row = self.row(keys)
        found: Row = dict(row)
        for name, targets in self._linked.items():
            code = row.get(name, keys.get(name))
            for field, value in targets.get(str(code), {}).items():
                found[f"{name}.{field}"] = value
        return found

    def nested(self, keys: Mapping[str, str]) -> Row:
        """Return the record with the linked records in place of their codes, as expressions read it."""
        row = dict(self.row(keys))
        for name, targets in self._linked.items():
            target = targets.get(str(row.get(name, keys.get(name))))
            if target is not None:
                row[name] = target
        return row

    def labels(self, keys: Mapping[str, str]) -> dict[str, str]:
        """Return what people call each key: `A001 珍珠耳环`, `华东仓`."""
        return {name: self._label(name, code) for name, code in keys.items()}

    def title(self, keys: Mapping[str, str]) -> str:
        """Return the labels in one line."""
        return " · ".join(self.labels(keys).values())

    def _label(self, name: str, code: str) -> str:
        target = self._linked.get(name, {}).get(code)
        if target is None:
            return code
        form = next(field["form"] for field in self._form["fields"] if field["key"] == name)
        return display(self._snapshot.forms[form], target) or code


def _rows(table: Any, wanted: Mapping[str, Iterable[str]]) -> list[Row]:
    """Return the rows of an Arrow *table* whose columns hold only wanted values."""
    import pyarrow as pa  # noqa: PLC0415 the columnar libraries are for runs only
    import pyarrow.compute as pc  # noqa: PLC0415 as above

    if not isinstance(table, pa.Table):
        return []
    for name, values in wanted.items():
        if name not in table.column_names:
            return []
        table = table.filter(pc.is_in(table[name].cast(pa.string()), value_set=pa.array(sorted(values), pa.string())))
    rows: list[Row] = table.to_pylist()
    return rows
