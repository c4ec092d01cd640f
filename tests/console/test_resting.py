"""What was written and rests: a revision by itself where that costs nothing, else a word of why not; how a text differs from what the server has;
a correction at a step that may edit; and how long the sign-in lasts."""

from collections.abc import Callable

import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import Somebody
from tests.support.reviewed_console import SETTINGS, approve, open_office, submit
from xuanfa.operations.desk import Desk
from xuanfa.reports.reviews import review_record
from xuanfa.store import drafts, posts

Sit = Callable[[str], Somebody]
TEXT = "第一段，写执行。\n\n第二段，写调解。\n"


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    """An office whose posts need a review; 一审 may edit."""
    return open_office(workspace, clock, "one")


def begun(one: Somebody) -> str:
    one.go("/posts")
    one.press("写一篇")
    return one.page.url.path.split("/")[2]


def keep(one: Somebody, slug: str, sequence: int, **typed: str) -> dict[str, str]:
    """What the script sends while one types; the fields of the page."""
    one.go(f"/posts/{slug}/write")
    fields = dict(one.form("存为一版").fields)
    given = {name: fields[name] for name in ("csrf", "base", "title", "text") if name in fields} | typed
    answer = one.client.put(f"/posts/{slug}/draft", data=given | {"sequence": str(sequence)})
    assert answer.status_code == 200, answer.text
    return fields


def revision(desk: Desk, slug: str) -> int:
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
    return known.revision if known is not None else 0


def rest(one: Somebody, slug: str, csrf: str) -> dict[str, object]:
    answer = one.client.post(f"/posts/{slug}/rest", data={"csrf": csrf})
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.json()
    return told


def test_what_rests_becomes_a_revision_and_the_page_writes_on_from_it(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    csrf = keep(one, slug, 3, title="巡回审判", text=TEXT)["csrf"]
    told = rest(one, slug, csrf)
    assert (told["revision"], told["why"], revision(desk, slug)) == (1, "", 1)
    assert rest(one, slug, csrf)["revision"] == 0, "nothing new, no revision"
    given = {
        "csrf": csrf,
        "base": str(told["base"]),
        "sequence": str(int(str(told["sequence"])) + 1),
        "title": "巡回审判",
    }
    assert one.client.put(f"/posts/{slug}/draft", data=given | {"text": TEXT + "\n第三段。"}).status_code == 200
    assert (rest(one, slug, csrf)["revision"], revision(desk, slug)) == (2, 2)


def test_what_is_no_post_yet_stays_a_draft_and_says_why(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    told = rest(one, slug, keep(one, slug, 1, title="", text=TEXT)["csrf"])
    assert (told["revision"], "没有标题" in str(told["why"]), revision(desk, slug)) == (0, True, 0)


def test_under_review_nothing_is_saved_by_itself(somebody: Sit, desk: Desk) -> None:
    submit(desk)
    one = somebody("wang")
    csrf = keep(one, "one", 1, text=TEXT)["csrf"]
    told = rest(one, "one", csrf)
    assert (told["revision"], "审过的意见作废" in str(told["why"]), revision(desk, "one")) == (0, True, 1)
    for name in ("zhou", "jiao", "zhao"):
        approve(desk, name)
    assert "已经签发" in str(rest(one, "one", csrf)["why"])
    assert revision(desk, "one") == 1


def test_where_saving_would_send_it_nothing_is_saved_by_itself(
    workspace: Workspace, clock: Clock, somebody: Sit, desk: Desk
) -> None:
    workspace.settle_in("hook", "wall", settings=SETTINGS.replace('default = "three"', 'default = "none"'))
    free = workspace.desk(clock)
    from xuanfa.domain.person import Person  # noqa: PLC0415
    from xuanfa.operations.writing.drafts import begin, keep_draft, mark_of  # noqa: PLC0415
    from xuanfa.operations.writing.resting import rest as rest_now  # noqa: PLC0415

    person = Person(name="wang", how="password")
    slug = begin(free, person)
    keep_draft(free, slug, person, {"title": "题", "text": TEXT}, mark=mark_of(""), sequence=1)
    done = rest_now(free, slug, person)
    assert (done.is_new, "存了就会按时间发出去" in done.why) == (False, True)
    assert not (free.posts_folder / slug[:4] / f"{slug}.md").exists()


def test_a_collision_is_left_to_the_person(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    csrf = keep(one, slug, 1, title="题", text=TEXT)["csrf"]
    assert rest(one, slug, csrf)["revision"] == 1
    csrf = keep(one, slug, 1, text=TEXT.replace("执行", "我的执行"))["csrf"]
    path = desk.posts_folder / slug[:4] / f"{slug}.md"
    path.write_text(path.read_text(encoding="utf-8").replace("执行", "他的执行"), encoding="utf-8")
    told = rest(one, slug, csrf)
    assert (told["revision"], "别人改了同一段" in str(told["why"])) == (0, True)
    assert "他的执行" in path.read_text(encoding="utf-8")


def test_what_differs_is_shown_field_by_field_and_nothing_of_it_runs(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    csrf = keep(one, slug, 1, title="旧题", text=TEXT)["csrf"]
    typed = {"csrf": csrf, "title": "新题", "summary": "", "text": TEXT.replace("执行", "<b>执行</b>")}
    text = one.client.post(f"/posts/{slug}/differing", data=typed).text
    assert "<del>旧</del><ins>新</ins>" in text
    assert "&lt;b&gt;" in text
    same = one.client.post(f"/posts/{slug}/differing", data=typed | {"title": "旧题", "text": TEXT}).text
    assert "一个字不差" in same
    assert one.client.post(f"/posts/{slug}/differing", data=typed | {"csrf": "no"}).status_code == 403


def test_a_step_that_may_edit_corrects_the_post_and_comes_back_to_decide(somebody: Sit, desk: Desk) -> None:
    submit(desk)
    one, jiao = somebody("zhou"), somebody("jiao")
    text = one.go("/reviews/one")
    assert (
        'href="/posts/one/write?then=%2Freviews%2Fone"' in text or 'href="/posts/one/write?then=/reviews/one"' in text
    )
    text = one.go("/posts/one/write?then=/reviews/one")
    assert "轮到您一审" in text
    one.press("存为一版", text=dict(one.form("存为一版").fields)["text"].replace("首期款", "首笔款"))
    assert (one.page.url.path, "记在您这一步名下" in one.page.text) == ("/reviews/one", True)
    record = review_record(desk.store, desk.reviews, "one")
    assert record is not None
    assert (record.state, "zhou" in record.author) == ("open", False), "who corrects at their step is no author"
    assert "改这一稿" not in jiao.go("/reviews/one")
    assert "改这一稿" not in somebody("zhao").go("/reviews/one")


def test_who_writes_under_review_is_told_what_it_costs(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    assert "正在" not in one.go("/posts/one/write")
    submit(desk)
    assert "审过的意见可能作废" in one.go("/posts/one/write")
    for name in ("zhou", "jiao", "zhao"):
        approve(desk, name)
    assert "已经签发" in one.go("/posts/one/write")


def test_the_sign_in_says_how_long_it_lasts_and_looking_does_not_lengthen_it(
    somebody: Sit, desk: Desk, clock: Clock
) -> None:
    one = somebody("wang")
    part = {"X-Part": "session", "Accept": "application/json"}
    clock.advance(minutes=20)
    assert one.client.get("/session", headers=part).json() == {"left": 600, "last": False, "at": "09:30"}
    clock.advance(minutes=9)
    assert one.client.get("/session", headers=part).json()["left"] == 60
    assert one.client.get("/session").json() == {"left": 1800, "last": False, "at": "09:59"}
    for _ in range(26):
        clock.advance(minutes=25)
        one.client.get("/session")
    clock.advance(minutes=20)
    assert one.client.get("/session").json() == {"left": 1260, "last": True, "at": "21:00"}
    clock.advance(minutes=22)
    assert one.client.get("/session", headers=part).status_code == 401


def test_another_ones_draft_is_not_rested(somebody: Sit, desk: Desk) -> None:
    one, other = somebody("wang"), somebody("bao")
    slug = begun(one)
    keep(one, slug, 1, title="题", text=TEXT)
    other.go("/posts")
    answer = other.client.post(f"/posts/{slug}/rest", data={"csrf": dict(other.form("写一篇").fields)["csrf"]})
    assert answer.status_code == 409
    with desk.store.read() as connection:
        assert drafts.draft_of(connection, slug, "wang") is not None
