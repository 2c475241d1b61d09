"""Which column becomes which field: said by the person, by a saved preset, or guessed from the names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.problems import DefinitionError, Problem, did_you_mean
from services.import_source import Sheet
from services.import_words import folded, guess_columns

Document = Mapping[str, Any]
LARGEST_LINE = "largest_line"
"""Beside the form's fields: the largest order line within a day's total, by which one-off orders are told."""
# What a file has to bring beside what its form requires: a stock table without quantities is no stock table.
_ESSENTIAL = {"stock": ("on_hand",)}
_SHOWN = 12
_EXTRA = ({"key": LARGEST_LINE, "label": "最大单"},)


@dataclass(frozen=True)
class Mapped:
    """How a sheet is read into a form.

    Args:
        into: the form's key.
        columns: field key → the column it is read from.
        preset: the mapping definition it comes from, {} without one.
        notes: what was decided for the person, in Chinese and English.
    """

    into: str
    columns: dict[str, str]
    preset: Document = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def constants(self) -> Document:
        """Field key → a value for every row."""
        found: Document = self.preset.get("constants", {})
        return found


def fields_of(form: Document) -> list[Document]:
    """Return the fields that a file may fill; those that are calculated are left out."""
    own = [one for one in form["fields"] if one["type"] not in {"formula", "sparkline"}]
    return [*own, *_EXTRA] if form.get("storage") == "facts" else own


def rank_presets(
    names: Sequence[str], presets: Iterable[Document], forms: Mapping[str, Document]
) -> list[dict[str, Any]]:
    """Return the presets that fit the columns *names*, the best first: `{key, name, name_en, into, score, columns}`.

    A preset fits when every field that its form requires finds a column; the score is the share of the file's columns
    that it knows, so that the more particular one wins.
    """
    have = {folded(name) for name in names}
    found = []
    for preset in presets:
        form = forms.get(preset["into"])
        if form is None:
            continue
        hits = {column: key for column, key in preset["columns"].items() if folded(column) in have}
        told = set(hits.values()) | set(preset.get("constants", {})) | {"warehouse"}
        required = {one["key"] for one in form["fields"] if one.get("required")}
        if required | set(_ESSENTIAL.get(form["key"], ())) <= told:
            words = _columns_named(preset) & have
            score = round(len(words) / max(len(have), 1), 3)
            columns = {name: key for key, name in preset_columns(names, preset).items()}
            told_name = {"name": preset["name"], "name_en": preset.get("name_en", preset["name"])}
            found.append(
                {"key": preset["key"], **told_name, "into": preset["into"], "score": score, "columns": columns}
            )
    # Of equals the plain ones, which say the least about where a file comes from.
    return sorted(found, key=lambda one: (-float(one["score"]), not str(one["key"]).startswith("plain_")))


def _columns_named(preset: Document) -> set[str]:
    words = {folded(column) for column in preset.get("columns", ())}
    text = " ".join(str(preset.get(name, "")) for name in ("skip_when", "negative_when", "exceptional_when", "order"))
    for mark in "()=!<>,'\"`":
        text = text.replace(mark, " ")
    return words | {folded(word) for word in text.split() if not word.isascii()}


def resolve(sheet: Sheet, form: Document, mapping: Document | None, presets: Mapping[str, Document]) -> Mapped:
    """Return how *sheet* is read into *form*.

    Args:
        sheet: the file's table.
        form: the form.
        mapping: a mapping definition, a plain mapping of fields to columns (or of columns to fields), or None: the best
            preset, else the names decide. Fields that a plain mapping does not mention are guessed.
        presets: the saved mappings into this form, by key.

    Raises:
        DefinitionError: a column or field does not exist, or a required field finds no column.
    """
    if mapping is None:
        ranked = rank_presets(sheet.columns, presets.values(), {form["key"]: form})
        mapping = presets[ranked[0]["key"]] if ranked else {}
    if "columns" in mapping:
        columns = preset_columns(sheet.columns, mapping)
        preset: Document = mapping
    else:
        columns, preset = _from_words(sheet, form, mapping), {}
    guessed = {
        key: name for key, name in guess_columns(fields_of(form), sheet.columns).items() if name not in columns.values()
    }
    if preset.get("key") in {None, *presets}:
        columns = {**{key: name for key, name in guessed.items() if key not in columns}, **columns}
    columns = {key: name for key, name in columns.items() if name}
    _check_required(sheet, form, columns, preset)
    return Mapped(form["key"], columns, preset, tuple(_left_out(sheet, columns, preset)))


def _left_out(sheet: Sheet, columns: Mapping[str, str], preset: Document) -> Iterable[tuple[str, str]]:
    """Tell which columns of the file become no field and are used in no condition."""
    used = {folded(name) for name in columns.values()} | (_columns_named(preset) if preset else set())
    left = [name for name in sheet.columns if folded(name) not in used]
    if left:
        shown = "、".join(left[:_SHOWN]) + ("…" if len(left) > _SHOWN else "")
        yield f"没有导入的列:{shown}", f"columns that were not imported: {shown}"


def preset_columns(names: Sequence[str], preset: Document) -> dict[str, str]:
    """Return field → column of a preset: of several columns for one field the first that the file has."""
    have = {folded(name): name for name in reversed(names)}
    found: dict[str, str] = {}
    for column, key in preset["columns"].items():
        if key not in found and folded(column) in have:
            found[key] = have[folded(column)]
    for key, words in preset.get("synonyms", {}).items():
        for word in words:
            if key not in found and folded(word) in have:
                found[key] = have[folded(word)]
    return found


def _from_words(sheet: Sheet, form: Document, mapping: Document) -> dict[str, str]:
    keys = {one["key"] for one in fields_of(form)}
    pairs = [(str(one), "" if two is None else str(two)) for one, two in mapping.items()]
    if pairs and not any(one in keys for one, _ in pairs) and any(two in keys for _, two in pairs):
        pairs = [(two, one) for one, two in pairs]
    problems = []
    for key, column in pairs:
        if key and key not in keys:
            problems.append(_absent("字段", "field", key, keys, f"$.mapping.{key}"))
        if column and column not in sheet.columns:
            problems.append(_absent("列", "column", column, sheet.columns, f"$.mapping.{key}"))
    if problems:
        raise DefinitionError(problems)
    return {key: column for key, column in pairs if key}


def _absent(label: str, label_en: str, name: str, known: Iterable[str], path: str) -> Problem:
    words = list(known)
    near = did_you_mean(name, words)
    hint = f"是否想用“{near}”?" if near else f"可用:{'、'.join(words)[:200]}"
    hint_en = f"did you mean “{near}”?" if near else f"one of: {', '.join(words)[:200]}"
    return Problem(path, f"没有{label}“{name}”", hint, f"there is no {label_en} “{name}”", hint_en)


def _check_required(sheet: Sheet, form: Document, columns: Mapping[str, str], preset: Document) -> None:
    """Refuse a mapping that leaves a required field empty; a warehouse may be decided later."""
    told = set(columns) | set(preset.get("constants", {})) | {"warehouse"}
    problems = []
    for one in form["fields"]:
        needed = (one.get("required") and "default" not in one) or one["key"] in _ESSENTIAL.get(form["key"], ())
        if needed and one["key"] not in told:
            label, names = one.get("label", one["key"]), "、".join(sheet.columns)[:300]
            problems.append(
                Problem(
                    f"$.mapping.{one['key']}",
                    f"没有找到“{label}”({one['key']})对应的列",
                    f"用映射指定,如 --map {one['key']}=列名;文件的列:{names}",
                    f"no column was found for “{one.get('label_en', label)}” ({one['key']})",
                    f"say which, as in --map {one['key']}=column; the file has: {names}",
                )
            )
    if problems:
        raise DefinitionError(problems)
