"""What reading a record may ask of the world, answered by one transaction: other records, people, running numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from form_builder import FIELD_TYPES, RecordContext
from services.refusal import not_found
from services.workspace import Workspace
from store import counters, definitions, records, users
from store.database import Session

Document = Mapping[str, Any]


def forms_of(session: Session) -> dict[str, dict[str, Any]]:
    """Return every published form by key."""
    return {
        state.key: state.document
        for state in definitions.every(session, "form", archived=True)
        if state.version and not state.archived
    }


def form_of(forms: Mapping[str, dict[str, Any]], key: str) -> dict[str, Any]:
    """Return one published form.

    Raises:
        Refused: there is none of that key.
    """
    if key not in forms:
        raise not_found("表单", "form", key)
    return forms[key]


def targets(form: Document) -> dict[str, str]:
    """Return the fields of *form* that hold the code of another form's record: field → form."""
    found = {}
    for one in form["fields"]:
        target = FIELD_TYPES[one["type"]].target(one)
        if target is not None and one["type"] != "sub_form":
            found[one["key"]] = target
    return found


@dataclass
class World:
    """The surroundings of the records of one form, in one transaction; what was looked up once is remembered.

    *known* are keys that the caller has looked for already: (fields) → the values that other records have, so that many
    rows need not be asked about one by one.
    """

    session: Session
    workspace: Workspace
    forms: Mapping[str, dict[str, Any]]
    form: str
    user: str
    known: dict[tuple[str, ...], set[tuple[Any, ...]]] = field(default_factory=dict)
    _records: dict[tuple[str, str], Mapping[str, Any] | None] = field(default_factory=dict)
    _people: dict[str, str] | None = None
    _departments: dict[str, str] | None = None

    def context(self, existing: Mapping[str, Any] | None = None, record_id: int | None = None) -> RecordContext:
        """Return the context of one record: of a new one, or of number *record_id* as it was."""
        return RecordContext(
            now=self.workspace.clock(),
            zone=self.workspace.settings.timezone,
            user=self.user,
            lookup=self.lookup,
            exists=lambda form, values: self.exists(form, values, record_id),
            existing=existing,
            forms=self.forms,
            number=self.number,
            member=self.member,
            department=self.department,
        )

    def lookup(self, form: str, code: str) -> Mapping[str, Any] | None:
        """Return the record of *form* that has *code*, or None."""
        if (form, code) not in self._records:
            self.prefetch(form, [code])
        return self._records[form, code]

    def prefetch(self, form: str, codes: Iterable[str]) -> None:
        """Look up many records at once."""
        wanted = [code for code in dict.fromkeys(codes) if (form, code) not in self._records]
        found = records.named(self.session, form, wanted) if wanted and self._has_table(form) else {}
        for code in wanted:
            self._records[form, code] = found[code].values if code in found else None

    def _has_table(self, form: str) -> bool:
        return records.state(self.session, form) is not None

    def exists(self, form: str, values: Mapping[str, Any], but: int | None) -> bool:
        """Say whether a record of *form* other than number *but* has these values."""
        names = tuple(values)
        if form == self.form and names in self.known:
            return tuple(values.values()) in self.known[names]
        return records.exists(self.session, form, but=but if form == self.form else None, **values)

    def number(self, form: str, field: str, period: str) -> int:
        """Return the next automatic number of a field within a period."""
        return counters.take(self.session, f"{form}.{field}.{period}")

    def member(self, text: str) -> str | None:
        """Return the key of a person named by key or name, or None."""
        if self._people is None:
            everybody = users.every(self.session)
            self._people = {person.name: person.key for person in everybody} | {p.key: p.key for p in everybody}
        return self._people.get(text)

    def department(self, text: str) -> str | None:
        """Return the key of a department named by key or name, or None."""
        if self._departments is None:
            there = users.departments(self.session)
            self._departments = {name: key for key, (name, *_) in there.items()} | {key: key for key in there}
        return self._departments.get(text)
