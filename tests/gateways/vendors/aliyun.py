"""Aliyun Dysms: verifies ACS3-HMAC-SHA256 from the request alone, nonces, date and numbers."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote

from gateways.server import Gateway, Refusal, Request

LINK = re.compile(r"https?://|www\.")


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Check as the gateway of Aliyun does; business errors come with status 200."""
    _verify(gateway, request)
    query = request.query or {name: values[0] for name, values in parse_qs(request.raw.decode()).items()}
    numbers = query["PhoneNumbers"].split(",")
    if any(not re.fullmatch(r"(\+?86)?1[3-9]\d{9}", number) for number in numbers):
        return _business("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号")
    parameters = json.loads(query.get("TemplateParam") or "{}")
    if any(LINK.search(str(value)) for value in parameters.values()):
        return _business("isv.PARAM_NOT_SUPPORT_URL", "不支持 URL")
    for number in numbers:
        sent = sum(1 for message in gateway.inbox if message["vendor"] == "aliyun" and message["number"] == number)
        if sent >= 50:
            return _business("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控 Permits:50")
    biz_id = uuid.uuid4().hex
    for number in numbers:
        gateway.inbox.append(
            {
                "vendor": "aliyun",
                "number": number,
                "parameters": parameters,
                "biz_id": biz_id,
                "out_id": query.get("OutId"),
            }
        )
    return 200, {"Code": "OK", "Message": "OK", "BizId": biz_id, "RequestId": uuid.uuid4().hex.upper()}


def _business(code: str, text: str) -> tuple[int, Any]:
    return 200, {"Code": code, "Message": text, "RequestId": uuid.uuid4().hex.upper()}


def _refuse(status: int, code: str) -> Refusal:
    return Refusal(status, {"Code": code, "Message": code, "RequestId": uuid.uuid4().hex.upper()})


def _verify(gateway: Gateway, request: Request) -> None:
    found = re.fullmatch(
        r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})",
        request.headers.get("authorization", ""),
    )
    if not found:
        raise _refuse(400, "MissingAuthorization")
    key, names, signature = found.groups()
    if key != gateway.secrets["key"]:
        raise _refuse(404, "InvalidAccessKeyId.NotFound")
    if request.headers["x-acs-content-sha256"] != hashlib.sha256(request.raw).hexdigest():
        raise _refuse(400, "InvalidContentSha256")
    date = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if abs(date.timestamp() - gateway.now()) > 900:
        raise _refuse(400, "InvalidTimeStamp.Expired")
    values = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in request.query.items())
    canonical_query = "&".join(f"{name}={value}" for name, value in values)
    lines = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names.split(";"))
    canonical = "\n".join([request.method, "/", canonical_query, lines, names, request.headers["x-acs-content-sha256"]])
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    expected = hmac.new(gateway.secrets["secret"].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature):
        raise _refuse(400, "SignatureDoesNotMatch")
    nonce = f"aliyun:{request.headers['x-acs-signature-nonce']}"
    if nonce in gateway.seen:
        raise _refuse(400, "SignatureNonceUsed")
    gateway.seen.add(nonce)
