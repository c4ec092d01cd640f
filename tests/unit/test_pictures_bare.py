"""Of a picture nothing goes out but its pixels, its colours and the marks of generated content, wherever else something was hidden."""

import io
import json
import re
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from support import planted
from support.planted import PLACES, chunk, riff, riff_chunks, segment
from xuanfa.content.pictures.bare import Unproved, taken
from xuanfa.content.pictures.fitting import fitted
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.errors import ContentError
from xuanfa.domain.post import PictureRule

ALL = ("image/jpeg", "image/png", "image/gif", "image/webp")
#: As little as a channel can ask.
ANY = PictureRule(media_types=ALL, animated=True)
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
SEVEN = {
    "Label": "1",
    "ContentProducer": "001191110102MAD55U9H0F10002 甲公司",
    "ProduceID": "98ae6b12-23e2",
    "ReservedCode1": "ac8fa693/+=",
    "ContentPropagator": "乙",
    "PropagateID": "p-1",
    "ReservedCode2": "",
}
MARK = json.dumps(SEVEN, ensure_ascii=False, separators=(",", ":"))


def fit(data: bytes, rule: PictureRule = ANY) -> bytes:
    """The file that goes out for ``data``; fitting it once more changes nothing."""
    with TemporaryDirectory() as folder:
        store = MediaStore(Path(folder) / "media")
        (Path(folder) / "given").write_bytes(data)
        made = fitted(store, store.keep(Path(folder) / "given", "images/甲.jpg"), rule)
        assert fitted(store, made, rule) == made
        return store.path(made).read_bytes()


@cache
def drawn(kind: str, *, moves: bool = False, mode: str = "RGB", **options: object) -> bytes:
    """A file of Pillow's."""
    shade = Image.radial_gradient("L").resize((48, 36))
    shade.paste(40, (3, 2, 20, 9))
    first = shade.convert(mode) if mode != "RGBA" else Image.merge("RGBA", (shade, shade, shade, shade))
    others = [first.transpose(Image.Transpose.FLIP_LEFT_RIGHT), first.transpose(Image.Transpose.ROTATE_180)]
    file = io.BytesIO()
    animation = {"save_all": True, "append_images": others, "duration": [40, 60, 80], "loop": 3} if moves else {}
    first.save(file, kind, **animation, **options)
    return file.getvalue()


def seen(data: bytes) -> list[tuple[bytes, object, object]]:
    """Each picture's pixels, its time and how often all is repeated."""
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1) if image.format != "MPO" else 1):
            image.seek(number)
            found.append((image.convert("RGBA").tobytes(), image.info.get("duration"), image.info.get("loop")))
        return found


def everything(data: bytes) -> bytes:
    """The file, and whatever is packed in it."""
    packed = [match.start() for match in re.finditer(rb"[\x08\x18\x28\x38\x48\x58\x68\x78].", data, re.DOTALL)]
    found = [data]
    for at in packed:
        try:
            found.append(zlib.decompressobj().decompress(data[at:], 100_000))
        except zlib.error:
            continue  # two bytes that only look like the beginning of a stream
    return b"\n".join(found)


def hides(data: bytes, words: bytes) -> bool:
    whole = everything(data)
    text = words.decode()
    return any(
        form in whole for form in (words, text.encode("utf-16-be"), text.encode("utf-16-le"), words.hex().encode())
    )


CASES = [(kind, place) for kind, places in PLACES.items() for place in places]
WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=12, max_size=60).map(str.encode)


@settings(max_examples=150, deadline=timedelta(seconds=10), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CASES), WORDS, st.booleans(), st.data())
def test_what_is_planted_anywhere_never_survives_and_the_picture_does(
    case: tuple[str, str], words: bytes, moves: bool, data: st.DataObject
) -> None:
    kind, place = case
    given_one = drawn(kind, moves=(moves and kind != "JPEG") or place == "more repeats")
    file = PLACES[kind][place](given_one, words)
    if data.draw(st.booleans(), label="twice"):
        others = [name for name in PLACES[kind] if not name.startswith("be") and name != "more repeats"]
        second = data.draw(st.sampled_from(others), label="second")
        file = PLACES[kind][second](file, words) if not place.startswith("be") else file
    made = fit(file)
    assert not hides(made, words)
    shown, wanted = seen(made), seen(given_one)
    assert [each[1:] for each in shown] == [each[1:] for each in wanted]
    assert all(len(one[0]) == len(other[0]) for one, other in zip(shown, wanted, strict=True))


@pytest.mark.parametrize(("kind", "place"), CASES)
@pytest.mark.parametrize("moves", [False, True])
def test_every_place_is_emptied_and_the_pixels_stay(kind: str, place: str, moves: bool) -> None:
    words = b"un-mosaicked face, 38.5231N 102.1877E"
    given_one = drawn(kind, moves=(moves and kind != "JPEG") or place == "more repeats")
    file = PLACES[kind][place](given_one, words)
    assert place == "an unused code" or hides(file, words[:6])
    made = fit(file)
    assert not hides(made, words[:12])
    if place not in {"between segments", "before the end", "in the compressed data"}:
        assert seen(made) == seen(given_one)
    assert len(seen(made)) == len(seen(given_one))


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("moves", [False, True])
def test_a_file_with_nothing_beside_its_picture_goes_out_to_the_byte(kind: str, moves: bool) -> None:
    data = drawn(kind, moves=moves and kind != "JPEG")
    assert fit(data) == data


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "1", "I;16"])
def test_every_sort_of_png_is_proved_and_stays(mode: str) -> None:
    data = drawn("PNG", mode=mode) if mode != "P" else drawn("PNG", mode="P", bits=4)
    assert taken(data, "image/png").rest
    assert fit(data) == data or mode == "I;16"  # which few programs show


def test_an_interlaced_png_is_proved() -> None:
    """Seven passes of a picture of 5 × 3 grey pixels (ISO/IEC 15948, 8.2); Pillow writes none."""
    header = struct.pack(">IIBBBBB", 5, 3, 8, 0, 0, 0, 1)
    rows = [1, 1, 0, 2, 4, 3, 5]  # columns of the first row of each pass, 0 where there is none
    passes = [b"\0" + bytes(columns) for columns in rows if columns]
    passes[1:1] = []
    sizes = [(1, 1), (1, 1), (2, 0), (1, 1), (3, 1), (2, 2), (5, 1)]
    data = b"".join((b"\0" + bytes(columns)) * count for columns, count in sizes)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    assert taken(file, "image/png").rest
    longer = file.replace(chunk(b"IDAT", zlib.compress(data)), chunk(b"IDAT", zlib.compress(data + b"secret")))
    with pytest.raises(Unproved):
        taken(longer, "image/png")


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 1}])
def test_what_lies_between_the_parts_of_a_jpeg_does_not_survive(options: dict[str, object]) -> None:
    words = b"hidden between two parts"
    data = drawn("JPEG", quality=90, **options)
    markers = [match.start() for match in re.finditer(rb"\xff[\xda\xc4\xd0-\xd7\xd9]", data[data.index(b"\xff\xda") :])]
    begin = data.index(b"\xff\xda")
    for between in markers[1:]:
        made = fit(data[: begin + between] + words + data[begin + between :])
        assert words not in made
        with Image.open(io.BytesIO(made)) as image:
            assert image.size == (48, 36)


def test_a_progressive_jpeg_stays_to_the_byte_and_one_with_restarts_looks_the_same() -> None:
    assert fit(drawn("JPEG", quality=90, progressive=True)) == drawn("JPEG", quality=90, progressive=True)
    restarts = drawn("JPEG", quality=90, restart_marker_blocks=1)
    made = fit(restarts)
    assert b"\xff\xdd" not in made  # where restarts are announced
    shown, wanted = seen(made)[0][0], seen(restarts)[0][0]
    assert max(abs(one - other) for one, other in zip(shown, wanted, strict=True)) <= 6


def test_the_adobe_segment_is_cut_to_its_twelve_bytes() -> None:
    adobe = b"Adobe\x00\x64\x80\x00\x00\x00\x01"
    data = drawn("JPEG")
    made = fit(data[:20] + segment(0xEE, adobe + b"and a secret") + data[20:])
    assert made == data[:20] + segment(0xEE, adobe) + data[20:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_profile_keeps_its_numbers_and_loses_its_names(kind: str) -> None:
    words = b"Zhang San's screen"
    made = fit(drawn(kind, icc_profile=planted.profile(words)))
    assert not hides(made, words)
    with Image.open(io.BytesIO(made)) as image:
        kept = image.info["icc_profile"]
    assert b"iCCPICC profile\0" in made or kind != "PNG"
    profile = ImageCms.ImageCmsProfile(io.BytesIO(kept))
    assert ImageCms.getProfileDescription(profile).strip() == "RGB"
    assert ImageCms.getProfileCopyright(profile).strip() == "-"
    own = ImageCms.createProfile("sRGB")
    shade = Image.radial_gradient("L").convert("RGB")
    same = ImageCms.profileToProfile(shade, profile, ImageCms.ImageCmsProfile(own))
    assert same is not None
    assert max(abs(one - other) for one, other in zip(same.tobytes(), shade.tobytes(), strict=True)) <= 1


def test_a_profile_that_is_no_matrix_is_used_up_and_goes() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for damaged in (lab, b"secret" * 40, planted.profile(b"x" * 12)[:200]):
        made = fit(drawn("PNG", icc_profile=damaged))
        with Image.open(io.BytesIO(made)) as image:
            assert "icc_profile" not in image.info
        assert b"secret" not in everything(made)


def test_a_motion_photo_is_a_photo() -> None:
    """As phones write them: XMP that tells where the film is, further pictures, and an MP4 behind the end."""
    data = drawn("JPEG")
    film = b"\0\0\0\x18ftypmp42" + b"moov the whole scene"
    xmp = segment(0xE1, b'http://ns.adobe.com/xap/1.0/\0<x GCamera:MotionPhoto="1"/>')
    assert fit(data[:2] + xmp + data[2:] + film) == data
    file = io.BytesIO()
    Image.open(io.BytesIO(data)).save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "red")])
    [(pixels, _, _)] = seen(fit(file.getvalue()))
    assert len(pixels) == 48 * 36 * 4


def text_mark(name: bytes, mark: str) -> Callable[[bytes], bytes]:
    return lambda data: data[:33] + chunk(b"iTXt", name + b"\0\0\0\0\0" + mark.encode()) + data[33:]


def packet(mark: str) -> bytes:
    escaped = mark.replace("&", "&amp;").replace('"', "&quot;")
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" xmlns:dc="x" dc:creator="Zhang San"><TC260:AIGC>'
        f"{escaped}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


MARKED: dict[str, Callable[[str], bytes]] = {
    "JPEG comment": lambda mark: planted.JPEG["comment"](drawn("JPEG"), f"AIGC{mark}".encode()),
    "JPEG xmp": lambda mark: planted.JPEG["xmp"](drawn("JPEG"), packet(mark)),
    "JPEG photoshop": lambda mark: planted.JPEG["photoshop"](drawn("JPEG"), mark.encode()),
    "PNG text": lambda mark: text_mark(b"AIGC", mark)(drawn("PNG")),
    "PNG text at the end": lambda mark: planted.PNG["packed text"](drawn("PNG"), mark.encode()),
    "PNG xmp, moving": lambda mark: planted.PNG["xmp"](drawn("PNG", moves=True), packet(mark)),
    "PNG exif as text": lambda mark: planted.PNG["raw profile"](drawn("PNG"), b"Exif\0\0ASCII\0\0\0" + mark.encode()),
    "GIF comment": lambda mark: planted.GIF["comment"](drawn("GIF"), mark.encode()),
    "GIF xmp, moving": lambda mark: planted.GIF["xmp"](drawn("GIF", moves=True), packet(mark)),
    "WebP xmp": lambda mark: planted.WEBP["xmp"](drawn("WEBP"), packet(mark)),
    "WebP exif, moving": lambda mark: planted.webp_exif(
        drawn("WEBP", moves=True), b"UNICODE\0" + mark.encode("utf-16-le")
    ),
    "JPEG of several scans": lambda mark: planted.JPEG["xmp"](drawn("JPEG", progressive=True), packet(mark)),
}


def values(data: bytes) -> list[str]:
    """What the marks of a file say, in whatever place and form."""
    with Image.open(io.BytesIO(data)) as image:
        told = b"\n".join(taken(data, KINDS[image.format or ""]).told).replace(b"&quot;", b'"')
    forms = (MARK, json.dumps({"AIGC": SEVEN}, ensure_ascii=False, separators=(",", ":")))
    return [form for form in forms for code in ("utf-8", "utf-16-be", "utf-16-le") if form.encode(code) in told]


@pytest.mark.parametrize("name", list(MARKED))
@pytest.mark.parametrize(
    "rule",
    [
        ANY,
        PictureRule(media_types=("image/jpeg",)),
        PictureRule(media_types=("image/webp",), side_max=30),
        PictureRule(side_max=20),
    ],
)
def test_the_mark_of_generated_content_stays_wherever_it_stood_and_nothing_beside_it(
    name: str, rule: PictureRule
) -> None:
    noted = json.dumps({"Note": "Zhang San, at home", "AIGC": SEVEN | {"Prompt": "a face"}}, ensure_ascii=False)
    for mark in (MARK, noted):
        made = fit(MARKED[name](mark), rule)
        assert values(made), made[:900]
        for word in (b"Zhang San", b"at home", b"a face", b"Prompt"):
            assert not hides(made, word)


def test_what_calls_itself_aigc_without_saying_what_keeps_the_name_alone() -> None:
    for file in (
        planted.JPEG["comment"](drawn("JPEG"), b"AIGC by Zhang San"),
        planted.JPEG["xmp"](drawn("JPEG"), packet("generated by Zhang San")),
        text_mark(b"AIGC", "Zhang San")(drawn("PNG")),
        planted.GIF["comment"](drawn("GIF", moves=True), b"AIGC, Zhang San"),
    ):
        made = fit(file)
        assert b"AIGC" in made.replace(b"\0", b"")
        assert not hides(made, b"Zhang San")


@pytest.mark.parametrize(
    "words",
    [b"taken from https://www.tc260.org.cn/ns/AIGC/1.0/", b'{"Label":"cat"}', b"AIGCs", b"[" * 40_000],
)
def test_what_is_no_mark_is_not_taken_for_one(words: bytes) -> None:
    data = drawn("JPEG")
    assert fit(planted.JPEG["comment"](data, words)) == data


@pytest.mark.parametrize(("kind", "target"), [("GIF", 20), ("PNG", 20), ("WEBP", 20)])
def test_what_moves_goes_on_moving_when_it_is_made_smaller(kind: str, target: int) -> None:
    made = fit(
        planted_in(kind, b"behind the scenes"), PictureRule(media_types=(KINDS[kind],), animated=True, side_max=target)
    )
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, max(image.size), image.n_frames) == (kind, target, 3)  # type: ignore[attr-defined]
    assert [each[1:] for each in seen(made)] == [each[1:] for each in seen(drawn(kind, moves=True))]
    assert not hides(made, b"behind the scenes")


def planted_in(kind: str, words: bytes) -> bytes:
    place = {"GIF": "comment", "PNG": "text", "WEBP": "exif"}[kind]
    return PLACES[kind][place](drawn(kind, moves=True), words)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_file_cut_or_changed_anywhere_is_refused_or_comes_out_clean(kind: str) -> None:
    """No byte of the frame around the pixels makes a walker fail otherwise than by its own word."""
    data = drawn(kind, moves=kind != "JPEG")
    for at in range(0, len(data), max(5, len(data) // 150)):
        for file in (
            data[:at],
            data[:at] + bytes((data[at] ^ 0xFF,)) + data[at + 1 :],
            data[:at] + b"\0\0" + data[at:],
        ):
            for to_the_end in (False, True):
                try:
                    taken(file, KINDS[kind], to_the_end=to_the_end)
                except Unproved:
                    continue


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_picture_that_breaks_off_inside_is_named(kind: str) -> None:
    data = drawn(kind)
    with pytest.raises(ContentError, match=r"损坏或不完整|不是图片"):
        fit(data[: len(data) // 2])


def test_an_unknown_part_without_which_a_webp_cannot_be_shown_is_not_guessed() -> None:
    lossy = riff_chunks(drawn("WEBP"))
    for chunks in (lossy * 2, [(b"ALPH", b"\0" * 9)], [*lossy, (b"ANMF", b"\0" * 20)], []):
        with pytest.raises(Unproved):
            taken(riff(chunks), "image/webp")
