"""WeChat Official Account: template messages with fields of at most twenty characters, refused subscriptions, tokens."""

from __future__ import annotations

import uuid
from typing import Any

from gateways.server import Gateway, Request


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Answer status 200 and the truth in `errcode`."""
    if request.path == "/cgi-bin/token":
        if (request.query.get("appid"), request.query.get("secret")) != (
            gateway.secrets["key"],
            gateway.secrets["secret"],
        ):
            return 200, {"errcode": 40125, "errmsg": "invalid appsecret"}
        token = uuid.uuid4().hex
        gateway.tokens[token] = gateway.now() + 7200
        return 200, {"access_token": token, "expires_in": 7200}
    if gateway.tokens.get(request.query.get("access_token", ""), 0) < gateway.now():
        return 200, {"errcode": 42001, "errmsg": "access_token expired"}
    body = request.json
    if not body["touser"].startswith("openid"):
        return 200, {"errcode": 40003, "errmsg": "invalid openid"}
    if body["touser"].endswith("refused"):
        return 200, {"errcode": 43101, "errmsg": "user refuse to accept the msg"}
    if any(len(field["value"]) > 20 or "\n" in field["value"] for field in body["data"].values()):
        return 200, {"errcode": 47003, "errmsg": "argument invalid"}
    gateway.inbox.append({"vendor": "wechat", "user": body["touser"], "data": body["data"], "url": body.get("url")})
    return 200, {"errcode": 0, "errmsg": "ok", "msgid": len(gateway.inbox)}
