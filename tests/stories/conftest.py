"""A real Chromium, and a test that fails on any error in its console."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from stories.serving import Server, command, environment_of, serving

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENSHOTS = ROOT / "var" / "screenshots"
# Without these Chromium calls home at every start, which a closed network refuses many times over.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 3,
        "is_mobile": True,
        "has_touch": True,
    },
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; a missing one fails the run."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "no Chromium: apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a freshly loaded demo shop on SQLite, to copy from."""
    data = tmp_path_factory.mktemp("demo") / "var"
    command(environment_of(data), "demo", "--no-serve")
    return data


@pytest.fixture(scope="module")
def demo_shop(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A served copy of the demo shop, one for each file of tests."""
    data = tmp_path_factory.mktemp("shop") / "var"
    shutil.copytree(demo_data, data)
    yield from serving(environment_of(data))


@pytest.fixture
def demo_copy(demo_data: Path, tmp_path: Path) -> Iterator[Server]:
    """A served copy of the demo shop for one test alone, which may change it at will."""
    shutil.copytree(demo_data, tmp_path / "var")
    yield from serving(environment_of(tmp_path / "var"))


@dataclass
class Visitor:
    """Somebody with a browser; what its console complains about is kept."""

    page: Page
    story: str
    size: str
    complaints: list[str]

    def look(self, name: str) -> None:
        """Take a picture for people to look at, and see that the page does not scroll sideways."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{self.story}-{self.size}-{name}.png", full_page=True)
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert 0 >= width, f"{name} scrolls sideways by {width} px at {self.size}"

    def sign_in(self, url: str, who: str, password: str = "beihuo-demo") -> None:
        """Log in by typing."""
        self.page.goto(f"{url}/app/")
        self.page.get_by_label("用户名").fill(who)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(re.compile(re.escape(url) + "/app/?$"))


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, chromium: Browser):
    """Make visitors of the given size; afterwards none of their consoles may hold an error."""
    visitors: list[Visitor] = []

    def come(story: str, size: str | None = None) -> Visitor:
        context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **SIZES[size or request.param])
        context.set_default_timeout(60_000)
        visitor = Visitor(context.new_page(), story, size or request.param, [])
        visitor.page.on(
            "console", lambda message: visitor.complaints.append(message.text) if message.type == "error" else None
        )
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitors.append(visitor)
        return visitor

    yield come
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.page.context.close()
    assert [] == complaints
