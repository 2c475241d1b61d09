"""`beihuo db`, `user`, `audit`, `doctor`, `worker`, `serve`: run as a user runs them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import _group
from services.workspace import Settings, open_workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("BEIHUO_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("BEIHUO_DATABASE_URL", raising=False)
    return tmp_path


def run(*arguments: str, text: str = "") -> Result:
    """Run one command."""
    return CliRunner().invoke(_group, list(arguments), input=text)


def test_the_schema_is_made_and_found_up_to_date() -> None:
    """Twice is once, and both say so."""
    first, second = run("db", "upgrade"), run("db", "upgrade", "--json")

    assert "schema: none →" in first.output
    told = json.loads(second.output)
    assert told["before"] == told["after"]


def test_a_person_is_added_and_listed() -> None:
    """The password comes from standard input, never from the command line."""
    added = run(
        "user", "add", "lin", "--name", "林晓", "--role", "designer", "--password-stdin", text="three-blue-kettles\n"
    )
    listed = json.loads(run("user", "list", "--json").output)

    assert (0, "已新增用户 林晓(lin) / added user 林晓 (lin)\n") == (added.exit_code, added.output)
    assert [("lin", ["designer"])] == [(user["key"], user["roles"]) for user in listed]
    assert "林晓" in run("user", "list").output
    assert 0 == run("user", "password", "lin", "--password-stdin", text="four-green-kettles\n").exit_code


def test_a_weak_password_is_refused_in_words() -> None:
    """Exit code 1, no traceback."""
    refused = run("user", "add", "lin", "--password-stdin", text="short\n")

    assert 1 == refused.exit_code
    assert "密码太短" in str(refused.exception)


def test_the_audit_log_is_verified(data: Path) -> None:
    """Whole: 0 and the newest seal; changed past the application: 1 and which seal."""
    run("user", "add", "lin", "--password-stdin", text="three-blue-kettles\n")
    assert json.loads(run("audit", "verify", "--json").output)["sound"]
    assert "newest seal" in run("audit", "verify").output
    import sqlite3

    with sqlite3.connect(data / "beihuo.db") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET actor = 'nobody'")
    broken = run("audit", "verify")

    assert 1 == broken.exit_code
    assert "内容被改动" in broken.output


def test_the_doctor_says_what_is_wrong() -> None:
    """An empty folder lacks its schema; afterwards there is no problem, but a warning that no worker runs."""
    before, _, after = run("doctor"), run("db", "upgrade"), run("doctor", "--json")
    found = {finding["name"]: finding["state"] for finding in json.loads(after.output)}

    assert (1, 0) == (before.exit_code, after.exit_code)
    assert "beihuo db upgrade" in before.output
    assert ("ok", "warning") == (found["schema"], found["worker"])


def test_a_worker_may_do_one_pass() -> None:
    """What is due now, as numbers."""
    assert 0 == json.loads(run("worker", "--once", "--json").output)["sent"]


def test_help_speaks_both_languages() -> None:
    """Every command of the state has its line."""
    for name in ("db", "user", "audit", "doctor", "worker", "serve"):
        help_ = run(name, "--help")

        assert 0 == help_.exit_code
        assert " / " in help_.output


def _serve(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-c", "from cli import main; main()", "serve", "--port", "0", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise AssertionError("the server did not start")


def test_serving_with_the_worker_inside(data: Path) -> None:
    """The page answers, the worker lives, a second server on the folder is refused, SIGTERM ends it with 0."""
    workspace = open_workspace(Settings(data_dir=data))
    server = _serve()
    try:
        with urllib.request.urlopen(f"{_address(server)}/livez", timeout=30) as answer:
            status = answer.status
        second = _serve()
        refused = (second.communicate(timeout=60)[0], second.returncode)
        end = time.monotonic() + 30
        alive = 0
        while not alive and time.monotonic() < end:
            from store import runs

            with workspace.read() as session:
                alive = runs.count_workers(session, workspace.clock().replace(year=2000))
            time.sleep(0.1)
    finally:
        server.send_signal(signal.SIGTERM)
        output = server.communicate(timeout=60)[0]

    assert (200, 1, 0) == (status, alive, server.returncode)
    assert "--no-worker" in refused[0]
    assert 1 == refused[1]
    assert "已停止" in output
