"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest

from store.database import Database

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


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A real PostgreSQL, started once for all tests of this process."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> str:
    """The URL of a fresh PostgreSQL database that holds our schema."""
    return postgres_server.fresh()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds our schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "beihuo.db"
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    database.close()
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database: of both kinds, one after the other."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "beihuo.db")
        return f"sqlite:///{copy}"
    return str(request.getfixturevalue("postgres_url"))
