"""设置 from the browser: written into the file with all else kept, tried first, refused with what was typed, secrets never shown again."""

import difflib
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Somebody, forms_of
from xuanfa.operations.desk import Desk
from xuanfa.reports.audit import audited

Sit = Callable[[str], Somebody]
ADMIN_PAGES = (
    "/settings/organisation",
    "/settings/publishing",
    "/settings/columns",
    "/settings/columns/new",
    "/settings/columns/action",
    "/settings/silences/new",
    "/settings/channels",
    "/settings/channels/new?kind=wecom",
    "/settings/channels/hook",
)
KEPT = "# 金昌市中级人民法院的设置。\n[organisation]\nname = '金昌中院'   # 单引号也行\n\n# 下面是专栏\n"
SECRET = "whsec_bm90LWEtc2VjcmV0LWZvci10aGUtdGVzdHM="


@pytest.fixture
def desk(workspace: Workspace, clock: Clock, desk: Desk) -> Desk:
    """Its settings have comments that are to stay."""
    path = workspace.folder / "xuanfa.toml"
    path.write_text(KEPT + path.read_text(encoding="utf-8").lstrip("\n"), encoding="utf-8")
    desk.newest(at_once=True)
    return desk


def text_of(workspace: Workspace) -> str:
    return (workspace.folder / "xuanfa.toml").read_text(encoding="utf-8")


def changed(before: str, after: str) -> list[str]:
    """The lines that are others, as a difference shows them."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in found if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


def copies(workspace: Workspace) -> list[Path]:
    return sorted(workspace.folder.glob("xuanfa.toml.*"))


def whys(desk: Desk) -> list[str]:
    lines = audited(desk.store, since=None, until=None, who=None, post=None)
    return [line.why for line in lines if line.act == "change_settings"]


def test_settings_are_for_administrators(somebody: Sit) -> None:
    one, other = somebody("lina"), somebody("zhao")
    for path in ADMIN_PAGES:
        assert one.client.get(path).status_code == 200, path
        assert other.client.get(path).status_code == 403, path
    assert one.client.get("/settings/columns/nothing").status_code == 409
    assert one.client.get("/settings/channels/new?kind=carrier-pigeon").status_code == 409
    assert one.client.get("/settings/silences/7").status_code == 409


def test_one_line_is_changed_and_the_file_of_before_is_kept(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    before, one = text_of(workspace), somebody("lina")
    assert "还没有人在这里改过" in one.go("/settings/organisation")
    text = one.press("写进设置", **{"organisation.name": "甘肃省金昌市中级人民法院"}, why="改为全称")
    assert "改好了" in text
    assert changed(before, text_of(workspace)) == [
        "-name = '金昌中院'   # 单引号也行",
        '+name = "甘肃省金昌市中级人民法院"   # 单引号也行',
    ]
    assert [path.read_text(encoding="utf-8") for path in copies(workspace)] == [before]
    assert re.fullmatch(r"xuanfa\.toml\.\d{4}-\d\d-\d\d-\d{6}", copies(workspace)[0].name)
    assert "上次改动：李娜" in one.go("/settings/organisation")
    assert "甘肃省金昌市中级人民法院" in one.page.text, "the same process goes by it at once"
    (told,) = whys(desk)
    assert told == "单位：organisation.name 从 “金昌中院” 改成 “甘肃省金昌市中级人民法院”（改为全称）"


def test_what_is_the_same_writes_nothing(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    before, one = text_of(workspace), somebody("lina")
    for path in (
        "/settings/organisation",
        "/settings/publishing",
        "/settings/columns/action",
        "/settings/channels/hook",
    ):
        one.go(path)
        assert "什么也没有写" in one.press("写进设置"), path
    assert (text_of(workspace), copies(workspace), whys(desk)) == (before, [], [])


def test_a_wrong_value_stands_beside_its_field_and_is_kept(somebody: Sit, workspace: Workspace) -> None:
    before, one = text_of(workspace), somebody("lina")
    one.go("/settings/publishing")
    text = one.press("写进设置", timezone="北京", late_after_minutes="很多", **{"publish.in_flight": "0"}, why="试")
    assert one.page.status_code == 422
    assert "有 3 处要改" in text
    for part in ('value="北京"', 'value="很多"', "“北京”不是时区名", "应为整数", "不能小于 1", 'value="试"'):
        assert part in text, part
    assert (text_of(workspace), copies(workspace)) == (before, [])
    one.press("写进设置", timezone="Asia/Urumqi", late_after_minutes="90", **{"publish.in_flight": "5"})
    assert changed(before, text_of(workspace)) == [
        '+timezone = "Asia/Urumqi"',
        "+late_after_minutes = 90",
        "+[publish]",
        "+in_flight = 5",
    ]


def test_a_column_is_added_changed_and_taken_away(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    before, one = text_of(workspace), somebody("lina")
    one.go("/settings/columns/new")
    assert "只用小写英文字母" in one.press("加上", id="坏 名", **{"columns.+.title": "案例"})
    assert "已经有了" in one.press("加上", id="action", **{"columns.+.title": "案例"})
    one.press("加上", id="cases", **{"columns.+.title": "以案说法", "columns.+.timetable": "周一 9:00\n周四 15:30"})
    assert text_of(workspace) == before + (
        '[columns.cases]\ntitle = "以案说法"\ntimetable = ["周一 9:00", "周四 15:30"]\n'
    )
    assert desk.newest().columns["cases"].title == "以案说法"
    one.go("/settings/columns/cases")
    assert "看不懂排期" in one.press("写进设置", **{"columns.cases.timetable": "某日"})
    one.press("从设置里删去")
    assert text_of(workspace) == before
    assert "cases" not in desk.newest().columns


def test_a_silent_period_is_added_changed_and_taken_away(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    one = somebody("lina")
    one.go("/settings/silences/new")
    typed = {"silent.0.from": "2026-12-13", "silent.0.until": "2026-12-12", "silent.0.reason": "国家公祭日"}
    assert "请改成更晚的时间" in one.press("加上", **typed)
    one.press("加上", **typed | {"silent.0.until": "2026-12-13"})
    assert text_of(workspace).endswith(
        '\n[[silent]]\nfrom = "2026-12-13"\nuntil = "2026-12-13"\nreason = "国家公祭日"\n'
    )
    assert "国家公祭日" in one.page.text
    assert [each.reason for each in desk.newest().silences] == ["国家公祭日"]
    one.go("/settings/silences/new")
    one.press(
        "加上", **{f"silent.1.{key[9:]}": value for key, value in typed.items()} | {"silent.1.until": "2026-12-14"}
    )
    assert len(desk.newest().silences) == 2
    one.go("/settings/silences/0")
    one.press("从设置里删去")
    assert [each.ends.day for each in desk.newest().silences] == [15]


def test_a_secret_goes_to_its_own_file_and_is_shown_nowhere(
    somebody: Sit, workspace: Workspace, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    one = somebody("lina")
    one.go("/settings/channels/hook")
    assert workspace.url not in one.page.text, "an address is a secret as a whole"
    text = one.press("写进设置", **{"secret.channels.hook.secret": SECRET, "channels.hook.replay_hours": "x"})
    assert "应为整数" in text, "what else was typed was wrong"
    assert SECRET not in text
    text = one.press("写进设置", **{"secret.channels.hook.secret": SECRET, "channels.hook.replay_hours": "2"})
    secrets = workspace.folder / ".env"
    assert secrets.read_text(encoding="utf-8") == f"XUANFA_CHANNELS__HOOK__SECRET='{SECRET}'\n"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert SECRET not in text_of(workspace)
    for path in ("/settings/channels/hook", "/settings/channels", "/settings/audit", "/channels/hook"):
        assert SECRET not in one.go(path), path
    (told,) = [why for why in whys(desk) if "secret" in why]
    assert "channels.hook.secret 换过" in told
    assert "已设，今天 李娜；不再显示" in one.go("/settings/channels/hook")
    reader = somebody("zhou").go("/channels/hook")
    assert ("已设，今天 李娜" in reader, "已设，在服务器上设的" in reader, SECRET in reader) == (True, True, False)
    one.go("/settings/channels/hook")
    assert SECRET not in "".join(whys(desk)) + caplog.text
    one.go("/settings/channels/hook")
    one.press("写进设置", **{"secret.channels.hook.secret.gone": "1"})
    assert secrets.read_text(encoding="utf-8") == ""
    assert "今天 李娜 去掉了，没有设" in one.go("/channels/hook")


def test_a_secret_in_the_file_itself_goes_from_there(somebody: Sit, workspace: Workspace) -> None:
    before, one = text_of(workspace), somebody("lina")
    assert "明文写在 xuanfa.toml 里" in one.go("/settings/channels/hook")
    one.press("写进设置", **{"secret.channels.hook.url": f"{workspace.url}/elsewhere"})
    assert changed(before, text_of(workspace)) == [f'-url = "{workspace.url}/hook"']
    assert (workspace.folder / ".env").read_text("utf-8") == f"XUANFA_CHANNELS__HOOK__URL='{workspace.url}/elsewhere'\n"


def test_what_a_page_of_another_sign_in_sends_back_holds_no_secret(somebody: Sit) -> None:
    one = somebody("lina")
    one.go("/settings/channels/hook")
    form = one.form("写进设置")
    form.fields = [(name, "other" if name == "csrf" else value) for name, value in form.fields]
    text = one.send(form, **{"secret.channels.hook.secret": SECRET, "channels.hook.title": "门户"})
    assert one.page.status_code == 403
    assert "门户" in text
    assert SECRET not in text


def test_a_channel_is_added_with_its_secret_at_once(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    one = somebody("lina")
    one.go("/settings/channels/new?kind=wecom")
    typed = {"id": "group", "channels.+.title": "工作群"}
    text = one.press("加上", **typed)
    assert one.page.status_code == 422
    assert "缺少 key" in text
    assert 'value="工作群"' in text
    form = one.form("加上")
    form.fields = [(name.replace("channels.new", "channels.group"), value) for name, value in form.fields]
    key = "11111111-2222-4333-8444-555555555555"
    one.press("加上", **{"secret.channels.+.key": key})
    assert one.page.url.path == "/settings/channels/group"
    assert desk.newest().channels["group"].title == "工作群"
    assert '\n[channels.group]\nadapter = "wecom"\ntitle = "工作群"\n' in text_of(workspace)
    one.press("从设置里删去")
    assert "group" not in text_of(workspace)
    assert key not in (workspace.folder / ".env").read_text("utf-8")


def test_each_change_asks_again_who_it_is(somebody: Sit, workspace: Workspace, clock: Clock) -> None:
    before, one = text_of(workspace), somebody("lina")
    one.go("/settings/organisation")
    form = one.form("写进设置")
    clock.advance(minutes=6)
    text = one.send(form, **{"organisation.name": "别的单位"})
    assert (one.page.status_code, text_of(workspace)) == (422, before)
    assert "请填密码" in text
    assert 'value="别的单位"' in text
    one.press("写进设置", again=PASSWORD)
    assert "别的单位" in text_of(workspace)


def test_a_file_that_was_changed_meanwhile_is_not_written_over(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    one = somebody("lina")
    one.go("/settings/organisation")
    path = workspace.folder / "xuanfa.toml"
    by_hand = text_of(workspace).replace("金昌中院", "手工改的").replace('title = "我们在行动"', 'title = "行动"')
    path.write_text(by_hand, encoding="utf-8")
    text = one.press("写进设置", **{"organisation.name": "网页里改的"})
    assert (one.page.status_code, text_of(workspace)) == (409, by_hand)
    assert "organisation.name 从 “金昌中院” 改成 “手工改的”" in text
    assert "columns.action.title 从 “我们在行动” 改成 “行动”" in text
    assert 'value="网页里改的"' in text
    one.press("写进设置")
    assert changed(by_hand, text_of(workspace))[0].startswith("-name = '手工改的'")


def test_of_two_at_once_one_is_written_and_the_other_asked_again(
    somebody: Sit, workspace: Workspace, desk: Desk
) -> None:
    sitting = [somebody("lina"), somebody("lina")]
    for one in sitting:
        one.go("/settings/organisation")
    threads = [
        threading.Thread(target=one.press, args=("写进设置",), kwargs={"organisation.name": f"第{n}个"})
        for n, one in enumerate(sitting)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.page.status_code for one in sitting) == [200, 409]
    winner = next(n for n, one in enumerate(sitting) if one.page.status_code == 200)
    assert f'name = "第{winner}个"' in text_of(workspace)
    assert len(copies(workspace)) == 1


def test_a_file_that_cannot_be_read_is_told_and_not_touched(somebody: Sit, workspace: Workspace, desk: Desk) -> None:
    one = somebody("lina")
    path = workspace.folder / "xuanfa.toml"
    whole = text_of(workspace)
    path.write_text(whole + "\n坏了 = [", encoding="utf-8")
    desk.newest(at_once=True)
    text = one.go("/settings/organisation")
    assert one.page.status_code == 200, "the console goes on by the settings of before"
    assert "不是正确的 TOML 写法" in text
    text = one.press("写进设置", **{"organisation.name": "甲"})
    assert (one.page.status_code, text_of(workspace)) == (422, whole + "\n坏了 = [")
    path.write_text(whole + '\n[columns.b]\ntitle = "b"\nchannels = ["nowhere"]\n', encoding="utf-8")
    assert "用到渠道 nowhere" in one.go("/settings/organisation")
    assert "用到渠道 nowhere" in one.press("写进设置", **{"organisation.name": "甲"})
    assert one.page.status_code == 422


@pytest.mark.parametrize("trouble", ["read-only", "full"])
def test_what_cannot_be_written_is_one_sentence_and_all_that_was_typed(
    somebody: Sit, workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    one, before = somebody("lina"), text_of(workspace)
    one.go("/settings/channels/hook")
    number = {"read-only": 30, "full": 28}[trouble]  # EROFS, ENOSPC

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "refused")

    with monkeypatch.context() as patch:
        patch.setattr("xuanfa.operations.configuring.files.tempfile.mkstemp", refuse)
        text = one.press("写进设置", **{"channels.hook.title": "门户", "secret.channels.hook.secret": SECRET})
    assert one.page.status_code == 503
    assert {"read-only": "文件系统是只读的", "full": "磁盘已满"}[trouble] in text
    assert 'value="门户"' in text
    assert SECRET not in text
    assert (text_of(workspace), copies(workspace), whys(desk)) == (before, [], [])
    assert not (workspace.folder / ".env").exists()
    one.press("写进设置", **{"channels.hook.title": "门户"})
    assert 'title = "门户"' in text_of(workspace)


def test_what_a_variable_decides_cannot_be_changed_here(
    somebody: Sit, workspace: Workspace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUANFA_ORGANISATION__NAME", "环境里的")
    before, one = text_of(workspace), somebody("lina")
    text = one.go("/settings/organisation")
    assert "由环境变量 XUANFA_ORGANISATION__NAME决定，在这里改不了" in text.replace(
        "XUANFA_ORGANISATION__NAME 决定", "XUANFA_ORGANISATION__NAME决定"
    )
    one.press("写进设置", **{"organisation.name": "甲"})
    assert text_of(workspace) == before


def test_no_page_of_settings_needs_script(somebody: Sit) -> None:
    one = somebody("lina")
    for path in ADMIN_PAGES:
        text = one.go(path)
        assert "<script" in text  # the frame's own modules, and none in the page
        assert not re.search(r"<script(?![^>]*src=)", text)
        assert all(form.action for form in forms_of(text))
