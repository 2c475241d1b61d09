"""DingTalk robot: signature over the timestamp, an hour's tolerance, 20 messages a minute and ten silent minutes after."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from gateways.server import Gateway, Request


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Answer status 200 and the truth in `errcode`."""
    if request.query.get("access_token") != gateway.secrets["key"]:
        return 200, {"errcode": 300005, "errmsg": "token is not exist"}
    stamp, secret = request.query.get("timestamp", "0"), gateway.secrets["secret"]
    if abs(int(stamp) / 1000 - gateway.now()) > 3600:
        return 200, {"errcode": 310000, "errmsg": "invalid timestamp"}
    expected = base64.b64encode(
        hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    ).decode()
    if not hmac.compare_digest(expected, request.query.get("sign", "")):
        return 200, {"errcode": 310000, "errmsg": "sign not match"}
    times = [message["at"] for message in gateway.inbox if message["vendor"] == "dingtalk"]
    silent = gateway.tokens.get("dingtalk-silent", 0)
    if gateway.now() < silent or sum(1 for at in times if at > gateway.now() - 60) >= 20:
        gateway.tokens["dingtalk-silent"] = max(silent, gateway.now() + 600)
        return 200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
    body = request.json
    gateway.inbox.append(
        {"vendor": "dingtalk", "at": gateway.now(), "type": body["msgtype"], "content": body[body["msgtype"]]}
    )
    return 200, {"errcode": 0, "errmsg": "ok"}
