"""Notices under fire: workers killed while sending, a provider that is down, 10,000 alerts at once, and how long one takes.

Run: python benchmarks/notices.py [kill|down|storm|latency …] [--postgres URL] [--sends 600] [--kills 25]

Each part prints what it saw and PASS or FAIL against the goals of specs/reliability.md section 7.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import http.server
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from services import channels, dispatch, evaluate, publish, records, users  # noqa: E402
from services.scheduler import Worker  # noqa: E402
from services.workspace import Settings, Workspace, open_workspace, utc_now  # noqa: E402
from store import outbox  # noqa: E402

SEND_SECONDS = 0.06
LEASE = 3.0
SECRET = "whsec_" + "A" * 32


class Provider:
    """A provider that keeps the key of every message that it took, and is down when told to be."""

    def __init__(self, seconds: float = SEND_SECONDS) -> None:
        self.keys: list[str] = []
        self.moments: list[float] = []
        self.bodies: list[bytes] = []
        self.calls = 0
        self.down = False
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                provider.calls += 1
                if not provider.down:
                    provider.keys.append(self.headers["webhook-id"])
                    provider.moments.append(time.monotonic())
                    provider.bodies.append(body)
                time.sleep(seconds)
                with contextlib.suppress(ConnectionError):
                    self.send_response(503 if provider.down else 200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign] # whoever was killed has hung up
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"

    def stop(self) -> None:
        """Listen no more."""
        self.server.shutdown()
        self.server.server_close()


@contextlib.contextmanager
def workspace_of(url: str, provider: Provider, clock: Any = None) -> Iterator[Workspace]:
    """Open an empty workspace with one person and one channel."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=url, secret_key="0123456789abcdef" * 2)
        workspace = open_workspace(settings, clock or utc_now)
        person = {"key": "chen", "name": "陈宁", "roles": ["admin", "buyer"], "password": "three-blue-kettles"}
        users.create(workspace, values=person, user="admin")
        hook = {"url": provider.url, "secret": SECRET}
        channels.save(workspace, key="hook", type="webhook", name="hook", settings=hook, user="admin")
        yield workspace
        workspace.close()


def enqueue(workspace: Workspace, number: int, **more: Any) -> None:
    """Write notices."""
    row = {"channel": "hook", "recipient": "", "address": "", "message": "notify", "title": "t", **more}
    with workspace.write() as session:
        rows = [{**row, "idempotency_key": f"k{n}", "severity": 1 + 2 * (n % 3)} for n in range(number)]
        outbox.enqueue(session, rows, now=workspace.clock())


def work_until_stopped(folder: str, url: str) -> None:
    """Be one worker: the real sending with a short lease and one message at a time, so that kills meet messages in flight."""
    dispatch.LEASE = dt.timedelta(seconds=LEASE)
    dispatch.RENEW = LEASE / 3
    dispatch.THREADS = 1
    workspace = Workspace(Settings(data_dir=Path(folder), database_url=url, secret_key="0123456789abcdef" * 2))
    print("ready", flush=True)
    while True:
        if not dispatch.work(workspace, limit=10):
            time.sleep(0.1)


def worker(workspace: Workspace) -> subprocess.Popen[bytes]:
    """Start a worker process."""
    where = [str(workspace.settings.data_dir), workspace.settings.database_url or ""]
    environment = {**os.environ, "BEIHUO_ALLOWED_HOSTS": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, __file__, "worker", *where], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def kill(url: str, *, sends: int, kills: int, seed: int = 1) -> dict[str, int]:
    """Send *sends* notices with three workers of which one is killed *kills* times; return what the provider saw."""
    dice = random.Random(seed)
    provider = Provider()
    with workspace_of(url, provider) as workspace:
        enqueue(workspace, sends)
        running = [worker(workspace) for _ in range(3)]
        for one in running:
            assert one.stdout is not None
            one.stdout.readline()
        done = 0
        while done < kills and len(set(provider.keys)) < sends:
            seen = len(provider.keys)
            until = time.monotonic() + 20
            target = seen + dice.randint(1, max(1, sends // kills))
            while len(provider.keys) < target and len(set(provider.keys)) < sends and time.monotonic() < until:
                time.sleep(0.005)
            victim = dice.randrange(3)
            running[victim].send_signal(signal.SIGKILL)
            running[victim].wait()
            running[victim] = worker(workspace)
            done += 1
        left, last = {}, time.monotonic()
        while time.monotonic() - last < 60:  # as long as anything moves, however slow the machine
            with workspace.read() as session:
                now = outbox.count_by_state(session)
            last = time.monotonic() if now != left else last
            left = now
            if set(left) == {"accepted"}:
                break
            time.sleep(0.2)
        for one in running:
            one.kill()
            one.wait()
    provider.stop()
    counts = Counter(provider.keys)
    return {
        "kills": done,
        "never_sent": sends - len(counts),
        "repeats": sum(counts.values()) - len(counts),
        "most_of_one": max(counts.values(), default=0),
        "not_accepted": sum(number for state, number in left.items() if state != "accepted"),
    }


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


def down(url: str, *, queued: int) -> dict[str, Any]:
    """Let a provider be down for six hours with *queued* notices waiting, then back; return what it cost and how it drained."""
    provider, clock = Provider(seconds=0), Clock()
    provider.down = True
    with workspace_of(url, provider, clock) as workspace:
        enqueue(workspace, queued)
        for _ in range(6 * 12):  # six hours, a look every five minutes
            dispatch.work(workspace)
            clock.now += dt.timedelta(minutes=5)
        while_down = provider.calls
        provider.down = False
        started = time.perf_counter()
        minutes = 0
        while len(provider.keys) < queued and minutes < 24 * 60:
            while dispatch.work(workspace):
                pass
            clock.now += dt.timedelta(minutes=1)
            minutes += 1
        seconds = time.perf_counter() - started
        with workspace.read() as session:
            states = outbox.count_by_state(session)
    provider.stop()
    first = [1 + 2 * (int(key[1:]) % 3) for key in provider.keys[: queued // 4]]
    return {
        "calls_while_down": while_down,
        "states": states,
        "drained_seconds": round(seconds, 1),
        "clock_minutes": minutes,
        "repeats": len(provider.keys) - len(set(provider.keys)),
        "urgent_share_first_quarter": round(sum(1 for one in first if one == 1) / len(first), 2),
    }


FORMS = [
    {"kind": "form", "key": "sku", "name": "商品", "fields": [{"key": "code", "type": "text", "label": "编码", "required": True, "unique": True}]},
    {"kind": "form", "key": "stock", "name": "库存", "natural_keys": ["sku"], "fields": [{"key": "sku", "type": "sku", "label": "商品", "required": True}, {"key": "on_hand", "type": "number", "label": "在库"}]},
]  # fmt: skip
RULE = {
    "kind": "rule", "key": "low", "name": "低库存", "over": "stock", "levels": [{"level": "critical", "when": "on_hand < 10"}],
    "on_event": ["stock.changed"], "route": "all", "group_by": ["sku"], "actions": [{"type": "notify"}],
}  # fmt: skip
ROUTE = {
    "kind": "route",
    "key": "all",
    "name": "全部",
    "to": ["role:buyer"],
    "channels": ["mailbox", "hook"],
    "wait": "PT0S",
}


def storm(url: str, *, alerts: int) -> dict[str, Any]:
    """Let one data load trip *alerts* records; return how long it took to store them, to the first message, and how many went out."""
    provider = Provider(seconds=0)
    with workspace_of(url, provider) as workspace:
        publish.publish_many(workspace, [*FORMS, ROUTE, RULE], user="admin")
        for form, rows in (
            ("sku", [{"code": f"S{n}"} for n in range(alerts)]),
            ("stock", [{"sku": f"S{n}", "on_hand": n % 9} for n in range(alerts)]),
        ):
            for first in range(0, alerts, 5_000):
                records.bulk_upsert(workspace, form=form, rows=rows[first : first + 5_000], match=None, user="admin")
        started = time.perf_counter()
        ran = evaluate.run(workspace)
        stored = time.perf_counter() - started
        dispatch.work(workspace)
        first = time.perf_counter() - started
        while dispatch.work(workspace):
            pass
        with workspace.read() as session:
            sent = Counter((one.recipient, one.channel) for one in outbox.page(session, limit=1_000))
    provider.stop()
    return {
        "fired": ran["fired"],
        "stored_seconds": round(stored, 2),
        "first_message_seconds": round(first, 2),
        "messages": {f"{person or 'everybody'}/{channel}": number for (person, channel), number in sent.items()},
    }


def latency(url: str, *, samples: int) -> dict[str, Any]:
    """Change a record of an idle workspace and wait for the message; return the median and the longest, in seconds."""
    provider = Provider(seconds=0)
    took = []
    with workspace_of(url, provider) as workspace:
        publish.publish_many(workspace, [*FORMS, ROUTE, RULE], user="admin")
        codes = [f"S{n}" for n in range(samples)]
        records.bulk_upsert(workspace, form="sku", rows=[{"code": code} for code in codes], match=None, user="admin")
        rows = [{"sku": code, "on_hand": 100} for code in codes]
        records.bulk_upsert(workspace, form="stock", rows=rows, match=None, user="admin")
        stop = threading.Event()
        running = threading.Thread(target=Worker(workspace).run, args=(stop,), daemon=True)
        running.start()
        time.sleep(3)
        with workspace.read() as session:
            ids = {row["sku"]: row["_id"] for row in _rows(session)}
        for code in codes:
            before, started = len(provider.keys), time.monotonic()
            records.update(workspace, form="stock", id=ids[code], values={"on_hand": 1}, user="admin")
            while len(provider.keys) == before and time.monotonic() < started + 60:
                time.sleep(0.01)
            took.append((provider.moments[before] if len(provider.keys) > before else time.monotonic()) - started)
        stop.set()
        running.join(30)
    provider.stop()
    took.sort()
    return {"samples": samples, "median_seconds": round(took[len(took) // 2], 2), "longest_seconds": round(took[-1], 2)}


def _rows(session: Any) -> list[dict[str, Any]]:
    from store import records as stored

    return stored.page(session, "stock", stored.Wanted(), limit=1_000, total=False).rows


def report(name: str, found: dict[str, Any], *, good: bool) -> bool:
    """Print what a part saw."""
    print(f"{'PASS' if good else 'FAIL'}  {name}: {json.dumps(found, ensure_ascii=False, default=str)}", flush=True)
    return good


def main() -> None:
    """Run the parts that are asked for, on SQLite and, with its URL, on PostgreSQL."""
    if sys.argv[1:2] == ["worker"]:
        work_until_stopped(*sys.argv[2:])
    asked = argparse.ArgumentParser()
    asked.add_argument("parts", nargs="*", default=["kill", "down", "storm", "latency"])
    asked.add_argument("--postgres", default="")
    asked.add_argument("--sends", type=int, default=600)
    asked.add_argument("--kills", type=int, default=25)
    asked.add_argument("--queued", type=int, default=5_000)
    asked.add_argument("--alerts", type=int, default=10_000)
    asked.add_argument("--samples", type=int, default=15)
    given = asked.parse_args()
    os.environ["BEIHUO_ALLOWED_HOSTS"] = "127.0.0.1"
    good = True
    for name, url in {"SQLite": "", **({"PostgreSQL": given.postgres} if given.postgres else {})}.items():
        if "kill" in given.parts:
            found = kill(url, sends=given.sends, kills=given.kills)
            fine = found["never_sent"] == 0 and found["repeats"] <= found["kills"] and found["not_accepted"] == 0
            good &= report(f"{name} kill -9", found, good=fine)
        if "down" in given.parts and name == "SQLite":
            found = down(url, queued=given.queued)
            fine = found["states"] == {"accepted": given.queued} and found["repeats"] == 0
            good &= report(f"{name} provider down and back", found, good=fine)
        if "storm" in given.parts:
            found = storm(url, alerts=given.alerts)
            fine = found["stored_seconds"] <= 5 and found["first_message_seconds"] <= 10
            good &= report(f"{name} storm", found, good=fine and set(found["messages"].values()) == {1})
        if "latency" in given.parts and name == "SQLite":
            found = latency(url, samples=given.samples)
            good &= report(f"{name} idle latency", found, good=found["median_seconds"] <= 5)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
