"""A pack tried out with its own sample data in a throw-away workspace: what it would have told, before anything is installed."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rule_templates import Pack
from services.bulk import bulk_upsert_in
from services.pack_switch import confirm
from services.typed_table import typed_table
from services.workspace import Settings, Workspace, open_workspace
from store import definitions, records, users
from store.database import Session

_BY = "admin"
_SHOWN = 20
_TASKS = "replenishment_task"


def try_out(pack: Pack, inputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Install *pack* in a workspace of its own for each of its tests that has rows, run its rules there, and return what happened.

    Returns:
        `[{name, name_en, as_of, records: {form: count}, alerts: [{rule, level, record, explanation, explanation_en}], notices, tasks}]`;
        tasks are the replenishment tasks that were made, as their values.

    Raises:
        DefinitionError: it could not be installed even there.
    """
    return [tried(test, pack, inputs) for test in pack.document.get("tests", ()) if test.get("tables")]


def tried(test: Mapping[str, Any], pack: Pack, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what *pack* does on the rows of one test, as `try_out` does of each."""
    from services import evaluate  # noqa: PLC0415 the columnar libraries are for runs only

    day = dt.date.fromisoformat(test["as_of"])
    noon = dt.datetime.combine(day, dt.time(12), ZoneInfo("Asia/Shanghai")).astimezone(dt.UTC)
    with tempfile.TemporaryDirectory(prefix="beihuo-try-") as folder:
        workspace = open_workspace(Settings(data_dir=Path(folder)), lambda: noon)
        try:
            _add_somebody(workspace, pack)
            _install(workspace, pack, {**inputs, **test.get("inputs", {})})
            counted = _load(workspace, {**pack.document.get("sample_data", {}), **test["tables"]})
            done = evaluate.run(workspace, as_of=day)
            tasks = _tasks(workspace)
        finally:
            workspace.close()
    return {
        "name": test["name"],
        "name_en": test.get("name_en", test["name"]),
        "as_of": test["as_of"],
        "records": counted,
        "alerts": done["examples"][:_SHOWN],
        "notices": done["notices"],
        "tasks": tasks,
    }


def _install(workspace: Workspace, pack: Pack, inputs: Mapping[str, Any]) -> None:
    from services.pack_install import Answers, carry_out, prepare  # noqa: PLC0415 it runs tests, which come here

    def work(session: Session) -> None:
        answers = Answers(inputs=inputs)
        carry_out(session, workspace, prepare(session, pack, answers, tested=False), answers, _BY)

    workspace.transact(work)
    confirm(workspace, pack=pack.key, user=_BY)


def _tasks(workspace: Workspace) -> list[dict[str, Any]]:
    with workspace.read() as session:
        if records.state(session, _TASKS) is None:
            return []
        found = records.page(session, _TASKS, records.Wanted(), limit=_SHOWN, total=False)
    return [{name: value for name, value in row.items() if not name.startswith("_")} for row in found.rows]


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
