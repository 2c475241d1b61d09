"""Security headers: on every answer, whatever it is."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize(
    "path",
    ["/", "/app/", "/api/v1/about", "/api/v1/nothing", "/api/docs", "/livez", "/a/x", "/api/docs-assets/docs.js"],
)
def test_every_answer_has_them(app, path):
    headers = app.test_client().get(path).headers

    assert "nosniff" == headers["X-Content-Type-Options"]
    assert "DENY" == headers["X-Frame-Options"]
    assert "no-referrer" == headers["Referrer-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]


def test_answers_of_the_api_are_not_kept(app):
    assert "no-store" == app.test_client().get("/api/v1/about").headers["Cache-Control"]


def test_the_request_log_is_json_without_query_or_token(app, capfd):
    """One line a request: method, route, status, time; the query may hold names of customers and stays out."""
    app.test_client().get("/api/v1/about?secret=1", headers={"X-Request-Id": "req-7", "Authorization": "Bearer bh_x"})
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    line = next(line for line in lines if line["event"] == "request")

    assert ("GET", "/api/v1/about", "req-7") == (line["method"], line["route"], line["request_id"])
    assert "secret" not in str(lines)
    assert "bh_x" not in str(lines)
