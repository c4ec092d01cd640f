"""A kit gives one channel what it may use of one post."""

import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xuanfa.adapters.protocol import Kit
from xuanfa.content.kit import PostKit, effective
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.errors import ContentError
from xuanfa.domain.post import Override, Picture, Post
from xuanfa.domain.rendition import link_mark


def pictured(source: str) -> Picture:
    return Picture(source=source, sha256="0" * 64, media_type="image/png", size=1, width=1, height=1)


POST = Post(
    slug="a",
    title="巡回<审判>",
    column="action",
    body="## 题\n\n法官**下乡**。\n\n![图](a.png)",
    pictures=(pictured("a.png"), pictured("only-wecom.png")),
    channels={
        "site": Override(),
        "wecom": Override(title="短", text="群里的话\n\n![图](only-wecom.png)", summary=""),
    },
)


def kit(tmp_path: Path, post: Post = POST, channel: str = "site") -> PostKit:
    return PostKit(
        post=post,
        organisation=Organisation(name="金昌市中级人民法院"),
        column=Column(id="action", title="我们在行动"),
        channel=channel,
        kind="demo",
        zone=ZoneInfo("Asia/Shanghai"),
        templates=Templates([tmp_path]),
        media=MediaStore(tmp_path / "media"),
        channels=frozenset({"site", "wecom"}),
    )


def test_a_kit_is_what_the_adapters_ask_for(tmp_path: Path) -> None:
    asked: Kit = kit(tmp_path)
    assert asked.channel == "site"


def test_html_and_text_are_those_of_the_channel(tmp_path: Path) -> None:
    site, wecom = kit(tmp_path), kit(tmp_path, channel="wecom")
    assert site.html.startswith("<h2>题</h2>\n<p>法官<strong>下乡</strong>。</p>")
    assert site.text == "题\n\n法官下乡。"
    assert wecom.text == "群里的话"


def test_equal_bodies_are_parsed_once(tmp_path: Path) -> None:
    assert kit(tmp_path).html is kit(tmp_path).html


def test_a_post_takes_the_overrides_of_its_channel_and_twice_is_as_once() -> None:
    post = effective(POST, "wecom")
    assert (post.title, post.body, post.summary) == ("短", "群里的话\n\n![图](only-wecom.png)", "")
    assert effective(post, "wecom") == post
    assert effective(POST, "elsewhere").title == POST.title


def test_pictures_are_kept_with_an_own_text_and_never_shown_where_only_another_channel_asks_for_them() -> None:
    assert [picture.source for picture in effective(POST, "wecom").pictures] == ["a.png", "only-wecom.png"]
    assert [picture.source for picture in effective(POST, "site").pictures] == ["a.png"]


def test_a_summary_is_made_where_none_is_written(tmp_path: Path) -> None:
    assert kit(tmp_path).summary == "法官下乡。"
    assert kit(tmp_path, Post(slug="a", title="a", column="a", body="正文。", summary="写好的")).summary == "写好的"


def test_a_template_of_the_kind_is_filled_in(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/a.html").write_text(
        "{{ post.title }}|{{ html }}|{{ column.title }}|{{ organisation.name }}|{{ channel }}|{{ extra }}", "utf-8"
    )
    (tmp_path / "demo/a.md").write_text(
        "{{ post.title }}|{{ text }}|{{ summary }}{% if linked('wecom') %}|{{ link('wecom') }}{% endif %}", "utf-8"
    )
    assert kit(tmp_path).template("a.html", extra="<b>") == (
        f"巡回&lt;审判&gt;|{kit(tmp_path).html}|我们在行动|金昌市中级人民法院|site|&lt;b&gt;"
    )
    assert kit(tmp_path).template("a.md") == f"巡回<审判>|题\n\n法官下乡。|法官下乡。|{link_mark('wecom')}"


def test_a_link_to_where_the_post_does_not_go_names_the_channel_and_the_line(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/a.md").write_text("甲\n{{ link('weibo') }}", "utf-8")
    assert not kit(tmp_path).linked("weibo")
    with pytest.raises(ContentError, match=r"不发往渠道“weibo”.*site、wecom") as caught:
        kit(tmp_path).template("a.md")
    assert str(caught.value.place) == f"{tmp_path}/demo/a.md:2"


def test_a_rendition_never_waits_for_its_own_address(tmp_path: Path) -> None:
    assert not kit(tmp_path).linked("site")
    with pytest.raises(ContentError, match="自己的地址"):
        kit(tmp_path).link("site")


def test_importing_what_the_operations_use_loads_no_parser() -> None:
    code = (
        "import sys, xuanfa.content.kit, xuanfa.content.reading.posts, xuanfa.content.pictures.media, xuanfa.content.reading.drafts;"
        "print([name for name in ('jinja2', 'markdown_it', 'nh3', 'PIL', 'yaml', 'pydantic') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
