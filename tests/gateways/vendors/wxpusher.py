"""WxPusher: one answer a UID."""

from __future__ import annotations

from typing import Any

from gateways.server import Gateway, Request


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Answer for each UID by itself."""
    body = request.json
    if body["appToken"] != gateway.secrets["secret"]:
        return 200, {"code": 1001, "msg": "appToken不正确", "data": None}
    results = []
    for uid in body["uids"]:
        known = uid.startswith("UID_")
        if known:
            gateway.inbox.append({"vendor": "wxpusher", "user": uid, "text": body["content"], "url": body["url"]})
        results.append(
            {
                "uid": uid,
                "messageId": len(gateway.inbox),
                "code": 1000 if known else 1001,
                "status": "创建发送任务成功" if known else "UID 不存在",
            }
        )
    return 200, {"code": 1000, "msg": "处理成功", "data": results}
