"""The application: one workspace behind one WSGI callable."""

from __future__ import annotations

from importlib import metadata
from urllib.parse import urlsplit

from apiflask import APIFlask
from werkzeug.routing import BaseConverter

from services.workspace import Workspace
from web import errors, headers, health, idempotency, limits, openapi, principal, reference, request_log, spa
from web.api import PREFIX, blueprints
from web.json_provider import Provider
from web.pages import action, hooks, leave, supplier


class KeyConverter(BaseConverter):
    """The key of a definition or a field."""

    regex = "[a-z][a-z0-9_]{0,54}"


class IdConverter(BaseConverter):
    """The id of an instance, a batch or a user."""

    regex = "[A-Za-z0-9_.:@~-]{1,80}"


class NumberConverter(BaseConverter):
    """The number of a row; what is larger than the database's integers is simply not found."""

    regex = "[0-9]{1,15}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)


def create_app(workspace: Workspace) -> APIFlask:
    """Return the WSGI application of *workspace*; its schema must be up to date (`open_workspace` sees to that)."""
    app = APIFlask(
        "web",
        title="Beihuo 备货",
        version=metadata.version("beihuo"),
        docs_path=None,
        spec_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type] # Flask takes None: static files are served by web/spa.py
        template_folder="templates",
        enable_openapi=True,
    )
    app.json = Provider(app)
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.description = openapi.DESCRIPTION
    app.extensions["beihuo"] = workspace
    app.url_map.strict_slashes = False
    app.url_map.converters.update(key=KeyConverter, id=IdConverter, number=NumberConverter)
    https = urlsplit(workspace.settings.base_url).scheme == "https"
    principal.configure(app, https=https)
    errors.install(app)
    request_log.install(app)
    limits.install(app)
    headers.install(app, https=https)
    principal.install(app)
    idempotency.install(app)
    health.install(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint, url_prefix=PREFIX)
    for pages in (action.pages, hooks.pages, leave.pages, supplier.pages):
        app.register_blueprint(pages)
    openapi.install(app)
    reference.install(app)
    spa.install(app)
    return app
