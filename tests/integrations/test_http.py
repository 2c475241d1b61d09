"""The one HTTP client talks to a real server on the loopback, within its limits."""

import http.server
import json
import threading
import time

import pytest

from integrations.address import AddressRefused
from integrations.http import MOST_BYTES, Unreachable, request


class _Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path == "/slow":
            time.sleep(1.5)
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/other")
            self.end_headers()
            return
        answer = (
            b"x" * (MOST_BYTES + 1)
            if self.path == "/large"
            else json.dumps({"host": self.headers["Host"], "got": body.decode()}).encode()
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        """Say nothing: the tests print enough."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")
    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


def test_json_goes_out_and_comes_back(server):
    answer = request("POST", f"{server}/x", json={"a": 1})

    assert (200, '{"a":1}') == (answer.status, answer.body["got"].replace(" ", ""))
    assert server.removeprefix("http://") == answer.body["host"]


def test_a_redirect_is_not_followed(server):
    assert request("POST", f"{server}/redirect", json={}).status == 302


def test_a_slow_answer_ends_as_perhaps_sent(server):
    with pytest.raises(Unreachable) as caught:
        request("POST", f"{server}/slow", json={}, seconds=0.3)

    assert caught.value.sent


def test_a_closed_port_ends_as_not_sent(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")

    with pytest.raises(Unreachable) as caught:
        request("POST", "http://127.0.0.1:9/?token=geheim", json={})

    assert not caught.value.sent
    assert "geheim" not in str(caught.value)


def test_an_answer_beyond_the_limit_is_refused(server):
    with pytest.raises(Unreachable):
        request("POST", f"{server}/large", json={})


@pytest.mark.parametrize("url", ["ftp://1.1.1.1/", "http://1.1.1.1:22/", "file:///etc/passwd", "http:///nothing"])
def test_other_schemes_and_ports_are_refused(url):
    with pytest.raises(AddressRefused):
        request("GET", url)
