"""The web room: the API, login, the action pages behind a notice's link, and the built browser app."""

from __future__ import annotations

from web.app import create_app

__all__ = ["create_app"]
