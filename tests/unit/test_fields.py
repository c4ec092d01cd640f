"""Addresses in settings: what cannot be one is noticed when it is read, not when something is to be sent there."""

import pytest

from xuanfa.adapters.shared.fields import exact_address, has_sound_host, web_address

ODD = [
    "http://h:99999/x",
    "http://h:-1",
    "http://h:port/",
    "http://h:0/",
    "http://[::1",
    "http://",
    "https:///path",
    "ftp://h/",
    "h",
    "//h/x",
    "http://.../",
    "http://a..b/",
    "http://" + "a" * 64 + ".cn/",
]


@pytest.mark.parametrize("address", ODD)
def test_an_address_without_a_sound_host_is_none(address: str) -> None:
    assert not has_sound_host(address)
    for read in (exact_address, web_address):
        with pytest.raises(ValueError, match="https://"):
            read(address)


@pytest.mark.parametrize(
    "address", ["https://oa.example.gov.cn", "http://h:8080/a", "http://[::1]:80/x", "https://法院.中国/zl"]
)
def test_a_sound_one_is_taken_as_it_is(address: str) -> None:
    assert has_sound_host(address)
    assert exact_address(address) == address
