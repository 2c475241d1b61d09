"""Plans in SQL: one row a proposal, found, changed and taken by the people who decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from store.models.stock import PlanLine, PlanRun

SORTS = {
    "urgency": PlanLine.rank, "money": PlanLine.quantity * PlanLine.unit_cost, "quantity": PlanLine.quantity,
    "sku": PlanLine.sku, "days_left": PlanLine.days_left,
}  # fmt: skip
EQUAL = ("kind", "supplier", "warehouse", "from_warehouse", "category", "stage", "abc_xyz", "state")
_CHUNK = 2_000


def add(session: Session, run: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> int:
    """Keep a plan; return its number."""
    row = PlanRun(**run)
    session.add(row)
    session.flush()
    for start in range(0, len(lines), _CHUNK):
        part = lines[start : start + _CHUNK]
        session.execute(insert(PlanLine), [{**line, "run_id": row.id} for line in part])
    return row.id


def newest(session: Session, number: int | None = None) -> dict[str, Any] | None:
    """Return plan *number*, or the newest one; None when there is none."""
    statement = select(PlanRun).order_by(PlanRun.id.desc()).limit(1)
    row = session.scalar(statement.where(PlanRun.id == number) if number else statement)
    return {column.name: getattr(row, column.name) for column in PlanRun.__table__.columns} if row else None


def forget_but(session: Session, keep: int) -> None:
    """Forget the lines of all but the newest *keep* plans; what became of them stands in orders and in the audit."""
    kept = select(PlanRun.id).order_by(PlanRun.id.desc()).limit(keep)
    numbers = list(session.scalars(kept))
    session.execute(delete(PlanLine).where(PlanLine.run_id.not_in(numbers)))


def _where(run: int, equal: Mapping[str, Any], q: str) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [PlanLine.run_id == run]
    where += [getattr(PlanLine, name) == value for name, value in equal.items() if name in EQUAL and value]
    texts = (PlanLine.sku, PlanLine.sku_name, PlanLine.reason)
    where += [or_(*(text.icontains(word, autoescape=True) for text in texts)) for word in q.split()]
    return where


def page(
    session: Session, run: int, *, equal: Mapping[str, Any], q: str = "", sort: str = "urgency", limit: int = 100,
    offset: int = 0,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return lines of plan *run*, by urgency unless said."""
    column = SORTS.get(sort.removeprefix("-"), PlanLine.rank)
    order = column.desc() if sort.startswith("-") else column.asc()
    statement = select(PlanLine).where(*_where(run, equal, q)).order_by(order, PlanLine.id).limit(limit).offset(offset)
    return [as_dict(row) for row in session.scalars(statement)]


def totals(
    session: Session, run: int, *, equal: Mapping[str, Any], q: str = "", by: str = "kind"
) -> list[dict[str, Any]]:
    """Return lines, units and money by kind, supplier, warehouse or state, and how much of it is still open."""
    if by not in EQUAL:
        raise ValueError(by)
    column = getattr(PlanLine, by)
    money = PlanLine.quantity * func.coalesce(PlanLine.unit_cost, 0)
    opened = PlanLine.state == "open"
    statement = (
        select(
            column, func.count(), func.sum(PlanLine.quantity), func.sum(money), func.sum(case((opened, 1), else_=0)),
            func.sum(case((opened, money), else_=0)), func.min(PlanLine.days_left),
        )
        .where(*_where(run, equal, q))
        .group_by(column)
    )  # fmt: skip
    names = (by, "lines", "units", "money", "open", "open_money", "days_left")
    rows = [dict(zip(names, row, strict=True)) for row in session.execute(statement)]
    return sorted(rows, key=lambda row: -float(row["money"] or 0))


def chosen(
    session: Session, run: int, *, ids: Sequence[int] | None, equal: Mapping[str, Any], q: str = ""
) -> list[dict[str, Any]]:
    """Return the open lines that were chosen: by number, or all that a filter shows; held until the transaction ends."""
    found: list[dict[str, Any]] = []
    base = select(PlanLine).where(PlanLine.run_id == run, PlanLine.state == "open").order_by(PlanLine.rank)
    if ids is None:
        rows = session.scalars(base.where(*_where(run, equal, q)).with_for_update())
        return [as_dict(row) for row in rows]
    for start in range(0, len(ids), _CHUNK):
        part = base.where(PlanLine.id.in_(ids[start : start + _CHUNK])).with_for_update()
        found += [as_dict(row) for row in session.scalars(part)]
    return found


def set_(session: Session, ids: Sequence[int], **values: Any) -> None:
    """Change lines."""
    for start in range(0, len(ids), _CHUNK):
        session.execute(update(PlanLine).where(PlanLine.id.in_(ids[start : start + _CHUNK])).values(**values))


def as_dict(row: PlanLine) -> dict[str, Any]:
    """Return a line as plain data."""
    return {column.name: getattr(row, column.name) for column in PlanLine.__table__.columns}
