"""How fast the state is kept: outbox, timers, concurrent writers, forms' tables as Arrow, the audit log's verification.

Run: python benchmarks/reliability.py [rows] [postgresql-url]
SQLite runs in a temporary folder. Numbers of one machine are compared with each other, not with those of another.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from store import audit, counters, outbox, records, timers
from store.audit import Entry
from store.database import Database

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Column:
    """A column of the form that is measured."""

    name: str
    kind: str
    unique: bool = False
    links: str | None = None


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds *work* takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def enqueue(database: Database, rows: int) -> None:
    """Write notices."""
    notices = [{"idempotency_key": f"k{n}", "channel": "mailbox", "recipient": "chen"} for n in range(rows)]
    with database.write() as session:
        outbox.enqueue(session, notices, now=NOW)


def drain(database: Database) -> None:
    """Claim and finish every notice, 100 at a time."""
    while True:
        with database.write() as session:
            taken = outbox.take(session, NOW, worker="w", limit=100)
            if not taken:
                return
        with database.write() as session:
            outbox.settle_accepted(session, taken, now=NOW, worker="w")


def set_timers(database: Database, rows: int) -> None:
    """Set timers, all to come but one."""
    with database.write() as session:
        for number in range(rows):
            due = NOW + dt.timedelta(hours=number)
            timers.set_(session, f"t{number}", kind="workflow", subject=str(number), due_at=due)


def first_timer(database: Database) -> None:
    """Find the one timer that is due."""
    with database.read() as session:
        timers.waiting(session, limit=1)


def writers(database: Database, threads: int, each: int) -> list[float]:
    """Let *threads* read, add one and write back *each* times; return how long each transaction took."""
    took: list[float] = []

    def count() -> None:
        took.extend(timed(lambda: database.transact(lambda s: counters.take(s, "n"), attempts=10)) for _ in range(each))

    running = [threading.Thread(target=count) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    with database.write() as session:
        counted = counters.take(session, "n") - 1
    if counted != threads * each:
        raise SystemExit(f"{threads * each - counted} updates were lost")
    return sorted(took)


def fill(database: Database, rows: int) -> None:
    """Make a form's table."""
    columns = [
        Column("sku", "text"),
        Column("warehouse", "text"),
        Column("on_hand", "integer"),
        Column("price", "money"),
    ]
    with database.write() as session:
        records.ensure(session, "stock", columns, now=NOW)
        values = [{"sku": f"S{n}", "warehouse": "hd", "on_hand": n % 100, "price": n / 4} for n in range(rows)]
        records.insert_many(session, "stock", values, user="x", now=NOW)


def arrow(database: Database) -> None:
    """Read the table as Arrow."""
    with database.read() as session:
        records.arrow(session, "stock")


def by_rows(database: Database) -> None:
    """Read the table as records, page by page."""
    cursor: str | None = None
    with database.read() as session:
        while True:
            page = records.page(session, "stock", records.Wanted(), limit=1000, cursor=cursor, total=False)
            cursor = page.next_cursor
            if cursor is None:
                return


def log(database: Database, rows: int) -> None:
    """Write and seal audit rows."""
    with database.write() as session:
        for number in range(rows):
            entry = Entry(
                at=NOW, actor="x", action="a", kind="k", key=str(number), summary="改了", summary_en="changed"
            )
            audit.add(session, entry)
    while True:
        with database.write() as session:
            if not audit.seal(session, NOW):
                return


def verify(database: Database) -> None:
    """Verify the log."""
    with database.read() as session:
        if not audit.verify(session).sound:
            raise SystemExit("the log is broken")


def measure(name: str, url: str, rows: int) -> None:
    """Print what one database does."""
    database = Database(url)
    database.upgrade()
    put, sent = timed(lambda: enqueue(database, rows)), timed(lambda: drain(database))
    print(f"{name}: outbox, {rows} rows: written {rows / put:,.0f}/s, claimed and finished {rows / sent:,.0f}/s")
    seconds, look = timed(lambda: set_timers(database, rows)), timed(lambda: first_timer(database))
    print(f"{name}: {rows} timers: set in {seconds:.2f} s, the first due one found in {look * 1000:.1f} ms")
    took = writers(database, 8, max(10, rows // 200))
    print(
        f"{name}: 8 writers at full speed: {len(took)} transactions, none lost, "
        f"median {took[len(took) // 2] * 1000:.0f} ms, p99 {took[int(len(took) * 0.99)] * 1000:.0f} ms"
    )
    fill(database, rows)
    arrow(database)  # the libraries are loaded once
    fast, slow = timed(lambda: arrow(database)), timed(lambda: by_rows(database))
    print(f"{name}: {rows} records as Arrow {fast:.3f} s, as records {slow:.3f} s: {slow / fast:.1f} times as long")
    log(database, rows)
    checked = timed(lambda: verify(database))
    print(f"{name}: audit log of {rows} rows verified in {checked:.2f} s, {rows / checked:,.0f} rows/s")
    database.close()


def main() -> None:
    """Measure SQLite, and PostgreSQL when its URL is given."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{Path(folder) / 'beihuo.db'}", rows)
    if len(sys.argv) > 2:
        measure("PostgreSQL", sys.argv[2], rows)


if __name__ == "__main__":
    main()
