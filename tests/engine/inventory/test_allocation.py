"""Channels share one pool: shares, guarantees and buffers hold, and nobody is shown more than there is."""

from hypothesis import given
from hypothesis import strategies as st

from engine.inventory import Position
from engine.inventory.allocation import ChannelRule, sellable


def units(found):
    return {one.channel: one.units for one in found}


def test_without_limits_everybody_sees_the_pool():
    found = sellable(Position(on_hand=100, reserved=20), [ChannelRule("tmall"), ChannelRule("jd")], {})

    assert {"tmall": 80, "jd": 80} == units(found)


def test_a_share_is_of_what_is_on_hand_less_what_is_held():
    found = sellable(Position(on_hand=100, reserved=30), [ChannelRule("tmall", share=0.5)], {"tmall": 30})

    assert {"tmall": 20} == units(found)
    assert "份额 50% × 在库 100 − 已占用 30 = 20" in found[0].reason


def test_a_guarantee_is_hidden_from_those_behind_until_it_is_used():
    rules = [ChannelRule("live", priority=1, guarantee=40), ChannelRule("tmall", priority=2, buffer=5)]

    assert {"live": 100, "tmall": 55} == units(sellable(Position(on_hand=100), rules, {}))
    assert {"live": 70, "tmall": 55} == units(sellable(Position(on_hand=100, reserved=30), rules, {"live": 30}))


RULES = st.lists(
    st.builds(
        ChannelRule,
        channel=st.sampled_from("abcd"),
        share=st.floats(0, 1),
        priority=st.integers(0, 3),
        guarantee=st.integers(0, 50),
        buffer=st.integers(0, 20),
    ),
    unique_by=lambda rule: rule.channel,
)


@given(RULES, st.integers(0, 200), st.integers(0, 200))
def test_nobody_is_shown_more_than_there_is(rules, on_hand, reserved):
    position = Position(on_hand=on_hand, reserved=min(reserved, on_hand))
    for one in sellable(position, rules, {}):
        assert 0 <= one.units <= position.available
