"""What is typed into ``check``, or handed to it, in whatever form: what cannot be read is refused in a sentence, and not called clean."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PHONE = "联系人手机13893512345。"


class _Typed(io.StringIO):
    """Standard input with these bytes below it."""

    def __init__(self, data: bytes) -> None:
        super().__init__("")
        self.buffer = io.BytesIO(data)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda data: monkeypatch.setattr(sys, "stdin", _Typed(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_passage_is_read_however_a_machine_writes_it(xuanfa: Any, typed: Any, encoding: str) -> None:
    typed(("法院开庭审理案件，当事人到庭。\r\n" + PHONE).encode(encoding))
    (found,) = xuanfa("check", "--text-stdin", "--format", "json").json
    assert (found["text"], found["line"]) == ("13893512345", 2)


def test_what_is_no_text_is_refused_and_not_called_clean(xuanfa: Any, typed: Any) -> None:
    typed(b"\xff\x00\x81" * 50)
    ran = xuanfa("check", "--text-stdin")
    assert ran.code == 1
    assert "没有发现问题" not in ran.out


@pytest.mark.parametrize("name", ["旧稿.doc", "旧稿.wps", "旧稿.md", "旧稿.txt"])
def test_an_old_file_of_word_is_known_by_its_content(xuanfa: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"))
    ran = xuanfa("check", str(tmp_path / name))
    assert ran.code == 1
    assert "另存为 .docx" in ran.err
    assert name in ran.err


def test_a_channel_that_there_is_not_is_told_once(xuanfa: Any, typed: Any) -> None:
    lines = [json.dumps({"id": number, "text": "今天开庭。", "channel": "weibbo"}) for number in range(3)]
    typed("\n".join(lines).encode())
    ran = xuanfa("check", "--jsonl")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.count("weibbo") == 1
