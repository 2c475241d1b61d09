"""What the tests of the expression language share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from expression_ways import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser's interpreter."""
    running = Browser()
    yield running
    running.close()
