"""Every table that is printed fits its window, from 60 columns on; nothing of an address is ever cut, and nothing at all through a pipe."""

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import xuanfa.cli
from tests.cli.conftest import Run, WritePost
from tests.cli.test_recover import lost as lost  # noqa: PLC0414 - its fixture
from tests.support.reviewed_cli import Office
from xuanfa.cli.tables import print_table, width, wrapped
from xuanfa.domain import review_duties
from xuanfa.domain.review_duties import Timed
from xuanfa.domain.webhook import new_secret
from xuanfa.reports import duties

WINDOWS = (60, 80, 100, 140)
LONG = "一篇标题写得很长很长的稿件：长到表格在窄窗口里一定放不下，还带着 English words"
NAME = "2036-12-05-" + "fazhi-jin-xiaoyuan-" * 3 + "di-yi-qi"
WHY = "领导出差在外，电话请示后先行发布，回来后再补审核手续；" * 3
#: What is called for each module that prints tables, and how many tables that prints here.
TABLES = {
    "deliveries": ([("deliveries",)], 1),
    "posts": ([("posts",)], 1),
    "alarms": ([("alarms",)], 1),
    "channels": ([("channels",)], 1),
    "review": ([("review", "list")], 1),
    "duties": ([("review", "emergencies"), ("review", "late")], 4),
    "users": ([("users", "list")], 1),
    "recover": ([("recover",)], 1),
    "freshness": ([("freshness",)], 1),
    "ledger": ([("ledger", "--since", "2025-01-01")], 1),
    "ledger_import": ([("ledger", "import", "more.csv", "--dry-run"), ("ledger", "imports")], 2),
    "count": ([("count", "--by", "author", "--since", "2025-01-01"), ("count",)], 2),
    "scores": ([("count", "--scores")], 1),
    "readers": ([("readers", "show"), ("readers", "show", "1")], 2),
    "schedule": ([("schedule", "import", "plan.csv", "--dry-run")], 1),
    "shelf": ([("shelf", "list")], 1),
    "solemn": ([("solemn", "list")], 1),
    "webhooks": ([("webhooks", "list")], 2),
    "workdays": ([("workdays", "show", "2026")], 1),
}
Printed = tuple[Any, dict[str, Any]]


def test_no_table_is_forgotten() -> None:
    folder = Path(xuanfa.cli.__file__).parent
    calls = [
        (file.stem, node)
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print_table"
    ]
    assert {name for name, _ in calls} == TABLES.keys()
    assert len(calls) == sum(number for _, number in TABLES.values())


def lines_of(printed: Printed, columns: int | None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr("xuanfa.cli.tables._is_watched", lambda: columns is not None)
        patch.setattr("xuanfa.cli.tables.click.echo", lines.append)
        patch.setenv("COLUMNS", str(columns or 60))
        print_table(*printed[0], **printed[1])
    return lines


def require_fitting(xuanfa: Run, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """What its commands print, in both languages, fits every window, and is whole through a pipe."""
    commands, number = TABLES[module]
    for language in ("zh", "en"):
        tables: list[Printed] = []
        with monkeypatch.context() as patch:
            patch.setenv("XUANFA_LANG", language)
            patch.setattr(f"xuanfa.cli.{module}.print_table", lambda *args, **more: tables.append((args, more)))  # noqa: B023
            for words in commands:
                xuanfa(*words)
        assert len(tables) == number
        for printed in tables:
            rows = printed[0][1]
            assert rows
            piped = lines_of(printed, None, monkeypatch)
            assert len(piped) == 1 + len(rows)
            assert all(cell in line for row, line in zip(rows, piped[1:], strict=True) for cell in row)
            for columns in WINDOWS:
                for line in lines_of(printed, columns, monkeypatch):
                    is_address = "://" in line and " " not in line.strip()
                    assert width(line) <= columns or is_address, (columns, width(line), line)


@pytest.fixture
def full(xuanfa: Run, workspace: Path, write_post: WritePost) -> Run:
    """Long names, titles, reasons and addresses in every table that needs no users."""
    settings = workspace / "xuanfa.toml"
    text = settings.read_text(encoding="utf-8").replace("门户", "金昌市人民政府门户网站政务公开栏目")
    settings.write_text(text, encoding="utf-8")
    write_post(NAME, title=LONG)
    write_post("held", title="持" + LONG, at="2020-01-01 09:00")
    xuanfa("publish")
    xuanfa("pause", "--channel", "cms", "--why", WHY)
    return xuanfa


@pytest.mark.parametrize("module", ["deliveries", "posts", "alarms", "channels"])
def test_a_table_fits(full: Run, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    require_fitting(full, monkeypatch, module)


@pytest.fixture
def counted(full: Run, workspace: Path, write_post: WritePost) -> Run:
    """Publications by many authors, imported ones, readers' figures, a shelf, a plan; each with long names."""
    settings = workspace / "xuanfa.toml"
    level = f'[scoring.local]\ntitle = "{LONG[:24]}"\npoints = 2\nchannels = ["site"]\n'
    level += f'[webhooks.portal]\nurl = "http://127.0.0.1:9/{"hook" * 20}"\nallow_private = true\nsecret = "{new_secret()}"\n'
    settings.write_text(f"{settings.read_text('utf-8')}\n{level}", encoding="utf-8")
    full("resume", "--channel", "cms")
    for number in range(13):
        write_post(
            f"by-{number}", title=f"{number}{LONG}", more=f"author: 第{number}位·买买提江·吐尔逊（挂职副院长）\n"
        )
    write_post("shelf", title="架" + LONG, at="", more="shelf: true\n")
    write_post("later", title="后" + LONG, at="2036-12-05 09:00")
    full("publish")
    head = "标题,栏目,渠道,发布日期,网址\n"
    for name, year in (("old", 2019), ("more", 2020)):
        row = f"{name}{LONG},我们在行动,网站,{year}-03-05,https://old.example/{'a' * 60}-{name}.html\n"
        (workspace / f"{name}.csv").write_text(head + row, encoding="utf-8")
    (workspace / "plan.csv").write_text("稿件,发布时间\nlater,2036-12-06 09:00\n", encoding="utf-8")
    assert full("ledger", "import", "old.csv").code == 0
    assert full("solemn", "set", "--from", "2036-12-13", "--until", "2036-12-13", "--why", WHY).code == 0
    assert full("readers", "set", "1", "--reads", "1234567", "--at", "now").code == 0
    return full


@pytest.mark.parametrize(
    "module",
    [
        "freshness",
        "ledger",
        "ledger_import",
        "count",
        "scores",
        "readers",
        "schedule",
        "shelf",
        "solemn",
        "webhooks",
        "workdays",
    ],
)
def test_a_table_of_figures_fits(counted: Run, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    require_fitting(counted, monkeypatch, module)


def test_the_list_of_what_is_remembered_fits(lost: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    require_fitting(lost, monkeypatch, "recover")


@pytest.fixture
def office(xuanfa: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch, write_post: WritePost) -> Office:
    """Reviews that wait, went out first, were agreed by telephone and came too late, by people with long names."""
    made = Office(xuanfa, workspace, monkeypatch)
    made.settle_in()
    roles = [
        word for role in ("approver", "proofreader", "editor", "publisher", "reviewer") for word in ("--role", role)
    ]
    for name in ("zhao", "qian", "jiao"):
        display = f"{name}·买买提江·吐尔逊（挂职副院长）"
        assert made("lina", "users", "change", name, "--display", display, "--department", WHY[:24], *roles).code == 0
    for slug in (NAME, "early", "phone"):
        write_post(slug, title=f"{slug[0]}{LONG}", at="2036-12-05 09:00", more="author: 王芳\n")
    assert xuanfa("queue").code == 0
    for slug in (NAME, "early", "phone"):
        assert made("wang", "review", "submit", slug).code == 0
    assert made("zhao", "review", "emergency", "early", "--why", WHY).code == 0
    called = ("--leader", "jiao", "--at", "2026-01-05 09:00", "--number", "0935-8211234 转 3", "--check", "文字关")
    assert made("mi", "review", "phone", "phone", *called).code == 0
    assert made.approve("jiao", post=NAME).code == 0
    real = review_duties.timed

    def late(*args: Any) -> list[Timed]:
        return [replace(each, due_at=each.at - timedelta(hours=1)) for each in real(*args)]

    monkeypatch.setattr(duties, "timed", late)
    return made


@pytest.mark.parametrize("module", ["review", "duties", "users"])
def test_a_table_of_people_fits(office: Office, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    require_fitting(office.xuanfa, monkeypatch, module)


def test_a_row_that_goes_on_says_all_that_it_says_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://court.example/" + "a" * 80
    head = ("编号", "稿件", "状态", "时间", "地址或原因")
    rows = [("1", "甲", "已发布（先发后审）", "2036-12-05 09:00", address), ("2", "乙" * 20, "", "", WHY)]
    printed: Printed = ((head, rows), {"soft": (1,), "last": True})
    lines = lines_of(printed, 60, monkeypatch)
    assert lines[:2] == ["编号  稿件              状态                时间", "    地址或原因"]
    assert lines[3] == f"    {address}"
    assert "".join(line.strip() for line in lines[5:]) == WHY
    assert lines[4].split() == ["2", "乙" * 7 + "…"]
    assert lines_of(printed, 400, monkeypatch)[1].endswith(address)


@pytest.mark.parametrize("columns", [9, 10, 21, 60])
def test_a_text_is_broken_where_it_may_be(columns: int) -> None:
    text = "请在（网站）上核对，再运行 xuanfa resolve 12 --absent；见 https://court.example/a/b/c。没有标点的长长长长长长长长句"
    lines = list(wrapped(text, columns))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= columns or line.startswith("https://") for line in lines)
    assert not [line for line in lines if line[0] in "，。；）、"]
    assert list(wrapped("", columns)) == list(wrapped("  ", columns)) == []


@pytest.mark.parametrize(
    ("text", "columns"), [("甲e\u0301", 3), ("a\u200d", 1), ("⚠\ufe0f", 1), ("ＡＢ", 4), ("\u3000", 2)]
)
def test_marks_that_stand_on_others_take_no_room(text: str, columns: int) -> None:
    assert width(text) == columns


def test_controls_are_counted_as_they_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: Printed = ((("a", "b"), [("\x1b" * 20, "x")]), {"soft": (0,)})
    assert all(width(line) <= 60 for line in lines_of(printed, 60, monkeypatch))


def test_a_dash_never_stands_alone_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    head = ("编号", "稿件", "渠道", "应发时间", "发布时间", "地址或原因")
    rows = [("1", "甲" * 8, "site", "2026-12-01 09:00", "-", ""), ("2", "乙", "cms", "-", "-", "等待地址")]
    printed: Any = ((head, rows), {"soft": (1,), "last": True})
    lines = lines_of(printed, 40, monkeypatch)
    assert not [line for line in lines if line.strip() == "-"]
    assert any("等待地址" in line for line in lines)
    assert any("应发时间" in line for line in lines)
    assert lines_of(printed, None, monkeypatch)[2].split()[3:5] == ["-", "-"]
