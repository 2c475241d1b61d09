"""A form that is being drawn: the parts of it that are whole, as expressions and the browser's logic can use them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.definitions import check, problems_in
from form_builder import FIELD_TYPES, browser_logic, language_fields
from store import definitions
from store.database import Session

Form = Mapping[str, Any]
_PLACE = re.compile(r"^\$\.(rules|checks)\[(\d+)\]")


def published(session: Session) -> dict[str, Any]:
    """Return every form that runs, by key."""
    return {state.key: state.document for state in definitions.every(session, "form") if state.runs}


def names(draft: Form, forms: Mapping[str, Form]) -> dict[str, Any]:
    """Return the names that an expression over the *draft* may use."""
    return language_fields({"fields": _whole_fields(draft.get("fields"))}, forms)


def logic(draft: Form, forms: Mapping[str, Form]) -> dict[str, Any]:
    """Return the draft's logic as the browser runs it, with the problems of its expressions."""
    whole: dict[str, Any] = {"key": "", "fields": _whole_fields(draft.get("fields"))}
    broken = {(at[1], int(at[2])) for p in check("form", draft) if (at := _PLACE.match(p.path))}
    for word in ("rules", "checks"):
        items = draft.get(word)
        if isinstance(items, list):
            whole[word] = [item for place, item in enumerate(items) if (word, place) not in broken]
    found, problems = browser_logic(whole, {**forms, str(draft.get("key") or ""): whole})
    return {**found, "problems": [problem.as_dict() for problem in problems]}


def _whole_fields(fields: Any) -> list[Form]:
    """Return the *fields* that have all that their types cannot do without, each key once."""
    found: dict[str, Form] = {}
    for field in fields if isinstance(fields, list) else []:
        if not _is_whole(field):
            continue
        inner = {"fields": _whole_fields(field["fields"])} if field["type"] == "sub_form" else {}
        found.setdefault(field["key"], {**field, **inner})
    return list(found.values())


def _is_whole(field: Any) -> bool:
    return (
        isinstance(field, Mapping)
        and isinstance(field.get("type"), str)
        and field["type"] in FIELD_TYPES
        and not problems_in(FIELD_TYPES[field["type"]].schema, field)
    )
