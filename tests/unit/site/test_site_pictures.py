"""Pictures on the website: nothing that the camera noted about the place leaves with them."""

from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from xuanfa.adapters.site import SiteAdapter, SiteConfig
from xuanfa.content.kit import PostKit
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.post import Post

TEMPLATES = Path(__file__).parents[3] / "templates"
GPS = 0x8825


def test_a_photo_loses_its_place_before_it_is_shown(tmp_path: Path) -> None:
    photo = Image.new("RGB", (640, 480), (120, 90, 60))
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (38.0, 31.0, 12.0), 3: "E", 4: (102.0, 11.0, 3.0)})
    photo.save(tmp_path / "photo.jpg", exif=exif)
    with Image.open(tmp_path / "photo.jpg") as written:
        assert written.getexif().get_ifd(GPS)
    media = MediaStore(tmp_path / "media")
    taken = media.keep(tmp_path / "photo.jpg", "photo.jpg", alt="现场")
    post = Post(
        slug="a", title="标题", column="action", body="正文。\n\n![现场](photo.jpg)", pictures=(taken,), cover=taken
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

    class Tools:
        folder = tmp_path

    shown = SiteAdapter(SiteConfig.model_validate(settings), Tools()).render(post, kit).pictures
    assert len(shown) == 1
    assert shown[0].sha256 != taken.sha256
    with Image.open(media.path(shown[0])) as published:
        assert not published.getexif().get_ifd(GPS)
        assert published.size == (640, 480)
