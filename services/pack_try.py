"""A pack tried out with its own sample data in a throw-away workspace: what it would have told, before anything is installed."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rule_templates import Pack
from services.bulk import bulk_upsert_in
from services.typed_table import typed_table
from services.workspace import Settings, Workspace, open_workspace
from store import definitions, users

_BY = "admin"
_SHOWN = 20


def try_out(pack: Pack, install: Callable[[Workspace], object]) -> list[dict[str, Any]]:
    """Install *pack* in a workspace of its own for each of its tests that has rows, run its rules there, and return what happened.

    Args:
        pack: the pack.
        install: `install(workspace)` puts the pack in and switches it on.

    Returns:
        `[{name, name_en, as_of, records: {form: count}, alerts: [{rule, level, record, explanation, explanation_en}], notices, tasks}]`.
    """
    shown = [test for test in pack.document.get("tests", ()) if test.get("tables")]
    return [_tried(test, pack, install) for test in shown]


def _tried(test: Mapping[str, Any], pack: Pack, install: Callable[[Workspace], object]) -> dict[str, Any]:
    from services import evaluate  # noqa: PLC0415 the columnar libraries are for runs only

    day = dt.date.fromisoformat(test["as_of"])
    noon = dt.datetime.combine(day, dt.time(12), ZoneInfo("Asia/Shanghai")).astimezone(dt.UTC)
    with tempfile.TemporaryDirectory(prefix="beihuo-try-") as folder:
        workspace = open_workspace(Settings(data_dir=Path(folder)), lambda: noon)
        try:
            _add_somebody(workspace, pack)
            install(workspace)
            counted = _load(workspace, {**pack.document.get("sample_data", {}), **test["tables"]})
            done = evaluate.run(workspace, as_of=day)
        finally:
            workspace.close()
    return {
        "name": test["name"],
        "name_en": test.get("name_en", test["name"]),
        "as_of": test["as_of"],
        "records": counted,
        "alerts": done["examples"][:_SHOWN],
        "notices": done["notices"],
        "tasks": done["tasks"],
    }


def _add_somebody(workspace: Workspace, pack: Pack) -> None:
    """Add one person who holds every role of the pack, so that its notices reach somebody."""
    roles = [one["key"] for one in pack.document["definitions"] if one["kind"] == "role"]
    with workspace.write() as session:
        users.add(session, key=_BY, name=_BY, now=workspace.clock(), roles=["admin", *roles])


def _load(workspace: Workspace, tables: Mapping[str, list[dict[str, Any]]]) -> dict[str, int]:
    """Put the rows of *tables* into the workspace's forms; return how many of each."""
    with workspace.write() as session:
        forms = {state.key: state.document for state in definitions.every(session, "form") if state.runs}
        for key in sorted(tables, key=lambda name: name == "stock"):  # stock points to the others
            if tables[key] and forms[key].get("storage") != "facts":
                bulk_upsert_in(session, workspace, form=key, rows=tables[key], user=_BY)
    for key, rows in tables.items():
        if rows and forms[key].get("storage") == "facts":
            table = typed_table(forms[key], rows)
            kept = [name for name in table.column_names if table[name].null_count < table.num_rows]
            workspace.facts(key).append(table.select(kept), "sample")
    return {key: len(rows) for key, rows in tables.items() if rows}
