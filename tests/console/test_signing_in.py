"""Signing in, out and up: one sentence for whatever was wrong, six digits for who has them, and an end for every session."""

from collections.abc import Callable
from contextlib import ExitStack

import pyotp
import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Somebody, forms_of, served
from xuanfa.domain.session_span import SessionSpan
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.sessions import first_administrator

Sit = Callable[[str], Somebody]


def test_nobody_gets_in_without_signing_in(somebody: Sit) -> None:
    one = somebody("")
    one.go("/me")
    assert (one.page.url.path, one.page.url.query) == ("/sign-in", b"then=/me")
    assert "王芳" in one.press("登录", name="wang", password=PASSWORD)
    assert one.page.url.path == "/me"


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(somebody: Sit, then: str) -> None:
    one = somebody("")
    one.page = one.client.get("/sign-in", params={"then": then})
    one.press("登录", name="wang", password=PASSWORD)
    assert (one.page.url.host, one.page.url.path) == ("127.0.0.1", "/")


def test_one_sentence_says_nothing_of_who_there_is(somebody: Sit) -> None:
    one = somebody("")
    said = []
    for name in ("wang", "nobody", "zhao"):
        one.go("/sign-in")
        said.append(one.press("登录", name=name, password="wrong"))
        assert (one.page.status_code, "账号或密码不对。" in said[-1]) == (403, True)
        assert "没有登录名" not in said[-1]


def test_five_wrong_passwords_lock(somebody: Sit, clock: Clock) -> None:
    one = somebody("")
    for _ in range(5):
        one.go("/sign-in")
        text = one.press("登录", name="wang", password="wrong")
    assert "账号已经锁住" in text
    one.go("/sign-in")
    assert "账号已经锁住" in one.press("登录", name="wang", password=PASSWORD)


def test_an_address_that_tries_too_often_waits(somebody: Sit) -> None:
    one = somebody("")
    for number in range(11):
        one.go("/sign-in")
        one.press("登录", name=f"nobody{number}", password="wrong")
    assert one.page.status_code == 429
    assert "再试" in one.page.text


IDLE, WHOLE = SessionSpan().idle, SessionSpan().whole


@pytest.mark.parametrize("after", [IDLE, WHOLE])
def test_a_session_ends_by_itself(somebody: Sit, clock: Clock, after: object) -> None:
    one = somebody("wang")
    steps = 1 if after == IDLE else int(WHOLE / (IDLE / 2))
    for _ in range(steps):
        clock.now += IDLE if after == IDLE else IDLE / 2
        one.go("/me")
    assert one.page.url.path == "/sign-in"


def test_signing_out_ends_it_for_the_cookie_too(somebody: Sit) -> None:
    one = somebody("wang")
    cookie = dict(one.client.cookies)
    one.go("/me")
    one.press("退出")
    one.client.cookies.update(cookie)
    one.go("/me")
    assert one.page.url.path == "/sign-in"


def test_everywhere_else_is_signed_out(somebody: Sit) -> None:
    one, other = somebody("wang"), somebody("wang")
    one.go("/me")
    one.press("别处全部退出")
    other.go("/me")
    one.go("/me")
    assert (one.page.url.path, other.page.url.path) == ("/me", "/sign-in")


def test_six_digits_are_set_up_asked_for_and_taken_once(somebody: Sit, clock: Clock) -> None:
    one = somebody("zhao")
    one.go("/me")
    text = one.press("设动态码")
    secret = text.partition('id="secret">')[2].partition("<")[0]
    code = pyotp.TOTP(secret)
    assert "六位数字不对" in one.press("设好", digits="000000")
    one.press("设好", digits=code.at(clock.now))
    assert "不再用动态码" in one.page.text
    clock.advance(seconds=60)
    other = somebody("")
    other.go("/sign-in")
    other.press("登录", name="zhao", password=PASSWORD)
    assert other.page.url.path == "/sign-in/digits"
    other.go("/me")
    assert other.page.url.path == "/sign-in", "half a session opens nothing"
    other.go("/sign-in/digits")
    digits = code.at(clock.now)
    other.press("登录", digits=digits)
    other.go("/me")
    assert other.page.url.path == "/me"
    third = somebody("")
    third.go("/sign-in")
    third.press("登录", name="zhao", password=PASSWORD)
    assert "已经用过" in third.press("登录", digits=digits)


def test_the_first_start_makes_an_administrator_who_takes_another_password(workspace: Workspace, clock: Clock) -> None:
    desk = workspace.desk(clock)
    password = first_administrator(desk)
    assert password is not None
    assert first_administrator(desk) is None
    with served(desk) as address, ExitStack() as stack:
        one = stack.enter_context(Somebody(address)).sign_in("admin", password)
        one.go("/")
        assert one.page.url.path == "/me/password"
        text = one.press("改密码", password=password, new="quite another one", again="quite another one")
        assert (one.page.url.path, "管理员" in text) == ("/me", True)
        one.go("/")
        assert one.page.url.path == "/"
        stack.enter_context(Somebody(address)).sign_in("admin", "quite another one")


def test_another_password_ends_the_other_sessions(somebody: Sit) -> None:
    one, other = somebody("wang"), somebody("wang")
    one.go("/me/password")
    one.press("改密码", password=PASSWORD, new="quite another one", again="quite another one")
    other.go("/me")
    assert (one.page.url.path, other.page.url.path) == ("/me", "/sign-in")


def test_a_disabled_account_is_out_at_once(somebody: Sit, desk: Desk) -> None:
    from xuanfa.domain.act import DisableUser  # noqa: PLC0415
    from xuanfa.domain.person import Person  # noqa: PLC0415
    from xuanfa.operations.people.accounts import disable_user  # noqa: PLC0415

    one = somebody("wang")
    disable_user(desk, DisableUser(user="wang"), Person(name="lina", how="password"))
    one.go("/me")
    assert one.page.url.path == "/sign-in"


def test_no_page_holds_what_was_typed_as_a_password(somebody: Sit) -> None:
    one = somebody("")
    one.go("/sign-in")
    text = one.press("登录", name="wang", password="quite-secret-and-wrong")
    assert "quite-secret-and-wrong" not in text
    assert [value for form in forms_of(text) for name, value in form.fields if name == "password"] == [""]
