"""Pictures, kept by the hash of their bytes, so that what was approved is what leaves."""

import hashlib
import io
import json
import os
import struct
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xuanfa.content.pictures import room
from xuanfa.domain.attachment import Attachment
from xuanfa.domain.errors import AlteredError, ConfigError, ContentError, PictureGoneError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture
from xuanfa.domain.refusals import not_as_kept
from xuanfa.domain.remedy import Remedy

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

#: The largest picture that is kept. Bytes.
PICTURE_MAX: Final = 20_000_000

#: MPO is a JPEG with further pictures behind it, as many phones write; readers of JPEG show the first.
_TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
#: What an entry of ``derived`` holds of a picture.
_FACTS = ("sha256", "media_type", "size", "width", "height")
#: EXIF tag 0x0112: 1 is upright; the camera lay on its side when the value is 5 to 8 (Exif 2.32, 4.6.4), so width and height change places.
_ORIENTATION, ON_ITS_SIDE = 0x0112, frozenset({5, 6, 7, 8})
#: The major brands of HEIF files (ISO/IEC 23008-12), which phones write and neither browsers nor channels take.
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif"})


def blank(source: str, *, alt: str = "", caption: str = "") -> Picture:
    """A picture's name and words before there are bytes."""
    return Picture(
        source=source, sha256="", media_type="image/png", size=0, width=0, height=0, alt=alt, caption=caption
    )


class MediaStore:
    """Bytes below ``root`` as ``<first two digits>/<hash><suffix>``. A file is written whole or not at all, and never changed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, path: Path, source: str, *, alt: str = "", caption: str = "") -> Picture:
        """Keep the picture in ``path``; ``source`` is how the post refers to it.

        Raises ContentError where it is missing or is no picture that channels take, and ConfigError where it cannot be written.
        """
        return self.take(_read(path, source), source, alt=alt, caption=caption)

    def take(self, data: bytes, source: str, *, alt: str = "", caption: str = "") -> Picture:
        """The same of the bytes of a file."""
        return self._kept(data, blank(source, alt=alt, caption=caption))

    def derived(self, recipe: str, like: Picture, make: Callable[[], bytes]) -> Picture:
        """As ``derived_with``, of what loses nothing by being made."""
        return self.derived_with(recipe, like, lambda: (make(), ()))[0]

    def derived_with(
        self, recipe: str, like: Picture, make: Callable[[], tuple[bytes, Sequence[str]]]
    ) -> tuple[Picture, tuple[str, ...]]:
        """The picture that ``recipe`` stands for, with the source and words of ``like``, and what was lost in making it; made and kept
        where it is not yet there.

        ``recipe`` must name all that the bytes depend on. What has been made once stays, so that an approved picture keeps its
        bytes when a library that draws it changes; asking again costs one small file. Raises what ``make`` and ``keep`` raise.
        """
        name = hashlib.sha256(recipe.encode()).hexdigest()
        entry = self._root / "derived" / name[:2] / f"{name}.json"
        known = _recorded(entry, like)
        if known is not None and self._is_kept(known[0]):
            return known
        data, lost = make()
        picture = self._kept(data, like, ours=True)
        facts = {fact: getattr(picture, fact) for fact in _FACTS} | {"lost": list(lost)}
        # Not forced to disk: an entry that a power cut takes is made again, and disks are slow at this.
        _write(entry, json.dumps(facts).encode(), forced=False)
        return picture, tuple(lost)

    def _kept(self, data: bytes, like: Picture, *, ours: bool = False) -> Picture:
        """``ours`` was written by this program just now: it is upright and whole, and is not decoded to find that out."""
        kind, width, height = _measure(data, like.source, ours=ours)
        picture = replace(
            like,
            sha256=hashlib.sha256(data).hexdigest(),
            media_type=kind,
            size=len(data),
            width=width,
            height=height,
        )
        if not self._is_kept(picture):
            _write(self._target(picture), data)
        return picture

    def _is_kept(self, picture: Picture) -> bool:
        """Whether its bytes are there; a file that somebody has changed since is as good as none, and is written anew."""
        target = self._target(picture)
        return target.is_file() and _hash(target) == picture.sha256

    def path(self, picture: Picture) -> Path:
        """The file with the picture's bytes. Raises PictureGoneError where it has gone missing."""
        target = self._target(picture)
        if target.is_file():
            return target
        raise PictureGoneError(
            say(
                "图片“{source}”的存档不见了（{file}）。请重新保存一次稿件，或从备份恢复。",
                "The kept copy of the picture {source!r} is gone ({file}). Save the post again, or restore a backup.",
                source=picture.source,
                file=target,
            )
        )

    def read(self, picture: Picture) -> bytes:
        """The picture's bytes, which are those that were kept. Raises PictureGoneError, and AlteredError where they are not."""
        path = self.path(picture)
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != picture.sha256:
            raise _altered(picture, path)
        return data

    def checked(self, picture: Picture) -> Path:
        """The same, read through: its bytes are those that were kept. Raises AlteredError where they are not.

        Nothing is remembered of an earlier look, since size and time of change can be set to what they were; it costs a hundredth of
        what sending a picture does.
        """
        path = self.path(picture)
        if _hash(path) == picture.sha256:
            return path
        raise _altered(picture, path)

    def keep_document(self, data: bytes, suffix: str) -> str:
        """Keep the bytes of what is no picture of a post (a scan), by their hash, which is returned. Raises ConfigError."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._root / sha256[:2] / (sha256 + suffix)
        if not (target.is_file() and _hash(target) == sha256):
            _write(target, data)
        return sha256

    def file(self, sha256: str, suffix: str) -> Path:
        """Where the file of this hash lies, there or not."""
        return self._root / sha256[:2] / (sha256 + suffix)

    def document(self, sha256: str, suffix: str) -> bytes:
        """The bytes that are kept under this hash. Raises AlteredError where they are gone or are not those."""
        path = self.file(sha256, suffix)
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != sha256:
            raise not_as_kept(path)
        return data

    def attachment(self, attachment: Attachment) -> Path:
        """The file of an attachment, whose bytes are those that were kept. Raises PictureGoneError, and AlteredError where they are not."""
        path = self._root / attachment.sha256[:2] / (attachment.sha256 + attachment.suffix)
        if not path.is_file():
            raise PictureGoneError(
                say(
                    "附件“{source}”的存档不见了（{file}）。请重新保存一次稿件，或从备份恢复。",
                    "The kept copy of the attachment {source!r} is gone ({file}). Save the post again, or restore a backup.",
                    source=attachment.source,
                    file=path,
                )
            )
        if _hash(path) != attachment.sha256:
            raise AlteredError(
                say(
                    "附件“{source}”的存档已被改动（{file}），与定稿时不一致。请从备份取回这个文件，再放行（{release}）。",
                    "The kept copy of the attachment {source!r} was changed since it was frozen ({file}). Take the file from a backup, then "
                    "release the delivery.",
                    source=attachment.source,
                    file=path,
                    release=Remedy("release"),
                )
            )
        return path

    def _target(self, picture: Picture) -> Path:
        return self._root / picture.sha256[:2] / (picture.sha256 + picture.suffix)


def _altered(picture: Picture, path: Path) -> AlteredError:
    return AlteredError(
        say(
            "图片“{source}”的存档已被改动（{file}），与定稿时不一致。请从备份取回这个文件，或改动稿件并重新保存，再放行（{release}）。",
            "The kept copy of the picture {source!r} was changed since it was frozen ({file}). Take the file from a backup, or change the "
            "post and save it, then release it.",
            source=picture.source,
            file=path,
            release=Remedy("release"),
        )
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _recorded(entry: Path, like: Picture) -> tuple[Picture, tuple[str, ...]] | None:
    """What was noted about a derived picture; an entry that is missing or damaged is as good as none: it is made again."""
    try:
        facts = json.loads(entry.read_bytes())
        return replace(like, **{fact: facts[fact] for fact in _FACTS}), tuple(facts["lost"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def opened(data: bytes) -> "ImageFile":
    """The picture, its pixels not yet decoded. Raises what Pillow raises; one with too many pixels is an error and not a warning.

    That a file is damaged in what nobody will see (a second picture, metadata) is no news for a terminal.
    """
    from PIL import Image  # noqa: PLC0415 - heavy, and needed only where a picture changed

    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image.open(io.BytesIO(data))


def orientation(image: "Image") -> int:
    """How the camera was held. Metadata that cannot be read say nothing, as for every program that shows the picture."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error):
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1  # noqa: PLR2004 - eight ways


def _read(path: Path, source: str) -> bytes:
    try:
        require_size(path.stat().st_size, source)
        return path.read_bytes()
    except OSError as error:
        raise unreadable(source, error) from error


def require_size(size: int, source: str) -> None:
    """Raise ContentError for a picture of too many bytes."""
    if size > PICTURE_MAX:
        raise ContentError(
            say(
                "图片“{source}”有 {size} MB，超过 20 MB。请压缩后再用。",
                "The picture {source!r} is {size} MB; 20 MB is the most. Make it smaller.",
                source=source,
                size=f"{size / 1e6:.1f}",
            )
        )


def unreadable(source: str, error: OSError) -> ContentError:
    """The refusal of a picture that the machine does not let us read."""
    return ContentError(
        say(
            "读不了图片“{source}”：{reason}。请检查文件名和读取权限。",
            "Cannot read the picture {source!r}: {reason}. Check its name and that it may be read.",
            source=source,
            reason=machine_words(error),
        )
    )


#: What Pillow's readers let through on damaged files.
DAMAGED: Final = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError)


def _measure(data: bytes, source: str, *, ours: bool = False) -> tuple[str, int, int]:
    """Media type, width and height, from the content and never from the name.

    It is decoded for that, as small as can be, unless it is ``ours``: a copy that broke off half-way is found here and not by a reader.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - heavy, and needed only where a picture changed

    needed = 0
    try:
        with opened(data) as image:
            kind = _TYPES.get(image.format or "")
            if kind is None:
                raise _other_format(source, image.format or "?")
            width, height = image.size
            turned = False
            if not ours:
                room.require_room(image, source)
                room.let_go(width * height)
                needed = room.decoded(image)
                image.draft("L", (1, 1))
                image.load()
                turned = orientation(image) in ON_ITS_SIDE
    except MemoryError as error:
        raise room.too_large(source, width * height // 2) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ContentError(
            say(
                "图片“{source}”的像素太多（超过 {most} 万）。请缩小后再用。",
                "The picture {source!r} has too many pixels (more than {most}0,000). Make it smaller.",
                source=source,
                most=(Image.MAX_IMAGE_PIXELS or 0) // 10_000,
            )
        ) from error
    except UnidentifiedImageError as error:
        raise _no_picture(data, source) from error
    except DAMAGED as error:
        if needed and room.is_short(needed):
            raise room.too_large(source, width * height // 2) from error
        raise broken(source) from error
    return (kind, height, width) if turned else (kind, width, height)


def _no_picture(data: bytes, source: str) -> ContentError:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return _other_format(source, "HEIC")
    if data.lstrip()[:5].lower() in {b"<?xml", b"<svg "}:
        return _other_format(source, "SVG")
    return ContentError(
        say(
            "“{source}”不是图片。可用的格式是 JPG、PNG、GIF、WebP。",
            "{source!r} is no picture. JPG, PNG, GIF and WebP can be used.",
            source=source,
        )
    )


def _other_format(source: str, kind: str) -> ContentError:
    return ContentError(
        say(
            "图片“{source}”是 {kind} 格式，渠道不接受。请用看图软件打开，另存为 JPG 或 PNG，再改正文里的文件名。",
            "The picture {source!r} is {kind}, which channels refuse. Save it as JPG or PNG and change its name in the post.",
            source=source,
            kind=kind,
        )
    )


def broken(source: str) -> ContentError:
    """The refusal of a picture that cannot be decoded to its end."""
    return ContentError(
        say(
            "图片“{source}”已损坏或不完整。请重新复制或导出一次。",
            "The picture {source!r} is damaged or incomplete. Copy or export it again.",
            source=source,
        )
    )


def _write(target: Path, data: bytes, *, forced: bool = True) -> None:
    """Write beside the target, force it to disk, then rename: after a crash there is the whole file or none.

    One that is not ``forced`` is whole or missing after the program's crash, and may be damaged after the machine's.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                if forced:
                    file.flush()
                    os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o640)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        if forced:
            _sync_folder(target.parent)
    except OSError as error:
        raise ConfigError(
            say(
                "图片存不进 {folder}：{reason}。请检查磁盘空间和写入权限，然后再运行一次。",
                "Cannot keep a picture in {folder}: {reason}. Check disk space and permissions, then run again.",
                folder=target.parent,
                reason=machine_words(error),
            )
        ) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
