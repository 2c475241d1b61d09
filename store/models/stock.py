"""Stock as it moved: the ledger's entries, what is reserved, the suppliers' links, and plans of what to buy and move."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.kinds import Money, Number
from store.models.parent import Model, Numbered


class Movement(Numbered, Model):
    """One entry of the ledger: what it changed of the four numbers, and how they stood afterwards. Never changed."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        Index("ix_stock_movement_place", "sku", "warehouse", "id"),
        Index("ix_stock_movement_day", "day", "kind"),
        Index("ix_stock_movement_document", "document"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    sku: Mapped[str]
    warehouse: Mapped[str]
    quantity: Mapped[float] = mapped_column(Number)
    d_on_hand: Mapped[float] = mapped_column(Number, default=0)
    d_reserved: Mapped[float] = mapped_column(Number, default=0)
    d_in_transit: Mapped[float] = mapped_column(Number, default=0)
    d_on_order: Mapped[float] = mapped_column(Number, default=0)
    on_hand: Mapped[float] = mapped_column(Number)
    reserved: Mapped[float] = mapped_column(Number)
    in_transit: Mapped[float] = mapped_column(Number)
    on_order: Mapped[float] = mapped_column(Number)
    unit_cost: Mapped[float | None] = mapped_column(Money)
    price: Mapped[float | None] = mapped_column(Money)
    channel: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    actor: Mapped[str]
    day: Mapped[str]
    at: Mapped[dt.datetime]


class Reservation(Numbered, Model):
    """Units promised to an order of a channel, until they are shipped, released or expire."""

    __tablename__ = "stock_reservation"
    __table_args__ = (
        Index("ix_stock_reservation_place", "sku", "warehouse", "state"),
        Index(
            "ix_stock_reservation_held",
            "expires_at",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )

    key: Mapped[str] = mapped_column(unique=True)
    sku: Mapped[str]
    warehouse: Mapped[str]
    channel: Mapped[str] = mapped_column(default="")
    order_ref: Mapped[str] = mapped_column(default="")
    quantity: Mapped[float] = mapped_column(Number)
    left: Mapped[float] = mapped_column(Number)
    state: Mapped[str] = mapped_column(default="held")
    expires_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    actor: Mapped[str]


class SupplierLink(Numbered, Model):
    """The secret page on which a supplier answers a purchase order; only the hash of its token is kept."""

    __tablename__ = "supplier_link"

    token_hash: Mapped[str] = mapped_column(unique=True)
    record_id: Mapped[int] = mapped_column(index=True)
    nonce: Mapped[str]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    opened_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class PlanRun(Numbered, Model):
    """One plan: for which day, by which policy, within which budget, and what came of it."""

    __tablename__ = "plan_run"

    day: Mapped[str]
    at: Mapped[dt.datetime]
    actor: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PlanLine(Numbered, Model):
    """One proposal of a plan: buy from a supplier, or move from another warehouse."""

    __tablename__ = "plan_line"
    __table_args__ = (Index("ix_plan_line_run", "run_id", "state", "rank"),)

    run_id: Mapped[int]
    rank: Mapped[int]
    kind: Mapped[str]
    sku: Mapped[str]
    sku_name: Mapped[str] = mapped_column(default="")
    warehouse: Mapped[str]
    from_warehouse: Mapped[str | None]
    supplier: Mapped[str | None]
    category: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(default="")
    abc_xyz: Mapped[str] = mapped_column(default="")
    proposed: Mapped[float] = mapped_column(Number)
    quantity: Mapped[float] = mapped_column(Number)
    unit_cost: Mapped[float | None] = mapped_column(Money)
    days_left: Mapped[float | None] = mapped_column(Number)
    numbers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(default="")
    reason_en: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    document: Mapped[str | None]
    changed_by: Mapped[str | None]
