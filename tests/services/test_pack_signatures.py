"""A signature counts for what the workspace knows of its key; one that was tampered with is refused."""

from __future__ import annotations

import copy

import pytest

import rule_templates
from services import packs, publish
from services.refusal import Refused

PRIVATE, PUBLIC = rule_templates.new_key()
SIGNED = rule_templates.sign(rule_templates.load("base").document, PRIVATE)


def state(workspace, pack):
    return packs.preview(workspace, pack=pack)["signature"]["state"]


def test_a_signature_is_unknown_until_its_key_is_trusted(ws):
    before = state(ws, SIGNED)
    packs.trust(ws, name="备货", public=PUBLIC.decode(), user="admin")

    assert ["none", "unknown", "trusted"] == [state(ws, "base"), before, state(ws, SIGNED)]
    packs.install(ws, pack=SIGNED, user="admin")


def test_what_was_changed_after_signing_is_refused(ws):
    packs.trust(ws, name="备货", public=PUBLIC.decode(), user="admin")
    changed = copy.deepcopy(SIGNED)
    changed["definitions"][0]["name"] = "别的"

    assert "broken" == state(ws, changed)
    with pytest.raises(Refused, match="签名之后被改动"):
        packs.install(ws, pack=changed, user="admin")
    assert {} == publish.all_current(ws, "form")
