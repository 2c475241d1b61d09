"""A real server in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BEIHUO = Path(sys.executable).parent / "beihuo"


@dataclass
class Server:
    """A running `beihuo serve` and where its data lie."""

    url: str
    environment: dict[str, str]
    process: subprocess.Popen[str] = field(repr=False)

    def run(self, *arguments: str) -> str:
        """Run the command line on the same workspace and return what it printed."""
        return command(self.environment, *arguments)


def command(environment: dict[str, str], *arguments: str) -> str:
    """Run `beihuo …`; a failure shows what it said."""
    done = subprocess.run(
        [str(BEIHUO), *arguments], env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


def environment_of(data: Path, database_url: str | None = None) -> dict[str, str]:
    """Return the environment of a workspace, on SQLite in its folder unless told; nothing of the caller's settings leaks in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BEIHUO_")}
    return {
        **kept,
        "BEIHUO_DATA_DIR": str(data),
        **({"BEIHUO_DATABASE_URL": database_url} if database_url else {}),
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "100",
    }


def serving(environment: dict[str, str]) -> Iterator[Server]:
    """Serve the workspace of *environment* on a port of the system's choosing until the test is over."""
    process = subprocess.Popen(
        [str(BEIHUO), "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if found:
            break
    else:
        raise AssertionError(f"the server did not start:\n{said}")
    log = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)  # nobody may fill the pipe
    yield Server(f"http://127.0.0.1:{found[1]}", environment, process)
    process.terminate()
    assert 0 == process.wait(30)
    log.wait(5)
