"""The built browser app under /app: hashed assets are kept for ever, the page itself is asked for each time."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Blueprint, Flask, Response, redirect, render_template, send_from_directory
from flask.typing import ResponseReturnValue
from whitenoise import WhiteNoise

from web.headers import for_static_files

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "app"
_HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.gz|\.br)?$")
pages = Blueprint("spa", __name__)


def _immutable(path: str, url: str) -> bool:
    return "/assets/" in url and _HASHED.search(path) is not None


def install(app: Flask) -> None:
    """Serve the built app; when it was not built, /app says so and how to build it."""
    app.register_blueprint(pages)
    files = WhiteNoise(
        app.wsgi_app,
        max_age=3600,
        immutable_file_test=_immutable,
        add_headers_function=for_static_files,
        allow_all_origins=False,
    )
    if BUILT.is_dir():
        files.add_files(str(BUILT), prefix="app/")
        # The page must come from the route below, which forbids caching it.
        files.files.pop("/app/index.html", None)
    files.add_files(str(STATIC / "docs"), prefix="api/docs-assets/")
    app.wsgi_app = files  # type: ignore[method-assign] # the documented way to wrap a Flask application


@pages.get("/")
def root() -> ResponseReturnValue:
    """Send a visitor to the app."""
    return redirect("/app/", 302)


@pages.get("/app")
@pages.get("/app/")
@pages.get("/app/<path:page>")
def app_page(page: str = "") -> ResponseReturnValue:
    """Serve the app's one page for each of its addresses; a missing asset is not found."""
    if page.startswith("assets/"):
        return Response("没有这个文件 / no such file\n", 404, mimetype="text/plain")
    if not (BUILT / "index.html").is_file():
        return Response(render_template("not_built.html"), 503)
    answer = send_from_directory(BUILT, "index.html", conditional=True, etag=True)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
