"""The SQL tables of users' forms, `f_<key>`: made, widened while in use, and never narrowed."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Index, MetaData, Table, Text, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable, ExecutableDDLElement

from store.errors import StoreError
from store.kinds import KINDS, WIDENS, FormColumn
from store.models.record import FormTable
from store.types import Id, Moment

SYSTEM = ("_id", "_version", "_created_at", "_created_by", "_updated_at", "_updated_by")


class Narrowing(StoreError):
    """A column cannot change to another kind without loss.

    Args:
        column: its name.
        old: the kind it has.
        new: the kind that was asked for.
    """

    def __init__(self, column: str, old: str, new: str) -> None:
        super().__init__(
            f"字段“{column}”已有数据,不能从 {old} 改为 {new} / field “{column}” holds data and cannot change from {old} to {new}"
        )
        self.column, self.old, self.new = column, old, new


@dataclass(frozen=True, slots=True)
class ColumnState:
    """One column as the table has it; a *retired* one is no field any more, its data is kept."""

    name: str
    kind: str
    unique: bool = False
    links: str | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class FormState:
    """A form's table: its columns and what is unique together."""

    form: str
    columns: tuple[ColumnState, ...]
    natural_keys: tuple[str, ...]

    @property
    def live(self) -> tuple[ColumnState, ...]:
        """The columns that are fields today."""
        return tuple(column for column in self.columns if not column.retired)


class NoTable(StoreError):
    """The form has no table: it was never published, or its records are facts."""

    def __init__(self, form: str) -> None:
        super().__init__(f"表单“{form}”还没有数据表 / form “{form}” has no table yet")
        self.form = form


def state(session: Session, form: str) -> FormState | None:
    """Return the table of *form* as it stands, or None."""
    row = session.get(FormTable, form)
    if row is None:
        return None
    columns = tuple(ColumnState(**column) for column in row.columns)
    return FormState(form, columns, tuple(row.natural_keys))


def table_of(session: Session, form: str) -> Table:
    """Return the table of *form* to query; `NoTable` when there is none."""
    found = state(session, form)
    if found is None:
        raise NoTable(form)
    return shape_of(form, found.live)


def ensure(
    session: Session, form: str, columns: Sequence[FormColumn], *, natural_keys: Sequence[str] = (), now: dt.datetime
) -> list[str]:
    """Make or widen the table of *form* until it has *columns*; return what was done, in SQL.

    A field that went away keeps its column, retired. `Narrowing` when a column's kind would lose data, `Duplicate`
    when what shall be unique is not.
    """
    old = state(session, form)
    wanted = [ColumnState(c.name, c.kind, c.unique, c.links) for c in columns]
    names = {column.name for column in wanted}
    retired = [
        ColumnState(c.name, c.kind, c.unique, c.links, retired=True)
        for c in (old.columns if old else ())
        if c.name not in names
    ]
    new = FormState(form, (*wanted, *retired), tuple(natural_keys))
    statements = _create(session, new) if old is None else _alter(session, old, new)
    for statement in statements:
        session.connection().exec_driver_sql(statement)
    session.merge(
        FormTable(
            form=form,
            columns=[stored(c) for c in new.columns],
            natural_keys=list(natural_keys),
            updated_at=now,
        )
    )
    session.flush()
    return statements


def stored(column: ColumnState) -> dict[str, Any]:
    """Return a column as the table of tables keeps it."""
    return {
        "name": column.name,
        "kind": column.kind,
        "unique": column.unique,
        "links": column.links,
        "retired": column.retired,
    }


@functools.lru_cache(maxsize=256)
def shape_of(form: str, columns: tuple[ColumnState, ...]) -> Table:
    """Return the table; one object for one shape, so that SQLAlchemy's compiled statements are found again."""
    return Table(
        f"f_{form}",
        MetaData(),
        Column("_id", Id, primary_key=True, autoincrement=True),
        Column("_version", Id, nullable=False, default=1),
        *(Column(column.name, KINDS[column.kind]) for column in columns),
        Column("_created_at", Moment, nullable=False),
        Column("_created_by", Text, nullable=False),
        Column("_updated_at", Moment, nullable=False),
        Column("_updated_by", Text, nullable=False),
    )


def indexes_of(new: FormState) -> dict[str, Index]:
    """Return the indexes that *new* must have, by name: unique fields, natural keys, links."""
    table = shape_of(new.form, new.columns).to_metadata(MetaData())
    found: dict[str, Index] = {}
    wanted: list[tuple[tuple[str, ...], bool]] = [((c.name,), True) for c in new.live if c.unique]
    wanted += [((c.name,), False) for c in new.live if c.links and not c.unique]
    if new.natural_keys:
        wanted.append((new.natural_keys, True))
    for names, unique in wanted:
        name = _index_name(new.form, names, unique=unique)
        found[name] = Index(name, *(table.c[column] for column in names), unique=unique)
    return found


def _index_name(form: str, names: Sequence[str], *, unique: bool) -> str:
    digest = hashlib.sha256("/".join((form, *names)).encode()).hexdigest()[:10]
    return f"{'ux' if unique else 'ix'}_f_{form[:30]}_{digest}"


def _create(session: Session, new: FormState) -> list[str]:
    """Return the statements that make the table."""
    indexes = [sql_of(session, CreateIndex(index)) for index in indexes_of(new).values()]
    return [sql_of(session, CreateTable(shape_of(new.form, new.columns))), *indexes]


def _alter(session: Session, old: FormState, new: FormState) -> list[str]:
    """Return the statements that lead from *old* to *new*."""
    table = shape_of(new.form, new.columns)
    had = {column.name: column for column in old.columns}
    changed = [c for c in new.live if c.name in had and had[c.name].kind != c.kind]
    # An index over a column that is put in place anew has to be made anew as well.
    keep = {
        name
        for name, index in indexes_of(new).items()
        if name in indexes_of(old) and not {c.name for c in changed} & {c.name for c in index.columns}
    }
    statements = [f'DROP INDEX "{name}"' for name in indexes_of(old) if name not in keep]
    for column in new.live:
        if column.name not in had:
            added = sql_of(session, CreateColumn(table.c[column.name]))
            statements.append(f'ALTER TABLE "{table.name}" ADD COLUMN {added}')
    for column in changed:
        statements += _widen(session, table, had[column.name], column)
    return statements + [sql_of(session, CreateIndex(i)) for name, i in indexes_of(new).items() if name not in keep]


def _widen(session: Session, table: Table, before: ColumnState, after: ColumnState) -> list[str]:
    """Return the statements that change a column's kind: anew beside the old one, copied, and put in its place."""
    filled = session.scalar(text(f'SELECT 1 FROM "{table.name}" WHERE "{before.name}" IS NOT NULL LIMIT 1'))  # noqa: S608 our own names
    if filled and (before.kind, after.kind) not in WIDENS:
        raise Narrowing(before.name, before.kind, after.kind)
    new_type = KINDS[after.kind].compile(dialect=session.get_bind().dialect)
    return [
        f'ALTER TABLE "{table.name}" ADD COLUMN "_wider" {new_type}',
        *([f'UPDATE "{table.name}" SET "_wider" = CAST("{before.name}" AS {new_type})'] if filled else []),  # noqa: S608 our own names
        f'ALTER TABLE "{table.name}" DROP COLUMN "{before.name}"',
        f'ALTER TABLE "{table.name}" RENAME COLUMN "_wider" TO "{before.name}"',
    ]


def sql_of(session: Session, statement: ExecutableDDLElement | CreateColumn) -> str:
    """Return a statement as SQL of the session's database."""
    return str(statement.compile(dialect=session.get_bind().dialect))
