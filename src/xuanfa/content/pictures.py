"""Fitting: a picture as a channel takes it. The same picture and rule give the same bytes, and the second time costs no work."""

import io
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Protocol

from xuanfa.content.marks import NO_MARKS, Marks, has_traces, read_marks, write_options
from xuanfa.content.media import MediaStore
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

#: Part of every recipe; a change of what fitting does counts it up, and kept pictures of before are not mistaken for new ones.
_RECIPE: Final = 1
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
#: Tried from the best; below the last a smaller picture looks better than a coarser one.
_QUALITIES: Final = (90, 82, 72, 60)
#: Finest colour for edges of red on white, which halved colour would fray.
_FULL_COLOUR_FROM: Final = 82
#: No side is made smaller than this to meet a limit of bytes. Pixels.
_SMALLEST: Final = 48
#: All frames of an animation together, decoded. Pixels.
_FRAMES_MAX: Final = 400_000_000
#: EXIF tag 0x0112: 1 is upright (Exif 2.32, 4.6.4).
_ORIENTATION: Final = 0x0112

_Size = tuple[int, int]
_Box = tuple[float, float, float, float]


class Rule(Protocol):
    """What a channel takes; the adapters' ``PictureRule`` is one."""

    @property
    def media_types(self) -> tuple[str, ...]:
        """In order of preference."""

    @property
    def bytes_max(self) -> int | None:
        """Of the file."""

    @property
    def side_max(self) -> int | None:
        """Of the longest side, in pixels."""

    @property
    def ratio(self) -> float | None:
        """Width ÷ height."""

    @property
    def animated(self) -> bool:
        """Whether animation is kept."""


def fitted(media: MediaStore, picture: Picture, rule: Rule) -> Picture:
    """The picture as ``rule`` asks; itself where nothing is to be done. Raises ContentError where it cannot be done."""
    recipe = f"fitted {_RECIPE} {picture.sha256} {rule_text(rule)}"
    return media.derived(recipe, picture, lambda: _fit(media.path(picture).read_bytes(), picture, rule))


def rule_text(rule: Rule) -> str:
    """All that a rule says, as part of a recipe."""
    return f"{','.join(rule.media_types)} {rule.bytes_max} {rule.side_max} {rule.ratio} {rule.animated}"


def encoded(image: "Image", rule: Rule, *, name: str, own: str = "", marks: Marks = NO_MARKS) -> bytes:
    """An RGB or RGBA image as a file within ``rule``: cropped, scaled and compressed as far as needed, never enlarged.

    ``own`` is the media type that it has had, kept where the rule allows; ``name`` is for the error.
    """
    kinds = _kinds(rule, own, has_alpha="A" in image.mode)
    most = rule.bytes_max or math.inf
    density = 0.0
    for size, box in _sizes(image.size, rule):
        if density * size[0] * size[1] > 2 * most:
            continue  # far from small enough: not worth the work of trying
        sizes = []
        for data in _attempts(_scaled(image, size, box), kinds, marks):
            if len(data) <= most:
                return data
            sizes.append(len(data))
        density = min(sizes) / (size[0] * size[1])
    raise _cannot(name, rule)


def _fit(data: bytes, picture: Picture, rule: Rule) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415 - heavy, and needed only where a picture is new

    with Image.open(io.BytesIO(data)) as image:
        image.load()  # PNG tells some of its metadata only at the end
        marks = read_marks(image)
        animated = bool(getattr(image, "is_animated", False)) and image.format != "MPO"
        moves = animated and rule.animated and picture.media_type in rule.media_types
        if (moves or not animated) and _fits(image, data, picture, rule) and not has_traces(image, marks):
            return data
        if moves and image.format == "GIF":
            return _animation(image, rule, marks, picture.source)
        image.seek(0)
        upright = ImageOps.exif_transpose(image)
        return encoded(_plain(upright), rule, name=picture.source, own=picture.media_type, marks=marks)


def _fits(image: "Image", data: bytes, picture: Picture, rule: Rule) -> bool:
    """Whether the file can stay as it is, its metadata aside."""
    return (
        picture.media_type in rule.media_types
        and image.format in _FORMATS.values()
        and (rule.bytes_max is None or len(data) <= rule.bytes_max)
        and (rule.side_max is None or max(image.size) <= rule.side_max)
        and _has_ratio(image.size, rule.ratio)
        and image.getexif().get(_ORIENTATION, 1) == 1
        and image.mode in {"RGB", "RGBA", "L", "LA", "P", "1"}
        and _ends_with_itself(data, picture.media_type)
    )


def _ends_with_itself(data: bytes, media_type: str) -> bool:
    """Whether nothing is hung on behind the picture: a film, an archive, a program."""
    match media_type:
        case "image/jpeg":
            return data.find(b"\xff\xd9", _jpeg_scan(data)) == len(data) - 2
        case "image/png":
            return data.find(b"IEND\xaeB`\x82") == len(data) - 8
        case "image/webp":
            return int.from_bytes(data[4:8], "little") + 8 in {len(data), len(data) + 1}
        case _:
            return data.endswith(b"\x3b")


def _jpeg_scan(data: bytes) -> int:
    """Where the first scan begins: a preview within the metadata has an end mark of its own, which is not the picture's."""
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1] != 0xDA:  # noqa: PLR2004 - SOS, ITU-T T.81 table B.1
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return at


def _has_ratio(size: _Size, ratio: float | None) -> bool:
    return ratio is None or abs(size[0] - size[1] * ratio) <= 1 or abs(size[1] - size[0] / ratio) <= 1


def _plain(image: "Image") -> "Image":
    """The image as sRGB with 8 bits a channel: RGB, or RGBA where something shows through."""
    if image.mode.startswith("I"):
        # Pillow's own conversion clips; these modes hold 16 bits a pixel when they come from a PNG.
        wide = image.convert("I").point(lambda value: value / 256)
        return wide.convert("L").convert("RGB")
    if image.mode in {"RGB", "CMYK"} and image.info.get("icc_profile"):
        image = _in_srgb(image)
    if image.mode == "RGB":
        return image
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        return clear if clear.getchannel("A").getextrema() != (255, 255) else clear.convert("RGB")
    return image.convert("RGB")


def _in_srgb(image: "Image") -> "Image":
    from PIL import ImageCms  # noqa: PLC0415 - as above

    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        return ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a damaged profile: the numbers as they are


def _kinds(rule: Rule, own: str, *, has_alpha: bool) -> tuple[str, ...]:
    """The formats to try: its own, PNG for what shows through, then the rule's order."""
    wished = [own, *(["image/png"] if has_alpha else []), *rule.media_types]
    kinds = dict.fromkeys(_FORMATS[kind] for kind in wished if kind in rule.media_types and kind in _FORMATS)
    if not kinds:
        raise ValueError(f"a rule names no format that can be written: {rule.media_types}")
    return tuple(kinds)


def _sizes(size: _Size, rule: Rule) -> Iterator[tuple[_Size, _Box]]:
    """Sizes from the largest down, each with the part of the picture that fills it."""
    width, height = size
    ratio = rule.ratio
    if ratio is None or _has_ratio(size, ratio):
        ratio = width / height
        crop: tuple[float, float] = (width, height)
    else:
        crop = (min(width, height * ratio), min(height, width / ratio))
    longest = min(max(crop), rule.side_max or math.inf)
    while True:
        target = _target(longest, ratio, crop)
        if max(target) == round(max(crop)):  # not scaled: whole pixels stay sharp
            crop = (target[0], target[1])
        left, top = (width - crop[0]) / 2, (height - crop[1]) / 2
        if max(target) == max(crop):
            left, top = int(left), int(top)
        yield target, (left, top, left + crop[0], top + crop[1])
        longest *= 0.85
        if longest < _SMALLEST:
            return


def _target(longest: float, ratio: float, crop: tuple[float, float]) -> _Size:
    long = max(1, round(longest))
    width, height = (long, round(long / ratio)) if ratio >= 1 else (round(long * ratio), long)
    return max(1, min(width, math.ceil(crop[0]))), max(1, min(height, math.ceil(crop[1])))


def _scaled(image: "Image", size: _Size, box: _Box) -> "Image":
    from PIL.Image import Resampling  # noqa: PLC0415 - as above

    if size == image.size:
        return image
    if size[0] == box[2] - box[0] and size[1] == box[3] - box[1]:
        left, top = int(box[0]), int(box[1])
        return image.crop((left, top, left + size[0], top + size[1]))
    return image.resize(size, Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _attempts(image: "Image", kinds: tuple[str, ...], marks: Marks) -> Iterator[bytes]:
    """Files of the same pixels, from the best to the smallest, format by format."""
    for kind in kinds:
        options = write_options(kind, marks)
        if kind == "PNG":
            yield _saved(image, kind, **options)
        elif kind == "GIF":
            yield _saved(image.convert("RGB").quantize(256), kind, **options)
        else:
            solid = on_white(image) if kind == "JPEG" else image
            for quality in _QUALITIES:
                # Without ``optimize``: Pillow's buffer for it is too small for noisy pictures in full colour, and saving fails.
                colour = {"subsampling": 0 if quality >= _FULL_COLOUR_FROM else 2} if kind == "JPEG" else {}
                yield _saved(solid, kind, quality=quality, **colour, **options)


def on_white(image: "Image") -> "Image":
    """The image without transparency."""
    from PIL import Image as Images  # noqa: PLC0415 - as above

    if image.mode != "RGBA":
        return image
    ground = Images.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _saved(image: "Image", kind: str, **options: Any) -> bytes:
    image.info = {}  # Pillow writes on its own what the file that was read had there
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _animation(image: "Image", rule: Rule, marks: Marks, name: str) -> bytes:
    from PIL import ImageSequence  # noqa: PLC0415 - as above

    loop = image.info.get("loop")
    if getattr(image, "n_frames", 1) * image.size[0] * image.size[1] > _FRAMES_MAX:
        raise _cannot(name, rule)
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(frame.info.get("duration", 100))
        frames.append(frame.convert("RGBA"))
    options = write_options("GIF", marks) | ({} if loop is None else {"loop": loop})
    for size, box in _sizes(image.size, rule):
        first, *others = (_scaled(frame, size, box) for frame in frames)
        data = _saved(first, "GIF", save_all=True, append_images=others, duration=durations, disposal=2, **options)
        if rule.bytes_max is None or len(data) <= rule.bytes_max:
            return data
    raise _cannot(name, rule)


def _cannot(name: str, rule: Rule) -> ContentError:
    return ContentError(
        say(
            "图片“{name}”压缩不到渠道要求的 {most} KB 以内。请换一张小一些的图片，动图请减少帧数。",
            "The picture {name!r} cannot be brought below the channel's {most} KB. Use a smaller one; an animation with fewer frames.",
            name=name,
            most=(rule.bytes_max or 0) // 1000,
        )
    )
