"""Large pictures: what a phone or a designer hands over is taken within the memory that a pass may hold, or refused in words that help."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image

from xuanfa.content.pictures import room
from xuanfa.content.pictures.colours import in_strips, lying, plain, plain_in_strips, upright
from xuanfa.content.pictures.fitting import fitted
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.errors import ContentError

#: As the reading program has it beside its libraries: the picture's own share, its file and what Pillow's own code takes.
GROWTH = room.ROOM + 35_000_000


class AsAChannelTakesIt:
    media_types = ("image/jpeg", "image/png", "image/gif", "image/webp")
    bytes_max: int | None = 5_000_000
    side_max: int | None = None
    ratio = None
    animated = True
    width_min = 1080
    width_first = False


class AsASiteTakesIt(AsAChannelTakesIt):
    bytes_max = None
    side_max = 1600


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def sheet(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Soft shades, which are quickly compressed."""
    return Image.linear_gradient("L").resize((width, height)).convert(mode)


def held_on_its_side(width: int, height: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(sheet(width, height), "JPEG", quality=60, exif=exif)


TAKEN: dict[str, Any] = {
    "24 MP": lambda: saved(sheet(5712, 4284), "JPEG", quality=70),
    "24 MP on its side": lambda: held_on_its_side(5712, 4284),
    "48 MP": lambda: saved(sheet(8064, 6048), "JPEG", quality=60),
    "24 MP in four inks": lambda: saved(sheet(5712, 4284, "CMYK"), "JPEG", quality=60),
    "a palette of 36 MP": lambda: saved(sheet(6000, 6000, "P"), "PNG", compress_level=1),
    "16 bits, 30 MP": lambda: saved(sheet(5500, 5500).convert("I;16"), "PNG", compress_level=1),
    "an animation": lambda: saved(
        sheet(900, 700), "GIF", save_all=True, append_images=[sheet(900, 700).rotate(turn) for turn in range(1, 12)]
    ),
}
REFUSED: dict[str, tuple[Any, str]] = {
    "36 MP, transparent": (lambda: saved(sheet(6000, 6000, "RGBA"), "PNG", compress_level=1), "缩小到 1800 万像素以内"),
    "24 MP WebP": (lambda: saved(sheet(4900, 4900), "WEBP", quality=10, method=0), "请另存为 JPG"),
    "48 MP, progressive": (lambda: saved(sheet(8064, 6048), "JPEG", progressive=True), "请另存为普通（基线）JPG"),
}


def growth() -> tuple[int, Any]:
    """What is resident now; and at the most since ``clear_refs``."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return tuple(1024 * int(found) for found in re.findall(r"Vm(?:HWM|RSS):\s+(\d+)", text))  # type: ignore[return-value]


def main(kind: str, path: str, folder: str) -> None:
    """In a process of its own, whose memory nothing else has used: keep the picture and fit it; print by how much it has grown."""
    media = MediaStore(Path(folder))
    fitted(media, media.take(saved(sheet(20, 10), "PNG"), "a.png"), AsASiteTakesIt())
    data = Path(path).read_bytes()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = growth()[1]
    kept = media.take(data, kind)
    made = [fitted(media, kept, rule) for rule in (AsASiteTakesIt(), AsAChannelTakesIt())]
    print(growth()[0] - before, *(f"{each.width}x{each.height}" for each in made))


@pytest.mark.parametrize("kind", TAKEN)
def test_what_is_large_is_fitted_in_little_room(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(TAKEN[kind]())
    program = f"from tests.unit.test_pictures_large import main; main({kind!r}, {str(path)!r}, {str(tmp_path)!r})"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr
    grown, *sizes = done.stdout.split()
    assert int(grown) < GROWTH
    widths = [int(size.split("x")[0]) for size in sizes]
    assert min(widths) >= (900 if kind == "an animation" else 1080), sizes


@pytest.mark.parametrize("kind", REFUSED)
def test_what_has_no_room_is_refused_in_words(kind: str, tmp_path: Path) -> None:
    make, words = REFUSED[kind]
    with pytest.raises(ContentError) as caught:
        MediaStore(tmp_path).take(make(), "大图")
    assert words in str(caught.value)
    assert "损坏" not in str(caught.value)


def test_too_many_frames_are_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [sheet(60, 50).rotate(turn) for turn in range(40)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert MediaStore(tmp_path).take(data, "a.gif").media_type == "image/gif"
    monkeypatch.setattr(room, "FRAMES_MAX", 40 * 60 * 50 - 1)
    with pytest.raises(ContentError, match="减少帧数"):
        MediaStore(tmp_path).take(data, "a.gif")


def test_a_progressive_photo_of_a_camera_that_fits_is_taken(tmp_path: Path) -> None:
    media = MediaStore(tmp_path)
    kept = media.take(saved(sheet(4000, 3000), "JPEG", progressive=True), "a.jpg")
    assert fitted(media, kept, AsASiteTakesIt()).width == 1600


def test_that_memory_is_short_is_not_called_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder in C says only that it broke off."""
    data = saved(sheet(3000, 2000), "JPEG", progressive=True)
    with pytest.raises(ContentError, match="损坏"):
        MediaStore(tmp_path).take(data[: len(data) // 2], "a.jpg")
    monkeypatch.setattr(room, "is_short", lambda _size: True)
    with pytest.raises(ContentError) as caught:
        MediaStore(tmp_path).take(data[: len(data) // 2], "a.jpg")
    assert "内存" in str(caught.value)
    assert "损坏" not in str(caught.value)


@pytest.mark.parametrize("held", range(1, 9))
@pytest.mark.parametrize(
    ("size", "box"), [((150, 100), (10.5, 20.0, 430.25, 360.0)), ((90, 333), (0.0, 0.0, 380.0, 380.0))]
)
def test_strip_by_strip_is_as_all_at_once(
    held: int, size: tuple[int, int], box: tuple[float, float, float, float]
) -> None:
    chance = Random(5)  # noqa: S311 - a picture for a test
    noise = Image.frombytes("L", (640, 480), bytes(int(chance.gauss(128, 20)) & 255 for _ in range(640 * 480)))
    lies = Image.merge("RGB", (noise, noise.rotate(180), noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    box = (*box[:2], min(box[2], upright(lies, held).width), box[3])
    at_once = upright(lies, held).resize(size, Image.Resampling.LANCZOS, box=box)
    made = in_strips(lies, *lying(size, box, lies.size, held), held)
    assert made.size == at_once.size
    assert max(abs(one - other) for one, other in zip(made.tobytes(), at_once.tobytes(), strict=True)) <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "I;16", "CMYK", "1"])
def test_strips_are_converted_as_the_whole_is(mode: str) -> None:
    image = (
        sheet(300, 401, "L").convert(mode)
        if mode != "I;16"
        else sheet(300, 401, "I").point(lambda v: v * 200).convert("I;16")
    )
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    whole = plain(image.copy())
    parts = plain_in_strips(image, 1)
    assert (parts.mode, parts.tobytes()) == (whole.mode, whole.tobytes())
    half = plain_in_strips(image, 2)
    assert half.size == (150, 201)
