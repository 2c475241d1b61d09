"""The tables of one record: the record, what it links to, and its own facts; small enough to look at many days quickly."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from form_builder import columns
from services import snapshot
from services.refusal import not_found
from services.snapshot import Snapshot
from services.stored_formulas import stored
from services.workspace import Workspace
from store import definitions, records
from store.database import Session

# A year and some weeks: what a forecast or a comparison with last year looks back over.
LONGEST_REACH = 400
TYPES = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
}


def of_rule(workspace: Workspace, rule: str, keys: Mapping[str, str], *, days: int = 0) -> Snapshot:
    """Return what the published *rule* reads for the record with *keys*, with facts enough for *days* days back.

    Raises:
        Refused: there is no such rule or record.
    """
    with workspace.read() as session:
        state = definitions.get(session, "rule", rule)
    if state is None or not state.document:
        raise not_found("规则", "rule", rule)
    return of_draft(workspace, state.document, keys=keys, days=days)


def of_draft(
    workspace: Workspace,
    rule: Mapping[str, Any],
    *,
    keys: Mapping[str, str],
    record: Mapping[str, Any] | None = None,
    days: int = 0,
) -> Snapshot:
    """Return what a rule as drawn reads for the record with *keys*, or for *record* as somebody is filling it in.

    Raises:
        Refused: there is no such form or record.
    """
    key, over = str(rule["key"]), str(rule["over"])
    with workspace.read() as session:
        published = snapshot.published(session, "form")
        forms = {name: snapshot.as_read(form) for name, form in published.items()}
        rule = stored(rule, published)
        if over not in forms:
            raise not_found("表单", "form", over)
        first = dict(record) if record is not None else _found(session, over, keys)
        tables = _linked(session, forms, over, first)
        calendars = snapshot.published(session, "calendar")
    since = workspace.today() - dt.timedelta(days=reach(rule) + days)
    named = snapshot.words(rule)
    owner = {name: str(first.get(name, "")) for name in keys or _natural(forms[over])}
    for name, form in forms.items():
        if form.get("storage") == "facts":
            tables[name] = _facts(workspace, name, owner, since if name in named else None)
    return Snapshot({key: rule}, {key: 0}, forms, calendars, {}, tables)


def _natural(form: Mapping[str, Any]) -> list[str]:
    return list(form.get("natural_keys") or ["code"])


def keys_of(form: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, str]:
    """Return the natural keys of *record* as text."""
    return {name: str(record.get(name, "")) for name in _natural(form)}


def reach(rule: Mapping[str, Any]) -> int:
    """Return how many days back the facts may matter to *rule*: twice its largest number of days, or a year for a forecast."""
    text = json.dumps([rule.get(name) for name in ("where", "let", "levels", "during", "resolve_when", "overrides")])
    if "forecast" in text.lower() or "year" in text.lower():
        return LONGEST_REACH
    numbers = [int(number) for number in re.findall(r"(?<![\w.])\d{1,3}(?![\w.])", text)]
    return min(2 * max([number for number in numbers if number <= LONGEST_REACH], default=7) + 7, LONGEST_REACH)


def _found(session: Session, over: str, keys: Mapping[str, str]) -> dict[str, Any]:
    state = records.state(session, over)
    known = {column.name for column in state.live} if state else set()
    first = records.find(session, over, **keys) if keys and set(keys) <= known else None
    if first is None:
        raise not_found("记录", "record", " ".join(f"{name}={value}" for name, value in keys.items()) or over)
    return first.values


def _linked(
    session: Session, forms: Mapping[str, Mapping[str, Any]], over: str, first: dict[str, Any]
) -> dict[str, pa.Table]:
    """Return the one row of *over* and the rows that it leads to, link by link."""
    found: dict[str, dict[str, dict[str, Any]]] = {over: {"": first}}
    waiting = [(over, first)]
    while waiting:
        form, row = waiting.pop()
        for field in forms[form]["fields"]:
            target, code = field.get("form"), row.get(field["key"])
            if field["type"] != "link" or target not in forms or not isinstance(code, str):
                continue
            if code not in found.setdefault(target, {}):
                linked = records.named(session, target, [code]).get(code)
                if linked is not None:
                    found[target][code] = linked.values
                    waiting.append((target, linked.values))
    return {form: _table(forms[form], list(rows.values())) for form, rows in found.items()}


def _table(form: Mapping[str, Any], rows: list[dict[str, Any]]) -> pa.Table:
    arrays, names = [], []
    for column in columns(form):
        kind = TYPES.get(column.kind, pa.string())
        values = [row.get(column.name) for row in rows]
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            read = dt.date.fromisoformat if pa.types.is_date(kind) else dt.datetime.fromisoformat
            values = [read(value) if isinstance(value, str) else value for value in values]
        elif pa.types.is_string(kind):
            values = [value if value is None or isinstance(value, str) else str(value) for value in values]
        arrays.append(pa.array(values, kind))
        names.append(column.name)
    return pa.Table.from_arrays(arrays, names)


def _facts(workspace: Workspace, form: str, keys: Mapping[str, str], since: dt.date | None) -> pa.Table:
    """Return the facts about the record since a day; no rows, but the columns, for None."""
    facts = workspace.facts(form)
    if since is None:
        return facts.schema().empty_table()
    table = facts.read(since=since)
    for key, value in keys.items():
        if key in table.column_names:
            table = table.filter(pc.equal(table[key].cast(pa.string()), value))
    return table
