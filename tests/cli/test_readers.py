"""``readers``: figures that people enter, one by one or from a spreadsheet, and what cannot be one."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

AT = "https://court.example/action/a.html"


@pytest.fixture
def out(xuanfa: Any, write_post: Any) -> dict[str, int]:
    """Two posts, out on the website and at the endpoint; the numbers of the website's deliveries, by post."""
    write_post("a")
    write_post("b", title="另一篇")
    xuanfa("queue")
    assert xuanfa("publish").code == 0
    return {row["post"]: row["id"] for row in xuanfa("deliveries", "--json").json if row["channel"] == "site"}


def address(xuanfa: Any, number: int) -> str:
    return str(xuanfa("show", number, "--json").json[0]["address"])


def test_figures_are_added_and_what_is_not_known_is_not_nought(xuanfa: Any, out: dict[str, int]) -> None:
    number = out["a"]
    assert "阅读数据尚无" in xuanfa("show", number).out
    assert {row["reads"] for row in xuanfa("readers", "show", "--json").json} == {None}
    ran = xuanfa("readers", "set", number, "--reads", 1300, "--likes", 0, "--at", "now")
    assert ran.code == 0
    assert "阅读 1,300，点赞 0，转发 尚无，评论 尚无，粉丝 尚无。" in ran.out
    assert xuanfa("readers", "set", number, "--reads", 1400, "--at", "now").code == 0
    first, second = xuanfa("readers", "show", number, "--json").json
    assert (first["reads"], first["likes"], first["forwards"], first["origin"]) == (1300, 0, None, "hand")
    assert (second["reads"], second["likes"], second["by"]) == (1400, None, "王敏")
    shown = xuanfa("show", number)
    assert "人工登记）：阅读 1,400，点赞 尚无" in shown.out
    assert "登记阅读数据" in xuanfa("audit", "show").out
    (row,) = xuanfa("show", number, "--json").json
    assert [each["reads"] for each in row["readers"]] == [1300, 1400]
    table = xuanfa("readers", "show").out
    assert "1,400" in table
    assert "尚无" in table
    assert "✗" not in xuanfa("verify").out


def test_the_same_again_is_told_and_stored_once(xuanfa: Any, out: dict[str, int]) -> None:
    at = (datetime.now(UTC) + timedelta(microseconds=1)).isoformat()
    assert xuanfa("readers", "set", out["a"], "--reads", 7, "--at", at).code == 0
    again = xuanfa("readers", "set", out["a"], "--reads", 7, "--at", at)
    assert (again.code, "已经登记过，没有再记" in again.out) == (0, True)
    assert len(xuanfa("readers", "show", out["a"], "--json").json) == 1


@pytest.mark.parametrize(
    ("figures", "at", "why"),
    [
        ((), "now", "一个数也没有写"),
        (("--reads", -1), "now", "阅读数字应在 0 到 10000000000 之间"),
        (("--followers", 10**11), "now", "粉丝数字应在 0 到"),
        (("--reads", 10**30), "now", "之间"),
        (("--reads", 5), "2019-05-06 09:00", "早于发布时间"),
        (("--reads", 5), "2098-05-06 09:00", "还没有到"),
    ],
)
def test_what_cannot_be_is_refused(xuanfa: Any, out: dict[str, int], figures: Any, at: str, why: str) -> None:
    ran = xuanfa("readers", "set", out["a"], *figures, "--at", at)
    assert (ran.code, why in ran.err) == (1, True), ran.err
    assert xuanfa("readers", "show", out["a"], "--json").json == []


def test_only_what_is_out_has_readers(xuanfa: Any, write_post: Any, out: dict[str, int]) -> None:
    write_post("later", at="2098-01-01 09:00", title="以后的")
    xuanfa("queue")
    later = next(row["id"] for row in xuanfa("deliveries", "--json").json if row["post"] == "later")
    for number in (later, 404):
        ran = xuanfa("readers", "set", number, "--reads", 5, "--at", "now")
        assert (ran.code, f"投递 {number} 没有正式发布过" in ran.err) == (1, True)
        assert xuanfa("readers", "show", number).code == 1
    assert xuanfa("retract", out["a"], "--why", "测试").code == 0
    ran = xuanfa("readers", "set", out["a"], "--reads", 5, "--at", "now")
    assert (ran.code, "已经撤下" in ran.err) == (1, True)


def test_a_spreadsheet_comes_in_whole_and_once(xuanfa: Any, out: dict[str, int], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    today = datetime.now(UTC) + timedelta(hours=8)
    sheet.append(["网址", "投递编号", "点击量", "点赞", "分享", "粉丝", "统计时间"])
    sheet.append([address(xuanfa, out["a"]).replace("https", "http"), None, "1,300", 12, None, 5000, today.date()])
    sheet.append([None, out["b"], 90, None, 2, None, f"{today:%Y年%m月%d日}"])
    sheet.append([None, out["b"], 90, None, 2, None, f"{today:%Y-%m-%d}"])
    file = tmp_path / "十一月.xlsx"
    book.save(file)
    tried = xuanfa("readers", "import", file, "--dry-run")
    assert (tried.code, tried.out) == (0, "试导入，没有写入：会新增 2 行，已有或重复 1 行。\n")
    assert "第 4 行和第 3 行相同" in tried.err
    assert xuanfa("readers", "show", out["a"], "--json").json == []
    assert "已导入 2 行阅读数据，已有或重复 1 行。" in xuanfa("readers", "import", file).out
    again = xuanfa("readers", "import", file, "--json").json
    assert (again["new"], again["repeated"], "第 2 行已经登记过" in again["notes"]) == (0, 3, True)
    (kept,) = xuanfa("readers", "show", out["a"], "--json").json
    assert (kept["reads"], kept["forwards"], kept["followers"]) == (1300, None, 5000)
    assert kept["origin"] == "import:十一月.xlsx"


def test_one_bad_row_and_nothing_is_stored(xuanfa: Any, out: dict[str, int], tmp_path: Path) -> None:
    day = f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m-%d}"
    rows = [
        f"{out['a']},,10,{day}",
        f"{out['a']},,1.2万,{day}",
        f"404,,5,{day}",
        f"{out['b']},,5,2098-01-01",
        f"{out['b']},,,{day}",
        f",,5,{day}",
        f",https://court.example/nothing.html,5,{day}",
        f"{out['b']},,5,",
        f"{out['b']},,-5,{day}",
        f",http://[,5,{day}",
        f"{out['a']},,11,{day}",
    ]
    file = tmp_path / "b.csv"
    file.write_text("投递编号,网址,阅读量,日期\n" + "\n".join(rows), encoding="utf-8")
    told = xuanfa("readers", "import", file)
    assert told.code == 1
    for line in (
        "第 3 行“阅读量”：“1.2万”不是整数",
        "第 4 行“投递编号”：没有正式发布过的投递 404",
        "第 5 行“日期”：时间",
        "第 6 行“阅读量”：一个数也没有写",
        "第 7 行“网址”：没有投递编号，也没有网址",
        "第 8 行“网址”：没有发布在这个网址的投递",
        "第 9 行“日期”：没有写时间",
        "第 10 行“阅读量”：数字应在 0 到",
        "第 11 行“网址”：不是网址",
        "第 12 行“日期”：和第 2 行是同一条、同一时间，数却不同",
    ):
        assert line in told.err
    assert xuanfa("readers", "import", file, "--dry-run").code == 1
    assert xuanfa("readers", "show", out["a"], "--json").json == []


def test_a_backup_brings_figures_along(xuanfa: Any, out: dict[str, int], tmp_path: Path) -> None:
    xuanfa("readers", "set", out["a"], "--reads", 1300, "--at", "now")
    before = xuanfa("readers", "show", out["a"], "--json").json
    file = tmp_path / "kept.zip"
    assert xuanfa("backup", file).code == 0
    (tmp_path / "again").mkdir()
    shutil.copy("xuanfa.toml", tmp_path / "again")
    ran = xuanfa("restore", file, "-w", tmp_path / "again")
    assert ran.code == 0, ran.err
    again = xuanfa("readers", "show", out["a"], "--json", "-w", tmp_path / "again")
    assert again.json == before, again.out
