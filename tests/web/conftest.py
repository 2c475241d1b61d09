"""The API over a real workspace: a template shop is built once and copied for each test."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from small_shop import PASSWORD, Clock, open_shop

from services.workspace import Settings, Workspace
from web import create_app


@dataclass
class Browser:
    """A person at a browser: cookie, CSRF token, JSON in and out."""

    client: FlaskClient
    csrf: str = ""
    session: dict[str, Any] = field(default_factory=dict)

    def sign_in(self, name: str, password: str = PASSWORD) -> Browser:
        answer = self.client.post("/api/v1/session", json={"username": name, "password": password})
        assert 200 == answer.status_code, answer.get_data(as_text=True)
        self.session = answer.get_json()
        self.csrf = self.session["csrf_token"]
        return self

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        headers = {"X-CSRF-Token": self.csrf, **more.pop("headers", {})}
        if body is not None:
            more["json"] = body
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self._good(self.call("GET", path, **more))

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self._good(self.call("POST", path, {} if body is None else body, **more))

    def put(self, path: str, body: Any, **more: Any) -> Any:
        return self._good(self.call("PUT", path, body, **more))

    @staticmethod
    def _good(answer: Any) -> Any:
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json()


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """The folder of a shop that nobody has touched."""
    folder = tmp_path_factory.mktemp("template")
    open_shop(folder).close()
    return folder


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shop(template, tmp_path, clock):
    """A fresh copy of the template shop, open."""
    folder = tmp_path / "shop"
    shutil.copytree(template, folder)
    settings = Settings(data_dir=folder, secret_key="0123456789abcdef" * 2, base_url="http://127.0.0.1:8000")
    workspace = Workspace(settings, clock)  # the template has the newest schema
    yield workspace
    workspace.close()


@pytest.fixture
def app(shop):
    return create_app(shop)


@pytest.fixture
def browser_of():
    """Return what opens browsers on an application."""

    def of(app):
        def make(name: str | None = None) -> Browser:
            made = Browser(app.test_client())
            return made.sign_in(name) if name else made

        return make

    return of


@pytest.fixture
def browser(app, browser_of):
    """Return a new browser; `browser("chen")` is signed in as chen."""
    return browser_of(app)
