"""A filter expression as a condition that the database itself evaluates, links followed by sub-queries."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.expression import Context, check, parse
from engine.problems import DefinitionError, Problem
from form_builder import language_fields
from services.record_context import form_of, targets
from services.refusal import Refused
from services.scope_words import SYSTEM_FIELDS, filled, words_of
from services.workspace import Workspace
from store import records
from store.database import Session

if TYPE_CHECKING:
    from services.access import Access

_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
Forms = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter as SQL, with the form's own fields that it reads."""

    sql: str | None
    fields: frozenset[str] = frozenset()


def condition(session: Session, workspace: Workspace, forms: Forms, form: str, source: str | None) -> str | None:
    """Return a filter of the system itself as a condition in this database's SQL; None for an empty one.

    Raises:
        Refused: the form keeps facts, not records.
        DefinitionError: the expression cannot be used as a filter.
    """
    return compiled(session, workspace, forms, form, source).sql


def compiled(
    session: Session,
    workspace: Workspace,
    forms: Forms,
    form: str,
    source: str | None,
    *,
    access: Access | None = None,
    alias: str = "",
) -> Condition:
    """Return a filter as a condition, and what it reads.

    Args:
        session: of the transaction.
        workspace: whose time and zone count.
        forms: the forms as the asker knows them: a field that is hidden from them is not there.
        form: over which form.
        source: the expression.
        access: who asks: a link leads only to records that they may see. None follows every link.
        alias: what the form's table is called in the query; its own name unless told.
    """
    document = form_of(forms, form)
    if document.get("storage") == "facts":
        raise Refused("conflict", "事实表按天存放,没有记录列表", "facts are kept by day and have no list of records")
    if not source or not source.strip():
        return Condition(None)
    typed = _checked(session, forms, document, source, access)
    paths = _Paths(session, forms, form, alias or f"f_{form}", access)
    columns = {path: paths.column(path) for path in typed.paths()}
    own = frozenset(path.split(".")[0] for path in columns)
    return Condition(_sql(workspace, typed, columns), own)


def links_seen(access: Access, form: str, links: Iterable[str], alias: str = "") -> str | None:
    """Return the condition that every one of *links* (`sku.supplier`) leads to a record that is seen; None for always."""
    conditions = []
    for link in links:
        name = alias or f"f_{form}"
        seen = _Paths(access.session, access.documents, form, name, access).column(f"{link}.code")
        there = _Paths(access.session, access.documents, form, name, None).column(f"{link}.code")
        if seen != there:
            conditions.append(f"({seen} IS NOT NULL OR {there} IS NULL)")
    return " AND ".join(conditions) or None


def _checked(session: Session, forms: Forms, document: dict[str, Any], source: str, access: Access | None) -> Any:
    fields = {**SYSTEM_FIELDS, **language_fields(document, forms)}
    words = access.words if access else words_of(session, None)
    try:
        typed, problems = check(filled(parse(source), words, fields), fields)
    except DefinitionError as error:
        problems = list(error.problems)
        raise DefinitionError([problem.under("$.filter") for problem in problems]) from error
    if problems:
        raise DefinitionError([problem.under("$.filter") for problem in problems])
    if typed.type != "boolean":
        message, hint = "筛选条件应为是非判断", "例如 on_hand < 10"
        raise DefinitionError([Problem("$.filter", message, hint, "a filter is a condition", "say on_hand < 10")])
    return typed


def _sql(workspace: Workspace, typed: Any, columns: Mapping[str, str]) -> str:
    """Return the compiled condition; each path stands as a name of its own until the SQL text is there."""
    from engine.expression import columnar  # noqa: PLC0415 lists without a filter need no compiler

    dialect = _DIALECTS[workspace.database.dialect]
    names = {path: f"path_{secrets.token_hex(8)}" for path in columns}
    quoted = {path: f'"{name}"' for path, name in names.items()}
    context = Context(now=workspace.clock(), zone=workspace.settings.timezone)
    sql = str(columnar.compile(typed, quoted, dialect, context).sql(dialect=dialect))
    for path, name in quoted.items():
        sql = sql.replace(name, columns[path])
    return sql


@dataclass
class _Paths:
    """Turns field paths into columns, or into what a chain of links leads to."""

    session: Session
    forms: Forms
    form: str
    alias: str
    access: Access | None
    _made: int = field(default=0)

    def column(self, path: str) -> str:
        """Return the SQL of one field path."""
        first, *rest = path.split(".")
        own = {one["key"] for one in form_of(self.forms, self.form)["fields"]}
        if not rest and first in SYSTEM_FIELDS and first not in own:
            return f'"{self.alias}"."_{first}"'
        self._ask(self.form, first, path)
        sql, here, last = f'"{self.alias}"."{first}"', self.form, first
        for part in rest:
            here = targets(form_of(self.forms, here)).get(last, "")
            self._ask(here, part, path)
            self._made += 1
            name = f"{self.alias[:20]}_t{self._made}"
            seen = self.access.where(here, "view", (part,), alias=name) if self.access else None
            more = f" AND ({seen})" if seen else ""
            sql = f'(SELECT "{name}"."{part}" FROM "f_{here}" AS "{name}" WHERE "{name}"."code" = {sql}{more})'  # noqa: S608 keys of published forms
            last = part
        return sql

    def _ask(self, form: str, key: str, path: str) -> None:
        """Refuse a field that the form's table does not have."""
        state = records.state(self.session, form) if form else None
        if state is not None and key in {column.name for column in state.live}:
            return
        message, message_en = (
            f"“{path}”是现算的,不能用来筛选列表",
            f"“{path}” is computed when it is shown and cannot filter a list",
        )
        hint, hint_en = "改用存下来的字段", "use a field that is stored"
        raise DefinitionError([Problem("$.filter", message, hint, message_en, hint_en)])
