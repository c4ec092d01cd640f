"""From a file in ``posts/`` to what a reader or the one who runs the command gets: one test for each kind of fault that was met in use.

Every step is covered by tests of its own; these hold the whole way, through settings, reading, rendering and what is printed. Pictures that
other channels name are in ``tests/contract/test_public_pictures``, long ones in ``tests/unit/test_pictures_long``, proxies and servers with
their adapters, locales in ``tests/cli/test_locales``.
"""

import html
import os
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Run = Any


def put(workspace: Path, name: str, body: str, head: str = "") -> Path:
    """A post file as somebody types it."""
    path = workspace / "posts" / f"{name}.md"
    title = "" if "title:" in head else f"title: {name}一文\n"
    path.write_text(f"---\n{title}column: action\nchannels: [site]\n{head}---\n\n{body}\n", encoding="utf-8")
    return path


def page(workspace: Path, name: str) -> str:
    return (workspace / "public" / "action" / f"{name}.html").read_text(encoding="utf-8")


def prose(workspace: Path, name: str) -> list[str]:
    """The paragraphs of the published article, with their inner markup."""
    found = re.search(r'<div class="prose">(.*?)</div>', page(workspace, name), re.DOTALL)
    assert found is not None
    return [html.unescape(text) for text in re.findall(r"<p>(.*?)</p>", found[1], re.DOTALL)]


def published(xuanfa: Run, workspace: Path, name: str, body: str, head: str = "") -> list[str]:
    put(workspace, name, body, head + "publish_at: 立即\n")
    assert xuanfa("publish").code == 0
    return prose(workspace, name)


def test_a_file_name_of_other_bytes_is_its_own_problem(xuanfa: Run, workspace: Path, tmp_path: Path) -> None:
    odd = os.fsdecode(b"\xb0\xec\xb0\xb8.md")  # 办案 in GBK, as a ZIP of another system leaves it
    (workspace / "posts" / odd).write_bytes(put(workspace, "good", "法官进社区。", "publish_at: 立即\n").read_bytes())
    said = xuanfa("publish")
    assert (said.code, page(workspace, "good").count("法官进社区。") > 0) == (1, True)
    (line,) = [line for line in said.err.splitlines() if line.startswith("有问题")]
    assert "请改名" in line
    assert "请改名" in xuanfa("doctor").out
    assert xuanfa("backup", tmp_path / "kept.zip").code == 0


def test_bold_beside_chinese_marks_masks_and_indents_arrive_as_typed(xuanfa: Run, workspace: Path) -> None:
    body = "    **地点：**三楼，~~周四。~~周五**《细则》**施行\n\n\t李**诉孙*某一案，电话137****0001、136****0002"
    assert published(xuanfa, workspace, "typed", body) == [
        "<strong>地点：</strong>三楼，<s>周四。</s>周五<strong>《细则》</strong>施行",
        "李**诉孙*某一案，电话137****0001、136****0002",
    ]


def test_a_word_file_saved_as_text_keeps_its_paragraphs(xuanfa: Run, workspace: Path) -> None:
    assert published(xuanfa, workspace, "word", "　　第一段。\n　　第二段。\n　　第三段。") == [
        "第一段。",
        "第二段。",
        "第三段。",
    ]


def test_a_summary_is_whole_sentences_without_notes(xuanfa: Run, workspace: Path) -> None:
    published(xuanfa, workspace, "noted", "双方当庭和解[^1]，案结事了。\n\n[^1]: 《民事诉讼法》第九十六条。")
    assert '<meta name="Description" content="双方当庭和解，案结事了。">' in page(workspace, "noted")


def test_a_hash_in_front_matter_cuts_nothing(xuanfa: Run, workspace: Path) -> None:
    published(xuanfa, workspace, "hash", "正文。", "title: 以案说法 #7 开讲\nkeywords: 执行、#普法、调解\n")
    text = page(workspace, "hash")
    assert "以案说法 #7 开讲" in text
    assert '<meta name="Keywords" content="执行,#普法,调解">' in text.replace("，", ",")


def test_the_width_of_a_picture_holds_on_the_site(xuanfa: Run, workspace: Path) -> None:
    Image.new("RGB", (900, 600), "#357").save(workspace / "posts" / "a.png")
    published(xuanfa, workspace, "wide", "![现场](a.png){width=240}\n\n正文。")
    (shown,) = re.findall(r"<img [^>]*alt=\"现场\"[^>]*>", page(workspace, "wide"))
    assert 'width="240"' in shown
    assert shown.count("width=") == 1


def test_the_width_of_a_picture_holds_in_mail_and_is_said_once(xuanfa: Run, workspace: Path) -> None:
    settings = workspace / "xuanfa.toml"
    text = settings.read_text(encoding="utf-8").replace('["site", "cms"]', '["site", "cms", "mail"]')
    settings.write_text(text + '\n[channels.mail]\nadapter = "email"\nrehearsal = true\n', encoding="utf-8")
    Image.new("RGB", (900, 600), "#357").save(workspace / "posts" / "a.png")
    put(workspace, "mailed", "![甲](a.png){width=240}\n\n![乙](a.png)\n\n正文。", "publish_at: 立即\n").write_text(
        (workspace / "posts" / "mailed.md").read_text(encoding="utf-8").replace("[site]", "[mail]"), encoding="utf-8"
    )
    xuanfa("preview", "mailed")
    (sent,) = (workspace / "var" / "preview" / "mailed" / "mail").glob("*.html")
    shown = re.findall(r"<img [^>]*>", sent.read_text(encoding="utf-8"))
    assert [re.findall(r'width="(\d+)"', tag) for tag in shown] == [["240"], ["624"]]


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("2099年3月1日 中午1点", "2099-03-01T05:00:00+00:00"),
        ("2099年3月1日 晚上8点半", "2099-03-01T12:30:00+00:00"),
        ("2099年3月1日 凌晨12点", None),
    ],
)
def test_parts_of_the_day_are_read_right_or_asked_about(
    xuanfa: Run, workspace: Path, typed: str, due: str | None
) -> None:
    put(workspace, "when", "正文。", f"publish_at: {typed}\n")
    said = xuanfa("queue")
    rows = xuanfa("deliveries", "--json").json
    assert [row["due_at"] for row in rows] == ([due] if due else [])
    assert (said.code, "24 小时制" in said.err) == ((0, False) if due else (1, True))


def test_a_year_that_was_mistyped_is_held_and_one_far_ahead_remarked(xuanfa: Run, workspace: Path) -> None:
    put(workspace, "past", "正文甲。", "publish_at: 2024-12-01 09:00\n")
    put(workspace, "far", "正文乙。", "publish_at: 2062-12-01 09:00\n")
    said = xuanfa("publish")
    states = {row["post"]: row["state"] for row in xuanfa("deliveries", "--json").json}
    assert states == {"past": "held", "far": "scheduled"}
    assert "年份写对了吗" in said.err
    assert not (workspace / "public" / "action" / "past.html").exists()


def test_another_name_for_the_same_text_is_the_same_post_and_a_copy_is_asked_about(
    xuanfa: Run, workspace: Path
) -> None:
    first = put(workspace, "draft", "法官送法进企业，现场解答用工难题。", "title: 送法进企业\npublish_at: 立即\n")
    assert xuanfa("publish").code == 0
    moved = first.rename(first.with_name("draft-定稿.md"))
    assert xuanfa("publish").code == 0
    assert len(xuanfa("deliveries", "--json").json) == 1
    moved.with_name("draft-DESKTOP-7Q.md").write_bytes(moved.read_bytes())
    assert xuanfa("publish").code == 1
    assert sorted(row["state"] for row in xuanfa("deliveries", "--json").json) == ["held", "published"]
    assert xuanfa("count", "--json").json["items"] == 1
