"""Which pack is meant: the key of a shipped one, or a file."""

from __future__ import annotations

from pathlib import Path


def source(pack: str) -> str | Path:
    """Return *pack* as the services take it."""
    return Path(pack) if pack.endswith(".json") else pack
