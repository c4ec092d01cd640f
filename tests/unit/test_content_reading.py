"""A file becomes a post, or every problem is told at once with its line; nothing that a file holds makes reading fail."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from support.word_files import workbook
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.drafts import new_post
from xuanfa.content.reading.fields import Fields
from xuanfa.content.reading.posts import Reading, read_post
from xuanfa.content.text.markdown import pictures
from xuanfa.domain.column import Column
from xuanfa.domain.post import Due, Override, Source

Read = Callable[..., Reading]

ACTION = Column(id="action", title="我们在行动", channels=("site", "wecom"))
OTHER = Column(id="other", title="普法课堂", channels=("site", "hook"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    for name in ("2026/images", "images", "附件"):
        (folder / "posts" / name).mkdir(parents=True)
    for name in ("images/court.png", "2026/images/village.png", "../outside.png", "海报.png", "漫画.jpg"):
        Image.new("RGB", (40, 30), "red").save(folder / "posts" / name)
    return folder


@pytest.fixture(scope="module")
def read(workspace: Path) -> Read:
    def reading(source: str | bytes, name: str = "a.md", columns: tuple[Column, ...] = (ACTION, OTHER)) -> Reading:
        return read_post(
            source.encode() if isinstance(source, str) else source,
            path=workspace / "posts" / name,
            shown_as=f"posts/{name}",
            zone=ZoneInfo("Asia/Shanghai"),
            columns={column.id: column for column in columns},
            media=MediaStore(workspace / "media"),
        )

    return reading


def told(reading: Reading) -> list[str]:
    assert reading.post is None
    return [str(problem) for problem in reading.problems]


FULL = """\
---
title: 2026
column: action
slug: xunhui-01
summary: 一句话
  摘要
author: 张三
department: 执行局
editor: 李四
source: {name: 新华社, url: "https://news.cn/a"}
keywords: 巡回审判，乡村、 基层 基层
cover: images/court.png
publish_at: 2026-12-01 09:00
expires_at: 2027年1月1日 0:00
corrects: 2026/xunhui-00.md
channels:
  site:
  wecom:
    title: 短标题
    text: |
      第一行

      第二行
    publish_at: 立即
---
正文 ![庭审](images/court.png)
"""


def test_every_key_is_read(read: Read) -> None:
    reading = read(FULL)
    assert reading.problems == ()
    post = reading.post
    assert post is not None
    assert (post.slug, post.title, post.column, post.summary) == ("xunhui-01", "2026", "action", "一句话 摘要")
    assert (post.author, post.department, post.editor) == ("张三", "执行局", "李四")
    assert post.corrects == "xunhui-00"
    assert post.source == Source(name="新华社", url="https://news.cn/a")
    assert post.keywords == ("巡回审判", "乡村", "基层")
    assert post.publish_at == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    assert post.expires_at == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert post.channels == {
        "site": Override(),
        "wecom": Override(title="短标题", text="第一行\n\n第二行", publish_at=Due.NOW),
    }
    assert post.cover is not None
    assert [(picture.source, picture.alt) for picture in post.pictures] == [("images/court.png", "庭审")]
    assert post.body == "正文 ![庭审](images/court.png)\n"
    assert post.path == "posts/a.md"


@pytest.mark.parametrize("named", ["a", "posts/a.md", "不是 编号"])
def test_a_correction_names_another_post(read: Read, named: str) -> None:
    (problem,) = told(read(f"---\ntitle: 更正\ncolumn: action\ncorrects: {named}\n---\n文\n"))
    assert problem.startswith("posts/a.md:4")
    assert "corrects" in problem


def test_little_is_needed(read: Read) -> None:
    post = read("---\ntitle: yes\n---\n正文\n", "巡回-01.md", (ACTION,)).post
    assert post is not None
    assert (post.slug, post.title, post.column, post.channels, post.publish_at) == (
        "巡回-01",
        "yes",
        "action",
        None,
        None,
    )


@pytest.mark.parametrize("channels", ["[site, wecom]", "site，wecom", "\n  - site\n  - wecom"])
def test_channels_may_be_a_list(read: Read, channels: str) -> None:
    post = read(f"---\ntitle: 题\ncolumn: action\nchannels: {channels}\n---\n文\n").post
    assert post is not None
    assert post.channels == {"site": Override(), "wecom": Override()}


def test_pictures_are_those_of_the_posts_folder_also_from_below_it(read: Read) -> None:
    post = read(
        "---\ntitle: 题\ncolumn: action\n---\n![](images/village.png) ![](..\\images\\court.png)", "2026/b.md"
    ).post
    assert post is not None
    assert [picture.source for picture in post.pictures] == ["images/village.png", "..\\images\\court.png"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_files_of_windows_are_read(read: Read, encoding: str) -> None:
    reading = read("---\r\ntitle: 执行行动\r\ncolumn: action\r\n---\r\n正文。\r\n".encode(encoding))
    assert reading.post is not None
    assert (reading.post.title, reading.post.body) == ("执行行动", "正文。\n")
    notices = [str(notice) for notice in reading.notices]
    assert [notice.startswith("posts/a.md: 文件是 GB18030") for notice in notices] == [True] * (encoding == "gb18030")


@pytest.mark.parametrize(
    ("source", "place", "part"),
    [
        ("正文而已", "posts/a.md:1: ", "没有稿头"),
        ("", "posts/a.md:1: ", "没有稿头"),
        ("———\ntitle: 题\n———\n文", "posts/a.md:1: ", "应以三个半角减号"),
        ("---\ntitle: 题\n\n正文", "posts/a.md:1: ", "稿头没有结束"),
        ("---\ntitle: 题\n——\n正文", "posts/a.md:3: ", "稿头没有结束：这一行应是"),
        ("---\ntitle：题\ncolumn: action\n---\n文", "posts/a.md:2: ", "“title”后面是全角冒号"),
        ("---\n标题：题\ncolumn: action\n---\n文", "posts/a.md:2: ", "加一个空格：title: 内容"),
        ("---\ntitle: 题\nsummary：要\n---\n文", "posts/a.md:3: ", "“summary”后面是全角冒号"),
        ("---\ntitle: 题\n\tcolumn: action\n---\n文", "posts/a.md:3: ", "制表符"),
        ("---\ntitle:题\n---\n文", "posts/a.md:2: ", "少一个空格"),
        ("---\ntitle: 执行: 行动\n---\n文", "posts/a.md:2: ", "半角冒号加空格"),
        ("---\ntitle: *题\n---\n文", "posts/a.md:2: ", "以符号 * 开头"),
        ("---\ntitle: [[[[[[[[[[a\n---\n文", "posts/a.md:2: ", "嵌套太深"),
        ("---\ntitle: 一\ntitle: 二\n---\n文", "posts/a.md:3: ", "写了两次，第一次在第 2 行"),
        ('---\ntitle: "题\n---\n文', "posts/a.md:2: ", "没有成对"),
        ("---\ntitle: 题\n, 甲\n---\n文", "posts/a.md:3: ", "写法不对"),
        ("---\n一段话\n---\n文", "posts/a.md:2: ", "写法不对"),
        ("---\ntitle: &a 题\nsummary: *a\n---\n文", "posts/a.md:3: ", "以符号 * 开头"),
    ],
)
def test_a_front_matter_that_cannot_be_read_says_where(read: Read, source: str, place: str, part: str) -> None:
    (problem,) = told(read(source))
    assert problem.startswith(place)
    assert part in problem


@pytest.mark.parametrize(
    ("lines", "line", "part"),
    [
        ("titel: 题", 4, "不认识“titel”，是不是想写 title？"),
        ("栏目: 我们在行动", 4, "是不是想写 column？"),
        ("发布时间: 明天", 4, "是不是想写 publish_at？"),
        ("xyzzy: 1", 4, "这里可以写：title、column"),
        ("summary: [甲]", 4, "应是一行文字"),
        ("keywords: {甲: 乙}", 4, "应是一行关键词"),
        ("source: {url: 'https://a.cn'}", 4, "source.name 没有写"),
        ("source:\n  name: 甲\n  url: a.cn", 6, "应以 http:// 或 https:// 开头"),
        ("publish_at: 2026-02-30 09:00", 4, "没有 2026年2月30日"),
        ("publish_at: 2026-12-01", 4, "没有几点几分"),
        ("publish_at: 2026-12-01 09:00\nexpires_at: 2026-12-01 09:00", 5, "永远发不出去"),
        ("slug: 李/明 一", 4, "可以写成：李-明-一"),
        (f"slug: {'a' * 101}", 4, "最多 100 个字"),
        ("channels: [site, wecon]", 4, "专栏 action 没有渠道“wecon”。是不是想写 wecom？可选：site、wecom。"),
        ("channels:\n  - site\n  - hook", 6, "渠道“hook”不属于专栏“我们在行动”"),
        ("channels: []", 4, "没有地方可发"),
        ("channels:\n  site:\n    titel: 短", 6, "是不是想写 title？"),
        ("channels:\n  site: [短]", 5, "应是缩进的"),
        ("channels:\n  site:\n    publish_at: 明天", 6, "看不懂时间“明天”"),
        ("channels:\n  site:\n    text: ' '", 6, "渠道“site”的 text是空的"),
        ("channels:\n  site:\n    text: '![](images/none.png)'", 6, "找不到图片"),
        ("cover: images/cuort.png", 4, "文件夹里有相近的：images/court.png"),
        ("cover: https://a.cn/a.png", 4, "在别的网站上"),
    ],
)
def test_a_wrong_value_is_told_with_its_line(read: Read, lines: str, line: int, part: str) -> None:
    (problem,) = told(read(f"---\ntitle: 题\ncolumn: action\n{lines}\n---\n文\n"))
    assert problem.startswith(f"posts/a.md:{line}: ")
    assert part in problem


@pytest.mark.parametrize(
    ("body", "line", "part"),
    [
        ("", 5, "正文是空的"),
        ("\n<!-- 写在\n这里 -->\n", 5, "正文是空的"),
        ("文\n\n<!-- 写在", 7, "没有结束"),
        ("文\n![图](images/none.png)", 6, "找不到图片“images/none.png”，找过：posts/images/none.png"),
        ("![图](Court.PNG)", 5, "文件夹里有相近的：images/court.png"),
        ("![图](../outside.png)", 5, "不在稿件文件夹里"),
        ("![图](../../../../etc/passwd)", 5, "不在稿件文件夹里"),
        ("![图](/etc/passwd)", 5, "相对于稿件的文件名"),
        ("![图](file:///c:/a.png)", 5, "相对于稿件的文件名"),
        ("![图](//a.cn/a.png)", 5, "在别的网站上"),
        ("文\n\n<p><img src='http://a.cn/a.png'></p>", 7, "在别的网站上"),
        ("![图](a.md)", 5, "找不到图片"),
        ("![图](我 的.png)", 5, "图片写法不对"),
        (f"![图]({'x' * 3000}.png)", 5, "找不到图片"),
    ],
)
def test_a_wrong_body_is_told_with_its_line(read: Read, body: str, line: int, part: str) -> None:
    (problem,) = told(read(f"---\ntitle: 题\ncolumn: action\n---\n{body}"))
    assert problem.startswith(f"posts/a.md:{line}: ")
    assert part in problem


@pytest.mark.parametrize(
    ("matter", "problems"),
    [
        ("column: action", ["posts/a.md:1: 没有标题"]),
        ('title: "a\\nb"\ncolumn: action', ["posts/a.md:2: 标题只能有一行"]),
        ("title: 题", ["posts/a.md:1: 没有写专栏。请加上 column，可选：action（我们在行动）、other（普法课堂）"]),
        ("title: 题\ncolumn: actoin", ["posts/a.md:3: 没有专栏“actoin”。是不是想写 action？"]),
        ("title: 题\ncolumn: 普法课堂", ["posts/a.md:3: 没有专栏“普法课堂”。是不是想写 other？"]),
        ("标题: 题\n专栏: action", ["posts/a.md:2: 不认识“标题”", "posts/a.md:3: 不认识“专栏”"]),
    ],
)
def test_a_missing_title_or_column_is_told_once(read: Read, matter: str, problems: list[str]) -> None:
    reading = told(read(f"---\n{matter}\n---\n文"))
    assert len(reading) == len(problems)
    assert all(problem.startswith(expected) for problem, expected in zip(reading, problems, strict=True))


def test_all_problems_are_told_at_once_in_the_order_of_lines(read: Read) -> None:
    problems = told(read("---\ncolumn: nowhere\npublish_at: 明天\nxyzzy: 1\n---\n![](none.png)\n"))
    assert [problem.split(": ")[0] for problem in problems] == [f"posts/a.md:{line}" for line in (1, 2, 3, 4, 6)]


def test_a_file_name_that_is_no_slug_is_told_with_a_better_one(read: Read) -> None:
    (problem,) = told(read("---\ntitle: 题\ncolumn: action\n---\n文", "第1期 行动.md"))
    assert "改名为 第1期-行动.md" in problem


def test_a_picture_that_cannot_be_kept_is_a_problem_of_its_post(tmp_path: Path, workspace: Path) -> None:
    (tmp_path / "media").write_text("in the way")
    reading = read_post(
        "---\ntitle: 题\n---\n![](images/court.png)".encode(),
        path=workspace / "posts/a.md",
        shown_as="posts/a.md",
        zone=UTC,
        columns={"action": ACTION},
        media=MediaStore(tmp_path / "media"),
    )
    assert "图片存不进" in told(reading)[0]


@pytest.mark.parametrize("title", ["巡回审判进乡村", '执行: "雷霆"行动/第1期?', "#标签", "- x", "***", "长" * 200])
def test_a_new_file_is_ready_and_not_publishable_before_something_is_written(read: Read, title: str) -> None:
    name, text = new_post(title, column=ACTION, today=date(2026, 12, 1))
    (problem,) = told(read(text, name))
    assert "正文是空的" in problem
    post = read(text + "写好了。\n", name).post
    assert post is not None
    assert (post.title, post.column) == (title, "action")
    assert name.startswith("20261201-")
    assert not set(name) & set('<>:"/\\|?* ')
    assert len(name.encode()) < 255


def test_every_key_of_a_new_file_can_be_switched_on(read: Read) -> None:
    name, text = new_post("题", column=ACTION, today=date(2026, 12, 1))
    text = "\n".join(
        line.removeprefix("# ") if ": " in line and "cover" not in line else line for line in text.split("\n")
    )
    reading = read(text + "写好了。\n", name)
    assert reading.problems == ()
    assert reading.post is not None
    assert reading.post.publish_at == datetime(2026, 12, 2, 1, 0, tzinfo=UTC)  # a time to come


GUIDE = Path(__file__).parents[2] / "docs/zh/写稿.md"


def samples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_guide_for_staff_names_every_key() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", GUIDE.read_text("utf-8"), re.MULTILINE))
    assert named == set(Fields.model_fields)


def test_the_samples_of_the_guide_are_read_without_a_complaint(read: Read, workspace: Path) -> None:
    assert read(samples("markdown")[0]).problems == ()
    (workspace / "posts/附件/方案.pdf").write_bytes(b"%PDF-1.4")
    (workspace / "posts/附件/报名表.xlsx").write_bytes(workbook())
    text = "文\n\n![图](海报.png)\n\n![图](漫画.jpg)"
    assert all(read(f"---\ntitle: 题\ncolumn: action\n{each}---\n{text}").problems == () for each in samples("yaml"))


def test_the_pictures_of_the_guide_are_found_as_written() -> None:
    found = [picture.source for sample in samples("markdown") for picture in pictures(sample)]
    assert found == ["images/庭审.jpg", "images/庭审 1.jpg"]


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "---\n",
                    "title: 题\n",
                    "column: action\n",
                    "channels:\n",
                    "  site:\n",
                    "    text: |\n",
                    "      文\n",
                    "- a\n",
                ),
                *(
                    "? ",
                    ": ",
                    "&a ",
                    "*a ",
                    "!!python/object:os.system ",
                    "|\n",
                    "[",
                    "{",
                    "]",
                    "}",
                    '"',
                    "\t",
                    "%YAML 1.1\n",
                ),
                *(
                    "publish_at: 2026-1-1 9:00\n",
                    "cover: images/court.png\n",
                    "![x](",
                    ")",
                    "..\n",
                    "\x00",
                    "\ufeff",
                    "\u2028",
                ),
                *("source:\n", "  name: a\n", "keywords: [a, {b: c}]\n", "<!--", "slug: ", "...\n"),
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=25,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(
    source=st.one_of(st.binary(max_size=80), PIECES.map(str.encode), PIECES.map(lambda text: ("---\n" + text).encode()))
)
def test_reading_never_fails_whatever_the_bytes(read: Read, source: bytes) -> None:
    reading = read(source)
    assert (reading.post is None) == bool(reading.problems)
    assert all(problem.place is not None and problem.place.path == "posts/a.md" for problem in reading.problems)


@pytest.mark.usefixtures("english")
def test_messages_speak_english_when_asked(read: Read) -> None:
    problems = told(read("---\ntitel: x\ncolumn: action\npublish_at: 2026-12-01\nchannels: [nowhere]\n---\n"))
    assert len(problems) == 4
    assert all(problem.isascii() for problem in problems)


def test_what_is_said_to_be_secret_is_not_taken(read: Read) -> None:
    text = "---\ntitle: 一篇\ncolumn: action\nsecret: {answer}\n---\n\n正文。\n"
    reading = read(text.format(answer="是"))
    assert ["涉密" in str(problem) and "4" in str(problem) for problem in reading.problems] == [True]
    assert read(text.format(answer="否")).problems == ()
