"""Fitting: a picture as a channel takes it. The same picture and rule give the same bytes, and the second time costs no work.

Nothing comes out but what ``bare`` has proved to be a picture and nothing else, or what was written anew from pixels.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from xuanfa.content.bare import Bare, Unproved, dressed, taken
from xuanfa.content.bare.profile import rewritten
from xuanfa.content.marks import NO_MARKS, Marks, read_marks
from xuanfa.content.media import MediaStore, broken, opened, orientation
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

#: Part of every recipe; a change of what fitting does counts it up, and kept pictures of before are not mistaken for new ones.
_RECIPE: Final = 2
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_MEDIA_TYPES: Final = {kind: media_type for media_type, kind in _FORMATS.items()}
#: Tried from the best; below the last a smaller picture looks better than a coarser one.
_QUALITIES: Final = (90, 82, 72, 60)
#: Finest colour for edges of red on white, which halved colour would fray.
_FULL_COLOUR_FROM: Final = 82
#: No side is made smaller than this to meet a limit of bytes. Pixels.
_SMALLEST: Final = 48
#: All frames of an animation together, decoded. Pixels.
_FRAMES_MAX: Final = 400_000_000

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


@dataclass(frozen=True, slots=True)
class _AsItIs:
    media_types: tuple[str, ...] = tuple(_FORMATS)
    bytes_max: int | None = None
    side_max: int | None = None
    ratio: float | None = None
    animated: bool = True


def is_bare(media: MediaStore, picture: Picture) -> bool:
    """Whether the picture is as fitting leaves it, with nothing beside its pixels. Raises ContentError where it has gone missing."""
    return fitted(media, picture, _AsItIs()).sha256 == picture.sha256


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
    with opened(data) as image:
        try:
            image.load()  # PNG tells some of its metadata only at the end
        except (OSError, SyntaxError, EOFError) as error:
            raise broken(picture.source) from error
        return _fit_image(image, data, picture, rule)


def _fit_image(image: "Image", data: bytes, picture: Picture, rule: Rule) -> bytes:
    is_animated = bool(getattr(image, "is_animated", False)) and image.format != "MPO"
    moves = is_animated and rule.animated and picture.media_type in rule.media_types
    stays = (moves or not is_animated) and _fits(image, picture, rule)
    bare, marks = _taken(image, data, picture, to_the_end=stays)
    if stays and bare is not None and len(whole := dressed(bare, marks)) <= (rule.bytes_max or math.inf):
        return whole
    if moves:
        return animated(image, rule, marks, picture)
    if (
        stays
        and bare is None
        and (again := _written_again(image, marks)) is not None
        and len(again) <= (rule.bytes_max or math.inf)
    ):
        return again
    image.seek(0)
    return encoded(
        _upright(_plain(image), orientation(image)), rule, name=picture.source, own=picture.media_type, marks=marks
    )


def _upright(image: "Image", held: int) -> "Image":
    """The image as its camera saw it (Exif 2.32, 4.6.4)."""
    from PIL.Image import Transpose  # noqa: PLC0415 - heavy, and needed only where a picture is new

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[held]) if held in turns else image


def _taken(image: "Image", data: bytes, picture: Picture, *, to_the_end: bool) -> tuple[Bare | None, Marks]:
    """The bare picture, if that can be proved, and the marks of generated content in all the rest."""
    try:
        bare = taken(data, picture.media_type, to_the_end=to_the_end)
    except Unproved:
        told = (value if isinstance(value, bytes) else str(value).encode() for value in image.info.values())
        return None, read_marks((*told, data))
    return bare, read_marks(bare.told)


def _fits(image: "Image", picture: Picture, rule: Rule) -> bool:
    """Whether the pixels can stay as they are."""
    return (
        picture.media_type in rule.media_types
        and (rule.side_max is None or max(image.size) <= rule.side_max)
        and _has_ratio(image.size, rule.ratio)
        and orientation(image) == 1
        and image.mode in {"RGB", "RGBA", "L", "LA", "P", "1"}
    )


def _written_again(image: "Image", marks: Marks) -> bytes | None:
    """A JPEG of which too little can be proved (restarts, very many pixels in several scans), with its own tables: nobody sees a difference."""
    profile = image.info.get("icc_profile") or b""
    if image.format != "JPEG" or (profile and not rewritten(profile)):
        return None
    return finished(_saved(image, "JPEG", quality="keep"), "JPEG", marks, rewritten(profile) if profile else b"")


def finished(data: bytes, kind: str, marks: Marks, profile: bytes = b"") -> bytes:
    """What Pillow has written, with nothing that it adds by itself, and with marks and profile. ``kind`` is Pillow's name of the format."""
    bare = taken(data, _MEDIA_TYPES[kind], to_the_end=False)
    return dressed(replace(bare, profile=profile), marks)


def _has_ratio(size: _Size, ratio: float | None) -> bool:
    return ratio is None or abs(size[0] - size[1] * ratio) <= 1 or abs(size[1] - size[0] / ratio) <= 1


def _plain(image: "Image") -> "Image":
    """The image as sRGB with 8 bits a channel: RGB, or RGBA where something shows through."""
    profile = image.info.get("icc_profile") or b""
    if image.mode.startswith("I"):
        # Pillow's own conversion clips; these modes hold 16 bits a pixel when they come from a PNG.
        wide = image.convert("I").point(lambda value: value / 256)
        image = wide.convert("L")
    if image.mode in {"CMYK", "L"}:
        return _in_srgb(image, profile).convert("RGB") if "transparency" not in image.info else _clear(image, profile)
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        return _clear(image, profile)
    return _in_srgb(image.convert("RGB"), profile)


def _clear(image: "Image", profile: bytes) -> "Image":
    """An image through which something shows, or may."""
    clear = image.convert("RGBA")
    solid = _in_srgb(clear.convert("RGB"), profile)
    if clear.getchannel("A").getextrema() != (255, 255):
        solid.putalpha(clear.getchannel("A"))
    return solid


def _in_srgb(image: "Image", profile: bytes) -> "Image":
    from PIL import ImageCms  # noqa: PLC0415 - as above

    if not profile:
        return image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a damaged profile, or one for other colours: the numbers as they are


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
        if kind == "PNG":
            yield finished(_saved(image, kind), kind, marks)
        elif kind == "GIF":
            yield finished(_saved(image.convert("RGB").quantize(256), kind), kind, marks)
        else:
            solid = on_white(image) if kind == "JPEG" else image
            for quality in _QUALITIES:
                # Without ``optimize``: Pillow's buffer for it is too small for noisy pictures in full colour, and saving fails.
                colour = {"subsampling": 0 if quality >= _FULL_COLOUR_FROM else 2} if kind == "JPEG" else {}
                yield finished(_saved(solid, kind, quality=quality, **colour), kind, marks)


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


def animated(image: "Image", rule: Rule, marks: Marks, picture: Picture) -> bytes:
    """All pictures of an animation, smaller, with their times and how often they are repeated."""
    kind = _FORMATS[picture.media_type]
    if getattr(image, "n_frames", 1) * image.size[0] * image.size[1] > _FRAMES_MAX:
        raise _cannot(picture.source, rule)
    loop = image.info.get("loop")
    frames, durations = _frames(image, picture.source)
    options: dict[str, Any] = {} if loop is None else {"loop": loop}
    if kind == "GIF":
        options["disposal"] = 2
    for size, box in _sizes(image.size, rule):
        first, *others = (_scaled(frame, size, box) for frame in frames)
        moving = _saved(first, kind, save_all=True, append_images=others, duration=durations, **options)
        data = finished(moving, kind, marks)
        if rule.bytes_max is None or len(data) <= rule.bytes_max:
            return data
    raise _cannot(picture.source, rule)


def _frames(image: "Image", source: str) -> tuple[list["Image"], list[float]]:
    """The pictures as they are seen one after the other, and how long each stays. Milliseconds."""
    from PIL import ImageSequence  # noqa: PLC0415 - as above

    frames, durations = [], []
    profile = image.info.get("icc_profile") or b""
    try:
        for number, frame in enumerate(ImageSequence.Iterator(image)):
            if number == 0 and image.info.get("default_image"):
                continue  # what a PNG shows where animation is unknown
            frames.append(_clear(frame, profile).convert("RGBA"))
            durations.append(frame.info.get("duration", 100))
    except (OSError, SyntaxError, EOFError) as error:
        raise broken(source) from error
    return frames, durations


def _cannot(name: str, rule: Rule) -> ContentError:
    return ContentError(
        say(
            "图片“{name}”压缩不到渠道要求的 {most} KB 以内。请换一张小一些的图片，动图请减少帧数。",
            "The picture {name!r} cannot be brought below the channel's {most} KB. Use a smaller one; an animation with fewer frames.",
            name=name,
            most=(rule.bytes_max or 0) // 1000,
        )
    )
