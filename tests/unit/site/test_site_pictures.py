"""Pictures on the website: nothing that the camera noted about the place leaves with them."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from PIL import Image

from xuanfa.adapters.site import SiteAdapter, SiteConfig
from xuanfa.content.kit import PostKit
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.post import Picture, Post

TEMPLATES = Path(__file__).parents[3] / "templates"
GPS = 0x8825


def rendered(folder: Path, name: str) -> tuple[Mapping[str, str], tuple[Picture, ...]]:
    """A post with this picture as cover and in its text: what the rendition says of it, and its pictures."""
    media = MediaStore(folder / "media")
    taken = media.keep(folder / name, name, alt="现场")
    post = Post(
        slug="a", title="标题", column="action", body=f"正文。\n\n![现场]({name})", pictures=(taken,), cover=taken
    )
    kit = PostKit(
        post=post,
        organisation=Organisation(name="某法院"),
        column=Column(id="action", title="我们在行动"),
        channel="site",
        kind="site",
        zone=ZoneInfo("Asia/Shanghai"),
        templates=Templates([TEMPLATES]),
        channels=frozenset({"site"}),
        media=media,
    )
    settings = {"adapter": "site", "directory": "public", "base_url": "https://www.example.gov.cn"}

    rendition = SiteAdapter(SiteConfig.model_validate(settings), SimpleNamespace(folder=folder)).render(post, kit)
    return rendition.extra, rendition.pictures


def test_a_photo_loses_its_place_before_it_is_shown(tmp_path: Path) -> None:
    photo = Image.new("RGB", (640, 480), (120, 90, 60))
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (38.0, 31.0, 12.0), 3: "E", 4: (102.0, 11.0, 3.0)})
    photo.save(tmp_path / "photo.jpg", exif=exif)
    with Image.open(tmp_path / "photo.jpg") as written:
        assert written.getexif().get_ifd(GPS)
    media = MediaStore(tmp_path / "media")
    _, shown = rendered(tmp_path, "photo.jpg")
    assert [(picture.width, picture.height) for picture in shown] == [(640, 480), (400, 267), (640, 427)]
    for picture in shown:
        with Image.open(media.path(picture)) as published:
            assert not published.getexif().get_ifd(GPS)
            assert published.size == (picture.width, picture.height)


def test_what_stands_in_lists_is_a_small_file_whatever_was_uploaded(tmp_path: Path) -> None:
    noise = Image.effect_noise((3000, 2250), 90).convert("RGB")
    noise.save(tmp_path / "big.png")
    extra, shown = rendered(tmp_path, "big.png")
    sizes = {picture.filename: (picture.width, picture.height, picture.size) for picture in shown}
    thumbnail, lead = sizes[extra["thumbnail"]], sizes[extra["lead"]]
    assert thumbnail[:2] == (400, 267)
    assert thumbnail[2] <= 40_000
    assert lead[0] <= 960
    assert lead[2] <= 120_000
    assert sizes[extra["cover"]][0] == 1600
