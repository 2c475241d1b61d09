"""Tencent Cloud SMS: verifies TC3-HMAC-SHA256, the date, numbers and variables; every answer has status 200."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from datetime import UTC, datetime
from typing import Any

from gateways.server import Gateway, Refusal, Request


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Check and answer for each number by itself."""
    _verify(gateway, request)
    body = request.json
    if any(len(text) > 6 for text in body["TemplateParamSet"]):
        raise _refuse("InvalidParameterValue.TemplateParameterLengthLimit")
    if any("http" in text for text in body["TemplateParamSet"]):
        raise _refuse("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter")
    statuses = []
    for number in body["PhoneNumberSet"]:
        serial, code = uuid.uuid4().hex, "Ok"
        if not re.fullmatch(r"\+861[3-9]\d{9}", number):
            serial, code = "", "InvalidParameterValue.IncorrectPhoneNumber"
        elif sum(1 for message in gateway.inbox if message["vendor"] == "tencent" and message["number"] == number) >= 5:
            serial, code = "", "LimitExceeded.PhoneNumberOneHourLimit"
        else:
            gateway.inbox.append(
                {"vendor": "tencent", "number": number, "parameters": body["TemplateParamSet"], "serial": serial}
            )
        statuses.append(
            {"SerialNo": serial, "PhoneNumber": number, "Fee": int(code == "Ok"), "Code": code, "Message": code}
        )
    return 200, {"Response": {"SendStatusSet": statuses, "RequestId": str(uuid.uuid4())}}


def _refuse(code: str) -> Refusal:
    return Refusal(200, {"Response": {"Error": {"Code": code, "Message": code}, "RequestId": str(uuid.uuid4())}})


def _verify(gateway: Gateway, request: Request) -> None:
    found = re.fullmatch(
        r"TC3-HMAC-SHA256 Credential=([^/]+)/([^/]+)/sms/tc3_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})",
        request.headers.get("authorization", ""),
    )
    if not found:
        raise _refuse("AuthFailure.InvalidAuthorization")
    key, day, names, signature = found.groups()
    moment = int(request.headers["x-tc-timestamp"])
    if abs(moment - gateway.now()) > 300:
        raise _refuse("AuthFailure.SignatureExpire")
    if key != gateway.secrets["key"]:
        raise _refuse("AuthFailure.SecretIdNotFound")
    lines = "".join(
        f"{name}:{request.headers[name].strip().lower() if name != 'host' else request.headers[name]}\n"
        for name in names.split(";")
    )
    canonical = f"{request.method}\n/\n\n{lines}\n{names}\n{hashlib.sha256(request.raw).hexdigest()}"
    to_sign = f"TC3-HMAC-SHA256\n{moment}\n{day}/sms/tc3_request\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    secret = f"TC3{gateway.secrets['secret']}".encode()
    for part in (day, "sms", "tc3_request"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    expected = hmac.new(secret, to_sign.encode(), hashlib.sha256).hexdigest()
    if day != datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d") or not hmac.compare_digest(expected, signature):
        raise _refuse("AuthFailure.SignatureFailure")
