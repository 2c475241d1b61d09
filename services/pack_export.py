"""One's own work as a pack: chosen definitions with all they name, no secrets inside, ready for another workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rule_templates import read_pack, references
from services.pack_records import installed_packs
from services.refusal import not_found
from services.workspace import Workspace
from store import definitions, records
from store.database import Session

Name = tuple[str, str]
MAX_SAMPLE = 1000


def export(
    workspace: Workspace,
    *,
    about: Mapping[str, Any],
    names: Sequence[str] | None = None,
    sample: Sequence[str] = (),
) -> dict[str, Any]:
    """Return a pack of the published definitions *names* (`kind/key`; None: all) and of everything that they name.

    What an installed pack brought and nobody changed is not repeated: that pack is required instead.

    Args:
        workspace: whose definitions.
        about: the pack's `about`: key, name, version, licence at least.
        names: what to take along.
        sample: forms whose first records (at most 1,000 each) go along as sample data.

    Raises:
        Refused: a name is not published here.
        DefinitionError: the result is no sound pack; a secret in a definition is such a problem.
    """
    with workspace.read() as session:
        there = {(state.kind, state.key): state for state in definitions.every(session) if state.version}
        documents = {name: {**state.document, "kind": name[0]} for name, state in there.items()}
        wanted = set(documents) if names is None else {_name(one, documents) for one in names}
        whole = _closed(wanted, documents)
        brought = _brought(session, documents)
        own = [documents[name] for name in sorted(whole, key=_order) if name not in brought]
        requires = {pack: f"^{version}" for name in whole if name in brought for pack, version in [brought[name]]}
        rows = {form: _rows(session, form) for form in sample}
    described = {**about, "requires": dict(sorted(requires.items()))}
    document: dict[str, Any] = {"kind": "pack", "schema_version": 1, "about": described, "definitions": own}
    if rows:
        document["sample_data"] = rows
    return dict(read_pack(document).document)


def _name(written: str, there: Iterable[Name]) -> Name:
    kind, _, key = written.partition("/")
    if (kind, key) not in there:
        raise not_found("定义", kind, written)
    return kind, key


def _closed(wanted: set[Name], documents: Mapping[Name, Mapping[str, Any]]) -> set[Name]:
    found, open_ = set(wanted), list(wanted)
    while open_:
        for name in references(documents[open_.pop()], documents):
            if name not in found:
                found.add(name)
                open_.append(name)
    return found


def _brought(session: Session, documents: Mapping[Name, Mapping[str, Any]]) -> dict[Name, tuple[str, str]]:
    """Return the definitions that an installed pack brought and nobody changed, with that pack's key and version."""
    return {
        (one["kind"], one["key"]): (key, record["version"])
        for key, record in installed_packs(session).items()
        for one in record["originals"]
        if documents.get((one["kind"], one["key"])) == one
    }


_ORDER = ("form", "calendar", "role", "message", "route", "policy")


def _order(name: Name) -> tuple[int, Name]:
    return (_ORDER.index(name[0]) if name[0] in _ORDER else len(_ORDER), name)


def _rows(session: Session, form: str) -> list[dict[str, Any]]:
    if records.state(session, form) is None:
        return []
    found = records.page(session, form, records.Wanted(), limit=MAX_SAMPLE, total=False)
    return [{k: v for k, v in row.items() if not k.startswith("_") and v is not None} for row in found.rows]
