"""What one run reads: rules, forms and calendars as published, records as committed, facts at one version."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from form_builder import FIELD_TYPES
from services import forecast_store
from services.refusal import Refused, not_found
from services.stored_formulas import stored
from services.typed_table import typed_table
from services.workspace import Workspace
from store import definitions, records
from store.database import Session

if TYPE_CHECKING:
    import pyarrow as pa

KEPT_RUNS = 60


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one run reads.

    Attributes:
        rules: the rules to evaluate by key.
        versions: their published versions; 0 for a draft that is only tried out.
        forms: every published form by key.
        calendars: every published calendar by key.
        routes: every published route by key.
        tables: table by form key: Arrow for records, `Facts` for facts.
    """

    rules: dict[str, dict[str, Any]]
    versions: dict[str, int]
    forms: dict[str, dict[str, Any]]
    calendars: dict[str, dict[str, Any]]
    routes: dict[str, dict[str, Any]]
    tables: dict[str, Any]

    def save(self, folder: Path) -> dict[str, str]:
        """Write the records that the run read, one Parquet file a table, so that the run can be repeated; return the names."""
        import pyarrow.parquet as pq  # noqa: PLC0415 the columnar libraries are for runs only

        folder.mkdir(parents=True, exist_ok=True)
        names = {}
        for name, table in self.tables.items():
            if hasattr(table, "column_names"):
                pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
                names[name] = f"{folder.name}/{name}.parquet"
        return names


def take(workspace: Workspace, keys: Iterable[str] | None = None) -> Snapshot:
    """Return what a run of the rules *keys* (None: all that are on) reads.

    Raises:
        Refused: a rule does not exist, or is switched off or broken.
    """
    with workspace.read() as session:
        known = {state.key: state for state in definitions.every(session, "rule")}
        wanted = list(keys) if keys is not None else [key for key, state in known.items() if state.runs]
        for key in wanted:
            if key not in known:
                raise not_found("规则", "rule", key)
            if not known[key].runs:
                raise Refused("conflict", f"规则“{known[key].name}”没有启用", f"The rule “{known[key].name}” is not on")
        rules = {key: known[key].document for key in wanted}
        return _read(workspace, session, rules, {key: known[key].version for key in wanted})


def of_draft(workspace: Workspace, definition: Mapping[str, Any]) -> Snapshot:
    """Return what trying out a rule that is not published reads."""
    key = str(definition.get("key") or "draft")
    with workspace.read() as session:
        rule = stored(definition, published(session, "form"))
        return _read(workspace, session, {key: {**rule, "key": key}}, {key: 0})


def of_drafts(workspace: Workspace, definitions: Iterable[Mapping[str, Any]]) -> Snapshot:
    """Return what trying out several rules that are not published reads, all of one moment."""
    with workspace.read() as session:
        forms = published(session, "form")
        rules = {str(one["key"]): stored(one, forms) for one in definitions if one["over"] in forms}
        return _read(workspace, session, rules, dict.fromkeys(rules, 0))


def _read(
    workspace: Workspace, session: Session, rules: dict[str, dict[str, Any]], versions: dict[str, int]
) -> Snapshot:
    forms = {key: as_read(form) for key, form in published(session, "form").items()}
    tables: dict[str, Any] = {}
    for name in needed(rules.values(), forms):
        if forms[name].get("storage", "records") == "facts":
            facts = workspace.facts(name)
            # A table that was never written has no columns yet: the form says which it will have.
            tables[name] = facts if facts.version() >= 0 else typed_table(forms[name], ())
        else:
            tables[name] = _arrow(session, name)
    if (forecast := forecast_store.rule_table(workspace, rules.values(), workspace.today())) is not None:
        tables["forecast"] = forecast
    return Snapshot(rules, versions, forms, published(session, "calendar"), published(session, "route"), tables)


def published(session: Session, kind: str) -> dict[str, dict[str, Any]]:
    """Return the documents of *kind* that are in use, by key."""
    return {state.key: state.document for state in definitions.every(session, kind) if state.runs}


def needed(rules: Iterable[Mapping[str, Any]], forms: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the forms that *rules* read: those they run over or name, what these link to, and all facts."""
    named = {word for rule in rules for word in words(rule)}
    reached = [key for key in forms if key in named or forms[key].get("storage") == "facts"]
    for key in reached:  # grows while it is walked
        reached.extend(target for target in _targets(forms[key]) if target in forms and target not in reached)
    return reached


def words(rule: Mapping[str, Any]) -> set[str]:
    """Return every word of a rule that may be a form's key."""
    return set(re.findall(r"[a-z][a-z0-9_]*", json.dumps(rule, ensure_ascii=False)))


def as_read(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form as the engine reads it: every field that stores another form's `code` is a plain link."""
    fields = []
    for field in form.get("fields", []):
        target = FIELD_TYPES[field["type"]].target(field) if field["type"] in FIELD_TYPES else None
        fields.append({**field, "type": "link", "form": target} if target else field)
    return {**form, "fields": fields}


def _targets(form: Mapping[str, Any]) -> list[str]:
    return [field["form"] for field in form["fields"] if field["type"] == "link" and field.get("form")]


def _arrow(session: Session, form: str) -> pa.Table:
    return records.arrow(session, form)


def tidy(folder: Path) -> None:
    """Throw away the records of all but the newest runs."""
    old = sorted((path for path in folder.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))[
        :-KEPT_RUNS
    ]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
