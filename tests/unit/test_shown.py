"""Names of files, and sentences with words of others, as people can read them."""

import os
from dataclasses import dataclass

import pytest

from xuanfa.domain.language import say
from xuanfa.domain.shown import file_name, printable

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


@dataclass(frozen=True)
class Reply:
    """A value of a sentence that is no text, and reads as one."""

    text: str

    def __str__(self) -> str:
        return self.text


@pytest.mark.parametrize("sign", ["\x1b", "\x00", "\u202e", "\x9b", "\u2028"])
def test_no_value_of_a_sentence_brings_what_a_terminal_obeys(sign: str) -> None:
    said = say("服务器说（{reply}）", "the server says ({reply})", reply=Reply(f"421 {sign}[2J")).coded("mail.later")
    safe = printable(said)
    assert sign not in safe
    assert "421" in safe
    assert getattr(safe, "code", "") == "mail.later"
    whole = say("服务器说（{reply}）", "the server says ({reply})", reply=Reply("421 later"))
    assert printable(whole) is whole
