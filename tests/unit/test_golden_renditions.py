"""What every kind makes of one sample post, held against files that people have looked at.

``XUANFA_GOLDEN=write pytest tests/unit/test_golden_renditions.py`` writes the files anew; look at ``git diff tests/golden`` before committing.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from xuanfa.bootstrap import open_desk
from xuanfa.content.labels import LABEL
from xuanfa.content.reading.posts import read_post
from xuanfa.domain.ai_label import BEFORE
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.render import Rendered, render_post

GOLDEN = Path(__file__).parents[1] / "golden" / "renditions"
PICTURE = Path(__file__).parents[2] / "posts" / "2026" / "images" / "xunhui-shenpan.jpg"
RENEW = os.environ.get("XUANFA_GOLDEN") == "write"
#: One channel for each kind, and for each of a kind's forms.
CHANNELS = {
    "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://court.example"',
    "wechat": 'adapter = "wechat"\nmode = "publish"',
    "weibo": 'adapter = "weibo"',
    "weibo_article": 'adapter = "weibo"\nmode = "article"\ncover = "https://court.example/cover.jpg"\npictures = "https://court.example/media"',
    "douyin": 'adapter = "douyin"\nmode = "image_text"',
    "wordpress": 'adapter = "wordpress"',
    "wecom": 'adapter = "wecom"',
    "dingtalk": 'adapter = "dingtalk"',
    "feishu": 'adapter = "feishu"',
    "webhook": 'adapter = "webhook"',
    "email": 'adapter = "email"',
    "manual": 'adapter = "manual"',
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("office")
    lines = ["[organisation]", 'name = "金昌市中级人民法院"', "[columns.action]", 'title = "我们在行动"']
    lines += [f"channels = {list(CHANNELS)!r}"]
    for name, text in CHANNELS.items():
        rehearsal = "" if name in {"site", "manual"} else "\nrehearsal = true"
        lines.append(f"[channels.{name}]\n{text}{rehearsal}")
    (folder / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "posts").mkdir()
    shutil.copy(GOLDEN / "sample.md", folder / "posts" / "sample.md")
    shutil.copy(PICTURE, folder / "posts" / "court.jpg")
    with open_desk(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def post(desk: Desk) -> Post:
    path = desk.posts_folder / "sample.md"
    reading = read_post(
        path.read_bytes(), path=path, shown_as="posts/sample.md", zone=desk.zone, columns=desk.columns, media=desk.media
    )
    assert reading.post is not None, reading.problems
    return reading.post


@pytest.fixture(scope="module")
def rendered(desk: Desk, post: Post) -> dict[str, Rendered]:
    return render_post(desk, post)


def shown(rendition: Rendition) -> str:
    """A rendition as text; hashes of pictures, which depend on the libraries that compress them, as their number."""
    body = rendition.body
    if rendition.media_type == "application/json":
        body = json.dumps(json.loads(body), ensure_ascii=False, indent=1)  # so that a change is seen as one line
    parts = [
        f"title: {rendition.title}",
        f"summary: {rendition.summary}",
        f"media type: {rendition.media_type}",
        f"needs: {', '.join(rendition.needs)}",
        *(f"picture: {p.media_type} {p.width}x{p.height} {p.alt} {p.caption}".rstrip() for p in rendition.pictures),
        *(f"\n--- {name}\n{text}" for name, text in sorted(rendition.extra.items())),
        f"\n--- body\n{body}",
    ]
    text = "\n".join(line.rstrip() for part in parts for line in part.split("\n")).rstrip() + "\n"
    for number, picture in enumerate(rendition.pictures, 1):
        text = re.sub("|".join(picture.sha256[:length] for length in (64, 32, 16)), f"<picture {number}>", text)
    return text


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_rendition_is_the_golden_one(rendered: dict[str, Rendered], channel: str) -> None:
    made = rendered[channel]
    assert made.is_sendable, made.findings
    assert made.rendition is not None
    golden = GOLDEN / f"{channel}.txt"
    if RENEW:
        golden.write_text(shown(made.rendition), encoding="utf-8")
    assert shown(made.rendition) == golden.read_text(encoding="utf-8")


def test_the_same_post_has_the_same_digest_on_another_machine(
    desk: Desk, post: Post, rendered: dict[str, Rendered], tmp_path: Path
) -> None:
    """Nothing of the first time is there the second time: no picture and no card is taken from what was kept."""
    shutil.copytree(desk.posts_folder, tmp_path / "posts")
    shutil.copy(desk.folder / "xuanfa.toml", tmp_path / "xuanfa.toml")
    with open_desk(tmp_path) as other:
        path = other.posts_folder / "sample.md"
        reading = read_post(
            path.read_bytes(),
            path=path,
            shown_as="posts/sample.md",
            zone=other.zone,
            columns=other.columns,
            media=other.media,
        )
        assert reading.post is not None
        again = render_post(other, reading.post)
    digests = {channel: made.rendition.digest for channel, made in rendered.items() if made.rendition}
    assert {channel: made.rendition.digest for channel, made in again.items() if made.rendition} == digests


def test_what_an_ai_has_made_says_so_on_every_channel_or_is_told(desk: Desk, post: Post) -> None:
    made = render_post(desk, replace(post, ai="generated"))
    labelled = {channel for channel, one in made.items() if one.rendition and LABEL in one.rendition.body}
    told = {channel for channel, one in made.items() if any(each.code == "ai.not_labelled" for each in one.findings)}
    assert labelled == {"site", "wechat", "weibo_article", "wordpress", "webhook", "email", "manual"}
    before = {channel for channel, one in made.items() if one.rendition and BEFORE in one.rendition.body}
    assert before == made.keys() - labelled
    assert told == set()
    said = render_post(desk, replace(post, ai="generated", body=f"{post.body}\n\n全文由AI生成。\n"))
    assert not any(LABEL in one.rendition.body for one in said.values() if one.rendition)


def test_the_cards_look_as_the_golden_ones(desk: Desk, rendered: dict[str, Rendered]) -> None:
    """At a quarter of their size, so that another release of the typeface's renderer passes and a shifted line does not."""
    made = rendered["douyin"].rendition
    assert made is not None
    cards = [picture for picture in made.pictures if picture.media_type == "image/png"]
    assert len(cards) == int(made.extra["cards"])
    for number, card in enumerate(cards, 1):
        golden = GOLDEN / f"douyin-card-{number}.png"
        with Image.open(desk.media.path(card)) as image:
            assert image.size == (1080, 1920)
            small = image.convert("RGB").resize((270, 480), Image.Resampling.BOX)
        if RENEW:
            small.quantize(64, dither=Image.Dither.NONE).save(golden, optimize=True)
        with Image.open(golden) as expected:
            difference = ImageChops.difference(small, expected.convert("RGB")).convert("L")
        assert ImageStat.Stat(difference).mean[0] < 1.5, golden.name
