"""The one authorised way to records: which rows and fields of each form somebody may see and change.

A field that is hidden from somebody is, for them, not there: not in the form, in a filter, in a sort order, in a total, in
the history, nor in a formula that reads it. Several groups add up row by row: a field is seen in the rows of those groups
that do not hide it, so a filter over it looks only at those rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from services.filters import compiled, links_seen
from services.grants import HIDE, UNLIMITED, WRITE, Grant, Rights, is_governed, rights_on, roles_of
from services.hidden_fields import Documents, closure, crossings, keys_of, without
from services.record_context import forms_of
from services.refusal import Refused
from services.scope_words import Words, words_of
from services.workspace import Workspace
from store import definitions, records, users
from store.database import Session

NOBODY = "1 = 0"
_WORDS = {
    "view": ("查看", "view"),
    "add": ("新增", "add to"),
    "edit": ("修改", "edit"),
    "delete": ("删除", "delete from"),
    "import": ("导入", "import into"),
    "export": ("导出", "export"),
    "print": ("打印", "print"),
}


class Access:
    """What *user* may do, in one transaction; role changes therefore count from the next request on.

    A user that is no person of the workspace (the worker, a rule, the command line) is the system itself and sees all.
    """

    def __init__(
        self, session: Session, workspace: Workspace, user: str, documents: Mapping[str, dict[str, Any]] | None = None
    ) -> None:
        self.session, self.workspace, self.user = session, workspace, user
        self.documents = documents if documents is not None else forms_of(session)
        self.person = users.get(session, user) if user else None
        self.full = self.person is None or "admin" in self.person.roles
        self._rights: dict[str, Rights] = {}

    @cached_property
    def words(self) -> Words:
        """The values of `me`, `my_department` and the like."""
        return words_of(self.session, self.person)

    @cached_property
    def _roles(self) -> list[Any]:
        return definitions.every(self.session, "role")

    @cached_property
    def _all(self) -> dict[str, Rights]:
        """The rights on every form, with what each group hides among them."""
        assert self.person is not None  # noqa: S101 asked for persons only
        mine = roles_of(self.person, self._roles)
        found = {key: rights_on(form, self.person, mine, self._roles) for key, form in self.documents.items()}
        told = _hidden_among(self.documents, found)
        partly = {key for key, rights in found.items() if not rights.whole and not _every_row(rights)}
        hidden = {key: some | self._over_parts(key, partly) for key, some in told.items()}
        return {
            key: dataclasses.replace(
                rights,
                grants=tuple(
                    dataclasses.replace(
                        grant,
                        hidden=closure(self.documents, key, _told(grant, form) | self._over_parts(key, partly), hidden),
                    )
                    for grant in rights.grants
                ),
            )
            for (key, rights), form in zip(found.items(), self.documents.values(), strict=True)
        }

    def _over_parts(self, form: str, partly: Collection[str]) -> frozenset[str]:
        """Return the formulas of *form* that read by name a form of which only some rows are seen."""
        return frozenset(key for key, (_, named) in crossings(self.documents, form).items() if named & set(partly))

    def _linked(self, form: str, keys: Iterable[str], alias: str = "") -> str | None:
        """Return the condition that what the formulas *keys* followed is seen; None where it always is."""
        crossed = crossings(self.documents, form)
        links = sorted({link for key in keys if key in crossed for link in crossed[key][0]})
        return links_seen(self, form, links, alias) if links else None

    def rights(self, form: str) -> Rights:
        """Return the groups on *form*."""
        if self.full or form not in self.documents:
            return UNLIMITED
        return self._all[form]

    def governed(self) -> set[str]:
        """Return the forms of which some group speaks."""
        return {key for key, form in self.documents.items() if is_governed(form, self._roles)}

    @cached_property
    def forms(self) -> dict[str, dict[str, Any]]:
        """Every form as this person knows it: without the fields that are hidden from them in every row."""
        if self.full:
            return dict(self.documents)
        return {key: without(form, self.hidden(key)) for key, form in self.documents.items()}

    def hidden(self, form: str) -> frozenset[str]:
        """Return the fields of *form* that are hidden in every row."""
        rights = self.rights(form)
        if rights.whole:
            return frozenset()
        return _in_every_row(rights, self.documents[form])

    def hidden_somewhere(self, form: str) -> frozenset[str]:
        """Return the fields of *form* that are hidden in some rows at least: a search looks at none of them."""
        views = [grant.hidden for grant in self.rights(form).grants if "view" in grant.can]
        return frozenset().union(*views)

    def limited(self, form: str) -> bool:
        """Say whether anything of *form* is kept from this person when they look."""
        return bool(self.hidden(form)) or self.where(form, "view") is not None or self._differ(form)

    def require(self, form: str, action: str) -> None:
        """Refuse who has no group with *action*."""
        if self.rights(form).allow(action):
            return
        name, (word, word_en) = self.documents[form].get("name", form), _WORDS[action]
        raise Refused("forbidden", f"您没有{word}“{name}”的权限", f"you may not {word_en} “{form}”")

    def where(self, form: str, action: str, fields: Iterable[str] = (), *, alias: str = "") -> str | None:
        """Return the condition on the rows in which *action* is allowed and every one of *fields* is seen; None for all."""
        rights = self.rights(form)
        if rights.whole:
            return None
        named = set(fields)
        groups = [grant for grant in rights.grants if action in grant.can and not named & grant.hidden]
        if not groups:
            return NOBODY
        scopes = [] if any(not grant.rows for grant in groups) else list(dict.fromkeys(g.rows for g in groups))
        rows = " OR ".join(f"({self.sql(form, source, alias)})" for source in scopes)
        linked = self._linked(form, named, alias) if named else None
        return " AND ".join(f"({part})" for part in (rows, linked) if part) or None

    def sql(self, form: str, rows: str, alias: str = "") -> str:
        """Return one row scope as SQL; it was written by a designer, so that it may read every field."""
        scope = _System(self.words)
        made = compiled(self.session, self.workspace, self.documents, form, rows, access=scope, alias=alias)  # type: ignore[arg-type] # stands for an access that follows every link
        return made.sql or NOBODY

    def sees(self, form: str, number: int, action: str = "view") -> bool:
        """Say whether record *number* is among the rows in which *action* is allowed."""
        where = self.where(form, action)
        return where is None or bool(records.matching(self.session, form, [number], where))

    def codes(self, form: str, codes: Collection[str]) -> set[str]:
        """Return those of *codes* whose records may be seen."""
        where = self.where(form, "view") if form in self.documents else None
        return set(codes) if where is None else records.coded(self.session, form, codes, where)

    def masked(self, form: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return rows (with their `_id`) without what is hidden in each of them."""
        rights = self.rights(form)
        if rights.whole:
            return [dict(row) for row in rows]
        always, numbers = self.hidden(form), [int(row["_id"]) for row in rows]
        unlinked = self._formulas_unseen(form, numbers)
        if not self._differ(form):
            return [without_values(row, always | unlinked.get(row["_id"], frozenset())) for row in rows]
        groups = [grant for grant in rights.grants if "view" in grant.can]
        holding = {
            place: records.matching(self.session, form, numbers, self.sql(form, grant.rows)) if grant.rows else None
            for place, grant in enumerate(groups)
        }
        found = []
        for row in rows:
            mine = [g.hidden for p, g in enumerate(groups) if holding[p] is None or row["_id"] in (holding[p] or ())]
            hidden = frozenset.intersection(*mine) if mine else always
            found.append(without_values(row, hidden | unlinked.get(row["_id"], frozenset())))
        return found

    def from_parts(self, form: str) -> frozenset[str]:
        """Return the formulas of *form* that follow a link to a form of which only some rows are seen."""
        if self.rights(form).whole:
            return frozenset()
        return frozenset(key for key in crossings(self.documents, form) if self._linked(form, [key]))

    def _formulas_unseen(self, form: str, numbers: Sequence[int]) -> dict[int, frozenset[str]]:
        """Return the formulas of each record that were worked out from a record which is not seen."""
        found: dict[int, frozenset[str]] = {}
        for key in crossings(self.documents, form):
            where = self._linked(form, [key])
            seen = records.matching(self.session, form, numbers, where) if where and numbers else set(numbers)
            for number in set(numbers) - seen:
                found[number] = found.get(number, frozenset()) | {key}
        return found

    def _differ(self, form: str) -> bool:
        """Say whether which fields are hidden depends on the row."""
        groups = [grant for grant in self.rights(form).grants if "view" in grant.can]
        return len({grant.hidden for grant in groups}) > 1

    def level(self, form: str, key: str, action: str) -> int:
        """Return the highest level that a group with *action* gives on a field."""
        rights = self.rights(form)
        if rights.whole:
            return WRITE
        levels = [HIDE if key in g.hidden else g.level(key) for g in rights.grants if action in g.can]
        return max(levels, default=HIDE)


@dataclasses.dataclass(frozen=True)
class _System:
    """An access that knows who asks but follows every link: for what a designer wrote."""

    words: Words

    def where(self, *_names: Any, **_more: Any) -> None:
        """Keep nothing back."""


def _every_row(rights: Rights) -> bool:
    return any("view" in grant.can and not grant.rows for grant in rights.grants)


def _told(grant: Grant, form: Mapping[str, Any]) -> frozenset[str]:
    if "view" not in grant.can and not grant.can:
        return frozenset(keys_of(form))
    return frozenset(key for key in keys_of(form) if grant.level(key) == HIDE)


def _in_every_row(rights: Rights, form: Mapping[str, Any]) -> frozenset[str]:
    views = [grant.hidden for grant in rights.grants if "view" in grant.can]
    return frozenset.intersection(*views) if views else frozenset(keys_of(form))


def _hidden_among(documents: Documents, found: Mapping[str, Rights]) -> dict[str, frozenset[str]]:
    """Return what is hidden in every row of each form, formulas over hidden fields of other forms with them."""
    hidden: dict[str, frozenset[str]] = {key: frozenset() for key in documents}
    while True:
        now = {}
        for key, rights in found.items():
            views = [g for g in rights.grants if "view" in g.can]
            closed = [closure(documents, key, _told(g, documents[key]), hidden) for g in views]
            everything = frozenset(keys_of(documents[key]))
            now[key] = frozenset() if rights.whole else (frozenset.intersection(*closed) if closed else everything)
        if now == hidden:
            return hidden
        hidden = now


def without_values(row: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """Return a row without the *hidden* fields, those of its sub-forms' lines too."""
    found = {key: value for key, value in row.items() if key not in hidden}
    for name in hidden:
        parent, dot, column = name.partition(".")
        if dot and isinstance(found.get(parent), list):
            found[parent] = [
                {key: value for key, value in line.items() if key != column} if isinstance(line, dict) else line
                for line in found[parent]
            ]
    return found
