"""The whole story over HTTP on SQLite."""

from __future__ import annotations

import pytest
from web_story import tell


@pytest.mark.story
def test_from_signing_in_to_the_purchase_order(shop, browser):
    """Rule changed, run, alert, notice, action page, approval, purchase order, audit trail."""
    tell(shop, browser)
