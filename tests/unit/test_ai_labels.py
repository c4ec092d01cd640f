"""What an AI has made says so: words at the edge of a picture and the mark in its file, on every copy that leaves, never on the original."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from xuanfa.bootstrap import open_desk
from xuanfa.content.labels import is_labelled
from xuanfa.content.pictures.bare import taken
from xuanfa.content.pictures.fitting import fitted_with_losses
from xuanfa.content.pictures.label import Label
from xuanfa.content.pictures.marks import read_marks
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.posts import Reading, read_post
from xuanfa.domain.post import Picture, PictureRule
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.render import Rendered, render_post

LABEL = Label("金昌市中级人民法院", "20261201-海报")
ALL = PictureRule(media_types=("image/jpeg", "image/png", "image/gif", "image/webp"), animated=True, side_max=1920)
COVER = PictureRule(media_types=("image/jpeg",), side_max=1200, ratio=2.35)
PHOTO = Path(__file__).parents[2] / "posts" / "2026" / "images" / "xunhui-shenpan.jpg"


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def given(store: MediaStore, size: tuple[int, int], kind: str, mode: str = "RGB", frames: int = 1) -> Picture:
    shades = [Image.new(mode, size, ("#d8d8d8", "#cfcfd8", "#d8cfcf")[number % 3]) for number in range(frames)]
    file = io.BytesIO()
    more = {"save_all": True, "append_images": shades[1:], "duration": 90} if frames > 1 else {}
    shades[0].save(file, kind, **more)
    return store.take(file.getvalue(), "images/poster.x")


def shown(store: MediaStore, picture: Picture, frame: int = 0) -> Image.Image:
    image = Image.open(io.BytesIO(store.read(picture)))
    image.seek(frame)
    return image.convert("RGB")


def changed(one: Image.Image, other: Image.Image) -> tuple[int, int, int, int]:
    """Where the two differ by more than compression does."""
    box = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > 40 else 0).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize(
    ("size", "form", "rule", "corner"),
    [
        ((900, 600), ("JPEG", "RGB"), ALL, "right bottom"),
        ((2400, 1600), ("JPEG", "RGB"), ALL, "right bottom"),
        ((700, 700), ("PNG", "RGBA"), ALL, "right bottom"),
        ((640, 480), ("WEBP", "RGB"), ALL, "right bottom"),
        ((500, 500), ("PNG", "L"), ALL, "right bottom"),
        ((1080, 5000), ("JPEG", "RGB"), PictureRule(width_min=1080), "right top"),
        ((1600, 1200), ("JPEG", "RGB"), COVER, "middle bottom"),
        ((90, 90), ("PNG", "RGB"), ALL, "right bottom"),
    ],
)
def test_words_stand_at_an_edge_large_enough_for_a_telephone(
    store: MediaStore, size: tuple[int, int], form: tuple[str, str], rule: PictureRule, corner: str
) -> None:
    picture = given(store, size, *form)
    before = store.read(picture)
    plain, _ = fitted_with_losses(store, picture, rule)
    made, _ = fitted_with_losses(store, picture, rule, LABEL)
    assert store.read(picture) == before
    assert (made.width, made.height) == (plain.width, plain.height)
    left, top, right, bottom = changed(shown(store, plain), shown(store, made))
    if min(size) > 100:  # a little one has no room for it
        assert (bottom - top) >= max(0.05 * min(made.width, made.height), made.width / 30)
    across, down = corner.split()
    if across == "middle":  # what shows a square of a cover cuts it around the middle
        assert abs((left + right) - made.width) <= 4
        assert left >= (made.width - made.height) / 2
    else:
        assert made.width - right <= 0.1 * made.width
    edge = top if down == "top" else made.height - bottom
    assert edge <= 0.1 * min(made.width, made.height)


def test_all_of_an_animation_is_labelled(store: MediaStore) -> None:
    picture = given(store, (320, 240), "GIF", frames=3)
    made, _ = fitted_with_losses(store, picture, ALL, LABEL)
    plain, _ = fitted_with_losses(store, picture, ALL)
    with Image.open(io.BytesIO(store.read(made))) as film:
        assert getattr(film, "n_frames", 1) == 3
    for frame in range(3):
        assert changed(shown(store, plain, frame), shown(store, made, frame))[3] > 200


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_the_file_says_so_too_and_keeps_what_its_maker_said(store: MediaStore, kind: str) -> None:
    made, _ = fitted_with_losses(store, given(store, (300, 200), kind), ALL, LABEL)
    marks = read_marks(taken(store.read(made), made.media_type, to_the_end=False).told)
    assert '"Label":"1"' in marks.xmp
    assert "金昌市中级人民法院" in marks.xmp
    again, lost = fitted_with_losses(store, made, ALL, Label("别的单位", "another"))
    kept = read_marks(taken(store.read(again), again.media_type, to_the_end=False).told)
    assert kept == marks
    assert lost == ("marked",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("（本文由人工智能生成）", True),
        ("全文由AI生成。", True),
        ("【AI生成】开庭", True),
        ("（图片为AI生成）", True),
        ("法院审理AI生成图片著作权纠纷案。", False),
        ("人工智能生成合成内容标识办法施行。", False),
    ],
)
def test_a_text_about_what_an_ai_generates_is_no_label(text: str, says: bool) -> None:
    assert is_labelled(text) is says


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    channels = {
        "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://court.example"',
        "wechat": 'adapter = "wechat"\nrehearsal = true',
        "weibo": 'adapter = "weibo"\nrehearsal = true',
        "douyin": 'adapter = "douyin"\nrehearsal = true',
        "manual": 'adapter = "manual"',
        "webhook": 'adapter = "webhook"\nrehearsal = true',
    }
    lines = ["[organisation]", 'name = "金昌市中级人民法院"', "[columns.action]", 'title = "我们在行动"']
    lines += [f"channels = {list(channels)!r}", *(f"[channels.{name}]\n{text}" for name, text in channels.items())]
    (tmp_path / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "posts").mkdir()
    shutil.copy(PHOTO, tmp_path / "posts" / "photo.jpg")
    Image.open(PHOTO).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "posts" / "poster.png")
    with open_desk(tmp_path) as opened:
        yield opened


def read(desk: Desk, *head: str) -> Reading:
    lines = ["---", "title: 海报上的法治", *head, "---", "", "干警走进社区。", "", "![海报](poster.png)", ""]
    text = "\n".join([*lines, "![现场](photo.jpg)", "", "活动结束。", ""])
    path = desk.posts_folder / "a.md"
    path.write_text(text, encoding="utf-8")
    return read_post(
        text.encode(), path=path, shown_as="posts/a.md", zone=desk.zone, columns=desk.columns, media=desk.media
    )


def rendered(desk: Desk, *head: str) -> dict[str, Rendered]:
    post = read(desk, *head).post
    assert post is not None
    return render_post(desk, post)


def labelled(desk: Desk, made: Rendered, source: str) -> set[bool]:
    assert made.rendition is not None
    marks = [
        read_marks(taken(desk.media.read(each), each.media_type, to_the_end=False).told).xmp
        for each in made.rendition.pictures
        if each.source == source
    ]
    return {'"Label":"1"' in mark for mark in marks}


def test_all_pictures_of_a_generated_post_are_labelled_or_those_that_it_names(desk: Desk) -> None:
    for channel, made in rendered(desk, "ai: generated").items():
        assert labelled(desk, made, "poster.png") <= {True}, channel
        assert labelled(desk, made, "photo.jpg") <= {True}, channel
    named = rendered(desk, "ai: assisted", "ai_pictures: poster.png")
    for channel in ("site", "wechat", "douyin", "manual"):
        assert labelled(desk, named[channel], "poster.png") == {True}
        assert labelled(desk, named[channel], "photo.jpg") == {False}
    none = rendered(desk, "ai: generated", "ai_pictures: 无")
    assert labelled(desk, none["site"], "poster.png") == labelled(desk, none["site"], "photo.jpg") == {False}
    assert labelled(desk, none["douyin"], "card-01") == labelled(desk, none["douyin"], "card-02") == {True}
    for one in rendered(desk).values():
        assert labelled(desk, one, "poster.png") <= {False}


def test_a_small_copy_has_one_label_too(desk: Desk) -> None:
    """The website makes its small pictures of what it shows; a label must neither be cut off by that nor stand there twice."""
    plain, made = rendered(desk)["site"], rendered(desk, "ai: generated")["site"]
    assert plain.rendition is not None and made.rendition is not None  # noqa: PT018
    small = made.rendition.extra["thumbnail"]
    before = next(each for each in plain.rendition.pictures if each.filename == plain.rendition.extra["thumbnail"])
    after = next(each for each in made.rendition.pictures if each.filename == small)
    left, top, right, bottom = changed(shown(desk.media, before), shown(desk.media, after))
    assert abs(left + right - after.width) <= 4
    assert bottom - top < after.height / 5


def test_the_declaration_is_left_to_people_where_the_interface_has_no_field(desk: Desk) -> None:
    made = rendered(desk, "ai: assisted", "ai_pictures: poster.png")
    told = {name for name, one in made.items() if any(each.code == "ai.to_declare" for each in one.findings)}
    assert told == {"wechat", "weibo", "douyin"}
    webhook, manual = made["webhook"].rendition, made["manual"].rendition
    assert webhook is not None and '"ai":"assisted"' in webhook.body  # noqa: PT018
    assert manual is not None and manual.extra["ai"] == "declared"  # noqa: PT018
    assert not any(each.code.startswith("ai.") for one in rendered(desk).values() for each in one.findings)


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (("ai: generated", "ai_pictures: 别的.png"), "“别的.png”不是本稿的图片"),
        (("ai_pictures: poster.png",), "ai 却没有写"),
        (("ai: none", "ai_pictures: poster.png"), "ai 却写的是 none"),
    ],
)
def test_what_names_no_picture_or_says_something_else_is_told(desk: Desk, head: tuple[str, ...], why: str) -> None:
    problems = [str(problem) for problem in read(desk, *head).problems]
    assert len(problems) == 1
    assert why in problems[0]


def test_a_picture_whose_file_says_that_an_ai_made_it_is_told_of(desk: Desk) -> None:
    first = read(desk, "ai: generated").post
    assert first is not None
    poster = next(each for each in first.pictures if each.source == "poster.png")
    made, _ = fitted_with_losses(desk.media, poster, ALL, LABEL)
    (desk.posts_folder / "poster.png").write_bytes(desk.media.read(made))
    found = [each for one in rendered(desk).values() for each in one.findings if each.code == "ai.undeclared"]
    assert {each.place for each in found} == {"poster.png"}
    declared = rendered(desk, "ai: assisted", "ai_pictures: poster.png")
    assert not any(each.code == "ai.undeclared" for one in declared.values() for each in one.findings)
