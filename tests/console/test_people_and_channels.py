"""设置 · 人员, 审计, 委托; 我的 · 令牌; 渠道: by the door's acts, shown again who it is, nothing secret shown."""

from collections.abc import Callable

import pytest

from tests.conftest import Clock
from tests.support.browsing import PASSWORD, Somebody, forms_of
from xuanfa.domain.user import Role
from xuanfa.operations.desk import Desk
from xuanfa.reports.audit import audited
from xuanfa.reports.listing import paused_channels
from xuanfa.reports.people import show_user
from xuanfa.reports.review_queue import list_delegations

Sit = Callable[[str], Somebody]
PAGES = (
    "/settings/people",
    "/settings/people/new",
    "/settings/people/zhou",
    "/settings/audit",
    "/settings/audit/visits",
)


def acts(desk: Desk) -> list[str | None]:
    return [line.act for line in audited(desk.store, since=None, until=None, who="lina", post=None)]


def test_accounts_are_for_administrators(somebody: Sit) -> None:
    one, other = somebody("lina"), somebody("zhao")
    for path in PAGES:
        assert one.client.get(path).status_code == 200, path
        assert other.client.get(path).status_code == 403, path
    assert "人员" in one.go("/settings")
    text = other.go("/settings")
    assert ("人员" in text, "委托" in text, "备份" in text) == (False, True, False)


def test_an_account_is_made_changed_and_closed(somebody: Sit, desk: Desk) -> None:
    one = somebody("lina")
    one.go("/settings/people/new")
    assert "请至少勾一个角色" in one.press("加上", name="gao", display="高远", password="several words here")
    assert 'value="高远"' in one.page.text
    assert "several words here" not in one.page.text
    form = one.form("加上")
    form.fields.append(("role", "author"))
    assert "账号建好了" in one.send(form, password="several words here")
    with_password = somebody("")
    with_password.sign_in("gao", "several words here")
    form = one.form("改好了")
    form.fields.append(("role", "reviewer"))
    one.send(form, department="研究室")
    assert show_user(desk.store, "gao")[0].roles == {Role.AUTHOR, Role.REVIEWER}
    one.press("换密码", password="others and quite long")
    with_password.go("/me")
    assert with_password.page.url.path == "/sign-in", "whoever was signed in by the old one is out"
    one.press("停用账号")
    assert "已停用" in one.page.text
    one.press("重新启用")
    assert not show_user(desk.store, "gao")[0].disabled
    assert {"add_user", "change_user", "set_password", "disable_user", "enable_user"} <= set(acts(desk))


def test_each_change_asks_again_who_it_is(somebody: Sit, desk: Desk, clock: Clock) -> None:
    one = somebody("lina")
    one.go("/settings/people/zhou")
    form = one.form("停用账号")
    clock.advance(minutes=6)
    text = one.send(form)
    assert (one.page.status_code, show_user(desk.store, "zhou")[0].disabled) == (422, False)
    assert "请填密码" in text
    one.press("停用账号", again=PASSWORD)
    assert show_user(desk.store, "zhou")[0].disabled


def test_the_last_administrator_stays(somebody: Sit, desk: Desk) -> None:
    one = somebody("lina")
    one.go("/settings/people/lina")
    one.press("停用账号")
    assert (one.page.status_code, show_user(desk.store, "lina")[0].disabled) == (422, False)


def test_a_locked_account_is_unlocked(somebody: Sit, desk: Desk) -> None:
    stranger = somebody("")
    for _ in range(5):
        stranger.go("/sign-in")
        stranger.press("登录", name="wang", password="wrong")
    one = somebody("lina")
    assert "王芳 锁住了" in one.go("/settings/people")
    one.go("/settings/people/wang")
    one.press("解锁")
    assert not show_user(desk.store, "wang")[0].locked


def test_a_token_is_shown_once_and_revoked(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhou")
    one.go("/me/tokens")
    form = one.form("做令牌")
    assert "请勾上这个令牌能做什么" in one.send(form)
    form = one.form("做令牌")
    form.fields.append(("scope", "read"))
    text = one.send(form)
    secret = text.partition('id="token">')[2].partition("<")[0]
    assert secret.startswith("xf_")
    assert secret not in one.send(form), "pressed again it is not shown, and not made anew"
    assert secret not in one.go("/me/tokens")
    assert len(show_user(desk.store, "zhou")[1]) == 1
    one.press(next(button for form in forms_of(one.page.text) for button in form.buttons if button.startswith("作废")))
    assert show_user(desk.store, "zhou")[1][0].revoked_at is not None


def test_somebody_stands_in_for_a_time(somebody: Sit, desk: Desk) -> None:
    one = somebody("zhao")
    one.go("/settings/delegations")
    assert "请填从哪天到哪天" in one.press("请人代审", to="shen", begins_day="", ends_day="", why="赴省里开会")
    assert "2026-03-20" in one.press(
        "请人代审", to="shen", begins_day="2026-03-20", ends_day="2026-03-01", why="赴省里开会"
    )
    assert list_delegations(desk.store) == []
    one.press("请人代审", to="shen", begins_day="2026-03-02", ends_day="2026-03-09", why="赴省里开会")
    assert "委托好了" in one.page.text
    assert [(each.principal, each.deputy) for each in list_delegations(desk.store)] == [("zhao", "shen")]
    assert "赴省里开会" in somebody("shen").go("/settings/delegations")
    assert "赴省里开会" not in somebody("jiao").go("/settings/delegations")


@pytest.mark.parametrize("name", ["zhou", "lina"])
def test_a_channel_is_asked_stopped_and_resumed(somebody: Sit, desk: Desk, name: str) -> None:
    one = somebody(name)
    assert "没有停" in one.go("/channels")
    one.go("/channels/hook")
    assert "请写明停发的原因" in one.press("停发", why=" ")
    one.press("停发", why="平台维护")
    assert paused_channels(desk.store) == {"hook": "平台维护"}
    assert "平台维护" in somebody("shen").go("/channels")
    one.press("恢复发送")
    assert paused_channels(desk.store) == {}
    assert "现在查一次" in one.press("现在查一次")
    assert one.page.status_code == 200


def test_whoever_may_not_decide_sees_how_channels_stand_and_no_button(somebody: Sit) -> None:
    one = somebody("shen")
    one.go("/channels/hook")
    assert [form.action for form in forms_of(one.page.text) if "/channels/" in form.action] == []
    assert one.client.get("/channels/hook/packs/x.zip").status_code == 403
    assert somebody("wang").client.get("/channels").status_code == 403
    assert somebody("zhou").client.get("/channels/hook/packs/..%2f..%2fxuanfa.toml").status_code in {404, 409}
    assert somebody("zhou").client.get("/channels/nowhere").status_code == 422


def test_the_history_is_filtered_and_paged(somebody: Sit, desk: Desk) -> None:
    one = somebody("lina")
    text = one.go("/settings/audit?who=lina")
    assert "新建用户" in text
    assert "登录系统" not in one.go("/settings/audit?who=zhou")
    assert "没有这样的记录" in one.go("/settings/audit?since=2026-03-09")
    assert one.client.get("/settings/audit?since=yesterday&until=x&before=-1").status_code == 200
    for _ in range(30):
        one.client.post("/channels/hook/pause", data={})
    assert one.client.get("/settings/audit/visits?who=lina").status_code == 200
