"""A configured host may lead to public addresses only, unless the operator allowed it by name."""

import pytest

from integrations.address import AddressRefused, is_public, resolve


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "192.0.0.192", "224.0.0.1",
     "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "ff02::1"],
)  # fmt: skip
def test_inside_addresses_are_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["1.1.1.1", "223.5.5.5", "2606:4700:4700::1111"])
def test_public_addresses_are_public(ip):
    assert is_public(ip)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "①②⑦。0。0。1", "::1"]
)
def test_every_spelling_of_loopback_is_refused(host, monkeypatch):
    monkeypatch.delenv("BEIHUO_ALLOWED_HOSTS", raising=False)

    with pytest.raises(AddressRefused):
        resolve(host, 80)


def test_an_allowed_host_may_lead_inside(monkeypatch):
    monkeypatch.setenv("BEIHUO_ALLOWED_HOSTS", "mail.corp.example, 127.0.0.1")

    assert resolve("127.0.0.1", 25).ip == "127.0.0.1"


def test_the_refusal_says_what_an_administrator_can_do(monkeypatch):
    monkeypatch.delenv("BEIHUO_ALLOWED_HOSTS", raising=False)

    with pytest.raises(AddressRefused, match="BEIHUO_ALLOWED_HOSTS"):
        resolve("127.0.0.1", 25)
