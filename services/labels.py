"""How people call what a record points to: the labels beside the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from form_builder import display
from services.record_context import targets
from store import records, users
from store.database import Session

if TYPE_CHECKING:
    from services.access import Access

PEOPLE = {"member"}


def of(
    session: Session,
    forms: Mapping[str, Mapping[str, Any]],
    form: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    access: Access | None = None,
) -> list[dict[str, str]]:
    """Return, for each row, field → label of the record (or person) that it points to; unknown codes have none.

    With *access*, what its person may not see has no label, and no hidden field is part of one.
    """
    found: list[dict[str, str]] = [{} for _ in rows]
    for key, target in targets(form).items():
        _fill(found, rows, key, _of_records(session, forms, target, _codes(rows, key), access))
    members = [one["key"] for one in form["fields"] if one["type"] in PEOPLE]
    if members:
        names = {person.key: person.name for person in users.every(session)}
        for key in members:
            _fill(found, rows, key, names)
    return found


def of_codes(
    session: Session, forms: Mapping[str, Mapping[str, Any]], target: str, codes: Sequence[str]
) -> dict[str, str]:
    """Return code → label of records of the form *target*."""
    return _of_records(session, forms, target, list(dict.fromkeys(codes)))


def _of_records(
    session: Session,
    forms: Mapping[str, Mapping[str, Any]],
    target: str,
    codes: list[str],
    access: Access | None = None,
) -> dict[str, str]:
    if target not in forms or not codes or records.state(session, target) is None:
        return {}
    found = records.named(session, target, codes)
    if access is None or not access.limited(target):
        return {code: display(forms[target], record.values) for code, record in found.items()}
    seen = access.codes(target, codes)
    rows = [{**record.values, "_id": record.id, "_code": code} for code, record in found.items() if code in seen]
    return {row["_code"]: display(access.forms[target], row) for row in access.masked(target, rows)}


def _codes(rows: Sequence[Mapping[str, Any]], key: str) -> list[str]:
    found: dict[str, None] = {}
    for row in rows:
        value = row.get(key)
        found.update(dict.fromkeys(value if isinstance(value, list) else [value] if value is not None else []))
    return list(found)


def _fill(found: list[dict[str, str]], rows: Sequence[Mapping[str, Any]], key: str, names: Mapping[str, str]) -> None:
    for labels, row in zip(found, rows, strict=True):
        value = row.get(key)
        several: list[Any] = value if isinstance(value, list) else [value]
        words = [names[code] for code in several if code in names]
        if words:
            labels[key] = "、".join(words)
