"""A column put into another kind value by value, and the data of removed fields looked at and thrown away."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex

from store.kinds import KINDS
from store.models.record import FormTable
from store.tables import FormState, NoTable, indexes_of, shape_of, sql_of, state, stored, table_of


def distinct(session: Session, form: str, column: str) -> list[tuple[Any, int, int]]:
    """Return the values of a column: (value, how many records, the number of one of them); the most frequent first."""
    table = table_of(session, form)
    count = func.count().label("n")
    statement = (
        select(table.c[column], count, func.min(table.c["_id"]))
        .where(table.c[column].is_not(None))
        .group_by(table.c[column])
        .order_by(count.desc(), func.min(table.c["_id"]))
    )
    return [(value, number, one) for value, number, one in session.execute(statement)]


def retype(session: Session, form: str, column: str, kind: str, values: Mapping[Any, Any], *, now: dt.datetime) -> None:
    """Put *column* into *kind*, each old value as *values* has it; a value that is not there becomes empty."""
    old = _state(session, form)
    touched = [index for index in indexes_of(old).values() if column in index.columns]
    for index in touched:
        _run(session, f'DROP INDEX "{index.name}"')
    columns = tuple(dataclasses.replace(c, kind=kind) if c.name == column else c for c in old.columns)
    new = FormState(form, columns, old.natural_keys)
    kind_sql = KINDS[kind].compile(dialect=session.get_bind().dialect)
    _run(session, f'ALTER TABLE "f_{form}" ADD COLUMN "_wider" {kind_sql}')
    wider = dataclasses.replace(next(c for c in new.columns if c.name == column), name="_wider")
    table = shape_of(form, (*old.columns, wider))
    for before, after in values.items():
        session.execute(update(table).where(table.c[column] == before).values({"_wider": after}))
    _run(session, f'ALTER TABLE "f_{form}" DROP COLUMN "{column}"')
    _run(session, f'ALTER TABLE "f_{form}" RENAME COLUMN "_wider" TO "{column}"')
    again = {index.name for index in touched}
    for name, index in indexes_of(new).items():
        if name in again:
            _run(session, sql_of(session, CreateIndex(index)))
    _keep(session, new, now)


def removed(session: Session, form: str) -> list[tuple[str, str, int]]:
    """Return the fields that the form has no more and whose data is still there: (key, kind, records that have a value)."""
    found = []
    for column in _state(session, form).columns:
        if column.retired:
            count = session.scalar(text(f'SELECT count("{column.name}") FROM "f_{form}"'))  # noqa: S608 our own names
            found.append((column.name, column.kind, int(count or 0)))
    return found


def purge(session: Session, form: str, column: str, *, now: dt.datetime) -> bool:
    """Throw the data of a removed field away; False when there is no such removed field."""
    old = _state(session, form)
    if not any(c.name == column and c.retired for c in old.columns):
        return False
    _run(session, f'ALTER TABLE "f_{form}" DROP COLUMN "{column}"')
    kept = tuple(c for c in old.columns if c.name != column)
    _keep(session, FormState(form, kept, old.natural_keys), now)
    return True


def _state(session: Session, form: str) -> FormState:
    found = state(session, form)
    if found is None:
        raise NoTable(form)
    return found


def _keep(session: Session, new: FormState, now: dt.datetime) -> None:
    row = FormTable(
        form=new.form,
        columns=[stored(column) for column in new.columns],
        natural_keys=list(new.natural_keys),
        updated_at=now,
    )
    session.merge(row)
    session.flush()


def _run(session: Session, statement: str) -> None:
    session.connection().exec_driver_sql(statement)
