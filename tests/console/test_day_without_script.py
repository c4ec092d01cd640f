"""A publicity office's whole day without script: written, reviewed by three, moved, sent, a doubt settled by two, withdrawn and counted.

Forms and links alone lead from each page to the next."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from tests.conftest import Clock, Sink, Workspace
from tests.support.browsing import PASSWORD, Somebody, forms_of, served
from tests.support.day_in_a_browser import TITLE
from tests.support.reviewed_console import open_office, stands
from tests.support.sending_pass import sent
from xuanfa.domain.delivery import State
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.reach import Reach
from xuanfa.reports.listing import list_deliveries

Sit = Callable[[str], Somebody]
TEXT = "3月2日一早，法官带着国徽和案卷来到田埂上。\n\n## 一亩水浇地\n\n- 查明水渠修建的时间\n- 核对承包合同的四至\n\n双方当场签了调解协议。"


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    return open_office(workspace, clock)


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with served(desk) as found:
        yield found


@pytest.fixture(autouse=True)
def _nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test opens an address outside of this machine."""
    monkeypatch.setattr("xuanfa.console.pages.doubt.reach_of", lambda _address: Reach.UNTOLD)


def decide(one: Somebody, slug: str, button: str, *gates: str) -> str:
    """Look at each channel to its end, tick the gates, and press."""
    text = one.go(f"/reviews/{slug}")
    while any("看到底了" in form.buttons for form in forms_of(text)):
        text = one.press("看到底了")
    form = one.form(button)
    form.fields += [("gate", gate) for gate in gates]
    return one.send(form)


def test_a_day(somebody: Sit, desk: Desk, clock: Clock, sink: Sink) -> None:
    author, editor, leader = somebody("wang"), somebody("zhou"), somebody("zhao")
    slug = written(author)
    assert set(stands(desk).values()) == {State.AWAITING_REVIEW}
    assert TITLE in editor.go("/reviews")
    assert "现在轮到一校" in decide(editor, slug, "同意，送一校", "事实关")
    decide(somebody("jiao"), slug, "校完，送三审")
    signed(leader, slug)
    moved(editor, desk, clock.now + timedelta(hours=2))
    if State.AWAITING_REVIEW in stands(desk).values():  # another time asks the signatory again
        signed(leader, slug)
    assert set(stands(desk).values()) == {State.SCHEDULED}

    sink.script = ["ok", "half"]
    clock.advance(hours=2, minutes=1)
    sent(desk)
    assert sorted(stands(desk).values()) == [State.PUBLISHED, State.UNKNOWN]
    editor.sign_in("zhou")  # two hours are longer than a sign-in lasts
    leader.sign_in("zhao")
    settled(editor, leader, desk)
    sent(desk)
    assert set(stands(desk).values()) == {State.PUBLISHED}
    assert sorted(sink.keys.values()) == [1, 2], "sent again by the same key, after two had looked, and only that"

    month = f"{clock.now.astimezone(desk.zone):%Y-%m}"
    assert "1 篇" in editor.go(f"/counts?since={month}-01&until={month}-31")
    editor.go(f"/posts/{slug}/withdraw")
    editor.press("撤下这 2 条", why="当事人来信，要求撤下", again=PASSWORD)
    while "撤好了，登记" in editor.page.text:
        editor.press("撤好了，登记")
    assert set(stands(desk).values()) == {State.RETRACTED}
    assert "已撤回" in editor.go("/ledger?span=all&which=apart")


def written(author: Somebody) -> str:
    """Written, saved, submitted; its slug."""
    author.go("/posts")
    author.press("写一篇")
    slug = author.page.url.path.split("/")[2]
    author.press("存为一版", title=TITLE, text=TEXT)
    author.press("提交审校…", title=TITLE, text=TEXT)
    assert author.page.url.path == f"/posts/{slug}/submit"
    author.press("提交审校")
    assert "等周敏" in author.page.text
    return slug


def signed(leader: Somebody, slug: str) -> None:
    """The last step, which asks who it is."""
    decide(leader, slug, "同意签发…", "政治关", "文字关")
    assert "签发这一篇？" in leader.page.text
    leader.press("同意签发", again=PASSWORD)
    assert "已签发" in leader.page.text


def moved(editor: Somebody, desk: Desk, to: datetime) -> None:
    """All of it goes to another time."""
    first = next(iter(list_deliveries(desk.store)))
    editor.go(f"/deliveries/{first.id}")
    local = to.astimezone(desk.zone)
    assert "已移到" in editor.press("改时间", date=f"{local:%Y-%m-%d}", time=f"{local:%H:%M}")


def settled(editor: Somebody, leader: Somebody, desk: Desk) -> None:
    """Two have looked, and it is not there."""
    assert "可能发出去了，也可能没有" in editor.go("/")
    doubt = next(row for row in list_deliveries(desk.store) if row.state is State.UNKNOWN)
    editor.go(f"/deliveries/{doubt.id}/doubt")
    editor.press("登记“没有”", why="主页和草稿箱都没有，看到 11:05", name="", password="")
    assert stands(desk)[doubt.channel] is State.UNKNOWN
    leader.go(f"/deliveries/{doubt.id}/doubt")
    leader.press("我也看过，没有。再发一次", why="也没有")
