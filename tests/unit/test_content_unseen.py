"""Characters without width, and those that turn the direction of writing, never reach readers in silence."""

from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.word_files import paragraph, title, word
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.posts import Reading, read_post
from xuanfa.content.text.leftovers import in_words
from xuanfa.content.text.markdown import leftovers, to_html
from xuanfa.content.text.unseen import unseen_in, without_unseen
from xuanfa.domain.column import Column

FAMILY = "👨\u200d👩\u200d👧"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"


def reading(tmp_path: Path, source: bytes, name: str = "a.md") -> Reading:
    return read_post(
        source,
        path=tmp_path / name,
        shown_as=f"posts/{name}",
        zone=ZoneInfo("Asia/Shanghai"),
        columns={"action": Column(id="action", title="行动", channels=("web",))},
        media=MediaStore(tmp_path / "media"),
    )


def told(read: Reading) -> list[tuple[int | None, str]]:
    return [(each.place.line, each.message) for each in read.notices if each.place and "U+" in each.message]


@pytest.mark.parametrize(
    "letter",
    [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", *"\u200b\u2060\u00ad\u180e\u3164\ufff9\U000e0041"],
)
@pytest.mark.parametrize(
    ("before", "after", "line"), [("公", "告", 2), ("公告\nauthor: 张", "三", 3), ("公告\n---\n赔偿 12", "34 元。", 4)]
)
def test_it_goes_and_is_told_with_line_and_code_point(
    tmp_path: Path, letter: str, before: str, after: str, line: int
) -> None:
    text = f"---\ntitle: {before}{letter}{after}\n"
    read = reading(tmp_path, (text if "---\n赔" in before else f"{text}---\n正文。\n").encode())
    assert read.problems == ()
    ((at, words),) = told(read)
    assert at == line
    assert f"U+{ord(letter):04X}" in words
    assert letter not in read.text
    assert read.post is not None
    assert letter not in read.post.body + read.post.title + read.post.author


def test_what_turns_the_direction_is_called_that(tmp_path: Path) -> None:
    read = reading(tmp_path, "---\ntitle: a\n---\n网址 \u202ehttp://a.cn\u202c。\n".encode())
    assert [words for _, words in told(read) if "方向" in words]
    assert read.post is not None
    assert read.post.body.strip() == "网址 http://a.cn。"


@pytest.mark.parametrize(
    "text",
    [
        FAMILY,
        WALES,
        "❤\ufe0f 葛\U000e0100 ☑\ufe0e",
        "می\u200cخواهم",  # Persian parts words by it
        "क\u094d\u200dष",
        "价格 \u200fشارع 5\u200e",
        "甲　乙\u00a0丙\u2003丁",
    ],
)
def test_what_a_script_or_a_picture_needs_stays(tmp_path: Path, text: str) -> None:
    read = reading(tmp_path, f"---\ntitle: a\n---\n{text}\n".encode())
    assert told(read) == []
    assert read.post is not None
    assert read.post.body.strip() == text
    assert text in unescape(to_html(text))


@pytest.mark.parametrize(
    "text", ["甲\u200d乙", "甲\u200c", "甲\u200e乙", "\u200d", "a\ufe0f\ufe0f\ufe0f", "\U000e0067甲", "👨\u200d甲"]
)
def test_the_same_beside_other_letters_goes(text: str) -> None:
    assert list(unseen_in(text))
    assert not list(unseen_in(without_unseen(text)))


def test_many_are_counted(tmp_path: Path) -> None:
    read = reading(tmp_path, ("---\ntitle: a\n---\n" + "甲\u200b乙\u200b\n" * 40).encode())
    assert [at for at, _ in told(read)] == [*range(4, 14)]
    assert any("30" in each.message and each.place and each.place.line == 14 for each in read.notices)


@pytest.mark.parametrize(
    ("written", "line"),
    [("甲&#8238;乙", 1), ("甲\n\n乙&shy;丙", 3), ("<p>甲\n&#x202E;乙</p>", 2), ("甲<b>&ZeroWidthSpace;</b>", 1)],
)
def test_a_reference_to_one_is_told_where_it_stands(written: str, line: int) -> None:
    (found,) = leftovers(written)
    assert (found.kind, found.line) == ("unseen", line)
    assert found.what in in_words(found)
    assert not list(unseen_in(to_html(written)))


@pytest.mark.parametrize("written", ["甲&nbsp;乙 &amp; &#20013;", "`&#8238;`", "<!-- &shy; --> 甲"])
def test_other_references_need_no_word(written: str) -> None:
    assert [each for each in leftovers(written) if each.kind == "unseen"] == []


def test_an_escape_in_the_front_matter_is_no_way_in(tmp_path: Path) -> None:
    read = reading(tmp_path, b'---\ntitle: "a\\u202Eb"\n---\ntext\n')
    assert [(each.place and each.place.line, "U+202E" in each.message) for each in read.problems] == [(2, True)]


def test_in_a_word_document_the_paragraph_is_told(tmp_path: Path) -> None:
    read = reading(
        tmp_path, word(title("公告"), paragraph("金额 \u202e12\u202c 元。"), paragraph("甲\u200b乙。")), "a.docx"
    )
    found = [each.message for each in read.notices if "U+20" in each.message]
    assert ["第 2 段" in words for words in found] == [True, True, False]
    assert "第 3 段" in found[2]
    assert not list(unseen_in(read.text))


def test_a_file_name_that_holds_one_shows_it(tmp_path: Path) -> None:
    (problem,) = reading(tmp_path, b"---\ntitle: a\n---\ntext\n", "z\u200bw.md").problems
    assert "z<U+200B>w" in problem.message
