"""``xuanfa schedule import`` from outside: rows that move, rows that make, and everything that is wrong at once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.support.reviewed_cli import Office

HEAD = ("稿件", "发布时间", "标题", "栏目", "渠道")
Book = Callable[..., Path]


@pytest.fixture
def book(workspace: Path) -> Book:
    def made(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> Path:
        made = Workbook()
        assert made.active is not None
        for row in (head, *rows):
            made.active.append(list(row))
        made.save(workspace / "s.xlsx")
        return workspace / "s.xlsx"

    return made


@pytest.fixture
def queued(xuanfa: Any, write_post: Any) -> None:
    write_post("a", at="2099-03-02 09:00", title="送法进校园")
    write_post("b", at="2099-03-04 15:00", title="执行在一线")
    write_post("c", at="2099-03-06 15:00", title="执行在一线", more="summary: 第二次\n")
    xuanfa("queue")


def due(xuanfa: Any) -> dict[str, str]:
    return {f"{row['post']}/{row['channel']}": row["due_at"] for row in xuanfa("deliveries", "--json").json}


@pytest.mark.usefixtures("queued")
def test_posts_are_named_by_slug_or_title_and_made_with_a_title(xuanfa: Any, workspace: Path, book: Book) -> None:
    file = book(
        ["送法 进校园", "2099-03-10 09:00"],
        ["b", "2099年3月11日 下午3点", None, None, "门户"],
        [None, "2099/3/12 10:00", "新的一篇", "我们在行动", "网站、门户"],
    )
    before = due(xuanfa)
    dry = xuanfa("schedule", "import", file, "--dry-run")
    assert (dry.code, due(xuanfa)) == (0, before)
    assert "第 3 行  b" in dry.out
    assert dry.out.splitlines()[-1] == "试排：会改 2 篇的 3 条投递，新建 1 篇，没有改动。"
    ran = xuanfa("schedule", "import", file, "--why", "例会定的")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[-1] == "已改 2 篇的 3 条投递，新建 1 篇。"
    after = due(xuanfa)
    assert after == before | {
        "a/site": "2099-03-10T01:00:00+00:00",
        "a/cms": "2099-03-10T01:00:00+00:00",
        "b/cms": "2099-03-11T07:00:00+00:00",
    }
    (made,) = workspace.rglob("posts/*/*新的一篇.md")
    assert "publish_at: 2099-03-12 10:00" in made.read_text(encoding="utf-8")
    assert "s.xlsx：改期 3 条，新建 1 篇：例会定的" in xuanfa("audit", "show").out


@pytest.mark.usefixtures("queued")
def test_every_bad_row_is_told_at_once_with_its_heading(xuanfa: Any, workspace: Path, book: Book) -> None:
    file = book(
        ["没有这篇", "2099-03-10 09:00"],
        ["执行在一线", "2099-03-10 09:00"],
        ["a", "2099-03-10"],
        ["a", "周三上午"],
        ["b", "2020-03-10 09:00"],
        [None, "2099-03-12 10:00"],
        [None, "2099-03-12 10:00", "新", "没有的", "微言"],
        [None, "2099-03-12 10:00", "新", None, None],
        [None, "2099-03-12 10:00", "新", "静", "网站"],
        ["c", "2099-03-10 09:00", None, None, "练习"],
        ["c", "2099-03-11 09:00"],
        ["b", "2099-03-11 09:00"],
    )
    before = due(xuanfa)
    ran = xuanfa("schedule", "import", file)
    assert (ran.code, due(xuanfa)) == (1, before)
    told = [line.partition("：")[0] for line in ran.err.splitlines()[1:]]
    assert told == [
        "第 2 行“稿件”",
        "第 3 行“稿件”",
        "第 4 行“发布时间”",
        "第 5 行“发布时间”",
        "第 7 行“稿件”",
        "第 8 行“栏目”",
        "第 8 行“渠道”",
        "第 9 行“栏目”",
        "第 10 行“渠道”",
        "第 12 行“稿件”",
        "第 13 行“稿件”",
        "第 11 行“稿件”",
        "第 6 行“发布时间”",
    ]
    assert "有 2 篇都叫“执行在一线”：b、c" in ran.err
    assert "只有日期，没有几点几分" in ran.err
    assert "与第 6 行是同一篇稿件" in ran.err
    dry = xuanfa("schedule", "import", file, "--dry-run", "--json")
    assert (dry.code, dry.json["wrong_count"], len(dry.json["wrong"])) == (1, 13, 13)
    assert list(workspace.rglob("posts/2*")) == []


@pytest.mark.usefixtures("queued")
def test_headings_of_the_office_s_own(xuanfa: Any, book: Book) -> None:
    file = book(["a", "2099-03-10 09:00"], head=("编号", "几时"))
    assert "没有表头“发布时间”" in xuanfa("schedule", "import", file).err
    assert "也可以用 --map" in xuanfa("schedule", "import", file).err
    assert xuanfa("schedule", "import", file, "--map", "编号=稿件,几时=发布时间").code == 0
    assert due(xuanfa)["a/site"] == "2099-03-10T01:00:00+00:00"
    empty = book(head=HEAD)
    assert "没有一行要改期或新建" in xuanfa("schedule", "import", empty).err


def test_a_move_asks_the_review_again_and_needs_who_may_send(
    xuanfa: Any, workspace: Path, write_post: Any, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(xuanfa, workspace, monkeypatch)
    office.settle_in()
    write_post("a", at="2099-03-02 09:00")
    office("wang", "queue")
    assert office("wang", "review", "submit", "a").code == 0
    for name in ("jiao", "mi", "zhao"):
        assert office.approve(name).code == 0
    assert {row["state"] for row in xuanfa("deliveries", "--json").json} == {"scheduled"}
    file = str(book(["a", "2099-03-10 09:00"]))
    assert office("wang", "schedule", "import", file).code == 1
    assert due(xuanfa)["a/site"] == "2099-03-02T01:00:00+00:00"
    ran = office("zhao", "schedule", "import", file)
    assert ran.code == 0, ran.err
    assert {row["state"] for row in xuanfa("deliveries", "--json").json} == {"awaiting_review"}
    assert due(xuanfa)["a/site"] == "2099-03-10T01:00:00+00:00"
