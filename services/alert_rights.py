"""Which alerts somebody sees: those of records that they see, by rules that read nothing which is hidden from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.access import NOBODY, Access
from services.hidden_fields import reads
from services.question_rights import sources_of
from store import definitions


def condition(access: Access) -> str | None:
    """Return the condition on the episodes that *access* shows, as SQL over `episode`; None for all of them."""
    if access.full:
        return None
    hidden: list[str] = []
    by_form: dict[str, list[str]] = {}
    for state in definitions.every(access.session, "rule", archived=True):
        over = str(state.document.get("over"))
        if over not in access.documents:
            continue
        if _reads_hidden(access, over, state.document):
            hidden.append(state.key)
        elif (seen := _seen(access, over)) is not None:
            by_form.setdefault(seen, []).append(state.key)
    parts = [f"episode.rule NOT IN ({_listed(hidden)})"] if hidden else []
    parts += [f"(episode.rule NOT IN ({_listed(rules)}) OR {seen})" for seen, rules in sorted(by_form.items())]
    return " AND ".join(parts) or None


def _listed(keys: list[str]) -> str:
    return ", ".join(f"'{key}'" for key in sorted(keys))  # keys of definitions: letters, digits and underscores


def _reads_hidden(access: Access, over: str, rule: Mapping[str, Any]) -> bool:
    return any(
        key in access.hidden_somewhere(form)
        for source in sources_of(rule)
        for form, key in reads(access.documents, over, "", source)
    )


def _seen(access: Access, form: str) -> str | None:
    """Return the condition that the episode's record is one that is seen; None where all of the form's are."""
    document = access.documents[form]
    if not access.rights(form).allow("view"):
        return NOBODY
    if document.get("storage") == "facts":
        return None
    where = access.where(form, "view", alias="seen_row")
    if where is None:
        return None
    names = document.get("natural_keys") or ["code"]
    same = " AND ".join(f'CAST("seen_row"."{name}" AS TEXT) = {_key(access, name)}' for name in names)
    return f'EXISTS (SELECT 1 FROM "f_{form}" AS "seen_row" WHERE {same} AND ({where}))'  # noqa: S608 keys of published forms


def _key(access: Access, name: str) -> str:
    if access.workspace.database.is_sqlite:
        return f"json_extract(episode.keys, '$.{name}')"
    return f"episode.keys ->> '{name}'"
