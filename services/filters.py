"""A filter expression as a condition that the database itself evaluates, links followed by sub-queries."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from engine.expression import Context, check, parse
from engine.problems import DefinitionError, Problem
from form_builder import language_fields
from services.record_context import form_of, targets
from services.refusal import Refused
from services.workspace import Workspace
from store import records
from store.database import Session

_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
Forms = Mapping[str, dict[str, Any]]


def condition(session: Session, workspace: Workspace, forms: Forms, form: str, source: str | None) -> str | None:
    """Return a filter as a condition in this database's SQL; None for an empty one.

    Raises:
        Refused: the form keeps facts, not records.
        DefinitionError: the expression cannot be used as a filter.
    """
    document = form_of(forms, form)
    if document.get("storage") == "facts":
        raise Refused("conflict", "事实表按天存放,没有记录列表", "facts are kept by day and have no list of records")
    if not source or not source.strip():
        return None
    try:
        typed, problems = check(parse(source), language_fields(document, forms))
    except DefinitionError as error:
        problems = list(error.problems)
        raise DefinitionError([problem.under("$.filter") for problem in problems]) from error
    if problems:
        raise DefinitionError([problem.under("$.filter") for problem in problems])
    if typed.type != "boolean":
        raise DefinitionError(
            [
                Problem(
                    "$.filter",
                    "筛选条件应为是非判断",
                    "例如 on_hand < 10",
                    "a filter is a condition",
                    "say on_hand < 10",
                )
            ]
        )
    columns = {path: _column(session, forms, form, path) for path in typed.paths()}
    return _sql(workspace, typed, columns)


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


def _column(session: Session, forms: Forms, form: str, path: str) -> str:
    """Return the SQL of one field path: a column, or what a chain of links leads to."""
    first, *rest = path.split(".")
    _ask(session, form, first, path)
    sql = f'"f_{form}"."{first}"'
    here = form
    for depth, part in enumerate(rest):
        field = first if depth == 0 else rest[depth - 1]
        here = targets(form_of(forms, here)).get(field, "")
        _ask(session, here, part, path)
        sql = f'(SELECT t{depth}."{part}" FROM "f_{here}" AS t{depth} WHERE t{depth}."code" = {sql})'  # noqa: S608 keys of published forms
    return sql


def _ask(session: Session, form: str, field: str, path: str) -> None:
    """Refuse a field that the form's table does not have."""
    state = records.state(session, form) if form else None
    if state is None or field not in {column.name for column in state.live}:
        raise DefinitionError(
            [
                Problem(
                    "$.filter",
                    f"“{path}”是现算的,不能用来筛选列表",
                    "改用存下来的字段",
                    f"“{path}” is computed when it is shown and cannot filter a list",
                    "use a field that is stored",
                )
            ]
        )
