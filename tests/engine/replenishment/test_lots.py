"""Orders are whole, packs are whole, minimum lots hold, limits are kept."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.replenishment.lots import orderable, within

WANTED = arrays(np.float64, 6, elements=st.floats(0, 500))
PACK = arrays(np.float64, 6, elements=st.integers(1, 48).map(float))
MOQ = arrays(np.float64, 6, elements=st.integers(0, 200).map(float))


@given(WANTED, MOQ, PACK)
def test_orders_can_be_placed(wanted, moq, pack):
    found = orderable(wanted, moq, pack)
    assert (found % pack == 0).all()
    assert ((found == 0) | ((found >= moq) & (found >= np.ceil(wanted - 1e-9)))).all()
    assert ((found == 0) == (np.ceil(wanted - 1e-9) == 0)).all()


@given(WANTED, MOQ, PACK, st.floats(0, 3000), arrays(np.float64, 6, elements=st.floats(0, 1)))
def test_a_limit_is_kept(wanted, moq, pack, limit, urgency):
    orders = orderable(wanted, moq, pack)
    found = within(orders, np.ones(6), limit, urgency, moq, pack)
    assert found.sum() <= max(limit, 0) + 1e-9
    assert (found <= orders).all()
    assert ((found % pack == 0) & ((found == 0) | (found >= moq))).all()
