"""Contributors see their own posts and nobody else's: in lists, searches, pages, for programs; and what a text says is found."""

from collections.abc import Callable

import httpx
import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import Somebody
from tests.support.reviewed_console import by, open_office, submit
from xuanfa.domain.act import DelegateReview, MakeToken
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.reports import post_texts

Sit = Callable[[str], Somebody]
HERS, HIS, BOTH = "她写的", "他写的", "两人写的"


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    """Three posts: by 王芳, by 包工 under his login name, and by both."""
    desk = open_office(workspace, clock)
    for slug, title, author, word in (
        ("hers", HERS, "王芳", "枸杞"),
        ("his", HIS, "bao", "苜蓿"),
        ("both", BOTH, "王芳、包工", "胡麻"),
    ):
        workspace.post(slug, f"种了{word}的一亩地，Qilian 脚下。", title=title, author=author)
    assert not queue(desk).problems
    return desk


def titles(text: str) -> set[str]:
    return {title for title in (HERS, HIS, BOTH) if title in text}


@pytest.mark.parametrize(("name", "sees"), [("wang", {HERS, BOTH}), ("bao", {HIS, BOTH}), ("zhou", {HERS, HIS, BOTH})])
def test_a_list_shows_a_contributor_their_own(somebody: Sit, desk: Desk, name: str, sees: set[str]) -> None:
    one = somebody(name)
    for path in (
        "/posts",
        "/posts?q=写的",
        "/posts?tab=review",
        "/deliveries?state=all",
        "/deliveries?state=all&q=写的",
        "/posts?q=qilian",
    ):
        assert titles(one.go(path)) == sees, path
    counts = one.go("/posts").partition('tab=review">')[2].partition("</a>")[0]
    assert f">{len(sees)}<" in counts


def test_what_a_text_says_is_found_and_shown_with_what_stands_around_it(somebody: Sit, desk: Desk) -> None:
    text = somebody("zhou").go("/posts?q=苜蓿")
    assert (titles(text), "<mark>苜蓿</mark>" in text, "正文里有" in text) == ({HIS}, True, True)
    assert titles(somebody("wang").go("/posts?q=苜蓿")) == set()
    assert "没有这样的稿件" in somebody("zhou").go("/posts?q=没有这个词")


def test_a_search_says_how_far_it_looked_and_goes_on(
    somebody: Sit, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post_texts, "READ", 1)
    one = somebody("zhou")
    text = one.go("/posts?q=枸杞")
    assert (titles(text), "看过的正文里没有" in text, "再往前找" in text) == (set(), True, True)
    seen = []
    while "再往前找" in text:
        href = text.partition("再往前找")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
        text = one.go(href)
        seen.append(titles(text))
    assert seen == [{HERS}, set()]


@pytest.mark.parametrize(
    "path",
    [
        "/posts/his/revisions",
        "/posts/his/revisions/1",
        "/posts/his/preview",
        "/posts/his/preview/hook",
        "/reviews/his",
        "/reviews/his/leaving/hook",
        "/posts/his/correct",
        "/deliveries/{his}",
    ],
)
def test_no_page_of_somebody_elses_post_is_open_to_a_contributor(somebody: Sit, desk: Desk, path: str) -> None:
    from xuanfa.reports.listing import list_deliveries  # noqa: PLC0415

    number = next(row.id for row in list_deliveries(desk.store) if row.post == "his")
    one = somebody("wang")
    text = one.go(path.format(his=number))
    assert (one.page.status_code, "苜蓿" in text, HIS in text, "通讯员和外包人员只能看自己写的稿件" in text) == (
        409,
        False,
        False,
        True,
    )
    own = somebody("bao")
    own.go(path.format(his=number))
    assert own.page.status_code == 200


def test_the_page_to_write_leads_to_what_is_not_open(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    text = one.go("/posts/his/write")
    assert (one.page.status_code, "苜蓿" in text) == (409, False)


def test_who_stands_in_for_a_reviewer_sees_what_is_to_be_decided(somebody: Sit, desk: Desk, clock: Clock) -> None:
    submit(desk, "his", "bao")
    act = DelegateReview(to="wang", begins=clock(), ends=clock.now.replace(day=9))
    carry_out(desk, act, by("zhou", "出差"))
    one = somebody("wang")
    assert ("种了苜蓿" in one.go("/reviews/his/leaving/hook"), one.go("/reviews/his") != "") == (True, True)
    assert one.page.status_code == 200


def token(desk: Desk, name: str) -> str:
    made = carry_out(desk, MakeToken(user=name, scopes=frozenset({"read"}), days=1), by(name))
    return made.secret


@pytest.mark.parametrize(
    ("name", "sees"), [("wang", {"hers", "both"}), ("bao", {"his", "both"}), ("zhou", {"hers", "his", "both"})]
)
def test_programs_see_what_their_person_sees(desk: Desk, address: str, name: str, sees: set[str]) -> None:
    with httpx.Client(base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token(desk, name)}"}) as client:
        assert {each["slug"] for each in client.get("/posts").json()["items"]} == sees
        found = client.get("/deliveries").json()["items"]
        assert {each["post"] for each in found} == sees
        for slug in ("hers", "his", "both"):
            assert client.get(f"/posts/{slug}").status_code == (200 if slug in sees else 404)
        numbers = {each["id"] for each in found}
        for number in range(1, 7):
            assert client.get(f"/deliveries/{number}").status_code == (200 if number in numbers else 404)


def test_an_assistant_sees_what_its_person_sees(desk: Desk) -> None:
    from xuanfa.operations.writing.programs import read_written  # noqa: PLC0415

    assert read_written(desk, "his", by("wang")) is None
    assert read_written(desk, "hers", by("wang")) is not None
