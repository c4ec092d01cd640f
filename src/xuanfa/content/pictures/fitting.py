"""Fitting: a picture as a channel takes it. The same picture and rule give the same bytes, and the second time costs no work.

Nothing comes out but what ``bare`` has proved to be a picture and nothing else, or what was written anew from pixels.
"""

import io
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from xuanfa.content.pictures.bare import Bare, Unproved, dressed, taken
from xuanfa.content.pictures.bare.profile import rewritten
from xuanfa.content.pictures.colours import in_strips, lying, on_white, plain, plain_in_strips, upright
from xuanfa.content.pictures.label import Label, labelled, marks_of
from xuanfa.content.pictures.marks import NO_MARKS, Marks, read_marks
from xuanfa.content.pictures.media import ON_ITS_SIDE, MediaStore, broken, opened, orientation
from xuanfa.content.pictures.room import (
    ROOM,
    SMALL,
    decoded,
    frames_at_most,
    is_short,
    let_go,
    part_of_jpeg,
    part_of_others,
    too_large,
)
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture, PictureRule

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

#: Part of every recipe; a change of what fitting does counts it up, and kept pictures of before are not mistaken for new ones.
_RECIPE: Final = 3
_FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_MEDIA_TYPES: Final = {kind: media_type for media_type, kind in _FORMATS.items()}
#: Tried from the best; below the last a smaller picture looks better than a coarser one.
_QUALITIES: Final = (90, 82, 72, 60)
#: What is scrolled through holds text as a rule: coarse, it can still be read; narrow, it cannot.
_COARSE: Final = (45, 32)
#: WebP's own limit (RFC 9649, 2.7). Pixels.
_WEBP_SIDE_MAX: Final = 16_383
#: Finest colour for edges of red on white, which halved colour would fray.
_FULL_COLOUR_FROM: Final = 82
#: From one size to the next one that is tried.
_SMALLER: Final = 0.85
#: No side is made smaller than this to meet a limit of bytes. Pixels.
_SMALLEST: Final = 48

_Size = tuple[int, int]
#: A format by Pillow's name, and the quality; 0 where it has none.
_Way = tuple[str, int]
_Box = tuple[float, float, float, float]


#: What a picture may lose: it stands still, what shows through is white, it is too narrow to be read. ``marked`` is no loss: its file says that
#: an AI has made it.
Loss = Literal["motion", "transparency", "width", "marked"]


def fitted(media: MediaStore, picture: Picture, rule: PictureRule) -> Picture:
    """The picture as ``rule`` asks; itself where nothing is to be done. Raises ContentError where it cannot be done."""
    return fitted_with_losses(media, picture, rule)[0]


def fitted_with_losses(
    media: MediaStore, picture: Picture, rule: PictureRule, label: Label | None = None
) -> tuple[Picture, tuple[Loss, ...]]:
    """As ``fitted``, and what the picture has lost that its author will miss. With ``label`` it says that an AI has made it."""
    recipe = f"fitted {_RECIPE} {picture.sha256} {rule_text(rule)}{label.recipe if label else ''}"
    made, lost = media.derived_with(recipe, picture, lambda: _fit(media.read(picture), picture, rule, label))
    kept: list[Loss] = [loss for loss in _LOSSES if loss in lost]
    if rule.width_min is not None and made.width < min(rule.width_min, picture.width):
        kept.append("width")
    return made, tuple(kept)


_LOSSES: Final[tuple[Loss, ...]] = ("motion", "transparency", "marked")


#: Asks for nothing but that there is only the picture.
_AS_IT_IS: Final = PictureRule(media_types=tuple(_FORMATS), animated=True)


def is_bare(media: MediaStore, picture: Picture) -> bool:
    """Whether the picture is as fitting leaves it, with nothing beside its pixels. Raises ContentError where it has gone missing."""
    return fitted(media, picture, _AS_IT_IS).sha256 == picture.sha256


def rule_text(rule: PictureRule) -> str:
    """All that a rule says, as part of a recipe."""
    return f"{','.join(rule.media_types)} {rule.bytes_max} {rule.side_max} {rule.ratio} {rule.animated} {rule.width_min} {rule.width_first}"


def encoded(
    image: "Image",
    rule: PictureRule,
    *,
    name: str,
    own: str = "",
    marks: Marks = NO_MARKS,
    held: int = 1,
    label: Label | None = None,
) -> bytes:
    """An RGB or RGBA image as a file within ``rule``: turned, cropped, scaled and compressed as far as needed, never enlarged.

    ``own`` is the media type that it has had, kept where the rule allows; ``held`` is how its camera was held; ``name`` is for the error.
    """
    kinds = _kinds(rule, own, has_alpha="A" in image.mode)
    most = rule.bytes_max or math.inf
    known: dict[_Way, float] = {}  # bytes for a pixel
    if held != 1 and image.width * image.height <= SMALL:
        image, held = upright(image, held), 1
    for size, box, qualities in _steps(image.size[::-1] if held in ON_ITS_SIDE else image.size, rule):
        pixels, scaled = size[0] * size[1], None
        for way in _ways(kinds, qualities, max(size)):
            is_last = rule.width_first and way[1] == _COARSE[-1]
            if known.get(way, 0.0) * pixels > 2 * most and not is_last:
                continue  # far from small enough: not worth the work of trying
            scaled = scaled or _scaled_upright(image, size, box, held)
            with _says(label, scaled, rule):
                data = _written(scaled, way, marks_of(label, marks))
            if len(data) <= most or is_last:
                return data
            known[way] = len(data) / pixels
    raise _cannot(name, rule)


def _says(label: Label | None, image: "Image", rule: PictureRule) -> AbstractContextManager[None]:
    """Within it the image has the label, where there is one."""
    return nullcontext() if label is None else labelled(image, is_cut=rule.ratio is not None)


def _fit(
    data: bytes, picture: Picture, rule: PictureRule, label: Label | None = None
) -> tuple[bytes, tuple[Loss, ...]]:
    let_go(picture.width * picture.height)
    try:
        with opened(data) as image:
            return _fit_image(image, data, picture, rule, label)
    except MemoryError as error:
        raise too_large(picture.source, picture.width * picture.height // 2) from error
    except (OSError, SyntaxError, EOFError) as error:
        if is_short(ROOM // 2):
            raise too_large(picture.source, picture.width * picture.height // 2) from error
        raise broken(picture.source) from error


def _fit_image(
    image: "ImageFile", data: bytes, picture: Picture, rule: PictureRule, label: Label | None
) -> tuple[bytes, tuple[Loss, ...]]:
    is_animated = bool(getattr(image, "is_animated", False)) and image.format != "MPO"
    moves = is_animated and rule.animated and picture.media_type in rule.media_types
    held, told = _told(image, data)
    stays = label is None and (moves or not is_animated) and _fits(image, held, picture, rule)
    bare, marks = _taken(told, data, picture, to_the_end=stays)
    lost: list[Loss] = ["marked"] if marks != NO_MARKS else []
    if stays:
        whole = _written_again(image, marks) if bare is None else dressed(bare, marks)
        if whole is not None and len(whole) <= (rule.bytes_max or math.inf):
            return whole, tuple(lost)
    bare = None
    if moves:
        return animated(image, rule, marks_of(label, marks), picture, label), tuple(lost)
    kind = picture.media_type
    shown = _shown(image, held, rule)
    made = encoded(shown.sheet, rule, name=picture.source, own=kind, marks=marks, held=shown.held, label=label)
    lost += ["motion"] if is_animated else []
    if "A" in shown.sheet.mode and made.startswith(_JPEG):
        lost.append("transparency")
    return made, tuple(lost)


def _told(image: "ImageFile", data: bytes) -> tuple[int, tuple[bytes, ...]]:
    """How the camera was held, and what else the file says. A PNG may say it at its end, where it is found by decoding all of it."""
    if image.format == "PNG" and any(data.find(name, data.find(b"IDAT")) > 0 for name in _LATE):
        with opened(data) as other:
            other.load()
            return orientation(other), _words_of(other)
    return orientation(image), _words_of(image)


#: Chunks that may hold marks or say how the camera was held.
_LATE: Final = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")


def _words_of(image: "Image") -> tuple[bytes, ...]:
    return tuple(value if isinstance(value, bytes) else str(value).encode() for value in image.info.values())


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A picture's first or only sheet as RGB or RGBA, and how the camera was held."""

    sheet: "Image"
    held: int


def _shown(image: "ImageFile", held: int, rule: PictureRule) -> _Sheet:
    """The picture's pixels; of a large one as many as are needed or there is room for."""
    upright_size = image.size[::-1] if held in ON_ITS_SIDE else image.size
    wanted = next(_sizes(upright_size, rule))[0]
    made: float = wanted[0] * wanted[1]
    if wanted == upright_size and held == 1:
        made *= _SMALLER**2 if rule.bytes_max else 0
    if image.format in {"JPEG", "MPO"}:
        part = part_of_jpeg(image, made)
        if part > 1:
            image.draft(None, (image.width // part, image.height // part))
        return _Sheet(plain(image), held)
    image.seek(0)
    image.load()
    part = part_of_others(image, image.format or "", made)
    return _Sheet(plain_in_strips(image, part) if image.width * image.height > SMALL else plain(image), held)


#: How a JPEG begins; nothing shows through one.
_JPEG: Final = b"\xff\xd8"


def _taken(words: tuple[bytes, ...], data: bytes, picture: Picture, *, to_the_end: bool) -> tuple[Bare | None, Marks]:
    """The bare picture, if that can be proved, and the marks of generated content in all the rest."""
    try:
        bare = taken(data, picture.media_type, to_the_end=to_the_end)
    except Unproved:
        return None, read_marks((*words, data))
    return bare, read_marks(bare.told)


def _fits(image: "Image", held: int, picture: Picture, rule: PictureRule) -> bool:
    """Whether the pixels can stay as they are."""
    return (
        picture.media_type in rule.media_types
        and next(_sizes(image.size, rule))[0] == image.size
        and held == 1
        and image.mode in {"RGB", "RGBA", "L", "LA", "P", "1"}
    )


def _written_again(image: "ImageFile", marks: Marks) -> bytes | None:
    """A JPEG of which too little can be proved (restarts, very many pixels in several scans), with its own tables: nobody sees a difference."""
    profile = image.info.get("icc_profile") or b""
    if image.format != "JPEG" or (profile and not rewritten(profile)) or decoded(image) > ROOM:
        return None
    return finished(_saved(image, "JPEG", quality="keep"), "JPEG", marks, rewritten(profile) if profile else b"")


def finished(data: bytes, kind: str, marks: Marks, profile: bytes = b"") -> bytes:
    """What Pillow has written, with nothing that it adds by itself, and with marks and profile. ``kind`` is Pillow's name of the format."""
    bare = taken(data, _MEDIA_TYPES[kind], to_the_end=False)
    return dressed(replace(bare, profile=profile), marks)


def _has_ratio(size: _Size, ratio: float | None) -> bool:
    return ratio is None or abs(size[0] - size[1] * ratio) <= 1 or abs(size[1] - size[0] / ratio) <= 1


def _kinds(rule: PictureRule, own: str, *, has_alpha: bool) -> tuple[str, ...]:
    """The formats to try: its own, PNG for what shows through, else the rule's first, and one that can be made as small as need be.

    A photo stays a JPEG, which can: as anything else it would be larger, or need much longer.
    """
    allowed = [_FORMATS[kind] for kind in rule.media_types if kind in _FORMATS]
    if not allowed:
        raise ValueError(f"a rule names no format that can be written: {rule.media_types}")
    own_kind = _FORMATS.get(own, "")
    if own_kind == "JPEG" and own_kind in allowed:
        return ("JPEG",)
    lossy = sorted(
        {"JPEG", "WEBP"} & set(allowed), key=lambda kind: (has_alpha and kind != "WEBP", allowed.index(kind))
    )
    first = own_kind if own_kind in allowed else "PNG" if has_alpha and "PNG" in allowed else allowed[0]
    clear = ["PNG"] if has_alpha and "PNG" in allowed else []
    return tuple(dict.fromkeys((first, *clear, *lossy[:1])))


def _steps(size: _Size, rule: PictureRule) -> Iterator[tuple[_Size, _Box, tuple[int, ...]]]:
    """Sizes from the largest down with the qualities to try: at the least width, where there is one, the coarse ones too."""
    floor = _floor(size, rule)
    for target, box in _sizes(size, rule):
        yield target, box, _QUALITIES
        if floor and target[0] == floor:
            yield target, box, _COARSE


def _floor(size: _Size, rule: PictureRule) -> int:
    """The width that the picture keeps before all else; 0 where there is none."""
    return min(size[0], rule.width_min) if rule.width_min and rule.ratio is None else 0


def _sizes(size: _Size, rule: PictureRule) -> Iterator[tuple[_Size, _Box]]:
    """Sizes from the largest down, each with the part of the picture that fills it."""
    width, height = size
    ratio = rule.ratio
    if ratio is None or _has_ratio(size, ratio):
        ratio = width / height
        crop: tuple[float, float] = (width, height)
    else:
        crop = (min(width, height * ratio), min(height, width / ratio))
    least = max(size) * _floor(size, rule) / width
    longest = max(min(max(crop), rule.side_max or math.inf), least)
    while True:
        target = _target(longest, ratio, crop)
        if max(target) == round(max(crop)):  # not scaled: whole pixels stay sharp
            crop = (target[0], target[1])
        left, top = (width - crop[0]) / 2, (height - crop[1]) / 2
        if max(target) == max(crop):
            left, top = int(left), int(top)
        yield target, (left, top, left + crop[0], top + crop[1])
        longest = max(longest * _SMALLER, least) if longest > least else longest * _SMALLER
        if longest < _SMALLEST:
            return


def _target(longest: float, ratio: float, crop: tuple[float, float]) -> _Size:
    long = max(1, round(longest))
    width, height = (long, round(long / ratio)) if ratio >= 1 else (round(long * ratio), long)
    return max(1, min(width, math.ceil(crop[0]))), max(1, min(height, math.ceil(crop[1])))


def _scaled_upright(image: "Image", size: _Size, box: _Box, held: int) -> "Image":
    """Scaled as its camera saw it; what is large strip by strip, so that there is nothing else of it at a time."""
    if image.width * image.height <= SMALL:
        return _scaled(image, size, box)
    if held == 1 and size == image.size:
        return image
    return in_strips(image, *lying(size, box, image.size, held), held)


def _scaled(image: "Image", size: _Size, box: _Box) -> "Image":
    from PIL.Image import Resampling  # noqa: PLC0415 - as above

    if size == image.size:
        return image
    if size[0] == box[2] - box[0] and size[1] == box[3] - box[1]:
        left, top = int(box[0]), int(box[1])
        return image.crop((left, top, left + size[0], top + size[1]))
    return image.resize(size, Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _ways(kinds: tuple[str, ...], qualities: tuple[int, ...], longest: int) -> Iterator[_Way]:
    """Formats and qualities to try at one size, from the best to the smallest, format by format."""
    for kind in kinds:
        if kind in {"PNG", "GIF"}:
            yield from [(kind, 0)] if qualities is _QUALITIES else []
        elif kind != "WEBP" or longest <= _WEBP_SIDE_MAX:
            yield from ((kind, quality) for quality in qualities)


def _written(image: "Image", way: _Way, marks: Marks) -> bytes:
    kind, quality = way
    match kind:
        case "PNG":
            data = _saved(image, kind)
        case "GIF":
            data = _saved(image if "A" in image.mode else image.convert("RGB").quantize(256), kind)
        case "JPEG":
            # Without ``optimize``: Pillow's buffer for it is too small for noisy pictures in full colour, and saving fails.
            data = _saved(on_white(image), kind, quality=quality, subsampling=0 if quality >= _FULL_COLOUR_FROM else 2)
        case _:
            data = _saved(image, kind, quality=quality)
    return finished(data, kind, marks)


def _saved(image: "Image", kind: str, **options: Any) -> bytes:
    image.info = {}  # Pillow writes on its own what the file that was read had there
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def animated(
    image: "ImageFile", rule: PictureRule, marks: Marks, picture: Picture, label: Label | None = None
) -> bytes:
    """All pictures of an animation, smaller, with their times and how often they are repeated; each with the label, where there is one."""
    from xuanfa.content.pictures.film import Film  # noqa: PLC0415 - heavy, and needed only where an animation is new

    kind = _FORMATS[picture.media_type]
    film = Film(image)
    options: dict[str, Any] = {} if film.loop is None else {"loop": film.loop}
    if kind == "GIF":
        options["disposal"] = 2
    for size, box in _sizes(image.size, rule):
        if frames_at_most(image, kind, size) < 1:
            continue
        film.play(partial(_frame, size=size, box=box, label=label, rule=rule))
        data = finished(_saved(film, kind, save_all=True, duration=film.durations, **options), kind, marks)
        if rule.bytes_max is None or len(data) <= rule.bytes_max:
            return data
    raise _cannot(picture.source, rule)


def _frame(image: "Image", size: _Size, box: _Box, label: Label | None, rule: PictureRule) -> "Image":
    made = _scaled(image, size, box)
    with _says(label, made, rule):
        return made if label is None else made.copy()


def _cannot(name: str, rule: PictureRule) -> ContentError:
    return ContentError(
        say(
            "图片“{name}”压缩不到渠道要求的 {most} KB 以内。请换一张小一些的图片，动图请减少帧数。",
            "The picture {name!r} cannot be brought below the channel's {most} KB. Use a smaller one; an animation with fewer frames.",
            name=name,
            most=(rule.bytes_max or 0) // 1000,
        )
    )
