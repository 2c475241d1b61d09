"""Twilio: basic authentication, E.164 numbers, JSON errors with their codes."""

from __future__ import annotations

import base64
import re
import uuid
from typing import Any
from urllib.parse import parse_qs

from gateways.server import Gateway, Refusal, Request


def answer(gateway: Gateway, request: Request) -> tuple[int, Any]:
    """Check and queue the message."""
    expected = base64.b64encode(f"AC{gateway.secrets['key']}:{gateway.secrets['secret']}".encode()).decode()
    if request.headers.get("authorization") != f"Basic {expected}":
        raise Refusal(401, {"code": 20003, "message": "Authenticate", "status": 401})
    form = {name: values[0] for name, values in parse_qs(request.raw.decode()).items()}
    if not re.fullmatch(r"\+[1-9]\d{6,14}", form["To"]):
        raise Refusal(400, {"code": 21211, "message": f"Invalid 'To' Phone Number: {form['To']}", "status": 400})
    sid = f"SM{uuid.uuid4().hex}"
    gateway.inbox.append({"vendor": "twilio", "number": form["To"], "text": form["Body"]})
    return 201, {"sid": sid, "status": "queued", "to": form["To"], "error_code": None, "error_message": None}
