"""Rows of a file into records of a form: unknown codes created or reported, matched by key, every error with its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from form_builder import FIELD_TYPES
from form_builder.reading import is_empty, to_text
from services import bulk, import_codes
from services.access import Access
from services.import_batch import Progress
from services.import_conditions import rows_where
from services.import_mapping import Mapped
from services.import_source import Sheet
from services.record_context import targets
from services.workspace import Workspace
from store import records
from store.database import Session

Document = Mapping[str, Any]
MODES = ("upsert", "insert", "update", "skip")
_CREATED = {"warehouse", "sku", "supplier"}


def rows_of(sheet: Sheet, mapped: Mapped, form: Document) -> tuple[list[dict[str, Any]], list[int], int]:
    """Return the rows as values by field key (empty cells left out), their numbers in the file, and how many are skipped."""
    skip = rows_where(sheet, mapped.preset.get("skip_when"), "$.skip_when")
    places = {key: sheet.columns.index(name) for key, name in mapped.columns.items()}
    words: Mapping[str, Mapping[str, Any]] = mapped.preset.get("values", {})
    links = {key for key in targets(form) if key in places}
    rows, numbers = [], []
    for place, cells in enumerate(sheet.lines()):
        if place in skip:
            continue
        row = {key: cells[column] for key, column in places.items() if not is_empty(cells[column])}
        if not row:
            continue
        for key, value in row.items():
            if key in words:
                row[key] = words[key].get(str(value), value)
            elif key in links and not isinstance(value, str):
                row[key] = to_text(value)
        rows.append({**mapped.constants, **row})
        numbers.append(sheet.first_row + place)
    return rows, numbers, len(skip)


def write(  # noqa: PLR0913 what an import is made of
    session: Session,
    workspace: Workspace,
    *,
    form: Document,
    rows: list[dict[str, Any]],
    numbers: list[int],
    mapped: Mapped,
    options: Mapping[str, Any],
    user: str,
    batch: str,
    tell: Progress | None = None,
) -> dict[str, Any]:
    """Write the rows inside a transaction; return counts, errors by row of the file, and notes."""
    notes: list[import_codes.Note] = []
    if "warehouse" in targets(form) and not any("warehouse" in row for row in rows):
        code, note = import_codes.default_warehouse(session, workspace, user=user, batch=batch, dry=False)
        notes.append(note)
        for row in rows:
            row["warehouse"] = code
    notes += _settle_links(session, workspace, form, rows, options, user, batch)
    match = list(options.get("match") or mapped.preset.get("match") or _keys(form))
    mode = str(options.get("mode") or mapped.preset.get("mode", "upsert"))
    kept, refused = _by_mode(session, form, rows, numbers, match, mode)
    counts = bulk.bulk_upsert_in(
        session,
        workspace,
        form=form["key"],
        rows=[row for row, _ in kept],
        user=user,
        match=match,
        batch=batch,
        access=Access(session, workspace, user),
        right="import",
        progress=tell,
    )
    place_of = [number for _, number in kept]
    errors = [
        {**error, "row": place_of[error["row"] - 1], "column": _column(error, mapped)} for error in counts["errors"]
    ]
    if counts["repeated"]:
        notes.append(_repeated(form, match, counts["repeated"]))
    return {**counts, "errors": refused + errors, "notes": notes, "left_out": len(rows) - len(kept) - len(refused)}


def _repeated(form: Document, match: list[str], count: int) -> import_codes.Note:
    labels = "、".join(str(one.get("label", one["key"])) for one in form["fields"] if one["key"] in match)
    zh = f"{count:,} 行的“{labels}”在文件里重复,以最后一行为准"
    return zh, f"{count:,} rows repeat the {', '.join(match)} of an earlier row: the last one counts"


def _keys(form: Document) -> list[str]:
    keys = {one["key"] for one in form["fields"]}
    return list(form.get("natural_keys") or (["code"] if "code" in keys else []))


def _column(error: Mapping[str, Any], mapped: Mapped) -> str:
    column = str(error["column"])
    return mapped.columns.get(column.split("[", maxsplit=1)[0].split(".", maxsplit=1)[0], column)


def _settle_links(
    session: Session,
    workspace: Workspace,
    form: Document,
    rows: list[dict[str, Any]],
    options: Mapping[str, Any],
    user: str,
    batch: str,
) -> list[import_codes.Note]:
    """Turn names into codes, and create what is pointed to and not there (unless `unknown` is `report`)."""
    notes = []
    for key, target in targets(form).items():
        words = {row[key] for row in rows if isinstance(row.get(key), str)}
        if not words or records.state(session, target) is None or target not in _CREATED:
            continue
        named = import_codes.by_name(session, target, words)
        for row in rows:
            if row.get(key) in named:
                row[key] = named[row[key]]
        if options.get("unknown", "create") == "create":
            codes = import_codes.missing(session, target, {named.get(word, word) for word in words})
            note = import_codes.create_missing(session, workspace, form=target, codes=codes, user=user, batch=batch)
            notes += [note] if note else []
    return notes


def _by_mode(
    session: Session, form: Document, rows: list[dict[str, Any]], numbers: list[int], match: list[str], mode: str
) -> tuple[list[tuple[dict[str, Any], int]], list[dict[str, Any]]]:
    """Return the rows that the mode lets through, and the errors of those that must not exist and do."""
    pairs = list(zip(rows, numbers, strict=True))
    if mode == "upsert" or not match:
        return pairs, []
    keys = [_key(form, row, match) for row in rows]
    there = records.by_keys(session, form["key"], match, [key for key in keys if key is not None])
    kept, refused = [], []
    for (row, number), key in zip(pairs, keys, strict=True):
        exists = key in there
        if mode == "insert" and exists and key is not None:
            shown = "、".join(str(part) for part in key)
            refused.append(
                {"row": number, "column": match[0], "message": f"“{shown}”已存在", "message_en": f"“{shown}” exists already", "value": shown}
            )  # fmt: skip
        elif (mode == "update" and exists) or (mode in {"skip", "insert"} and not exists):
            kept.append((row, number))
    return kept, refused


def _key(form: Document, row: Mapping[str, Any], match: list[str]) -> tuple[Any, ...] | None:
    kinds = {one["key"]: FIELD_TYPES[one["type"]].column(one) for one in form["fields"]}
    values = [row.get(name) for name in match]
    if any(is_empty(value) for value in values):
        return None
    return tuple(
        to_text(value) if kinds.get(name) == "text" else value for name, value in zip(match, values, strict=True)
    )
