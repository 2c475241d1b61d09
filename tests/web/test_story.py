"""The whole story of the first slice over HTTP, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from small_shop import Clock, open_shop
from web_story import tell

from web import create_app


@pytest.mark.story
def test_from_signing_in_to_the_purchase_order(database_url, tmp_path, browser_of):
    """Rule changed, run, alert, notice, action page, approval, purchase order, audit trail."""
    shop = open_shop(tmp_path / "shop", url=database_url, clock=Clock())
    tell(shop, browser_of(create_app(shop)))
    shop.close()
