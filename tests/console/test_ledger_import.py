"""台账 · 导入: a dry run row by row, headings said otherwise, everything or nothing, and an import taken back."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from html import unescape
from typing import Any

import pytest
from openpyxl import Workbook

from tests.support.browsing import Somebody
from xuanfa.operations.desk import Desk
from xuanfa.reports.imported import imports_made

Sit = Callable[[str], Somebody]
HEAD = ("标题", "栏目", "渠道", "发布日期", "网址", "供稿部门", "作者")
GOOD = (
    ("法官下乡", "我们在行动", "hook", date(2025, 3, 1), "https://www.example.gov.cn/a.html", "立案庭", "何丽"),
    ("没有网址的", "", "hook", date(2025, 3, 2), None, "", ""),
)


def book(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> bytes:
    made, data = Workbook(), io.BytesIO()
    assert made.active is not None
    for row in (head, *rows):
        made.active.append(list(row))
    made.save(data)
    return data.getvalue()


def look(one: Somebody, data: bytes, name: str = "过去的.xlsx", **typed: str) -> str:
    """The dry run of a file."""
    one.go("/ledger/import")
    form = one.form("先试一遍")
    one.page = one.client.post(form.action, data=dict(form.fields) | typed, files={"file": (name, data)})
    return unescape(one.page.text)


def test_a_dry_run_enters_nothing_and_then_all_of_it_comes(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    text = look(one, book(*GOOD))
    for words in ("过去的.xlsx：会新增 ", "2 条", "还没有写入", "1 条没有网址", "法官下乡", "立案庭、何丽"):
        assert words in text, words
    assert imports_made(desk.store) == []
    form = one.form("导入这 2 条")
    text = unescape(one.send(form, why="补2025年的"))
    assert "导入好了（导入 1）" in text
    (made,) = imports_made(desk.store)
    assert (made.origin, made.entries, made.actor) == ("import:过去的.xlsx", 2, "zhou")
    assert "导入好了（导入 1）" in unescape(one.send(form, why="补2025年的"))
    assert len(imports_made(desk.store)) == 1
    rows = unescape(one.go("/ledger?which=imported&span=all"))
    assert "导入：过去的.xlsx（" in rows
    assert "没有新的：每一条都已在台账里" in look(one, book(*GOOD))


def test_what_is_wrong_is_told_by_row_and_heading_and_nothing_can_be_imported(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    bad = ("", "没有这个栏目", "头条", "下周三", "没有网址", "", "")
    text = look(one, book(GOOD[0], bad))
    assert one.page.status_code == 422
    for words in (
        "有 5 处不对",
        "第 3 行“渠道”",
        "第 3 行“栏目”",
        "第 3 行“发布日期”",
        "第 3 行“网址”",
        "第 3 行“标题”",
    ):
        assert words in text, words
    assert "导入这" not in text
    form = one.form("再试一遍")
    one.send(form.__class__("/ledger/import/enter", "post", [*form.fields, ("intent", "x")], []))
    assert one.page.status_code == 422
    assert "有 5 处不对" in unescape(one.page.text)
    assert imports_made(desk.store) == []


def test_other_headings_are_chosen_and_go_along_to_the_import(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    rows = [("一篇", date(2025, 5, 1)), ("二篇", date(2025, 5, 2))]
    data = book(*rows, head=("文章名", "哪天发的"))
    text = look(one, data)
    assert "没有表头“标题”" in text
    assert '<option value="文章名">' in text
    assert "--map" not in text
    form = one.form("再试一遍")
    chosen = {"map.title": "文章名", "map.date": "哪天发的", "channel": "old", "old-channels": "old=老网站"}
    text = unescape(one.send(form, **chosen))
    assert (one.page.status_code, "会新增 " in text, "老网站" in text) == (200, True, True), text
    one.press("导入这 2 条")
    (made,) = imports_made(desk.store)
    assert made.entries == 2


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.doc", b"x", "只导入 .xlsx 和 .csv"),
        ("a.xlsx", b"x", "不是可用的 .xlsx 文件"),
        ("a.csv", "标题,渠道\n=1+1,hook\n".encode(), "没有表头“发布日期”"),
        ("../../x.csv", "标题,渠道,发布日期\n=1+1,hook,2025-01-01\n".encode(), "=1+1"),
    ],
)
def test_a_file_that_is_none_is_told_without_its_place(somebody: Sit, name: str, data: bytes, told: str) -> None:
    text = look(somebody("zhou"), data, name)
    assert told in text
    assert "/tmp/" not in text


def test_pasted_rows_do_and_an_import_is_taken_back_as_a_whole(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    one.go("/ledger/import")
    one.press("先试一遍", pasted="标题\t渠道\t发布日期\n一篇\thook\t2025年1月2日\n二篇\thook\t2025/1/3\n")
    one.press("导入这 2 条")
    text = unescape(one.press("撤销这次导入", why="导错了文件"))
    assert "导入 1 已撤销" in text
    (made,) = imports_made(desk.store)
    assert made.undone_by == "zhou"
    assert "二篇" not in unescape(one.go("/ledger?which=imported&span=all"))
    form = one.client.get("/ledger/import")
    assert "撤销这次导入</button>" not in unescape(form.text)


def test_what_was_kept_is_nobody_elses(somebody: Sit) -> None:
    one, other = somebody("zhou"), somebody("lina")
    look(one, book(*GOOD))
    kept = dict(one.form("导入这 2 条").fields)
    other.go("/ledger/import")
    form = other.form("先试一遍")
    text = unescape(other.send(form, **{"kept": kept["kept"], "kept-name": "x.xlsx"}))
    assert "传来的文件已经不在了" in text
    assert somebody("jiao").client.get("/ledger/import").status_code == 403
