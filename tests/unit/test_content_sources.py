"""Bytes become text whatever editor wrote them, and what is no text is refused in words."""

from pathlib import Path

import pytest

from xuanfa.content.reading.sources import SOURCE_MAX, decode, read_source
from xuanfa.domain.errors import ContentError

TEXT = "法院走进校园，讲“宪法”——依法办事。\n第二行 abc\n"


@pytest.mark.parametrize(
    ("source", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("gb18030"), "gb18030"),
    ],
)
def test_the_usual_encodings_give_the_same_text(source: bytes, encoding: str) -> None:
    read = decode(source, "posts/a.md")
    assert (read.text, read.encoding) == (TEXT, encoding)


def test_only_gb18030_is_noticed() -> None:
    assert "GB18030" in decode(TEXT.encode("gb18030"), "posts/a.md").notice
    assert decode(TEXT.encode(), "posts/a.md").notice == ""


def test_line_ends_of_windows_and_old_macs_become_one() -> None:
    assert decode("甲\r\n乙\r丙\n".encode(), "a.md").text == "甲\n乙\n丙\n"


def test_signs_that_xml_and_json_refuse_are_gone_and_lines_stay_where_they_were() -> None:
    assert decode("甲\x0b乙\u2028丙\x08丁\ufeff\n戊".encode(), "a.md").text == "甲 乙 丙丁\n戊"


@pytest.mark.parametrize(
    ("source", "place", "part"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x01", "a.md", "既不是 UTF-8 也不是 GB18030"),
        (b"a\nb\0c", "a.md:2", "不是文本文件"),
        ("café crème".encode("latin-1"), "a.md", "既不是 UTF-8 也不是 GB18030"),
        ("法院公告\n第二行".encode() + b"\xe4\xb8\n", "a.md:2", "损坏的字节"),
        (b"\xff\xfe" + "甲\n乙".encode("utf-16-le") + b"\x00", "a.md:2", "UTF-16"),
        (b"x" * (SOURCE_MAX + 1), "a.md", "上限 4 MB"),
    ],
)
def test_what_is_no_text_says_so_with_its_line(source: bytes, place: str, part: str) -> None:
    with pytest.raises(ContentError) as caught:
        decode(source, "a.md")
    assert str(caught.value.place) == place
    assert part in caught.value.message


def test_a_file_that_is_not_there_is_named_as_people_know_it(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"posts/a\.md: 读不了这个文件"):
        read_source(tmp_path / "none.md", "posts/a.md")


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(TEXT.encode("gb18030"))
    assert read_source(tmp_path / "a.md", "posts/a.md") == TEXT.encode("gb18030")
