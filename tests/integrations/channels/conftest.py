"""A gateway for each test, on the loopback, which the tests allow."""

import pytest
from gateways import Gateway


@pytest.fixture
def gateway(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "127.0.0.1")
    running = Gateway().start()
    yield running
    running.stop()
