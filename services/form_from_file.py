"""A form drawn from a table that people have already: its columns as fields, their types guessed from the cells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pypinyin

from form_builder import FIELD_TYPES, RecordContext, Unreadable
from form_builder.reading import is_empty, to_text
from services.import_source import Sheet, open_sheet
from services.import_words import SYNONYMS, folded
from services.record_context import forms_of
from services.refusal import Refused
from services.workspace import Workspace
from store import records, users
from store.database import Session

_ROWS = 2_000
_MOST_FIELDS = 200
_ASKED = 400  # cells of a column that are looked at
_FEW, _TEXT = 12, 60  # at most so many different values make a choice; longer texts are long texts
_CODES = ("编码", "编号", "代码", "单号", "货号", "条码", "款号", "code", "sku")
_LINKS = {"sku": "sku", "warehouse": "warehouse", "supplier": "supplier"}
_NOT_A_KEY = re.compile(r"[^a-z0-9]+")
# A word in the header, and the type that cells under it are tried with first.
_BY_NAME = (
    ("money", ("金额", "价", "成本", "费用", "cost", "price", "amount")),
    ("percent", ("率", "占比", "percent")),
    ("barcode", ("条码", "barcode", "ean")),
    ("phone", ("电话", "手机", "phone")),
    ("email", ("邮箱", "email", "mail")),
    ("url", ("网址", "链接", "url")),
    ("member", ("负责人", "采购员", "运营", "owner")),
)


def draw(
    workspace: Workspace, *, path: Path, options: Mapping[str, Any] | None = None, name: str = "", key: str = ""
) -> dict[str, Any]:
    """Return `{definition, columns: [{name, field, type, reason, reason_en}], mapping}` for a new form; nothing is kept.

    Args:
        workspace: whose forms a column may point to.
        path: a CSV, Excel or Parquet file.
        options: `sheet`, `header_row`, `encoding`.
        name: the form's name; the file's unless told.
        key: the form's key; made of the name unless told.

    Raises:
        ConnectorError: the file cannot be read.
        Refused: it has more columns than a form has fields.
    """
    sheet = open_sheet(path, options, limit=_ROWS)
    if len(sheet.columns) > _MOST_FIELDS:
        raise Refused("invalid", f"超过 {_MOST_FIELDS} 列", f"more than {_MOST_FIELDS} columns")
    title = name or path.stem
    with workspace.read() as session:
        taken = set(forms_of(session))
        guess = _Guess(session, workspace)
        found = [guess.field(sheet, column) for column in sheet.columns]
    fields = _with_keys([field for field, _, _ in found], sheet.columns)
    definition: dict[str, Any] = {
        "kind": "form",
        "key": _free(key or _key(title, "form"), taken),
        "name": title,
        "fields": fields,
    }
    codes = [one["key"] for one in fields if one.get("unique")]
    if codes:
        shown = next((one["key"] for one in fields if one["key"] == "name"), None)
        definition["display"] = [codes[0], *([shown] if shown else [])]
    columns = [
        {"name": column, "field": field["key"], "type": field["type"], "reason": zh, "reason_en": en}
        for column, field, (_, zh, en) in zip(sheet.columns, fields, found, strict=True)
    ]
    return {
        "definition": definition,
        "columns": columns,
        "mapping": {field["key"]: column for column, field in zip(sheet.columns, fields, strict=True)},
    }


Found = tuple[dict[str, Any], str, str]


class _Guess:
    """Guesses the field of a column; what it may point to is looked up in the workspace."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        people = users.every(session)
        self._people = {person.key: person.key for person in people} | {person.name: person.key for person in people}
        self._context = RecordContext(now=workspace.clock(), zone=workspace.settings.timezone, member=self._people.get)

    def field(self, sheet: Sheet, column: str) -> Found:
        """Return a field without a key, and why it is of this type."""
        cells = [cell for cell in _cells(sheet, column) if not is_empty(cell)][:_ASKED]
        label = {"label": column[:200]}
        if not cells:
            return {"type": "text", **label}, "整列是空的", "the column is empty"
        for try_ in (self._link, self._code, self._by_name, self._by_cells, self._choice):
            found = try_(column, cells)
            if found is not None:
                field, zh, en = found
                return {**field, **label}, zh, en
        long = max(len(to_text(cell)) for cell in cells) > _TEXT
        return {"type": "long_text" if long else "text", **label}, "文字", "text"

    def _link(self, column: str, cells: Sequence[Any]) -> Found | None:
        """A column whose cells are codes of a form that is there."""
        name = _known_as(column)
        form = _LINKS.get(name or "")
        if form is None or records.state(self._session, form) is None:
            return None
        codes = {to_text(cell) for cell in cells}
        there = records.named(self._session, form, codes)
        if len(there) * 2 < len(codes):
            return None
        return {"type": form}, f"{len(there)} 个值是{form}的编码", f"{len(there)} values are codes of {form}"

    def _code(self, column: str, cells: Sequence[Any]) -> Found | None:
        words = folded(column)
        texts = [to_text(cell) for cell in cells]
        if not any(words.endswith(word) for word in _CODES) or len(set(texts)) < len(texts):
            return None
        return {"type": "text", "unique": True, "required": True}, "编码,没有重复", "codes, all different"

    def _by_name(self, column: str, cells: Sequence[Any]) -> Found | None:
        words = folded(column)
        for type_, names in _BY_NAME:
            if any(name in words for name in names) and self._reads(type_, cells):
                return (
                    {"type": type_},
                    f"列名与内容像{FIELD_TYPES[type_].title}",
                    f"looks like {type_} by name and cells",
                )
        return None

    def _by_cells(self, _column: str, cells: Sequence[Any]) -> Found | None:
        kinds: tuple[str, ...] = ("boolean", "date", "datetime", "number")
        if any(isinstance(cell, dt.datetime) and cell.time() != dt.time() for cell in cells):
            kinds = ("datetime",)
        numbers = all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)
        coded = any(isinstance(cell, str) and cell.startswith("0") and cell.isdigit() and cell != "0" for cell in cells)
        for type_ in kinds:
            if (type_ != "number" and numbers) or (type_ == "number" and coded):
                continue  # 45000 is no day, 1 is no yes, 007 is no number
            if self._reads(type_, cells):
                title = FIELD_TYPES[type_].title
                return {"type": type_}, f"每个值都是{title}", f"every value is a {type_}"
        return None

    def _choice(self, _column: str, cells: Sequence[Any]) -> Found | None:
        values = list(dict.fromkeys(to_text(cell) for cell in cells))
        if not 1 < len(values) <= _FEW or len(values) * 4 > len(cells) or max(map(len, values)) > _TEXT:
            return None
        return {"type": "choice", "options": values}, f"只有 {len(values)} 种值", f"only {len(values)} different values"

    def _reads(self, type_: str, cells: Sequence[Any]) -> bool:
        read: Callable[[Any, Any, RecordContext], Any] = FIELD_TYPES[type_].read
        try:
            for cell in cells:
                read(cell, {"key": "x", "type": type_, "label": "x"}, self._context)
        except Unreadable:
            return False
        return True


def _cells(sheet: Sheet, column: str) -> list[Any]:
    cells = sheet.column(column)
    return cells.slice(0, _ROWS).to_pylist() if hasattr(cells, "to_pylist") else list(cells[:_ROWS])


def _known_as(column: str) -> str | None:
    """Return the field that shops call *column*."""
    word = folded(column)
    return next((key for key, words in SYNONYMS.items() if word in {folded(one) for one in (key, *words)}), None)


def _with_keys(fields: Sequence[dict[str, Any]], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the fields with keys: the well-known one, the column's own letters (Chinese as pinyin), or a number."""
    taken: set[str] = set()
    made = []
    for place, (field, column) in enumerate(zip(fields, columns, strict=True), 1):
        known = "code" if field.get("unique") and "code" not in taken else _known_as(column)
        key = known if known and known not in taken else _free(_key(column, f"field_{place}"), taken)
        taken.add(key)
        made.append({"key": key, **field})
    return made


def _key(words: str, otherwise: str) -> str:
    spelt = "_".join(pypinyin.lazy_pinyin(words))
    key = _NOT_A_KEY.sub("_", spelt.lower()).strip("_")[:50].strip("_")
    return key if key and key[0].isalpha() else otherwise


def _free(key: str, taken: set[str]) -> str:
    number, found = 2, key
    while found in taken:
        found, number = f"{key}_{number}", number + 1
    return found
