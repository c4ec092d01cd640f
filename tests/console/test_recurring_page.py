"""重复稿件 in the console: made in 写稿 without a line of YAML, listed with what is to come, each occurrence marked as one."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

from tests.conftest import Clock, Workspace
from tests.support.browsing import Somebody
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue

Sit = Callable[[str], Somebody]
BODY = "本周开庭安排见法院公告栏，旁听的群众请带身份证，提前十分钟到场。"


def days_ahead(desk: Desk, clock: Clock, days: int) -> str:
    return f"{clock().astimezone(desk.zone) + timedelta(days=days):%Y-%m-%d}"


def test_it_is_written_listed_and_changed_by_forms_alone(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    one = somebody("zhou")
    one.go("/posts")
    one.press("写一篇")
    first, second = days_ahead(desk, clock, 3), days_ahead(desk, clock, 10)
    typed = {
        "title": "每周开庭公告",
        "text": BODY,
        "publish_at": f"{first} 09:30",
        "repeat": "weekly",
        "solemn_ok": "true",
    }
    text = unescape(one.press("存为一版", **typed))
    assert "这是重复稿件的底稿：" in text
    assert "提交审校…" not in text
    address = str(one.page.url).partition("?")[0]
    assert "已存好" in text
    (file,) = (workspace.folder / "posts").rglob("*.md")
    assert "repeat: weekly\nsolemn_ok: true\n" in file.read_text(encoding="utf-8")
    queue(desk)
    listed = unescape(one.go("/posts?tab=recurring"))
    slug = file.stem
    for words in (
        "每周开庭公告",
        "09:30",
        f'href="/posts/{slug}/write"',
        f'href="/posts/{slug}-{first.replace("-", "")}/write"',
    ):
        assert words in listed, words
    assert f"{second} 这一期" in unescape(one.go("/posts"))
    occurrence = unescape(one.go(f"/posts/{slug}-{second.replace('-', '')}/write"))
    assert f"这是《每周开庭公告》{second} 这一期" in occurrence
    # Whoever has an occurrence before them comes to the source from there, and its rule is changed there.
    source = unescape(one.go(address))
    assert "要发的：" in source
    one.press("存为一版", repeat_until=first)
    queue(desk)
    assert second.replace("-", "") not in unescape(one.go("/posts?tab=recurring"))


def test_what_is_wrong_with_the_rule_is_said_and_the_draft_stays(somebody: Sit, desk: Desk, clock: Clock) -> None:
    one = somebody("zhou")
    one.go("/posts")
    one.press("写一篇")
    first = days_ahead(desk, clock, 3)
    typed = {"title": "每周开庭公告", "text": BODY, "publish_at": f"{first} 09:30", "repeat": "weekly"}
    text = unescape(one.press("存为一版", **typed, repeat_until="2020-01-01"))
    assert "早于第一期" in text
    assert 'value="2020-01-01"' in text
    assert '<option value="weekly" selected>' in text


def test_a_source_that_cannot_go_on_says_so_in_the_list(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    first = days_ahead(desk, clock, 3)
    workspace.post("weekly", BODY, title="每周开庭公告", publish_at=f"{first} 09:30", repeat="weekly")
    queue(desk)
    (workspace.folder / "posts" / "weekly.md").unlink()
    queue(desk)
    text = unescape(somebody("zhou").go("/posts?tab=recurring"))
    assert "底稿不见了，不再排入" in text
    assert text.count("暂缓") >= 1


def test_who_sees_only_their_own_sees_only_their_own_sources(
    somebody: Sit, workspace: Workspace, desk: Desk, clock: Clock
) -> None:
    first = days_ahead(desk, clock, 3)
    workspace.post("weekly", BODY, title="每周开庭公告", author="别人", publish_at=f"{first} 09:30", repeat="weekly")
    queue(desk)
    assert "每周开庭公告" not in unescape(somebody("bao").go("/posts?tab=recurring"))
    assert "每周开庭公告" in unescape(somebody("zhou").go("/posts?tab=recurring"))
