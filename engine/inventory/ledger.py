"""The stock ledger: append-only movements, and the position they add up to. Pure; no oversell, idempotent by key.

receipt +on hand · sale −on hand (and −reserved when it fulfils a reservation) · reserve +reserved · release −reserved
transfer_out −on hand · transfer_in +on hand, −in transit · ship +in transit · order +on order · cancel −on order
receive +on hand, −on order · lost −in transit · return +on hand · damage −on hand · count: on hand becomes the counted
number · count_gain, count_loss: what a stocktake found more or less, while sales went on
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from engine.problems import EvaluationError


@dataclass(frozen=True, slots=True)
class Position:
    """Stock of one SKU in one warehouse, whole units.

    Args:
        on_hand: in the warehouse.
        reserved: promised to orders, still in the warehouse.
        in_transit: shipped to here, not yet received.
        on_order: ordered from a supplier, not yet shipped.
    """

    on_hand: int = 0
    reserved: int = 0
    in_transit: int = 0
    on_order: int = 0

    @property
    def available(self) -> int:
        """What can still be promised: on hand − reserved."""
        return self.on_hand - self.reserved

    @property
    def position(self) -> int:
        """Inventory position: available + in transit + on order."""
        return self.available + self.in_transit + self.on_order


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of the ledger.

    Args:
        key: idempotency key; a movement of a known key changes nothing.
        kind: one of `KINDS`.
        quantity: whole units, ≥ 0; for a count the number counted.
        from_reserved: the units were reserved before (a sale that fulfils an order).
    """

    key: str
    kind: str
    quantity: int
    from_reserved: bool = False


# kind -> (on_hand, reserved, in_transit, on_order), each −1, 0 or 1.
KINDS: Final[Mapping[str, tuple[int, int, int, int]]] = {
    "receipt": (1, 0, 0, 0),
    "receive": (1, 0, 0, -1),
    "order": (0, 0, 0, 1),
    "cancel": (0, 0, 0, -1),
    "ship": (0, 0, 1, -1),
    "arrive": (1, 0, -1, 0),
    "sale": (-1, 0, 0, 0),
    "reserve": (0, 1, 0, 0),
    "release": (0, -1, 0, 0),
    "transfer_out": (-1, 0, 0, 0),
    "transfer_sent": (0, 0, 1, 0),
    "transfer_in": (1, 0, -1, 0),
    "return": (1, 0, 0, 0),
    "damage": (-1, 0, 0, 0),
    "lost": (0, 0, -1, 0),
    "count_gain": (1, 0, 0, 0),
    "count_loss": (-1, 0, 0, 0),
}
# Goods that come in fact come, whatever was expected: what is on order or in transit goes down to zero, never below.
EXPECTED: Final = frozenset({"ship", "receive", "cancel", "arrive", "transfer_in", "lost"})
COUNT: Final = "count"
# What may only take what is not promised to somebody else.
PROMISED: Final = frozenset({"sale", "reserve", "transfer_out"})


class Oversold(EvaluationError):
    """A movement would take more than there is."""

    def __init__(self, movement: Movement, position: Position, place: str) -> None:
        super().__init__(
            f"{movement.kind} {movement.quantity} 会使 {place} 为负(现有 {position}) / "
            f"{movement.kind} {movement.quantity} would make {place} negative"
        )
        self.movement, self.position, self.place = movement, position, place


def apply(position: Position, movement: Movement) -> Position:
    """Return the position after *movement*.

    Raises:
        Oversold: a number would become negative, or more would be reserved than is on hand.
        EvaluationError: the movement makes no sense.
    """
    if movement.quantity < 0:
        raise EvaluationError(f"数量不能为负:{movement.quantity} / a quantity cannot be negative")
    if movement.kind == COUNT:
        return replace(position, on_hand=movement.quantity)
    if movement.kind not in KINDS:
        raise EvaluationError(f"没有名为“{movement.kind}”的库存变动 / unknown movement “{movement.kind}”")
    hand, held, transit, ordered = (sign * movement.quantity for sign in KINDS[movement.kind])
    held -= movement.quantity if movement.from_reserved else 0
    if movement.kind in EXPECTED:
        transit, ordered = max(transit, -position.in_transit), max(ordered, -position.on_order)
    after = Position(
        position.on_hand + hand, position.reserved + held, position.in_transit + transit, position.on_order + ordered
    )
    for place in ("on_hand", "reserved", "in_transit", "on_order"):
        if getattr(after, place) < 0:
            raise Oversold(movement, position, place)
    if after.available < 0 and movement.kind in PROMISED:
        raise Oversold(movement, position, "available")
    return after


def replay(movements: Iterable[Movement], start: Position | None = None) -> Position:
    """Return the position after all *movements*; one whose key was seen before is passed over."""
    position, seen = start or Position(), set()
    for movement in movements:
        if movement.key not in seen:
            position = apply(position, movement)
            seen.add(movement.key)
    return position
