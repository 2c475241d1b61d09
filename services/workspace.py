"""A workspace: one database, one data folder, one clock; every use case is given one."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from engine.problems import BeihuoError
from store.database import Database, Session

if TYPE_CHECKING:
    from engine.tables.facts import Facts

T = TypeVar("T")


def utc_now() -> dt.datetime:
    """Return the moment now, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a workspace lives, as the environment says it (`BEIHUO_…`)."""

    data_dir: Path = Path("var")
    database_url: str = ""
    secret_key: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:8000"
    timezone: str = "Asia/Shanghai"

    @staticmethod
    def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
        """Read `BEIHUO_DATA_DIR`, `_DATABASE_URL`, `_SECRET_KEY`, `_BASE_URL` and `_TIMEZONE`; each has a default."""
        env = os.environ if environ is None else environ
        standard = Settings()
        return Settings(
            data_dir=Path(env.get("BEIHUO_DATA_DIR") or standard.data_dir),
            database_url=env.get("BEIHUO_DATABASE_URL", ""),
            secret_key=env.get("BEIHUO_SECRET_KEY", ""),
            base_url=(env.get("BEIHUO_BASE_URL") or standard.base_url).rstrip("/"),
            timezone=env.get("BEIHUO_TIMEZONE") or standard.timezone,
        )

    @property
    def url(self) -> str:
        """The database's URL; unless said, a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'beihuo.db').resolve()}"


class Workspace:
    """One workspace, open.

    Args:
        settings: where it lives.
        clock: what says the moment now; tests and demos give their own.
    """

    def __init__(self, settings: Settings, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.url)
        try:
            self.zone = zoneinfo.ZoneInfo(settings.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            raise BeihuoError(
                f"没有这个时区:{settings.timezone}(BEIHUO_TIMEZONE) / no such time zone: {settings.timezone}"
            ) from None
        self._secret = settings.secret_key

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one snapshot and cannot write."""
        with self.database.read() as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session whose changes are kept together when the block ends, or not at all when it raises."""
        with self.database.write() as session:
            yield session

    def transact(self, work: Callable[[Session], T]) -> T:
        """Run *work* in a writing transaction, again (up to three times) when two writers met."""
        return self.database.transact(work)

    def today(self) -> dt.date:
        """Return the local date: the evaluation day of a run that says no other."""
        return self.clock().astimezone(self.zone).date()

    def facts(self, form: str) -> Facts:
        """Return the facts table of *form* (a Delta table in the data folder)."""
        from engine.tables.facts import Facts  # noqa: PLC0415 the columnar libraries cost 0.2 s that a login need not pay

        return Facts(self.folder("facts") / form)

    def folder(self, name: str) -> Path:
        """Return a folder inside the data folder, made when needed."""
        path = self.settings.data_dir / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def secret(self) -> str:
        """The secret that signs and encrypts: `BEIHUO_SECRET_KEY`, else one made once in the data folder."""
        if not self._secret:
            self._secret = _kept_secret(self.settings.data_dir / "secret.key")
        return self._secret

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()


def open_workspace(settings: Settings | None = None, clock: Callable[[], dt.datetime] = utc_now) -> Workspace:
    """Open the workspace of *settings* (or of the environment): folders made, schema upgraded."""
    chosen = settings or Settings.from_environment()
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(chosen, clock)
    workspace.database.upgrade()
    return workspace


def _kept_secret(path: Path) -> str:
    """Return the secret in *path*; the first process to come makes it, whole or not at all."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        Path(name).unlink()
    return path.read_text()
