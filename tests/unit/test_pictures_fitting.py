"""A picture becomes what a channel takes: type, bytes, pixels and ratio; without its place, with the marks of generated content."""

import io
import math
import random
import zipfile
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from xuanfa.content.pictures import fitting as pictures
from xuanfa.content.pictures.fitting import fitted
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.errors import ContentError
from xuanfa.domain.post import Picture, PictureRule

AIGC = '{"Label":"1","ContentProducer":"甲"}'
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"'
    ' exif:GPSLatitude="38,31.2N">{}</rdf:Description></rdf:RDF></x:xmpmeta>'
)
JPEG_ONLY = PictureRule(media_types=("image/jpeg",))


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def noise(mode: str, size: tuple[int, int], seed: int = 0) -> Image.Image:
    """Random pixels, which compress badly."""
    bands = {"CMYK": 4, "RGBA": 4, "RGB": 3, "L": 1, "LA": 2, "P": 1, "I;16": 2}[mode]
    data = random.Random(seed).randbytes(size[0] * size[1] * bands)  # noqa: S311
    image = Image.frombytes(mode, size, data)
    if mode == "P":
        image.putpalette(random.Random(seed + 1).randbytes(768))  # noqa: S311
    return image


def keep(store: MediaStore, image: Image.Image, kind: str, folder: Path, **options: object) -> Picture:
    path = folder / f"given.{kind.lower()}"
    image.save(path, kind, **options)
    return store.keep(path, "images/given.jpg", alt="说明", caption="图注")


def opened(store: MediaStore, picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(store.path(picture).read_bytes()))
    image.load()
    return image


RULES = st.builds(
    PictureRule,
    media_types=st.sampled_from(
        [("image/jpeg",), ("image/png",), ("image/jpeg", "image/png"), ("image/png", "image/webp")]
    ),
    bytes_max=st.one_of(st.none(), st.integers(9_000, 40_000)),
    side_max=st.one_of(st.none(), st.integers(50, 200)),
    ratio=st.sampled_from([None, 1.0, 2.35, 9 / 16, 16 / 9]),
)
KINDS = {"CMYK": "JPEG", "RGB": "JPEG", "RGBA": "PNG", "P": "GIF", "L": "PNG", "LA": "PNG", "I;16": "PNG"}


@settings(max_examples=25, deadline=timedelta(seconds=10), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(KINDS)), st.integers(1, 260), st.integers(1, 260), RULES)
def test_whatever_is_given_is_within_the_rule_afterwards_and_stays_as_it_is_the_next_time(
    mode: str, width: int, height: int, rule: PictureRule
) -> None:
    with TemporaryDirectory() as folder:
        store = MediaStore(Path(folder) / "media")
        given_one = keep(store, noise(mode, (width, height)), KINDS[mode], Path(folder))
        made = fitted(store, given_one, rule)
        image = opened(store, made)
        assert made.media_type in rule.media_types
        assert rule.bytes_max is None or made.size <= rule.bytes_max
        assert rule.side_max is None or max(made.width, made.height) <= rule.side_max
        assert made.width <= width
        assert made.height <= height
        assert (image.width, image.height) == (made.width, made.height)
        if rule.ratio is not None:
            assert min(abs(made.width - made.height * rule.ratio), abs(made.height - made.width / rule.ratio)) <= 1
        assert made.media_type != "image/jpeg" or image.mode in {"RGB", "L"}
        assert fitted(store, made, rule) == made
        again = MediaStore(Path(folder) / "elsewhere")
        assert fitted(again, keep(again, noise(mode, (width, height)), KINDS[mode], Path(folder)), rule) == made


def test_a_picture_within_the_rule_is_itself_to_the_byte(tmp_path: Path, store: MediaStore) -> None:
    given_one = keep(store, noise("RGB", (60, 40)), "JPEG", tmp_path)
    assert fitted(store, given_one, PictureRule(bytes_max=given_one.size, side_max=60, ratio=1.5)) == given_one


def test_words_and_source_of_the_post_stay_with_the_fitted_picture(tmp_path: Path, store: MediaStore) -> None:
    given_one = keep(store, noise("RGBA", (60, 40)), "PNG", tmp_path)
    made = fitted(store, given_one, JPEG_ONLY)
    assert made.sha256 != given_one.sha256
    assert (made.source, made.alt, made.caption) == ("images/given.jpg", "说明", "图注")


def test_the_second_time_costs_no_work_and_survives_a_new_process(
    tmp_path: Path, store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_one = keep(store, noise("RGB", (200, 100)), "PNG", tmp_path)
    rule = PictureRule(ratio=1.0)
    made = fitted(store, given_one, rule)
    monkeypatch.setattr(pictures, "_fit", lambda *_: pytest.fail("worked again"))
    assert fitted(MediaStore(tmp_path / "media"), given_one, rule) == made


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"sha256": 1}'])
def test_a_damaged_note_or_a_lost_file_is_made_again(tmp_path: Path, store: MediaStore, damage: str) -> None:
    given_one = keep(store, noise("RGB", (200, 100)), "PNG", tmp_path)
    made = fitted(store, given_one, PictureRule(ratio=1.0))
    [note] = (tmp_path / "media/derived").rglob("*.json")
    note.write_text(damage, "utf-8")
    assert fitted(store, given_one, PictureRule(ratio=1.0)) == made
    store.path(made).unlink()
    assert fitted(store, given_one, PictureRule(ratio=1.0)) == made
    assert store.path(made).is_file()


def test_a_photo_taken_sideways_stands_upright_and_tells_neither_place_nor_camera(
    tmp_path: Path, store: MediaStore
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera maker"
    exif.get_ifd(0x8825)[2] = (38.0, 31.0, 12.0)
    photo = Image.new("RGB", (80, 40), "blue")
    photo.paste("red", (0, 0, 40, 40))
    given_one = keep(store, photo, "JPEG", tmp_path, exif=exif, quality=95)
    assert opened(store, given_one).getexif().get_ifd(0x8825)
    made = fitted(store, given_one, PictureRule())
    image = opened(store, made)
    assert image.size == (40, 80)
    red, blue = image.convert("RGB").getpixel((20, 10)), image.convert("RGB").getpixel((20, 70))
    assert red[0] > 3 * red[2]  # type: ignore[index]
    assert blue[2] > 3 * blue[0]  # type: ignore[index]
    assert dict(image.getexif()) == {}
    assert b"Camera maker" not in store.path(made).read_bytes()


@pytest.mark.parametrize("prefix", [b"ASCII\0\0\0", b"\0" * 8])
@pytest.mark.parametrize(
    "rule", [JPEG_ONLY, PictureRule(media_types=("image/webp",)), PictureRule(media_types=("image/png",))]
)
def test_the_mark_of_generated_content_in_a_comment_stays_while_the_place_goes(
    tmp_path: Path, store: MediaStore, prefix: bytes, rule: PictureRule
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = prefix + b'{"AIGC":{"Label":"1"}}'
    exif.get_ifd(0x8825)[2] = (38.0, 31.0, 12.0)
    made = fitted(store, keep(store, noise("RGB", (40, 40)), "JPEG", tmp_path, exif=exif), rule)
    kept = opened(store, made).getexif()
    assert kept.get_ifd(0x8769)[0x9286] == prefix + b'{"AIGC":{"Label":"1"}}'
    assert not kept.get_ifd(0x8825)
    assert fitted(store, made, rule) == made


@pytest.mark.parametrize("form", ["<TC260:AIGC>{}</TC260:AIGC>", '<rdf:li TC260:AIGC="{}"/>'])
@pytest.mark.parametrize("target", ["image/jpeg", "image/webp", "image/png"])
def test_the_mark_of_generated_content_in_xmp_stays_while_the_place_goes(
    tmp_path: Path, store: MediaStore, form: str, target: str
) -> None:
    packet = XMP.format(form.format(AIGC.replace('"', "&quot;"))).encode()
    rule = PictureRule(media_types=(target,))
    made = fitted(store, keep(store, noise("RGB", (40, 40)), "JPEG", tmp_path, xmp=packet), rule)
    kept = opened(store, made).info["xmp"].decode()
    assert AIGC.replace('"', "&quot;") in kept
    assert "GPS" not in kept
    assert fitted(store, made, rule) == made


@pytest.mark.parametrize("rule", [PictureRule(media_types=("image/gif",), animated=True), JPEG_ONLY])
def test_the_mark_of_generated_content_in_a_gifs_xmp_stays_while_the_place_goes(
    tmp_path: Path, store: MediaStore, rule: PictureRule
) -> None:
    packet = XMP.format(f"<TC260:AIGC>{AIGC.replace(chr(34), '&quot;')}</TC260:AIGC>").encode()
    file = tmp_path / "moves.gif"
    frames = [noise("P", (40, 40), seed) for seed in range(3)]
    frames[0].save(file, save_all=True, append_images=frames[1:], duration=40)
    data = file.read_bytes()
    begin = 13 + (3 * 2 ** ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0\0"
    file.write_bytes(data[:begin] + b"\x21\xff\x0bXMP DataXMP" + packet + trailer + data[begin:])
    made = fitted(store, store.keep(file, file.name), rule)
    written = store.path(made).read_bytes().replace(b"\0", b"")
    assert b"AIGC" in written
    assert b"GPS" not in written
    assert getattr(opened(store, made), "n_frames", 1) == (3 if rule.animated else 1)
    assert fitted(store, made, rule) == made


def test_the_mark_of_generated_content_in_a_png_text_stays_in_every_format(tmp_path: Path, store: MediaStore) -> None:
    text = PngInfo()
    text.add_itxt("AIGC", AIGC)
    given_one = keep(store, noise("RGB", (40, 40)), "PNG", tmp_path, pnginfo=text)
    assert fitted(store, given_one, PictureRule()) == given_one
    assert opened(store, fitted(store, given_one, PictureRule(side_max=20))).info["AIGC"] == AIGC
    comment = opened(store, fitted(store, given_one, JPEG_ONLY)).getexif().get_ifd(0x8769)[0x9286]
    assert comment == b"UNICODE\0" + AIGC.encode("utf-16-be")


def test_what_is_hung_on_behind_a_picture_is_cut_off(tmp_path: Path, store: MediaStore) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as pack:
        pack.writestr("run.sh", "rm -rf /")
    for kind in ("JPEG", "PNG", "WEBP"):
        path = tmp_path / f"a.{kind}"
        noise("RGB", (40, 40)).save(path, kind)
        path.write_bytes(path.read_bytes() + archive.getvalue())
        kept = store.path(
            fitted(store, store.keep(path, "a.jpg"), PictureRule(media_types=("image/jpeg", "image/png", "image/webp")))
        )
        assert not zipfile.is_zipfile(kept)


def test_what_shows_through_becomes_white_in_a_jpeg(tmp_path: Path, store: MediaStore) -> None:
    made = fitted(store, keep(store, Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG", tmp_path), JPEG_ONLY)
    assert opened(store, made).getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_become_eight_without_turning_white(tmp_path: Path, store: MediaStore) -> None:
    made = fitted(store, keep(store, Image.new("I;16", (40, 40), 32768), "PNG", tmp_path), JPEG_ONLY)
    assert opened(store, made).getpixel((5, 5)) == (128, 128, 128)


def test_printing_colours_look_alike_on_screens(tmp_path: Path, store: MediaStore) -> None:
    made = fitted(store, keep(store, Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG", tmp_path), JPEG_ONLY)
    red, green, blue = opened(store, made).getpixel((5, 5))  # type: ignore[misc]
    assert red > 2 * max(green, blue)


def animation(path: Path, size: tuple[int, int] = (60, 40)) -> Path:
    frames = [noise("RGB", size, seed).convert("P") for seed in range(4)]
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:], duration=[40, 60, 80, 100], loop=0)
    return path


def test_an_animation_moves_only_where_the_channel_lets_it(tmp_path: Path, store: MediaStore) -> None:
    given_one = store.keep(animation(tmp_path / "a.gif"), "a.gif")
    moving = PictureRule(media_types=("image/gif", "image/jpeg"), animated=True)
    assert fitted(store, given_one, moving) == given_one
    still = opened(store, fitted(store, given_one, PictureRule(media_types=("image/gif", "image/jpeg"))))
    assert getattr(still, "n_frames", 1) == 1
    assert fitted(store, given_one, PictureRule()).media_type == "image/jpeg"


def test_an_animation_is_made_smaller_with_all_its_frames_and_times(tmp_path: Path, store: MediaStore) -> None:
    given_one = store.keep(animation(tmp_path / "a.gif", (120, 80)), "a.gif")
    rule = PictureRule(media_types=("image/gif",), animated=True, side_max=100, ratio=1.0, bytes_max=22_000)
    made = fitted(store, given_one, rule)
    image = opened(store, made)
    times = []
    for number in range(image.n_frames):  # type: ignore[attr-defined]
        image.seek(number)
        times.append(image.info["duration"])
    assert times == [40, 60, 80, 100]
    assert image.width == image.height < 80
    assert made.size <= 22_000


def test_what_cannot_be_brought_below_the_limit_says_so(tmp_path: Path, store: MediaStore) -> None:
    given_one = keep(store, noise("RGB", (300, 300)), "PNG", tmp_path)
    with pytest.raises(ContentError, match=r"images/given.jpg.*1 KB.*小一些"):
        fitted(store, given_one, PictureRule(media_types=("image/png",), bytes_max=1000))


def test_a_large_photo_is_brought_below_the_limit_at_the_size_that_still_looks_good(
    tmp_path: Path, store: MediaStore
) -> None:
    photo = noise("RGB", (400, 300)).resize((1600, 1200), Image.Resampling.BICUBIC)
    given_one = keep(store, photo, "JPEG", tmp_path, quality=95)
    made = fitted(store, given_one, PictureRule(bytes_max=100_000, side_max=1200))
    assert given_one.size > 300_000
    assert 50_000 < made.size <= 100_000
    assert math.isclose(made.width / made.height, 4 / 3, rel_tol=0.01)


def test_the_middle_is_kept_when_a_picture_is_cropped(tmp_path: Path, store: MediaStore) -> None:
    flag = Image.new("RGB", (300, 100), "blue")
    flag.paste("red", (100, 0, 200, 100))
    made = fitted(store, keep(store, flag, "PNG", tmp_path), PictureRule(media_types=("image/png",), ratio=1.0))
    assert opened(store, made).getcolors() == [(100 * 100, (255, 0, 0))]


def test_a_photo_of_a_phone_that_writes_several_pictures_into_one_file_is_taken(
    tmp_path: Path, store: MediaStore
) -> None:
    first, second = noise("RGB", (60, 40)), noise("RGB", (30, 20), 1)
    first.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[second])
    given_one = store.keep(tmp_path / "a.jpg", "a.jpg")
    assert given_one.media_type == "image/jpeg"
    made = opened(store, fitted(store, given_one, PictureRule()))
    assert (made.format, made.size) == ("JPEG", (60, 40))


def test_disguised_broken_and_exploding_files_never_come_as_far_as_fitting(tmp_path: Path, store: MediaStore) -> None:
    whole = tmp_path / "whole.jpg"
    noise("RGB", (200, 200)).save(whole, "JPEG")
    bomb = tmp_path / "bomb.png"
    Image.new("1", (10_000, 9_000)).save(bomb, "PNG")
    bad = {
        "svg.jpg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "half.jpg": whole.read_bytes()[: whole.stat().st_size // 2],
        "page.jpg": b"<html>" + whole.read_bytes(),
        "zip.png": b"PK\x03\x04" + whole.read_bytes(),
        "bomb.png": bomb.read_bytes(),
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ContentError):
            store.keep(tmp_path / name, name)
    assert not (tmp_path / "media").exists()
