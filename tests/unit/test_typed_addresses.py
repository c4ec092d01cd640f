"""Addresses are told as people typed them."""

import pytest

from xuanfa.content.text.markdown import pictures


@pytest.mark.parametrize("address", ["http://[::1", "https://[x/a.png"])
def test_an_address_whose_host_cannot_be_read_is_not_made_another_one(address: str) -> None:
    assert [picture.source for picture in pictures(f"![x](<{address}>)")] == [address]
