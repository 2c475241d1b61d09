"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = Path(os.environ.get("BEIHUO_SHARED_DATA", ROOT.parent / "shared" / "data"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests of the real data sets, and only those, where their folder is absent."""
    if SHARED_DATA.is_dir():
        return
    absent = pytest.mark.skip(reason=f"no folder {SHARED_DATA}: set BEIHUO_SHARED_DATA")
    for item in items:
        if "shared_data" in item.keywords:
            item.add_marker(absent)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the real data sets."""
    return SHARED_DATA
