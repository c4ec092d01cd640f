"""Whatever a file holds, reading and rendering it stay small: too much is told with its line, and nothing is left out in silence."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xuanfa.content.pictures.cards import CARDS_MAX, drawn_cards
from xuanfa.content.pictures.drawing import Words, headline
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.pictures.themes import RED
from xuanfa.content.reading.posts import Reading, read_post
from xuanfa.content.reading.sources import SOURCE_MAX, read_source
from xuanfa.content.text import bounds
from xuanfa.content.text.blocks import Block
from xuanfa.content.text.markdown import excess, to_html
from xuanfa.content.text.plain import to_text
from xuanfa.content.text.summary import SUMMARY_MAX, summary_of
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ContentError
from xuanfa.domain.shown import MESSAGE_MAX, clipped, printable

Read = Callable[[str], Reading]
COLUMN = Column(id="action", title="我们在行动", channels=("site", "wechat"))
HEAD = "---\ntitle: 题\n---\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(source: str) -> Reading:
        return read_post(
            source.encode(),
            path=tmp_path / "posts" / "a.md",
            shown_as="posts/a.md",
            zone=ZoneInfo("Asia/Shanghai"),
            columns={"action": COLUMN},
            media=MediaStore(tmp_path / "media"),
        )

    return reading


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def nested(*tags: str, times: int) -> str:
    return "".join(f"<{tag}>" for tag in tags) * times + "字" + "".join(f"</{tag}>" for tag in reversed(tags)) * times


@pytest.mark.parametrize("tags", [("div",), ("b",), ("ul", "li"), ("table", "tr", "td"), ("blockquote",), ("i", "div")])
@pytest.mark.parametrize("closed", [True, False])
def test_nested_html_of_fifty_thousand_characters_is_told_with_its_line(
    read: Read, tags: tuple[str, ...], closed: bool
) -> None:
    body = nested(*tags, times=5000) if closed else "".join(f"<{tag}>" for tag in tags) * 5000 + "字"
    (problem,) = read(f"{HEAD}第一段。\n\n{body}").problems
    assert str(problem).startswith("posts/a.md:6: 嵌套太深")


@pytest.mark.parametrize("tags", [("div",), ("b",), ("section", "p"), ("blockquote",)])
def test_html_nested_as_far_as_it_may_be_keeps_its_text(tags: tuple[str, ...]) -> None:
    html = nested(*tags, times=bounds.DEPTH_MAX - 1)  # within the paragraph
    assert excess(html) is None
    assert "字" in to_html(html)


@pytest.mark.parametrize(("mark", "most"), [("> ", 19), ("- ", 9), ("1. ", 9)])
def test_nested_markdown_is_told_where_the_parser_would_leave_text_out(mark: str, most: int) -> None:
    assert excess(f"段\n\n{mark * most}字") is None
    assert "字" in to_html(f"{mark * most}字")
    found = excess(f"段\n\n{mark * (most + 1)}字")
    assert found is not None
    assert found[0] == 3
    assert "嵌套太深" in found[1]


def test_items_and_paragraphs_that_are_never_closed_are_not_nested() -> None:
    assert excess("<ul>" + "<li>项" * 500 + "</ul>" + "<p>段" * 500 + "<br>" * 500) is None
    assert excess("</div>" * 5000 + "字") is None


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("|a|b|\n|-|-|\n" + "|c|d|\n" * 12_000, 6_667),
        ("^[a]" * 20_000, 1),
        ("<b>" * 20 + "<p>字" * 2_000, 1),
    ],
)
def test_too_many_parts_are_told_with_the_line_in_which_they_become_so(body: str, line: int) -> None:
    found = excess(body)
    assert found is not None
    assert found[0] == line
    assert "内容太碎" in found[1]


def test_a_text_of_too_many_characters_is_told_where_it_becomes_so() -> None:
    assert excess("字" * bounds.TEXT_MAX) is None
    found = excess("字\n" * bounds.TEXT_MAX)
    assert found is not None
    assert found[0] == bounds.TEXT_MAX // 2 + 1


@pytest.mark.parametrize("opening", ["[", "![", "[^", "^[a", "[a]("])
def test_brackets_without_end_cost_no_time(opening: str) -> None:
    assert seconds(lambda: excess(opening * 40_000)) < 2


def test_brackets_in_code_and_closed_ones_are_no_matter() -> None:
    assert excess("```\n" + "[" * 500 + "\n```\n\n" + "[甲] " * 500) is None


@pytest.mark.parametrize(
    ("matter", "line", "part"),
    [
        (f"title: {'长' * 1200}", 2, "“title”有 1200 个字，最多 200 个"),
        (f"title: 题\ndepartment: {'部' * 201}", 3, "“department”有 201 个字"),
        (f"title: 题\nauthor: {'人' * 201}", 3, "“author”有 201 个字"),
        (f"title: 题\nsource: {'源' * 201}", 3, "“source”有 201 个字"),
        (f"title: 题\nsummary: {'要' * 1001}", 3, "“summary”有 1001 个字"),
        (f"title: 题\nkeywords: {'词' * 201}", 3, "“keywords”有 201 个字"),
        ("title: 题\nkeywords: " + "，".join(f"词{n}" for n in range(51)), 3, "关键词有 51 个"),
        (f"title: 题\nslug: {'s' * 101}", 3, "最多 100 个字"),
        (f"title: 题\nchannels:\n  site:\n    title: {'长' * 1200}", 5, "“title”有 1200 个字"),
        (f"title: 题\nchannels:\n  site:\n    summary: {'要' * 1001}", 5, "“summary”有 1001 个字"),
        (f"title: 题\nchannels:\n  site:\n    text: {'<div>' * 50}", 5, "嵌套太深"),
        ("title: 题\nkeywords: [" + "a, " * 400 + "a]", 3, "300 项以上"),
        ("title: 题\n" + "\n".join(f"k{n}: v" for n in range(400)), 302, "300 项以上"),
        ("title: 题\nsummary: " + "长" * 400_000, 1, "不像稿头"),
        ("title: 题\nsummary: " + "[" * 50_000, 3, ""),
    ],
)
def test_front_matter_beyond_its_limits_is_told_with_its_line(read: Read, matter: str, line: int, part: str) -> None:
    reading = read(f"---\n{matter}\n---\n文")
    assert reading.post is None
    assert any(str(problem).startswith(f"posts/a.md:{line}: ") and part in str(problem) for problem in reading.problems)
    assert all(len(str(problem)) < MESSAGE_MAX + 50 for problem in reading.problems)


def test_a_thousand_missing_pictures_in_a_large_folder_cost_little(read: Read, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    for number in range(1500):
        (tmp_path / "posts" / f"photo{number}.png").touch()
    body = "\n".join(f"![](phot{number}.png)" for number in range(1000))
    spent = seconds(lambda: read(HEAD + body))
    problems = read(HEAD + body).problems
    assert len(problems) == bounds.PICTURES_MAX + 1
    assert "最多 300 张" in str(problems[-1])
    assert spent < 3


@pytest.mark.parametrize(
    ("matter", "line"),
    [
        ('title: "a\\e[2Jb"', 2),
        ('title: 题\nauthor: "\\x07"', 3),
        ('title: 题\n"sum\\x9bmary": x', 3),
        ('title: "\\u2028"', 2),
    ],
)
def test_control_characters_by_escapes_are_told_and_never_repeated(read: Read, matter: str, line: int) -> None:
    (problem,) = read(f"---\n{matter}\n---\n文").problems
    assert str(problem).startswith(f"posts/a.md:{line}: ")
    assert "控制字符" in str(problem)
    assert printable(str(problem)) == str(problem)


def test_control_characters_by_references_reach_no_reader() -> None:
    html = to_html('<p title="&#27;">甲&#27;[31m&#x9b;乙&#11;丙</p>\n\n&#27;丁')
    assert printable(html.replace("\n", "")) == html.replace("\n", "")
    assert "甲[31m›乙 丙" in html  # what a browser makes of &#x9b; (HTML, 13.2.5.80)


def test_what_is_repeated_in_a_message_is_short_and_obeys_nothing() -> None:
    error = ContentError("甲\x1b[2J" + "长" * 10_000 + "请改正。")
    assert len(error.message) <= MESSAGE_MAX
    assert error.message.startswith("甲\\x1b[2J")
    assert error.message.endswith("请改正。")
    assert (printable("甲\n乙"), clipped("甲乙")) == ("甲\n乙", "甲乙")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (f"{HEAD}文\n\n见 https://late.invalid/link/site/ 。", 6),
        (f"{HEAD}<HTTPS://Late.Invalid/time/iso/>", 4),
        ("---\ntitle: https://late.invalid/link/site/\n---\n文", 2),
        ("---\ntitle: 题\nchannels:\n  site:\n    text: https://late.invalid/\n---\n文", 5),
        ("---\ntitle: 题\nkeywords: [甲, late.invalid]\n---\n文", 3),
    ],
)
def test_an_address_that_the_program_fills_in_cannot_be_typed(read: Read, source: str, line: int) -> None:
    (problem,) = read(source).problems
    assert str(problem).startswith(f"posts/a.md:{line}: late.invalid")


def refusal(path: Path) -> str:
    with pytest.raises(ContentError) as caught:
        read_source(path, "posts/a.md")
    return str(caught.value)


def test_what_is_no_plain_file_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    (tmp_path / "folder.md").mkdir()
    with (tmp_path / "large.md").open("wb") as file:
        file.truncate(3_000_000_000)
    assert "不是普通文件" in refusal(tmp_path / "pipe.md")
    assert "不是普通文件" in refusal(tmp_path / "zero.md")
    assert "这是文件夹" in refusal(tmp_path / "folder.md")
    assert "3000.0 MB" in refusal(tmp_path / "large.md")
    assert "文件或文件夹不存在" in refusal(tmp_path / "none.md")


def test_a_file_that_grows_while_it_is_read_is_read_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"x" * (SOURCE_MAX + 1))
    monkeypatch.setattr("xuanfa.content.reading.sources.unreadable", lambda *_: "")
    assert "上限 4 MB" in refusal(path)


@pytest.mark.parametrize("text", ["字" * 95_000, "字，" * 45_000, "；" * 95_000, "。" * 95_000, "字。" + "”" * 95_000])
def test_a_summary_of_a_text_without_sentences_costs_no_time(text: str) -> None:
    found = []
    assert seconds(lambda: found.append(summary_of(f"<p>{text}</p>"))) < 0.5
    assert len(found[0]) <= SUMMARY_MAX


@pytest.mark.parametrize("text", ["关于深入开展专项行动的" * 110, "（" * 1200, "a!" * 600, "。“" * 600, "字 " * 600])
def test_drawing_a_title_of_any_length_costs_little(text: str) -> None:
    assert seconds(lambda: headline(text, (1500, 700), "serif", (150, 60), 4)) < 2


@pytest.mark.parametrize(
    ("text", "count"), [("字" * 60_000, "至少 "), ("a" * 200_000, "至少 "), ("字\n" * 9_000, "至少 ")]
)
def test_a_book_is_told_to_be_one_without_being_laid_out(tmp_path: Path, text: str, count: str) -> None:
    words = Words(title="题", column="栏", organisation="法院")

    def draw() -> None:
        with pytest.raises(ContentError, match=f"文字卡片要{count}\\d.*最多 {CARDS_MAX} 张"):
            drawn_cards(MediaStore(tmp_path), words, [Block("paragraph", text)], RED)

    assert seconds(draw) < 1


@pytest.mark.parametrize(
    "body", ["<" * 50_000, "<a " * 30_000, '"<' * 30_000, "字　\n" * 20_000, "<!-- " * 20_000 + "`", "&#60;" * 20_000]
)
def test_signs_that_begin_something_cost_no_time(body: str) -> None:
    assert seconds(lambda: to_text(to_html(body))) < 2


def test_links_without_end_are_told_and_those_with_one_are_not() -> None:
    assert excess("[a](b) " * 500) is None
    assert excess("（见下）) " * 500) is None
    found = excess("段\n\n" + "[a](" * (bounds.BRACKETS_MAX + 1))
    assert found is not None
    assert (found[0], "没有对应的 )" in found[1]) == (3, True)
