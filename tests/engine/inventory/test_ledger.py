"""The ledger balances, never oversells, and a repeated movement changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inventory import Movement, Position, apply, replay
from engine.inventory.ledger import KINDS, Oversold
from engine.problems import EvaluationError

MOVES = st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 30), st.booleans()), max_size=40)


@given(MOVES)
def test_numbers_never_go_below_zero_and_add_up(moves):
    position, received, gone = Position(), 0, 0
    for number, (kind, quantity, held) in enumerate(moves):
        movement = Movement(str(number), kind, quantity, from_reserved=held and kind == "sale")
        try:
            position = apply(position, movement)
        except Oversold:
            continue
        received += quantity if KINDS[kind][0] > 0 else 0
        gone += quantity if KINDS[kind][0] < 0 else 0
    assert min(position.on_hand, position.reserved, position.in_transit, position.on_order) >= 0
    assert position.on_hand == received - gone


@given(st.lists(st.integers(1, 5), max_size=30))
def test_replays_are_idempotent(quantities):
    moves = [Movement(str(number), "receipt", quantity) for number, quantity in enumerate(quantities)]
    assert replay(moves) == replay([*moves, *moves])


def test_a_thousand_buyers_of_a_hundred_pieces():
    position, served = Position(on_hand=100), 0
    for buyer in range(1000):
        try:
            position = apply(position, Movement(str(buyer), "reserve", 1))
            served += 1
        except Oversold:
            pass
    assert 100 == served
    assert 0 == position.available


def test_the_walk_of_an_order():
    walk = [("order", 50), ("ship", 50), ("arrive", 40), ("reserve", 10)]
    position = replay(Movement(kind, kind, quantity) for kind, quantity in walk)
    assert Position(on_hand=40, reserved=10, in_transit=10, on_order=0) == position
    sold = apply(position, Movement("s", "sale", 10, from_reserved=True))
    assert Position(on_hand=30, reserved=0, in_transit=10) == sold
    assert 40 == sold.position
    assert 7 == apply(sold, Movement("c", "count", 7)).on_hand


def test_nonsense_is_refused():
    with pytest.raises(EvaluationError):
        apply(Position(), Movement("1", "teleport", 1))
    with pytest.raises(EvaluationError):
        apply(Position(), Movement("1", "receipt", -1))
