"""How people are known: a lost phone, links for leaders in the history, and tokens over the interface for programs."""

from collections.abc import Callable, Iterator

import httpx
import pyotp
import pytest
import sqlalchemy as sa

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Somebody
from xuanfa.domain.act import MakeToken
from xuanfa.domain.act_outward import DropFactor
from xuanfa.domain.errors import StateError
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.people import factors
from xuanfa.operations.people.accounts import make_token
from xuanfa.operations.people.sessions import open_sessions
from xuanfa.operations.restricting.links import end_links
from xuanfa.reports.audit import audited
from xuanfa.reports.people import factor_taken, show_user
from xuanfa.store.schema import events

Sit = Callable[[str], Somebody]
LINA = Person(name="lina", why="手机丢了，已当面核实", how="password")


def digits(desk: Desk, clock: Clock, name: str) -> str:
    """A second factor, set up; its secret."""
    secret = factors.set_up(desk, name)
    factors.require_digits(desk, name, pyotp.TOTP(secret).at(int(clock().timestamp())))
    return secret


def lines(desk: Desk, *acts: str) -> list[tuple[str, str, bool]]:
    found = audited(desk.store, since=None, until=None, who=None, post=None)
    return [
        (each.who, each.act or each.after, each.is_refused) for each in found if each.act in acts or each.after in acts
    ]


def test_a_lost_phone_is_taken_off_by_an_administrator_and_the_person_is_out_and_told(
    desk: Desk, clock: Clock, somebody: Sit
) -> None:
    zhao = somebody("zhao")
    digits(desk, clock, "zhao")
    lina = somebody("lina")
    lina.go("/settings/people/zhao")
    lina.press("去掉动态码", why="手机丢了，已当面核实", again=PASSWORD)
    assert "动态码去掉了" in lina.page.text
    assert lines(desk, "drop_factor") == [("lina", "drop_factor", False)]
    assert open_sessions(desk, "zhao") == []
    zhao.go("/reviews")
    assert zhao.page.url.path == "/sign-in"
    again = somebody("zhao")  # by the password alone
    for page in ("/", "/me"):
        text = again.go(page)
        assert "lina" in text
        assert "去掉了您的动态码：手机丢了，已当面核实" in text
    digits(desk, clock, "zhao")
    assert "去掉了您的动态码" not in again.go("/me")
    assert factor_taken(desk.store, "zhao", clock()) is None
    assert "去掉动态码" not in lina.go("/settings/people/lina")


def test_it_needs_a_reason_another_person_and_a_factor(desk: Desk, clock: Clock, somebody: Sit) -> None:
    with pytest.raises(StateError, match="没有设动态码"):
        carry_out(desk, DropFactor(user="zhao"), LINA)
    digits(desk, clock, "zhao")
    with pytest.raises(StateError, match="要写明原因"):
        carry_out(desk, DropFactor(user="zhao"), Person(name="lina", how="password"))
    with pytest.raises(StateError, match="不能这样去掉自己的"):
        carry_out(desk, DropFactor(user="lina"), LINA)
    with pytest.raises(StateError, match="管理员"):
        carry_out(desk, DropFactor(user="zhao"), Person(name="zhou", why="想进去", how="password"))
    assert [refused for _, _, refused in lines(desk, "drop_factor")] == [True] * 4
    zhou = somebody("zhou")
    zhou.go("/settings/people/zhao")
    assert zhou.page.status_code == 403


def test_that_the_time_of_a_link_is_over_stands_in_the_history_once(
    desk: Desk, clock: Clock, somebody: Sit, post: str
) -> None:
    zhou = somebody("zhou")
    zhou.go(f"/reviews/{post}/links")
    zhou.press("做链接", hours="4")
    zhou.go(f"/reviews/{post}/links")
    zhou.press("做链接", hours="24")
    zhou.press("收回链接 2")
    somebody("").go(f"/l/{zhou.go(f'/reviews/{post}/links').partition('/l/')[2].partition('<')[0]}")
    end_links(desk)
    clock.advance(hours=4)
    for _ in range(2):
        one_pass(desk)
    clock.advance(hours=30)
    end_links(desk)
    lines = [
        each for each in audited(desk.store, since=None, until=None, who=None, post=None) if each.after == "link_over"
    ]
    assert len(lines) == 1, "the other one was taken back"
    assert "链接 1 到期" in lines[0].why
    assert "打开过 1 次" in lines[0].why


def test_a_token_is_revoked_by_whoever_shows_again_that_it_is_theirs(desk: Desk, clock: Clock, somebody: Sit) -> None:
    zhou = somebody("zhou")
    zhou.go("/me/tokens")
    zhou.press("做令牌", scope="read")
    clock.advance(minutes=6)
    zhou.go("/me/tokens")
    text = zhou.press("作废 1")
    assert zhou.page.status_code == 422
    assert "请填密码" in text
    assert show_user(desk.store, "zhou")[1][0].revoked_at is None
    zhou.press("作废 1", again=PASSWORD)
    assert show_user(desk.store, "zhou")[1][0].revoked_at is not None


@pytest.fixture
def post(desk: Desk, workspace: Workspace) -> str:
    workspace.post("one", publish_at="2099-01-01 09:00")
    queue(desk)
    return "one"


def test_a_link_is_asked_for_again_and_each_step_of_it_is_in_the_history(
    desk: Desk, clock: Clock, somebody: Sit, post: str
) -> None:
    zhou = somebody("zhou")
    clock.advance(minutes=6)
    zhou.go(f"/reviews/{post}/links")
    text = zhou.press("做链接", hours="72")
    assert zhou.page.status_code == 409
    assert "这一步要再确认是您本人：请填密码" in text
    assert 'value="72" checked' in text
    text = zhou.press("做链接", hours="72", again=PASSWORD)
    address = text.partition("/l/")[2].partition("<")[0]
    leader = somebody("")
    for _ in range(3):
        assert leader.go(f"/l/{address}")
    clock.advance(minutes=11)
    leader.go(f"/l/{address}")
    zhou.go(f"/reviews/{post}/links")
    assert "请填密码" in zhou.press("收回链接 1"), "an address that is a secret is asked for again in either direction"
    assert leader.go(f"/l/{address}")
    assert leader.page.status_code == 200
    zhou.press("收回链接 1", again=PASSWORD)
    assert leader.go(f"/l/{address}")
    assert leader.page.status_code == 404
    with desk.store.read() as connection:
        query = sa.select(events.c.after, events.c.actor, events.c.post_id).where(events.c.after.startswith("link_"))
        told = [tuple(row) for row in connection.execute(query.order_by(events.c.id))]
    assert [line[0] for line in told] == ["link_made", "link_opened", "link_opened", "link_revoked"]
    assert {line[1] for line in told} == {"zhou"}
    assert {line[2] for line in told} == {1}


@pytest.fixture
def call(desk: Desk, address: str) -> Iterator[Callable[..., httpx.Client]]:
    opened: list[httpx.Client] = []

    def of(name: str, *scopes: str) -> httpx.Client:
        act = MakeToken(user=name, days=5, scopes=frozenset(scopes) or None)
        secret = make_token(desk, act, Person(name=name, how="password")).secret
        opened.append(
            httpx.Client(base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {secret}"}, timeout=60)
        )
        return opened[-1]

    yield of
    for client in opened:
        client.close()


def test_a_new_token_asks_for_the_password_and_is_told_once(desk: Desk, call: Callable[..., httpx.Client]) -> None:
    client = call("zhou", "read")
    body = {"password": "guessed wrong", "scopes": ["read", "write"], "days": 10}
    refused = client.post("/tokens", json=body, headers={"Idempotency-Key": "a"})
    assert (refused.status_code, refused.json()["code"]) == (403, "again")
    body["password"] = PASSWORD
    made = client.post("/tokens", json=body, headers={"Idempotency-Key": "b"})
    assert made.status_code == 201
    secret = made.json()["token"]
    again = client.post("/tokens", json=body, headers={"Idempotency-Key": "b"})
    assert (again.status_code, again.json()["token"]) == (201, None)
    assert len(client.get("/tokens").json()["items"]) == 2
    assert secret not in client.get("/tokens").text
    with desk.store.read() as connection:
        assert secret not in str(list(connection.execute(sa.text("SELECT * FROM intents"))))
    new = httpx.get(f"{client.base_url}posts", headers={"Authorization": f"Bearer {secret}"})
    assert new.status_code == 200
    bad = client.post("/tokens", json={**body, "scopes": ["everything"]}, headers={"Idempotency-Key": "c"})
    assert bad.status_code == 409
    assert "read, write" in bad.json()["detail"]


def test_whoever_has_a_second_factor_shows_it_for_a_new_token(
    desk: Desk, clock: Clock, call: Callable[..., httpx.Client]
) -> None:
    client, secret = call("zhao"), digits(desk, clock, "zhao")
    body = {"password": PASSWORD, "scopes": ["read"]}
    assert client.post("/tokens", json=body, headers={"Idempotency-Key": "a"}).status_code == 403
    clock.advance(seconds=60)
    body["digits"] = pyotp.TOTP(secret).at(int(clock().timestamp()))
    assert client.post("/tokens", json=body, headers={"Idempotency-Key": "b"}).status_code == 201


@pytest.mark.parametrize(
    ("scopes", "status"), [(("read",), 403), (("read", "publish"), 403), (("read", "admin"), 200), ((), 200)]
)
def test_revoking_goes_by_scope_and_what_is_refused_is_logged(
    desk: Desk, call: Callable[..., httpx.Client], scopes: tuple[str, ...], status: int
) -> None:
    other, client = call("zhou", "read"), call("zhou", *scopes)
    call("wang", "read")
    number = min(each["id"] for each in client.get("/tokens").json()["items"])
    answer = client.post(f"/tokens/{number}/revoke", headers={"Idempotency-Key": "x"})
    assert answer.status_code == status
    assert lines(desk, "revoke_token") == [("zhou", "revoke_token", status == 403)]
    assert other.get("/tokens").status_code == (200 if status == 403 else 401)
    if status == 200:
        theirs = client.post(f"/tokens/{number + 2}/revoke", headers={"Idempotency-Key": "y"})
        assert theirs.status_code == 409, "somebody else's is none of one's own"
        assert {each["good"] for each in answer.json()["items"]} == {True, False}


def test_a_token_without_reading_lists_none(call: Callable[..., httpx.Client]) -> None:
    answer = call("zhou", "write").get("/tokens")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope")
