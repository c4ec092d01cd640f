"""``xuanfa ledger import``, ``imports`` and ``undo`` from outside."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from xuanfa.bootstrap import open_desk
from xuanfa.reports.ledger import publications
from xuanfa.reports.period import Period

HEAD = ("标题", "栏目", "渠道", "发布日期", "网址", "供稿部门", "作者")
Rows = Callable[..., Path]


@pytest.fixture
def book(workspace: Path) -> Rows:
    def made(*rows: Sequence[Any], head: Sequence[str] = HEAD, name: str = "past.xlsx") -> Path:
        made = Workbook()
        assert made.active is not None
        made.active.append(list(head))
        for at, row in enumerate(rows, 2):
            made.active.append(list(row))
            for cell in made.active[at]:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        made.save(workspace / name)
        return workspace / name

    return made


def row(
    title: str = "开展巡回审判", at: Any = date(2019, 5, 6), address: str = "http://court.example/a/1.html"
) -> list[Any]:
    return [title, "我们在行动", "网站", at, address, "研究室", "张三"]


def ledger(xuanfa: Any, workspace: Path) -> list[dict[str, Any]]:
    """The rows as programs get them."""
    with open_desk(workspace) as desk, closing(publications(desk.store, Period(zone=desk.zone))) as found:
        return [each.as_json() for each in found]


def test_a_dry_run_shows_what_would_come_and_writes_nothing(xuanfa: Any, book: Rows) -> None:
    file = book(
        row(), row("=1+1是多少", "2019年5月7日", "https://court.example/a/2.html"), row("送法", "2019/5/8 9:30", "")
    )
    ran = xuanfa("ledger", "import", file, "--dry-run")
    assert ran.code == 0
    assert "2     2019-05-06 00:00 +08:00  网站  我们在行动  开展巡回审判  http://court.example/a/1.html" in ran.out
    assert "=1+1是多少" in ran.out
    assert ran.out.splitlines()[-1] == "试导入：会新增 3 条，已有或重复 0 条，没有写入。"
    assert "1 条没有网址" in ran.err
    told = xuanfa("ledger", "import", file, "--dry-run", "--json").json
    assert (told["new"], told["wrong"], told["id"]) == (3, [], None)
    assert told["entries"][2]["published_at"] == "2019-05-08T01:30:00+00:00"
    assert xuanfa("ledger", "imports").out == "没有导入过。\n"


def test_rows_come_marked_with_their_origin_and_go_as_a_whole(xuanfa: Any, workspace: Path, book: Rows) -> None:
    file = book(row(), row("送法进校园", "2019年5月8日 上午9点半", "https://court.example/a/2.html"))
    ran = xuanfa("ledger", "import", file, "--why", "补录")
    assert (ran.code, "已导入 2 条（导入 1，来源 import:past.xlsx）" in ran.out) == (0, True)
    first, second = ledger(xuanfa, workspace)
    assert first | {
        "title": "开展巡回审判", "column": "action", "column_title": "我们在行动", "channel": "site", "channel_title": "网站",
        "department": "研究室", "author": "张三", "state": "published", "origin": "import:past.xlsx", "minutes": None,
        "address": "http://court.example/a/1.html", "rehearsal": False, "approved_by": None, "due_at": None,
    } == first  # fmt: skip
    assert second["published_at"].isoformat() == "2019-05-08T01:30:00+00:00"
    assert first["id"] != second["id"]
    shown = xuanfa("audit", "show").out
    assert "导入台账" in shown
    assert "import:past.xlsx：2 条：补录" in shown
    assert "✓ 导入的台账与历史一致" in xuanfa("verify").out
    assert xuanfa("ledger", "undo", "1", "--why", "弄错了").code == 0
    assert ledger(xuanfa, workspace) == []
    assert "✓ 导入的台账与历史一致" in xuanfa("verify").out
    refused = xuanfa("ledger", "undo", "1")
    assert (refused.code, "已经撤销过" in refused.err) == (1, True)
    assert "没有编号为 9 的导入" in xuanfa("ledger", "undo", "9").err
    assert xuanfa("ledger", "import", file, "--json").json["new"] == 2
    (_, again) = reversed(xuanfa("ledger", "imports", "--json").json)
    assert (again["id"], again["entries"], again["actor"], again["undone_at"]) == (2, 2, "王敏", None)


def test_the_same_address_is_one_row_in_one_list_and_over_several(xuanfa: Any, workspace: Path, book: Rows) -> None:
    one = book(row(), row("开展巡回审判！", "2019-05-06", "https://Court.example/a/1.html/"), row("送法", address=""))
    ran = xuanfa("ledger", "import", one)
    assert "第 3 行“网址”与第 2 行相同，只算一条；标题不同，用的是“开展巡回审判”，没有用“开展巡回审判！”。" in ran.err
    assert len(ledger(xuanfa, workspace)) == 2
    again = xuanfa("ledger", "import", book(row(), row("送法", address=""), name="b.xlsx"))
    assert (again.code, "没有新的条目，台账没有变（已有或重复 2 条）。" in again.out) == (0, True)
    assert "第 2 行：台账里已有（import:past.xlsx），不再计入。" in again.err
    assert len(ledger(xuanfa, workspace)) == 2


def test_what_this_program_has_published_is_not_imported_again(
    xuanfa: Any, workspace: Path, write_post: Any, book: Rows
) -> None:
    write_post()
    xuanfa("queue")
    xuanfa("publish")
    own = {each["channel"]: each for each in ledger(xuanfa, workspace)}
    address = own["site"]["address"].replace("https://court.example", "http://COURT.example:80")
    told = xuanfa("ledger", "import", book(row(address=address), row("别的")), "--json").json
    assert (told["new"], told["repeated"]) == (1, 1)
    assert f"第 2 行：本系统已有这个网址的发布（投递 {own['site']['id']}），不再计入。" in told["notes"]
    assert sorted(each["origin"] for each in ledger(xuanfa, workspace)) == ["import:past.xlsx", "own", "own"]


def test_a_page_that_was_imported_and_is_published_by_this_program_later_is_one_row(
    xuanfa: Any, workspace: Path, write_post: Any, book: Rows
) -> None:
    write_post("b", title="另一篇")
    xuanfa("queue")
    xuanfa("publish")
    site = next(each for each in ledger(xuanfa, workspace) if each["channel"] == "site")
    address = site["address"].replace("/b", "/a")
    assert xuanfa("ledger", "import", book(row(address=address))).code == 0
    write_post("a")
    xuanfa("queue")
    xuanfa("publish")
    found = [each["origin"] for each in ledger(xuanfa, workspace) if each["address"] == address]
    assert found == ["own"]
    assert "✓ 导入的台账与历史一致" in xuanfa("verify").out


def test_bad_rows_are_all_named_with_their_headings_and_nothing_is_stored(
    xuanfa: Any, workspace: Path, book: Rows
) -> None:
    file = book(
        row(),
        ["", "我们在行动", "网站", "2019-1-1", "", "", ""],
        ["甲", "没有的栏目", "网站", "1969-07-20", "", "", ""],
        ["乙", "", "微言", "5月6日", "www.court.example/1", "", ""],
        ["丙", "", "", "2099-01-01", "", "研" * 300, ""],
        ["丁", "", "网站", "", "ftp://court.example/1", "", ""],
    )
    ran = xuanfa("ledger", "import", file)
    assert ran.code == 1
    lines = [line.partition("。")[0] for line in ran.err.splitlines()]
    assert lines == [
        f"错误：{file}: 11 处不对，没有导入任何一行",
        "第 3 行“标题”：是空的",
        "第 4 行“发布日期”：时间“1969-07-20”不存在：只能写 1971 到 9998 年",
        "第 4 行“栏目”：没有专栏“没有的栏目”：有 action（我们在行动）、quiet（静）",
        "第 5 行“发布日期”：看不懂日期“5月6日”",
        "第 5 行“渠道”：没有渠道“微言”：有 site（网站）、cms（门户）、drill（练习）",
        "第 5 行“网址”：“www.court.example/1”不是网址",
        "第 6 行“渠道”：是空的",
        "第 6 行“发布日期”：2099-01-01 还没有到",
        "第 6 行“供稿部门”：超过 200 字",
        "第 7 行“发布日期”：是空的",
        "第 7 行“网址”：“ftp://court.example/1”不是网址",
    ]
    assert ledger(xuanfa, workspace) == []
    dry = xuanfa("ledger", "import", file, "--dry-run")
    assert (dry.code, "改好之前什么都不会导入" in dry.out, "第 7 行“网址”" in dry.err) == (1, True, True)
    told = xuanfa("ledger", "import", file, "--json")
    assert (told.code, told.json["code"]) == (1, "content")


def test_a_list_with_headings_and_channels_of_its_own(xuanfa: Any, workspace: Path, book: Rows) -> None:
    file = book(
        ["甲", "头条号", "2019-1-1", "https://toutiao.example/1"],
        ["乙", "", "2019-1-2", "https://court.example/2"],
        head=("文章", "账号名", "日子", "链接"),
    )
    assert "没有表头“标题”、“渠道”、“发布日期”" in xuanfa("ledger", "import", file).err
    assert "也可以用 --map" in xuanfa("ledger", "import", file).err
    options = ("--map", "文章=标题，日子=date", "--map", "账号名=渠道", "--old-channel", "toutiao=头条号")
    assert "第 3 行“账号名”：是空的" in xuanfa("ledger", "import", file, *options).err
    assert xuanfa("ledger", "import", file, *options, "--channel", "网站", "--column", "静").code == 0
    assert [(each["channel"], each["channel_title"], each["column"]) for each in ledger(xuanfa, workspace)] == [
        ("toutiao", "头条号", "quiet"),
        ("site", "网站", "quiet"),
    ]
    later = book(["丙", "头条号", "2019-1-3", ""], head=("标题", "渠道", "发布日期", "网址"), name="c.xlsx")
    assert xuanfa("ledger", "import", later).code == 0  # what was once named is known
    assert "没有渠道“无”" in xuanfa("ledger", "import", later, "--channel", "无").err
    assert "请写成 id=名称" in xuanfa("ledger", "import", later, "--old-column", "x").err


def test_a_csv_as_windows_saves_it(xuanfa: Any, workspace: Path) -> None:
    file = workspace / "老台账.csv"
    file.write_bytes("标题;渠道;发布日期;网址\r\n“三抓三促”在行动;门户;2019.5.6;https://a.cn/1\r\n".encode("gbk"))
    assert xuanfa("ledger", "import", file).code == 0
    (found,) = ledger(xuanfa, workspace)
    assert (found["title"], found["channel"], found["origin"]) == ("“三抓三促”在行动", "cms", "import:老台账.csv")


def test_a_file_that_is_none(xuanfa: Any, workspace: Path) -> None:
    assert "没有文件" in xuanfa("ledger", "import", "nowhere.xlsx").err
    (workspace / "a.xls").write_bytes(b"x")
    assert "只导入 .xlsx 和 .csv" in xuanfa("ledger", "import", "a.xls").err
    assert xuanfa("ledger", "import").code == 2
    assert xuanfa("ledger", "undo", "x").code == 2
