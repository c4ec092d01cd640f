"""Attachments (附件) of a post: files that readers get as they are, kept by the hash of their bytes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Final

#: Under what a rendition keeps them among its further texts, so that its digest covers them.
EXTRA: Final = "attachments"
#: Which files may be attached, by their endings: what they are for people, and their media type.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    ".pdf": ("PDF", "application/pdf"),
    ".ofd": ("OFD", "application/ofd"),
    ".docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pptx": ("PPT", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".doc": ("Word", "application/msword"),
    ".xls": ("Excel", "application/vnd.ms-excel"),
    ".ppt": ("PPT", "application/vnd.ms-powerpoint"),
    ".wps": ("WPS", "application/vnd.ms-works"),
    ".et": ("WPS", "application/octet-stream"),
    ".zip": ("ZIP", "application/zip"),
    ".jpg": ("JPG", "image/jpeg"),
    ".png": ("PNG", "image/png"),
    ".gif": ("GIF", "image/gif"),
    ".webp": ("WebP", "image/webp"),
    ".txt": ("TXT", "text/plain"),
    ".csv": ("CSV", "text/csv"),
}
_UNSAFE: Final = re.compile(r"[^\w（）()、《》〔〕【】—-]+")
#: A file's name holds 255 bytes, of which the hash and the ending take some.
_NAME_BYTES: Final = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file as it goes out. ``source`` is as the post names it; ``title`` is what readers see."""

    source: str
    title: str
    sha256: str
    size: int
    suffix: str

    @property
    def kind(self) -> str:
        """What it is, for people: PDF, Word."""
        return KINDS[self.suffix][0]

    @property
    def media_type(self) -> str:
        """What it is, for programs."""
        return KINDS[self.suffix][1]

    @property
    def weight(self) -> str:
        """Its size for people."""
        return f"{self.size / 1e6:.1f} MB" if self.size >= 100_000 else f"{max(self.size / 1e3, 0.1):.1f} KB"  # noqa: PLR2004

    @property
    def readable(self) -> str:
        """A file's name that says what is in it, for every system."""
        words = _UNSAFE.sub("_", self.title).strip("_").encode()[:_NAME_BYTES].decode(errors="ignore")
        return f"{words or 'attachment'}{self.suffix}"

    @property
    def filename(self) -> str:
        """The same, and never the name of another file."""
        return f"{self.sha256[:16]}-{self.readable}"


def as_text(attachments: Sequence[Attachment]) -> str:
    """Attachments as a rendition keeps them."""
    return json.dumps([asdict(each) for each in attachments], ensure_ascii=False)


def attached(extra: Mapping[str, str]) -> tuple[Attachment, ...]:
    """The attachments among a rendition's further texts; none where they were changed by hand into something else."""
    try:
        listed = json.loads(extra.get(EXTRA, "[]"))
    except ValueError:
        return ()
    if not isinstance(listed, list):
        return ()
    names = {field.name for field in fields(Attachment)}
    sound = all(isinstance(each, dict) and each.keys() == names and each["suffix"] in KINDS for each in listed)
    return tuple(Attachment(**each) for each in listed) if sound else ()
