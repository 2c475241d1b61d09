"""Can a phone reach us? What our public address says by itself, and a page of our own that a phone opens to prove it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
from typing import Any
from urllib.parse import urlsplit

from services.workspace import Workspace
from store import settings

_KEY = "reachability"
FRESH = dt.timedelta(minutes=30)


def look(workspace: Workspace, *, user: str) -> dict[str, Any]:
    """Return `{base_url, problem, probe_url, seen}`: *seen* says when and from where the probe page was opened last."""
    base = workspace.settings.base_url
    with workspace.read() as session:
        found = settings.get(session, _KEY)
    seen = found if found and found.get("base_url") == base else None
    problem, problem_en = _problem(base)
    fresh = seen is not None and workspace.clock() - dt.datetime.fromisoformat(seen["at"]) < FRESH
    return {
        "base_url": base,
        "problem": problem,
        "problem_en": problem_en,
        "probe_url": f"{base}/p/{_token(workspace, user)}",
        "seen": seen,
        "fresh": fresh,
    }


def opened(workspace: Workspace, *, token: str, user: str, agent: str, address: str) -> bool:
    """Note that somebody opened the probe page; False where the page is not one of ours."""
    if not hmac.compare_digest(token.encode(), _token(workspace, user).encode()):
        return False
    seen = {"at": workspace.clock().isoformat(), "base_url": workspace.settings.base_url, "phone": _is_phone(agent)}
    with workspace.write() as session:
        settings.put(session, _KEY, {**seen, "from": address}, user=user, now=workspace.clock())
    return True


def _is_phone(agent: str) -> bool:
    return any(word in agent for word in ("Mobile", "Android", "iPhone", "MicroMessenger", "DingTalk", "Lark"))


def _token(workspace: Workspace, user: str) -> str:
    day = workspace.today().isoformat()
    digest = hmac.new(workspace.secret.encode(), f"probe:{user}:{day}".encode(), hashlib.sha256).digest()
    return f"{user}.{base64.urlsafe_b64encode(digest[:9]).decode()}"


def _problem(base: str) -> tuple[str, str]:
    parts = urlsplit(base)
    host = parts.hostname or ""
    try:
        inside = not ipaddress.ip_address(host).is_global
    except ValueError:
        inside = host == "localhost" or "." not in host
    if inside:
        return (
            f"{host} 只在本机或内网能打开,手机上的链接会失效;请把 BEIHUO_BASE_URL 设为手机能访问的地址",
            f"{host} opens on this machine or network only: set BEIHUO_BASE_URL to an address that a phone reaches",
        )
    if parts.scheme != "https":
        return (
            "没有使用 https:部分平台会拒绝回调与网页",
            "not https: some providers refuse callbacks and pages",
        )
    return "", ""
