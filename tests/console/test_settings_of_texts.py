"""设置 · 版式, 检查规则, 审核流程, 备份: tried before they are written, told in a sentence, signed posts named before they are reviewed anew."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Somebody, served
from tests.support.reviewed_console import approve, open_office, submit
from xuanfa.domain.access import Veil
from xuanfa.domain.delivery import State
from xuanfa.operations.configuring.templates import try_template
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.keeping.backup import backup
from xuanfa.reports.audit import audited
from xuanfa.reports.listing import list_deliveries

Sit = Callable[[str], Somebody]
TEMPLATE = "/settings/templates/webhook/plain.json"
OWN = "templates/webhook/plain.json"


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    return open_office(workspace, clock, "one", "two")


@pytest.fixture
def lina(desk: Desk) -> Iterator[Somebody]:
    """The administrator, at the console of this office."""
    with served(desk) as address, Somebody(address) as one:
        yield one.sign_in("lina")


def text_of(workspace: Workspace, path: str = OWN) -> str:
    return (workspace.folder / path).read_text(encoding="utf-8")


def acts(desk: Desk, verb: str) -> list[str]:
    return [line.why for line in audited(desk.store, since=None, until=None, who=None, post=None) if line.act == verb]


def test_a_template_is_seen_with_the_newest_posts_and_written(lina: Somebody, workspace: Workspace, desk: Desk) -> None:
    assert "plain.json" in lina.go("/settings/templates")
    before = text_of(workspace)
    text = lina.go(TEMPLATE)
    assert text.count("<iframe") == 4, "two posts on two channels"
    changed = before.replace('{"title"', '{"heading"')
    lina.press("看看样子", text=changed, do="try")
    assert (lina.page.text.count("<iframe"), text_of(workspace)) == (4, before)
    frame = lina.page.text.partition('<iframe src="')[2].partition('"')[0]
    answer = lina.client.get(frame)
    assert "把法庭搬到田间地头" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]
    lina.press("写进模板", do="write", why="换个名字")
    assert "写好了" in lina.page.text
    assert text_of(workspace) == changed
    (kept,) = (workspace.folder / "var" / "changed" / "templates" / "webhook").iterdir()
    assert kept.read_text("utf-8") == before
    assert acts(desk, "change_template") == ["模板 webhook/plain.json 改过（换个名字）"]


def test_a_template_that_raises_is_one_sentence_and_is_not_written(lina: Somebody, workspace: Workspace) -> None:
    before, text = text_of(workspace), '{"title": {{ nothing.at.all | tojson }}}'
    lina.go(TEMPLATE)
    for button, do in (("看看样子", "try"), ("写进模板", "write")):
        page = lina.press(button, text=text, do=do)
        assert "webhook/plain.json:1: 模板用到没有的名称：“nothing”" in page, button
        assert "Traceback" not in page
    assert (lina.page.status_code, text_of(workspace)) == (422, before)
    assert "nothing.at.all" in page
    assert "模板写法有误" in lina.press("写进模板", text="{{ post.title", do="write")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ ''.__class__.__mro__ }}", "不允许的操作"),
        ("{{ 1 / 0 }}", "模板运行出错"),
        ("{% include 'webhook/gone.json' %}", "找不到模板"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99) %}{% endfor %}{% endfor %}{% endfor %}", "停下了"),
        ("{{ 'a' * 900000000 }}", "停下了"),
    ],
)  # fmt: skip
def test_whatever_a_template_does_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    monkeypatch.setattr("xuanfa.operations.configuring.templates.PATIENCE", 8.0)
    found = try_template(desk, "webhook/plain.json", text, Veil())
    assert said in found.trouble
    assert "\n" not in found.trouble


def test_signed_posts_are_named_before_they_are_reviewed_anew(
    lina: Somebody, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    submit(desk)
    for name in ("zhou", "jiao", "zhao"):
        approve(desk, name)
    signed = {row.channel for row in list_deliveries(desk.store) if row.state is State.SCHEDULED}
    assert signed == {"hook", "wall"}
    lina.go(TEMPLATE)
    before = "{# 说明 #}" + text_of(workspace)
    lina.press("写进模板", text=before, do="write")
    assert "写好了" in lina.page.text, "a comment alone sends nothing back"
    changed = before.replace('{"title"', '{"heading"')
    text = lina.press("写进模板", text=changed, do="write")
    assert (lina.page.status_code, text_of(workspace)) == (409, before)
    assert "有 1 篇已签发的要重审：法官带着调解协议来执行" in text
    form = lina.form("写进模板")
    form.fields.append(("accepted", "one"))
    lina.send(form, do="write")
    assert text_of(workspace) == changed
    queue(desk)
    assert {row.state for row in list_deliveries(desk.store, post="one")} == {State.AWAITING_REVIEW}
    assert "重审 one" in acts(desk, "change_template")[-1]


def test_the_shipped_template_comes_back(lina: Somebody, workspace: Workspace, desk: Desk) -> None:
    name = "/settings/templates/webhook/default.json"
    shipped = lina.go(name)
    assert "恢复成自带的" not in shipped
    lina.press("写进模板", text='{"only": {{ post.title | tojson }}}', do="write")
    assert (workspace.folder / "templates" / "webhook" / "default.json").exists()
    assert "恢复成自带的了" in lina.press("恢复成自带的", do="restore")
    assert not (workspace.folder / "templates" / "webhook" / "default.json").exists()


@pytest.mark.parametrize(
    "name", ["../xuanfa.toml", "rehearsal/frame.html", "site/../../xuanfa.toml", "manual/pack.js", "nothing.md"]
)
def test_nothing_else_is_opened(lina: Somebody, workspace: Workspace, name: str) -> None:
    answer = lina.client.get(f"/settings/templates/{name.replace('../', '%2e%2e/')}")
    assert answer.status_code in {404, 409}
    assert "columns.action" not in answer.text


def test_two_who_change_one_template(lina: Somebody, workspace: Workspace) -> None:
    lina.go(TEMPLATE)
    other = text_of(workspace) + " "
    (workspace.folder / OWN).write_text(other, encoding="utf-8")
    text = lina.press("写进模板", text="{}", do="write")
    assert (lina.page.status_code, text_of(workspace)) == (422, other)
    assert "这个模板被改过，没有写" in text


def test_own_rules_are_written_and_read(lina: Somebody, workspace: Workspace, desk: Desk) -> None:
    lina.go("/settings/rules")
    lina.press("写进设置", **{"check.own_lines": "0935-8221234"})
    assert 'own_lines = ["0935-8221234"]' in text_of(workspace, "xuanfa.toml")
    lina.go("/settings/rules-file?name=words.toml")
    wrong = '[[rule]]\nid = "term.office"\nclass = "nothing"\nlevel = "severe"\nfind = "我院"\nmessage = "写全称。"\n'
    text = lina.press("写进规则", text=wrong, do="write")
    assert lina.page.status_code == 422
    assert "rules/words.toml:" in text
    assert "我院" in text
    assert not (workspace.folder / "rules" / "words.toml").exists()
    right = wrong.replace('"nothing"', '"term"')
    lina.press("写进规则", text=right, do="write")
    assert text_of(workspace, "rules/words.toml") == right
    rules = desk.newest().rules
    assert rules is not None
    assert "term.office" in {found.rule for found in rules.found("我院召开会议。", None)}
    assert "1 条" in lina.go("/settings/rules")
    lina.go("/settings/rules/words.toml")
    lina.press("删去这个文件", do="remove")
    assert not (workspace.folder / "rules" / "words.toml").exists()
    assert len(acts(desk, "change_rules")) == 3, "one of them refused"
    assert lina.client.get("/settings/rules/..%2fxuanfa.toml").status_code in {404, 409}


def test_steps_of_a_review_are_changed_moved_and_taken_away(lina: Somebody, workspace: Workspace, desk: Desk) -> None:
    before = text_of(workspace, "xuanfa.toml")
    lina.go("/settings/reviews/three")
    lina.press("写进设置")
    assert text_of(workspace, "xuanfa.toml") == before
    lina.go("/settings/reviews/three")
    lina.press("写进设置", **{"steps.1.hours": "4"})
    after = text_of(workspace, "xuanfa.toml")
    assert after == before.replace('role = "proofreader"\n', 'role = "proofreader"\nhours = 4\n')
    lina.go("/settings/reviews/three")
    new = {"steps.3.name": "保密审查", "steps.3.kind": "保密", "steps.3.role": "secrecy", "steps.3.place": "2"}
    lina.press("写进设置", **new, **{"steps.2.place": "9"})
    steps = desk.newest().reviews.templates["three"].steps
    assert [step.name for step in steps] == ["一审", "一校", "保密审查", "三审"]
    lina.go("/settings/reviews/three")
    text = lina.press("写进设置", **{"steps.0.hours": "许多", "steps.0.name": "一审"})
    assert lina.page.status_code == 422
    assert "应为整数" in text
    lina.go("/settings/reviews/three")
    lina.press("写进设置", **{"steps.1.gone": "1"})
    assert [step.name for step in desk.newest().reviews.templates["three"].steps] == ["一审", "保密审查", "三审"]


def test_a_shipped_review_becomes_the_offices_own(lina: Somebody, desk: Desk) -> None:
    assert "依据" in lina.go("/settings/reviews/small")
    lina.press("写进设置", **{"steps.0.hours": "2"})
    small = desk.newest().reviews.templates["small"]
    assert (small.steps[0].hours, small.name) == (2, "小单位")
    lina.go("/settings/reviews/small")
    lina.press("从设置里删去")
    assert desk.newest().reviews.templates["small"].steps[0].hours == 4
    lina.go("/settings/reviews/+")
    lina.press("写进设置", id="brief", name="短讯", **{"steps.0.name": "签发", "steps.0.role": "approver"})
    assert lina.page.url.path == "/settings/reviews/brief"
    assert [step.role for step in desk.newest().reviews.templates["brief"].steps] == ["approver"]


def test_backups_are_told(lina: Somebody, desk: Desk, workspace: Workspace, clock: Clock, tmp_path: Path) -> None:
    assert "还没有做过备份" in lina.go("/settings/backup")
    assert "xuanfa backup" not in lina.page.text, "a page names no command"
    folder = tmp_path / "backups"
    folder.mkdir()
    made = backup(desk, folder)
    os.utime(made.path, (clock().timestamp(), clock().timestamp()))
    text = lina.go("/settings/backup")
    assert made.path.name in text
    assert 'role="alert"' not in text
    clock.advance(days=3)
    lina.client.cookies.clear()
    lina.sign_in("lina", PASSWORD)
    assert "最近的备份是 3 天前的" in lina.go("/settings/backup")
