"""A signature fits one key and one content: any other key, any change, any other algorithm fails."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rule_templates
from engine.problems import BeihuoError

PACK = rule_templates.load("daily_replenishment").document
PRIVATE, PUBLIC = rule_templates.new_key()


def test_what_is_signed_is_verified_however_it_is_written():
    signed = rule_templates.sign(PACK, PRIVATE)
    reordered = dict(reversed(signed.items()))

    assert [True, True] == [rule_templates.verify(one, PUBLIC) for one in (signed, reordered)]
    assert signed["signature"]["key_id"] == rule_templates.key_id(PUBLIC)
    rule_templates.read_pack(signed)


def test_another_key_does_not_fit():
    _, other = rule_templates.new_key()
    signed = rule_templates.sign(PACK, PRIVATE)
    claimed = {**signed, "signature": {**signed["signature"], "key_id": rule_templates.key_id(other)}}

    assert [False, False, False] == [rule_templates.verify(one, other) for one in (signed, claimed, PACK)]


@given(place=st.sampled_from(["about", "inputs", "definitions", "tests", "value"]))
def test_any_change_breaks_it(place):
    signed = copy.deepcopy(rule_templates.sign(PACK, PRIVATE))
    if place == "value":
        signed["signature"]["value"] = "x" + signed["signature"]["value"][1:]
    elif isinstance(signed[place], list):
        signed[place].pop()
    else:
        signed[place]["more"] = 1

    assert not rule_templates.verify(signed, PUBLIC)


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", PUBLIC])
def test_what_is_no_private_key_is_refused(pem):
    with pytest.raises(BeihuoError, match="Ed25519"):
        rule_templates.sign(PACK, pem)


def test_what_is_no_public_key_is_refused():
    with pytest.raises(BeihuoError, match="Ed25519"):
        rule_templates.verify(PACK, PRIVATE)
