"""What the sign-in page needs before anybody is known."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from apiflask import APIBlueprint
from flask import g

from services import sessions
from web.endpoint import endpoint, workspace

api = APIBlueprint("about", __name__, tag="about 关于")


@api.get("/about")
@endpoint("public")
def about() -> dict[str, Any]:
    """关于 / The workspace's name, language and version, whether it is the demo shop, and whether you are signed in."""
    about = sessions.about_workspace(workspace())
    return {**about, "version": metadata.version("beihuo"), "signed_in": g.principal is not None}
