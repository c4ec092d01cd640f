"""Pictures are kept by their content, whole, and only such as channels take."""

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from xuanfa.content.pictures import media
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.errors import ConfigError, ContentError


def drawn(path: Path, kind: str, size: tuple[int, int] = (40, 30), **options: object) -> Path:
    Image.new("RGB", size, "red").save(path, kind, **options)
    return path


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


@pytest.mark.parametrize(
    ("kind", "media_type", "suffix"),
    [
        ("JPEG", "image/jpeg", ".jpg"),
        ("PNG", "image/png", ".png"),
        ("GIF", "image/gif", ".gif"),
        ("WEBP", "image/webp", ".webp"),
    ],
)
def test_the_type_is_that_of_the_content_and_not_of_the_name(
    tmp_path: Path, store: MediaStore, kind: str, media_type: str, suffix: str
) -> None:
    file = drawn(tmp_path / "photo.bmp", kind)
    picture = store.keep(file, "photo.bmp", alt="说明", caption="图注")
    assert (picture.media_type, picture.width, picture.height) == (media_type, 40, 30)
    assert (picture.source, picture.alt, picture.caption) == ("photo.bmp", "说明", "图注")
    assert picture.size == file.stat().st_size
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert store.path(picture) == tmp_path / "media" / digest[:2] / (digest + suffix)
    assert store.path(picture).read_bytes() == file.read_bytes()


def test_a_photo_taken_sideways_has_the_size_that_readers_see(tmp_path: Path, store: MediaStore) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = store.keep(drawn(tmp_path / "a.jpg", "JPEG", exif=exif), "a.jpg")
    assert (picture.width, picture.height) == (30, 40)


def test_a_picture_that_is_there_is_not_written_again(tmp_path: Path, store: MediaStore) -> None:
    file = drawn(tmp_path / "a.png", "PNG")
    kept = store.path(store.keep(file, "a.png"))
    before = kept.stat()
    store.keep(file, "b.png")
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [entry.name for entry in kept.parent.iterdir()] == [kept.name]


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_other_formats_are_named_with_the_remedy(tmp_path: Path, store: MediaStore, kind: str) -> None:
    with pytest.raises(ContentError, match=f"是 {kind} 格式.*另存为 JPG 或 PNG"):
        store.keep(drawn(tmp_path / "a.jpg", kind), "a.jpg")


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "是 HEIC 格式"),
        (b"<svg xmlns='x'></svg>", "是 SVG 格式"),
        (b"hello", "不是图片"),
        (b"", "不是图片"),
    ],
)
def test_what_is_no_picture_says_so(tmp_path: Path, store: MediaStore, data: bytes, part: str) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(ContentError, match=part):
        store.keep(tmp_path / "a.jpg", "a.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_copy_that_broke_off_is_found_before_a_reader_finds_it(tmp_path: Path, store: MediaStore, kind: str) -> None:
    file = tmp_path / "a"
    Image.effect_noise((200, 200), 90).convert("RGB").save(file, kind)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(ContentError, match="损坏或不完整"):
        store.keep(file, "a.jpg")
    assert not (tmp_path / "media").exists()


def test_a_picture_that_unpacks_to_a_flood_of_pixels_is_refused(
    tmp_path: Path, store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(ContentError, match="像素太多"):
        store.keep(drawn(tmp_path / "a.png", "PNG"), "a.png")  # over the limit and below its double: a mere warning


def test_a_file_of_more_than_twenty_megabytes_is_refused(tmp_path: Path, store: MediaStore) -> None:
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(media.PICTURE_MAX + 1)
    with pytest.raises(ContentError, match="超过 20 MB"):
        store.keep(tmp_path / "a.png", "a.png")


def test_a_place_that_cannot_be_written_is_the_operators_matter(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")
    with pytest.raises(ConfigError, match=r"图片存不进.*磁盘空间和写入权限"):
        MediaStore(tmp_path / "media").keep(drawn(tmp_path / "a.png", "PNG"), "a.png")


def test_a_kept_picture_that_has_gone_is_missed(tmp_path: Path, store: MediaStore) -> None:
    picture = store.keep(drawn(tmp_path / "a.png", "PNG"), "a.png")
    store.path(picture).unlink()
    with pytest.raises(ContentError, match="存档不见了"):
        store.path(picture)
