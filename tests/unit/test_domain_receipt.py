"""What a channel says of a post, before it is kept: no controls, no secrets, ids and addresses that are some."""

import pytest

from xuanfa.domain.receipt import Receipt, from_outside


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("7", "7"),
        (" 7\n", "7"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("\ud800x", "x"),
        ("\u202e7\u200b", "7"),
        ("编号 7", "编号 7"),
        ("\x00", None),
        ("", None),
        (None, None),
        ("x" * 500, "x" * 500),
        ("x" * 501, None),
        ("id-hunter2-hunter2", "id-***"),
    ],
)
def test_an_id_is_kept_without_what_nobody_sees(given: str | None, kept: str | None) -> None:
    receipt = from_outside(Receipt(remote_id=given, evidence="ok"), ["hunter2-hunter2", "7", ""])
    assert receipt.remote_id == kept
    assert ("编号" in receipt.evidence) is (given is not None and len(given) > 500)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://www.example.gov.cn/a/?id=7#x", "https://www.example.gov.cn/a/?id=7#x"),
        ("http://cms.local:8080/文章", "http://cms.local:8080/文章"),
        ("https://www.example.gov.cn/a\r\n\x1b[0m", "https://www.example.gov.cn/a[0m"),
        ("https://www.example.gov.cn/?token=hunter2-hunter2", "https://www.example.gov.cn/?token=***"),
        ("https://user:word@www.example.gov.cn/", None),
        ("https://user@www.example.gov.cn/", None),
        ("javascript:alert(1)", None),
        ("//www.example.gov.cn/", None),
        ("https://", None),
        ("https:///path", None),
        ("https://[::1", None),
        ("https://a.cn:99999/", None),
        ("https://a.cn:0/", None),
        ("https://a.cn/a b", None),
        ("https://a.cn/\u3000", "https://a.cn/"),
        ("https://a.cn/" + "x" * 2000, None),
        ("7", None),
    ],
)
def test_an_address_is_one_that_a_reader_can_open(given: str, kept: str | None) -> None:
    receipt = from_outside(Receipt(address=given, evidence="ok"), ["hunter2-hunter2"])
    assert receipt.address == kept
    assert ("地址" in receipt.evidence) is (kept is None)
