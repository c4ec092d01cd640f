"""``xuanfa ledger`` from outside: the rows in each form, what other programs read of them, and what is refused."""

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import Run as Calls
from xuanfa.reports.ledger import KEYS

SETTINGS = """
[organisation]
name = "金昌市中级人民法院"
departments = ["立案庭", "民一庭"]
authors = ["张三", "李四"]
[columns.action]
title = "{column}"
campaign = "{campaign}"
channels = ["site", "second"]
[channels.site]
adapter = "site"
title = "{channel}"
base_url = "https://www.example.gov.cn/action/"
directory = "public"
[channels.second]
adapter = "site"
title = "第二网站"
base_url = "https://two.example.gov.cn/action/"
directory = "public2"
[publish]
still_seconds = 0
"""
POST = "---\ntitle: {title}\ncolumn: action\ndepartment: {department}\nauthor: 张三\npublish_at: now\n{more}---\n正文是{title}的正文。\n"
CARRIED_OUT = ["=1+1", "+86 010", "-起诉", "@all", "＝cmd", " =1"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "posts").mkdir()
    settle(tmp_path)
    return tmp_path


@pytest.fixture
def run(office: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    xuanfa = Calls(office, capsys)

    def call(*words: str) -> tuple[int, str, str]:
        ran = xuanfa(*words)
        return ran.code, ran.out, ran.err

    return call


def settle(
    office: Path, *, column: str = "在行动", campaign: str = "三抓三促", channel: str = "网站", without: str = ""
) -> None:
    text = SETTINGS.format(column=column, campaign=campaign, channel=channel)
    if without:
        start = text.index(f"[channels.{without}]")
        end = text.index("\n[", start) + 1
        text = (text[:start] + text[end:]).replace(f', "{without}"', "")
    (office / "xuanfa.toml").write_text(text, encoding="utf-8")


def write(office: Path, slug: str, title: str, *, department: str = "民一庭", more: str = "") -> None:
    quoted = json.dumps(title, ensure_ascii=False)
    text = POST.format(title=quoted, department=department, more=more)
    (office / "posts" / f"{slug}.md").write_text(text, encoding="utf-8")


def rows(run: Run, *words: str) -> list[dict[str, Any]]:
    code, out, err = run("ledger", "--format", "json", *words)
    assert code == 0, err
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_authors_of_whom_there_is_nothing_are_named_as_departments_are(office: Path, run: Run) -> None:
    write(office, "one", "甲")
    write(office, "two", "乙", more="")
    (office / "posts" / "two.md").write_text(
        (office / "posts" / "two.md").read_text(encoding="utf-8").replace("author: 张三", "author: 张叁"),
        encoding="utf-8",
    )
    published = run("publish")
    assert published[0] == 0, published
    code, out, err = run("count", "--by", "author")
    assert (code, "零报送：李四。" in out, "设置里的作者名单没有：张叁" in err) == (0, True, True)
    assert json.loads(run("count", "--by", "author", "--json")[1])["zero"] == ["李四"]
    assert json.loads(run("count", "--by", "department", "--json")[1])["zero"] == ["立案庭"]


def test_rows_say_what_the_contract_says(office: Path, run: Run) -> None:
    write(office, "one", "第一篇")
    assert run("publish")[0] == 0
    found = rows(run)
    assert [tuple(row) for row in found] == [KEYS, KEYS]
    assert {row["channel"]: row["channel_title"] for row in found} == {"site": "网站", "second": "第二网站"}
    for row in found:
        assert (row["origin"], row["state"], row["rehearsal"], row["column_title"]) == (
            "own",
            "published",
            False,
            "在行动",
        )
        assert row["address"].startswith("https://")
        assert row["minutes"] == 0
        assert datetime.fromisoformat(row["published_at"]) >= datetime.fromisoformat(row["due_at"])
    assert [row["id"] for row in rows(run, "--channel", "site")] == [
        row["id"] for row in found if row["channel"] == "site"
    ]
    assert rows(run, "--department", "立案庭") == rows(run, "--until", "2020-01-01") == []


def test_names_stay_those_of_then_and_rows_outlive_the_settings(office: Path, run: Run) -> None:
    write(office, "one", "第一篇")
    run("publish")
    settle(office, column="我们在行动", campaign="新活动", channel="门户网站")
    write(office, "two", "第二篇")
    run("publish")
    settle(office, column="我们在行动", campaign="新活动", channel="门户网站", without="second")
    (office / "posts" / "one.md").unlink()
    found = rows(run)
    assert [(row["post"], row["channel"], row["column_title"], row["channel_title"]) for row in found] == [
        ("one", "site", "在行动", "网站"),
        ("one", "second", "在行动", "第二网站"),
        ("two", "site", "我们在行动", "门户网站"),
        ("two", "second", "我们在行动", "第二网站"),
    ]
    by = json.loads(run("count", "--by", "campaign", "--json")[1])["by"]
    assert by == {"三抓三促": 2, "新活动": 2}
    assert len(rows(run, "--channel", "second")) == 2
    assert "原渠道 第二网站 2 条" in run("count")[1]


def test_nothing_in_a_csv_is_carried_out(office: Path, run: Run) -> None:
    for number, title in enumerate(CARRIED_OUT):
        write(office, f"p{number}", title)
    run("publish")
    code, out, err = run("ledger", "--format", "csv")
    assert code == 0
    assert out.startswith("\ufeff序号,标题,栏目,渠道,发布日期")
    assert "计入 12 行" in err
    assert run("ledger", "-o", "a.csv")[0] == 0
    assert (office / "a.csv").read_bytes().decode().replace("\r\n", "\n") == out.replace("\r\n", "\n")
    read = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    titles = {row["标题"] for row in read}
    assert titles == {f"'{title.strip()}" for title in CARRIED_OUT}


def test_a_workbook_has_texts_times_and_sheets_apart(office: Path, run: Run) -> None:
    for number, title in enumerate(CARRIED_OUT[:3]):
        write(office, f"p{number}", title)
    run("publish")
    number = rows(run, "--channel", "site")[0]["id"]
    assert run("retract", str(number), "--why", "试")[0] == 0
    assert run("ledger", "-o", "台账.xlsx")[0] == 0
    book = openpyxl.load_workbook(office / "台账.xlsx")
    assert book.sheetnames == ["已发布", "导入（不计入）", "另列（不计入）", "说明"]
    out, apart = book["已发布"], book["另列（不计入）"]
    assert (out.max_row, apart.max_row) == (6, 2)
    assert out.freeze_panes == "A2"
    heads = {cell.value: cell.column for cell in out[1]}
    assert all(out.cell(row, heads["标题"]).data_type == "s" for row in range(2, 7))
    assert isinstance(out.cell(2, heads["发布日期"]).value, datetime)
    assert out.cell(2, heads["平台编号"]).data_type == "s"
    assert isinstance(apart.cell(2, heads["撤回时间"]).value, datetime)
    assert apart.cell(2, heads["状态"]).value == "已撤回"
    notes = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert notes["单位"] == "金昌市中级人民法院"
    assert notes["发布条次"].startswith("5 条（")
    assert notes["撤回（不计入）"].startswith("1 条（")


def test_the_list_tells_what_does_not_count_apart(office: Path, run: Run) -> None:
    write(office, "one", "第一篇")
    run("publish")
    number = rows(run, "--channel", "second")[0]["id"]
    run("retract", str(number), "--why", "试")
    out = run("ledger")[1]
    counted, apart = out.split("另列，不计入：")
    assert "已发布" in counted
    assert "已撤回" in apart
    assert "发布条次：1 条" in apart
    assert "撤回（不计入）：1 条" in apart
    assert [row["retracted_at"] is None for row in rows(run)] == [True, False]


def test_departments_without_a_post_are_named_and_others_are_told(office: Path, run: Run) -> None:
    write(office, "one", "第一篇", department="民一")
    run("publish")
    _, out, err = run("count", "--by", "department")
    assert "民一 2 条" in out
    assert "零报送：立案庭、民一庭。" in out
    assert "设置里的部门名单没有：民一" in err
    found = json.loads(run("count", "--by", "department", "--json")[1])
    assert found["zero"] == ["立案庭", "民一庭"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--since", "2026-12-02", "--until", "2026-12-01"], 2, "--since 晚于 --until"),
        (["--since", "1969-12-31"], 2, "1971"),
        (["--column", "nope"], 1, "没有专栏 nope"),
        (["--channel", "nope"], 1, "没有渠道 nope"),
        (["--format", "xlsx"], 2, "-o"),
        (["--format", "csv", "-o", "a.xlsx"], 2, "不符"),
        (["-o", "a.pdf"], 1, ".xlsx"),
        (["-o", "there.csv"], 1, "已经存在"),
        (["-o", "nowhere/a.csv"], 1, "nowhere"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    office: Path, run: Run, words: list[str], code: int, said: str
) -> None:
    (office / "there.csv").write_text("x", encoding="utf-8")
    run("count")  # the database is made
    before = sorted(path.name for path in office.iterdir())
    found, out, err = run("ledger", *words)
    assert found == code
    assert said in err
    assert out == ""
    assert sorted(path.name for path in office.iterdir()) == before
    assert (office / "there.csv").read_text(encoding="utf-8") == "x"


def test_an_empty_ledger_is_an_empty_list(office: Path, run: Run) -> None:
    assert rows(run) == []
    assert "没有发布过" in run("ledger")[1]
    assert run("ledger", "--format", "csv")[1].count("\n") == 1


def test_nothing_is_scored_unless_the_office_says_how(office: Path, run: Run) -> None:
    write(office, "one", "第一篇")
    run("publish")
    assert "没有规定怎样计分" in run("count", "--scores")[2]
    assert run("count", "--ranked")[0] == 2
    assert run("count", "--scores", "--channel", "site")[0] == 2
    settings = office / "xuanfa.toml"
    level = '[scoring.local]\ntitle = "本级采用"\npoints = 5\nchannels = ["site", "second"]\n'
    settings.write_text(settings.read_text(encoding="utf-8") + level, encoding="utf-8")
    shown = run("count", "--scores", "--ranked")[1]
    assert "名次  部门    报送  本级采用  得分  累计得分" in shown
    assert "1     民一庭  1     1         5     5" in shown
    assert "本级采用每篇 5 分" in shown
    found = json.loads(run("count", "--scores", "--json")[1])
    assert [(each["department"], each["points"]) for each in found] == [("立案庭", 0), ("民一庭", 5)]
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('"site", "second"]\n', '"sites"]\n'), encoding="utf-8"
    )
    assert "是否想写 site" in run("count")[2]
