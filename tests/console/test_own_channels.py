"""渠道 of 写稿 without script: where a post goes and what a channel gets of its own, as its file says it; and how long it counts there."""

import re
from collections.abc import Callable

import pytest

from tests.conftest import Clock, Workspace
from tests.console.conftest import settle_people
from tests.support.browsing import Somebody
from xuanfa.operations.desk import Desk
from xuanfa.operations.writing.places import place_of
from xuanfa.operations.writing.sketch import sketch_text

Sit = Callable[[str], Somebody]
TEXT = "法官到了村里。\n\n当庭调解。"


@pytest.fixture
def desk(workspace: Workspace, clock: Clock) -> Desk:
    """Two channels in one column, a third in another."""
    workspace.settle_in("hook", "wall")
    settings = workspace.folder / "xuanfa.toml"
    more = (
        '\n[columns.study]\ntitle = "学习"\nchannels = ["hook", "group"]\n'
        '[channels.group]\nadapter = "wecom"\nrehearsal = true\ntitle = "微信群"\nmessage = "news"\n'
    )
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    desk = workspace.desk(clock)
    settle_people(desk)
    return desk


def begun(one: Somebody) -> str:
    one.go("/posts")
    one.press("写一篇")
    return one.page.url.path.split("/")[2]


def file_of(desk: Desk, slug: str) -> str:
    return (desk.posts_folder / slug[:4] / f"{slug}.md").read_text(encoding="utf-8")


def untick(one: Somebody, *channels: str) -> None:
    """Save without these."""
    form = one.form("存为一版")
    form.fields = [each for each in form.fields if each[0] not in {f"to:{name}" for name in channels}]
    one.send(form)


def test_a_post_goes_to_all_channels_of_its_column_until_one_is_unticked(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    fields = dict(one.form("存为一版").fields)
    assert {name: fields.get(f"to:{name}") for name in ("hook", "wall", "group")} == dict.fromkeys(
        ("hook", "wall", "group"), "1"
    )
    one.press("存为一版", title="题", text=TEXT)
    assert "channels" not in file_of(desk, slug).partition("---\n\n")[0].replace("# channels", "")
    untick(one, "wall")
    assert "\nchannels: [hook]\n" in file_of(desk, slug)
    one.go(f"/posts/{slug}/write")
    assert "to:wall" not in dict(one.form("存为一版").fields)
    one.press("存为一版", **{"to:wall": "1"})
    assert "\nchannels: [" not in file_of(desk, slug), "all of them need no word"


def test_what_a_channel_gets_of_its_own_stands_in_the_file_and_is_what_it_gets(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    own = {
        "own:wall:title": "短题",
        "own:wall:text": "只给墙上：\r\n\r\n  缩进的一行",
        "own:wall:publish_at": "2026-04-01 10:00",
    }
    one.press("存为一版", title="题", text=TEXT, **own)
    saved = file_of(desk, slug)
    assert (
        "channels:\n  hook:\n  wall:\n    title: 短题\n    text: |\n      只给墙上：\n\n        缩进的一行\n    publish_at: 2026-04-01 10:00\n"
        in saved
    )
    fields = dict(one.form("存为一版").fields)
    assert (fields["own:wall:title"], fields["own:wall:text"]) == ("短题", "只给墙上：\n\n  缩进的一行")
    assert "短题" in one.go(f"/posts/{slug}/preview/wall")
    assert "短题" not in one.go(f"/posts/{slug}/preview/hook")
    one.go(f"/posts/{slug}/write")
    one.press("存为一版", title="改了题")
    assert file_of(desk, slug) == saved.replace("title: 题\n", "title: 改了题\n"), "nothing else is touched"


def test_nowhere_to_go_is_told(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    begun(one)
    one.press("存为一版", title="题", text=TEXT)
    untick(one, "hook", "wall")
    assert (one.page.status_code, "稿件没有地方可发" in one.page.text) == (422, True)


def test_another_column_brings_its_own_channels(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    one.press("存为一版", title="题", text=TEXT)
    untick(one, "wall")
    one.go(f"/posts/{slug}/write")
    one.press("存为一版", column="study")
    assert "channels" not in file_of(desk, slug).partition("---\n\n")[0].replace("# channels", "")
    one.press("存为一版", column="action", **{"own:wall:title": "墙上的题"})
    one.press("存为一版", column="study")
    assert one.page.status_code == 422
    assert "“wall”不属于专栏" in one.page.text
    assert "这个专栏没有这个渠道" in one.page.text


def test_a_text_counts_as_its_channel_counts(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug = begun(one)
    one.press("存为一版", title="题目", text=TEXT, column="study", summary="摘" * 10)
    text = one.page.text
    found = sketch_text(desk, place_of(desk, slug), file_of(desk, slug))
    title, summary = next(each for each in found.channels if each.channel == "group").lengths
    assert (title.n, title.most, title.unit, title.mark) == (6, 128, "bytes", "")
    assert "微信群标题 6/128 字节" in text
    assert f"微信群摘要 {summary.n}/512 字节" in text
    one.press("存为一版", **{"own:group:summary": "长" * 200})
    lengths = one.page.text.partition('id="lengths"')[2].partition("</div>")[0]
    assert re.search(r'<span class="count over">微信群摘要 \d+/512，多 \d+ 字节</span>', lengths), lengths
