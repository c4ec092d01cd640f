"""What people scroll through stays wide enough to be read, and what a picture loses on the way is told to its author."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xuanfa.bootstrap import open_desk
from xuanfa.content.pictures.fitting import fitted, fitted_with_losses
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.post import Picture, PictureRule, Post
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.render import render_post

KINDS = {
    "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://www.example.gov.cn"',
    "wechat": 'adapter = "wechat"\nrehearsal = true',
    "weibo": 'adapter = "weibo"\nrehearsal = true',
    "wordpress": 'adapter = "wordpress"\nrehearsal = true',
    "email": 'adapter = "email"\nrehearsal = true',
    "manual": 'adapter = "manual"',
    "douyin": 'adapter = "douyin"\nmode = "image_text"\nrehearsal = true',
}
#: What each channel must not go below, of a picture that has it (pixels).
LEAST = {"site": 1000, "wordpress": 1000, "manual": 1000, "email": 600}


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    (tmp_path / "posts").mkdir()
    tables = "\n".join(f"[channels.{name}]\n{text}" for name, text in KINDS.items())
    head = f'[organisation]\nname = "某院"\n[columns.action]\ntitle = "我们在行动"\nchannels = {list(KINDS)!r}\n'
    (tmp_path / "xuanfa.toml").write_text(head + tables, encoding="utf-8")
    with open_desk(tmp_path) as opened:
        yield opened


def kept(desk: Desk, image: Image.Image, name: str, **options: Any) -> Picture:
    file = desk.folder / "posts" / name
    image.save(file, **options)
    return desk.media.keep(file, name, alt="图")


def post_with(*pictures: Picture) -> Post:
    body = "一图读懂。\n\n" + "\n\n".join(f"![图]({picture.source})" for picture in pictures)
    return Post(slug="a", title="一图读懂", column="action", body=body, summary="摘要。", pictures=pictures)


def drawing(width: int, height: int) -> Image.Image:
    """A long drawing: panels of colour with fine lines, as text has them."""
    image = Image.new("RGB", (width, height), "#f4efe6")
    for top in range(0, height, 60):
        image.paste("#b0262b" if top % 180 else "#20435c", (40, top, width - 40, top + 24))
        for left in range(60, width - 60, 9):
            image.paste("#111111", (left, top + 30, left + 3, top + 48))
    return image


@pytest.mark.parametrize(
    ("size", "kind"), [((1080, 9000), "jpg"), ((2000, 6000), "png"), ((750, 6000), "png"), ((1242, 2688), "jpg")]
)
def test_a_long_picture_stays_wide_enough_to_be_read(desk: Desk, size: tuple[int, int], kind: str) -> None:
    made = render_post(desk, post_with(kept(desk, drawing(*size), f"long.{kind}")), list(LEAST))
    for channel, least in LEAST.items():
        rendition = made[channel].rendition
        assert rendition is not None
        widths = [picture.width for picture in rendition.pictures if picture.height > 1.5 * picture.width]
        assert max(widths) >= min(least, size[0]), channel
        assert not [finding for finding in made[channel].findings if finding.code.startswith("picture.")]


def test_where_bytes_leave_no_choice_the_author_is_told(desk: Desk) -> None:
    noise = Image.effect_noise((1080, 4000), 120).convert("RGB")
    made = render_post(
        desk, post_with(kept(desk, noise, "long.jpg", quality=95)), ["site", "wechat", "email", "manual"]
    )
    told = {channel: [f.message for f in each.findings if f.code == "picture.width"] for channel, each in made.items()}
    [words] = told["wechat"]
    assert words.startswith("图片“long.jpg”太长，放到渠道 wechat 上只能缩到 ")
    assert (told["site"], told["email"], told["manual"]) == ([], [], [])  # whose bytes are nobody's limit but ours
    wechat = made["wechat"].rendition
    assert wechat is not None
    assert all(picture.size <= 999_999 for picture in wechat.pictures if picture.height > picture.width)


def rule(**limits: Any) -> PictureRule:
    return PictureRule(media_types=("image/jpeg",), width_min=1080, **limits)


def test_it_becomes_coarser_before_it_becomes_narrower(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media")
    file = tmp_path / "a.jpg"
    noise = Image.effect_noise((270, 1500), 60).resize((1080, 6000), Image.Resampling.BICUBIC).convert("RGB")
    noise.save(file, quality=95)
    given = store.keep(file, "a.jpg")
    free = fitted(store, given, rule(side_max=1600))
    assert (free.width, free.height) == (1080, 6000)
    sizes = {}
    for quality in (60, 32):
        out = io.BytesIO()
        noise.save(out, "JPEG", quality=quality, subsampling=2)
        sizes[quality] = out.tell()
    between = (sizes[60] + sizes[32]) // 2
    coarse, lost = fitted_with_losses(store, given, rule(bytes_max=between))
    assert (coarse.width, lost) == (1080, ())
    assert coarse.size <= between
    narrow, lost = fitted_with_losses(store, given, rule(bytes_max=sizes[32] // 2))
    assert narrow.width < 1080
    assert lost == ("width",)
    assert fitted(store, narrow, rule(bytes_max=sizes[32] // 2)) == narrow


@pytest.mark.parametrize(
    ("size", "made"),
    [
        ((4000, 2250), (1600, 900)),
        ((2250, 4000), (1080, 1920)),
        ((1000, 9000), (1000, 9000)),
        ((9000, 1000), (1600, 178)),
    ],
)
def test_the_least_width_is_none_for_what_is_not_long(
    tmp_path: Path, size: tuple[int, int], made: tuple[int, int]
) -> None:
    store = MediaStore(tmp_path / "media")
    file = tmp_path / "a.jpg"
    Image.new("RGB", size, "red").save(file)
    found = fitted(store, store.keep(file, "a.jpg"), rule(side_max=1600))
    assert (found.width, found.height) == made


def frames(size: tuple[int, int]) -> list[Image.Image]:
    return [Image.effect_noise(size, 30 + 20 * number).convert("RGB") for number in range(3)]


@pytest.mark.parametrize(
    ("name", "still"),
    [
        ("moves.gif", {"wechat", "email", "douyin"}),
        ("moves.png", {"wechat", "email", "douyin"}),
        ("moves.webp", {"wechat", "email", "douyin", "weibo", "manual"}),
    ],
)
def test_an_animation_that_a_channel_does_not_take_is_told_there_and_nowhere_else(
    desk: Desk, name: str, still: set[str]
) -> None:
    first, *others = frames((60, 40))
    picture = kept(desk, first, name, save_all=True, append_images=others, duration=50)
    made = render_post(desk, post_with(picture))
    told = {channel for channel, each in made.items() if any(f.code == "picture.motion" for f in each.findings)}
    assert told == still
    [words] = [f.message for f in made["wechat"].findings if f.code == "picture.motion"]
    assert words == f"图片“{name}”是动图，渠道 wechat 不收动图，发出去是静止的第一帧。"


def test_transparency_that_finds_no_room_is_told(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media")
    file = tmp_path / "a.png"
    shade = Image.radial_gradient("L").resize((300, 300))
    Image.merge("RGBA", (shade, shade, shade, shade)).save(file)
    given = store.keep(file, "a.png")
    assert fitted_with_losses(store, given, PictureRule(media_types=("image/jpeg",)))[1] == ("transparency",)
    assert fitted_with_losses(store, given, PictureRule(media_types=("image/png", "image/jpeg")))[1] == ()
    again = MediaStore(tmp_path / "media")
    assert fitted_with_losses(again, given, PictureRule(media_types=("image/jpeg",)))[1] == (
        "transparency",
    )  # as it was noted


def test_what_shows_through_a_gif_still_does_when_it_is_made_smaller(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media")
    file = tmp_path / "a.gif"
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 30, 40))
    image.save(file)
    made = fitted(store, store.keep(file, "a.gif"), PictureRule(media_types=("image/gif",), side_max=30))
    with Image.open(store.path(made)) as small:
        clear = small.convert("RGBA")
    assert (clear.getpixel((3, 3)), clear.getpixel((27, 3))[3]) == ((255, 0, 0, 255), 0)  # type: ignore[index]
