"""Names of files as people can read them."""

import os

import pytest

from xuanfa.domain.shown import file_name

NAMES = {
    "posts/行动.md": "posts/行动.md",
    "posts/\\a.md": "posts/\\a.md",
    os.fsdecode("行动.md".encode("gbk")): "行动.md [GBK]",
    os.fsdecode("送达".encode("gbk") + b"/" + "行动.md".encode()): "送达/行动.md [GBK]",
    os.fsdecode("posts/巡回".encode() + b"/" + "行动.md".encode("gbk")): "posts/巡回/行动.md [GBK]",
    os.fsdecode("𠮷.md".encode("gb18030")): "𠮷.md [GBK]",
    os.fsdecode(b"caf\xe9.md"): "caf\\xe9.md",
    os.fsdecode(b"\xff\xfe.md"): "\\xff\\xfe.md",
    os.fsdecode(b"a\x1b\xb7\xa8.md"): "a\\x1b\\xb7\\xa8.md",
    "a\nb\x1b[2J.md": "a\\nb\\x1b[2J.md",
    "gpj.\u202etxt": "gpj.\\u202etxt",
    "half \ud83d.md": "half \\ud83d.md",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_on_one_line_with_nothing_that_is_obeyed(name: str) -> None:
    shown = file_name(name)
    assert shown == NAMES[name]
    assert shown.isprintable()
