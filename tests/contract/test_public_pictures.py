"""Channels that only link to the site's pictures name files that the site really has."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xuanfa.adapters.registry import SHIPPED, adapter_class
from xuanfa.bootstrap import open_desk
from xuanfa.content.kit import PostKit
from xuanfa.domain.post import Override, Picture, Post
from xuanfa.domain.rendition import Rendition, needed_channels
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.render import Rendered, render_post

BASE = "https://www.example.gov.cn"
SETTINGS = f"""
[organisation]
name = "某院"
[columns.action]
title = "我们在行动"
channels = ["site", "card", "cms", "article"]
[channels.site]
adapter = "site"
directory = "public"
base_url = "{BASE}"
[channels.card]
adapter = "wecom"
rehearsal = true
message = "news"
pictures = "{BASE}/assets/pictures/"
[channels.cms]
adapter = "webhook"
rehearsal = true
pictures = "{BASE}/assets/pictures"
[channels.article]
adapter = "weibo"
rehearsal = true
mode = "article"
pictures = "{BASE}/assets/pictures"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    (tmp_path / "posts").mkdir()
    (tmp_path / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
    with open_desk(tmp_path) as opened:
        yield opened


def photo(desk: Desk, name: str, size: tuple[int, int]) -> Picture:
    """As a phone takes it: large, and with what it notes."""
    exif = Image.Exif()
    exif[0x010F] = "A phone"
    file = desk.folder / "posts" / name
    Image.effect_noise(size, 40).convert("RGB").save(file, exif=exif, quality=70)
    return desk.media.keep(file, name, alt=name)


def post_with(*pictures: Picture, **more: Any) -> Post:
    body = "当庭宣判。\n\n" + "\n\n".join(f"![{picture.alt}]({picture.source})" for picture in pictures)
    return Post(slug="a", title="当庭宣判", column="action", body=body, summary="摘要。", pictures=pictures, **more)


def named(rendition: Rendition) -> set[str]:
    """The addresses of pictures of the site that a rendition holds anywhere."""
    text = " ".join((rendition.body, *rendition.extra.values()))
    return set(re.findall(rf"{BASE}/assets/pictures/[\w.]+", text))


def held(made: Mapping[str, Rendered]) -> set[str]:
    """Those that the site writes."""
    site = made["site"].rendition
    assert site is not None
    return {f"{BASE}/assets/pictures/{picture.filename}" for picture in site.pictures}


@pytest.mark.parametrize("channel", ["card", "cms", "article"])
@pytest.mark.parametrize("size", [(400, 300), (2400, 1350), (1080, 5000)])
def test_every_picture_that_is_named_is_there(desk: Desk, channel: str, size: tuple[int, int]) -> None:
    first, second = photo(desk, "a.jpg", size), photo(desk, "b.jpg", (size[1], size[0]))
    made = render_post(desk, post_with(first, second, cover=first))
    rendition = made[channel].rendition
    assert rendition is not None
    assert named(rendition)
    assert named(rendition) <= held(made)
    assert "site" in rendition.needs


@pytest.mark.parametrize("channel", ["card", "cms", "article"])
def test_a_picture_that_the_site_does_not_show_is_not_named(desk: Desk, channel: str) -> None:
    shown, own = photo(desk, "a.jpg", (400, 300)), photo(desk, "b.jpg", (300, 400))
    text = "只给这里。\n\n![b.jpg](b.jpg)\n\n![a.jpg](a.jpg)"
    post = replace(
        post_with(shown),
        pictures=(shown, own),
        channels=dict.fromkeys(("site", "card", "cms", "article"), Override()) | {channel: Override(text=text)},
    )
    made = render_post(desk, post)
    rendition = made[channel].rendition
    assert rendition is not None
    assert named(rendition) <= held(made)
    if channel == "cms":
        data = json.loads(rendition.body)["data"]
        assert [bool(each["url"]) for each in data["pictures"]] == [True, False]
        [finding] = made[channel].findings
        assert (finding.code, "有图片在渠道 site 上没有" in finding.message) == ("webhook.local_pictures", True)


#: Every way in which a shipped kind makes a rendition; those that know a setting ``pictures`` have it.
EVERY_WAY = {
    "wechat": ("wechat", {}),
    "short": ("weibo", {}),
    "article": ("weibo", {"mode": "article"}),
    "pictures": ("douyin", {"mode": "image_text"}),
    "byhand": ("douyin", {"mode": "manual"}),
    "cms": ("webhook", {}),
    "blog": ("wordpress", {}),
    "mail": ("email", {}),
    **{f"wecom_{each}": ("wecom", {"message": each}) for each in ("text", "markdown", "markdown_v2", "news")},
    **{f"ding_{each}": ("dingtalk", {"message": each}) for each in ("text", "markdown", "link")},
    **{f"fei_{each}": ("feishu", {"message": each}) for each in ("text", "post", "interactive")},
    "pack": ("manual", {}),
}


def test_whatever_kind_names_a_picture_of_the_site_names_one_that_is_there(tmp_path: Path) -> None:
    assert {kind for kind, _ in EVERY_WAY.values()} | {"site"} == set(SHIPPED)
    tables = [f'[channels.site]\nadapter = "site"\ndirectory = "public"\nbase_url = "{BASE}"\n']
    for name, (kind, settings) in EVERY_WAY.items():
        known = settings | (
            {"pictures": f"{BASE}/assets/pictures"} if "pictures" in adapter_class(kind).Config.model_fields else {}
        )
        lines = "".join(f'{key} = "{value}"\n' for key, value in known.items())
        tables.append(f'[channels.{name}]\nadapter = "{kind}"\nrehearsal = true\n{lines}')
    listed = ", ".join(f'"{name}"' for name in ("site", *EVERY_WAY))
    (tmp_path / "posts").mkdir()
    (tmp_path / "xuanfa.toml").write_text(
        f'[columns.action]\ntitle = "我们在行动"\nchannels = [{listed}]\n' + "".join(tables), encoding="utf-8"
    )
    with open_desk(tmp_path) as desk:
        first, second = photo(desk, "a.jpg", (3000, 1700)), photo(desk, "b.jpg", (900, 5000))
        made = render_post(desk, post_with(first, second, cover=first))
    naming = {name for name, each in made.items() if each.rendition is not None and named(each.rendition)}
    assert naming == {"site", "cms", "article", "wecom_news"}
    for name in naming:
        rendition = made[name].rendition
        assert rendition is not None
        assert named(rendition) <= held(made), name


def test_a_post_that_does_not_go_to_the_site_names_no_picture_there(desk: Desk) -> None:
    post = post_with(photo(desk, "a.jpg", (400, 300)), channels={"cms": Override()})
    rendition = render_post(desk, post)["cms"].rendition
    assert rendition is not None
    assert named(rendition) == set()
    assert json.loads(rendition.body)["data"]["pictures"][0]["url"] is None


def test_an_adapter_that_takes_a_picture_as_it_was_given_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(_self: Any, post: Post, _kit: PostKit) -> Rendition:
        return Rendition(
            title=post.title, body=post.body, media_type="text/plain", pictures=post.pictures, needs=needed_channels([])
        )

    monkeypatch.setattr(adapter_class("webhook"), "render", render)
    [finding] = render_post(desk, post_with(photo(desk, "a.jpg", (400, 300))))["cms"].findings
    assert finding.code == "adapter.raw_picture"
    assert "拍摄地点" in finding.message
    clean = desk.folder / "posts" / "clean.png"
    Image.new("RGB", (40, 30), "red").save(clean)
    fine = render_post(desk, post_with(desk.media.keep(clean, "clean.png")))["cms"]
    assert fine.rendition is not None
    assert [each.code for each in fine.findings] == []
