"""A new pack is sound from the first moment, whatever its key."""

from __future__ import annotations

import pytest

from rule_templates import read_pack
from rule_templates.starter import starter
from services import packs


@pytest.mark.parametrize("key", ["mine", "m" + "0" * 54])
def test_a_new_pack_is_sound_and_its_test_passes(key):
    pack = read_pack(starter(key, "我的包"))

    packs.check(pack)
    assert [True] == [one["passed"] for one in packs.test(None, pack=pack.document)]
