"""Channel stock: one pool, shared by the rules of the form `channel_allocation`; reservations with expiry on top of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from engine.inventory.allocation import ChannelRule, Sellable, sellable
from engine.inventory.ledger import Position
from services import ledger
from services.ledger import Posting
from services.refusal import Refused, not_found
from services.workspace import Workspace
from store import ledger as kept
from store import records, reservations
from store.database import Session

FORM = "channel_allocation"
HELD_MINUTES = 30
_MOST_RULES = 1_000


def reserve(  # noqa: PLR0913 what an order says of a reservation
    workspace: Workspace,
    *,
    key: str,
    sku: str,
    warehouse: str,
    quantity: float,
    user: str,
    channel: str = "",
    order_ref: str = "",
    minutes: float | None = HELD_MINUTES,
) -> dict[str, Any]:
    """Promise units to an order of a channel; the same *key* again is answered, not done again.

    Args:
        workspace: where.
        key: idempotency key.
        sku: what.
        warehouse: from where.
        quantity: units, > 0.
        user: who asks.
        channel: whose allocation counts; empty for the whole pool.
        order_ref: the order's number.
        minutes: until the promise lapses by itself (an unpaid order); None for a presale that is kept until shipped.

    Raises:
        Refused: `conflict` when the channel may not sell so many.
    """

    def work(session: Session) -> dict[str, Any]:
        posting = Posting(f"reserve:{key}", "reserve", sku, warehouse, quantity, channel=channel, document=order_ref)
        kept.lock(session, [posting.place], user=user, now=workspace.clock())
        if (there := reservations.get(session, key)) is not None:
            return {**there, "repeated": True}
        _refuse_more_than_share(session, posting)
        ledger.post_in(session, workspace, [posting], user=user)
        now = workspace.clock()
        expires = now + dt.timedelta(minutes=minutes) if minutes is not None else None
        values = {
            "key": key, "sku": sku, "warehouse": warehouse, "channel": channel, "order_ref": order_ref,
            "quantity": quantity, "left": quantity, "expires_at": expires, "created_at": now, "actor": user,
        }  # fmt: skip
        return {**reservations.add(session, values), "repeated": False}

    return workspace.transact(work)


def release(workspace: Workspace, *, key: str, user: str, state: str = "released") -> dict[str, Any]:
    """Give back what is left of a reservation (a cancelled order, or one that lapsed)."""

    def work(session: Session) -> dict[str, Any]:
        held = _held(session, workspace, key, user)
        if held["state"] == "held":
            one = Posting(
                f"release:{key}", "release", held["sku"], held["warehouse"], held["left"],
                channel=held["channel"], document=held["order_ref"],
            )  # fmt: skip
            ledger.post_in(session, workspace, [one], user=user)
            reservations.set_(session, held["id"], state=state, left=0)
        return reservations.get(session, key) or held

    return workspace.transact(work)


def ship(
    workspace: Workspace, *, key: str, parcel: str, user: str, quantity: float | None = None, price: float | None = None
) -> dict[str, Any]:
    """Ship an order's reserved units, all or (a split shipment, one *parcel* after the other) some of them."""

    def work(session: Session) -> dict[str, Any]:
        held = _held(session, workspace, key, user)
        posting_key = f"ship:{key}:{parcel}"
        if kept.known(session, [posting_key]):
            return held
        units = held["left"] if quantity is None else quantity
        if held["state"] != "held" or units > held["left"]:
            raise Refused(
                "conflict",
                f"占用 {key} 只剩 {held['left']:g} 件({held['state']}),不能发 {units:g} 件",
                f"reservation {key} has {held['left']:g} left ({held['state']}): {units:g} cannot be shipped",
            )
        one = Posting(
            posting_key, "sale", held["sku"], held["warehouse"], units, from_reserved=True, price=price,
            channel=held["channel"], document=held["order_ref"],
        )  # fmt: skip
        ledger.post_in(session, workspace, [one], user=user)
        left = held["left"] - units
        reservations.set_(session, held["id"], left=left, state="held" if left else "shipped")
        return reservations.get(session, key) or held

    return workspace.transact(work)


def _held(session: Session, workspace: Workspace, key: str, user: str) -> dict[str, Any]:
    """Return a reservation; its stock row is locked first, as everywhere, so that nobody waits in a circle."""
    there = reservations.get(session, key)
    if there is None:
        raise not_found("占用", "reservation", key)
    kept.lock(session, [(there["sku"], there["warehouse"])], user=user, now=workspace.clock())
    return reservations.get(session, key, hold=True) or there


def expire(workspace: Workspace, now: dt.datetime) -> int:
    """Give back what lapsed; return how many reservations. The worker calls it."""
    with workspace.read() as session:
        over = reservations.expired(session, now)
    for one in over:
        release(workspace, key=one["key"], user="system", state="expired")
    return len(over)


def _refuse_more_than_share(session: Session, posting: Posting) -> None:
    if not posting.channel:
        return
    for one in _sellable(session, posting.sku, posting.warehouse, posting.channel):
        if one.channel == posting.channel and one.units < posting.quantity:
            raise Refused(
                "conflict",
                f"渠道 {posting.channel} 只能再卖 {one.units} 件 {posting.sku}:{one.reason}",
                f"channel {posting.channel} may sell {one.units} more of {posting.sku}: {one.reason_en}",
                {"units": one.units},
            )


def overview(workspace: Workspace, *, sku: str, warehouse: str = "") -> dict[str, Any]:
    """Return, by warehouse, the stock of a SKU and what each channel may sell of it, with the reason."""
    with workspace.read() as session:
        equal = {"sku": sku, **({"warehouse": warehouse} if warehouse else {})}
        rows = records.page(session, "stock", records.Wanted(equal=equal), limit=200, total=False).rows
        names = records.named(session, "warehouse", [row["warehouse"] for row in rows])
        places = []
        for row in rows:
            held = reservations.held_by_channel(session, sku, row["warehouse"])
            shares = _sellable(session, sku, row["warehouse"])
            place = names.get(row["warehouse"])
            places.append(
                {
                    "warehouse": row["warehouse"],
                    "name": (place.values.get("name") if place else None) or row["warehouse"],
                    **{name: row.get(name) or 0 for name in kept.NUMBERS},
                    "available": (row.get("on_hand") or 0) - (row.get("reserved") or 0),
                    "channels": [
                        {
                            "channel": one.channel, "sellable": one.units, "reserved": held.get(one.channel, 0),
                            "reason": one.reason, "reason_en": one.reason_en,
                        }
                        for one in shares
                    ],
                }
            )  # fmt: skip
        held_now = reservations.page(session, {"sku": sku, "warehouse": warehouse, "state": "held"})
    return {"sku": sku, "places": places, "reservations": held_now}


def _sellable(session: Session, sku: str, warehouse: str, channel: str = "") -> list[Sellable]:
    rows = kept.stock_rows(session, [(sku, warehouse)])
    row: Mapping[str, Any] = rows[0] if rows else {}
    position = Position(*(row.get(name) or 0 for name in kept.NUMBERS))
    rules = {rule.channel: rule for rule in rules_of(session, sku, warehouse)}
    if channel:
        rules.setdefault(channel, ChannelRule(channel))
    return sellable(position, rules.values(), reservations.held_by_channel(session, sku, warehouse))


def rules_of(session: Session, sku: str, warehouse: str) -> list[ChannelRule]:
    """Return the rule of each channel for a SKU in a warehouse: of several, the one that says most exactly."""
    if records.state(session, FORM) is None:
        return []
    rows = records.page(session, FORM, records.Wanted(), limit=_MOST_RULES, total=False).rows
    found: dict[str, tuple[int, ChannelRule]] = {}
    for row in rows:
        fits = row.get("sku") in (None, "", sku) and row.get("warehouse") in (None, "", warehouse)
        if not fits or row.get("active") is False:
            continue
        exact = 2 * bool(row.get("sku")) + bool(row.get("warehouse"))
        if row["channel"] not in found or exact > found[row["channel"]][0]:
            found[row["channel"]] = (exact, _rule(row))
    return [rule for _, rule in found.values()]


def _rule(row: Mapping[str, Any]) -> ChannelRule:
    share, priority = row.get("share"), row.get("priority")
    return ChannelRule(
        row["channel"],
        1.0 if share is None else float(share),
        100 if priority is None else int(priority),
        float(row.get("guarantee") or 0),
        float(row.get("buffer") or 0),
    )
