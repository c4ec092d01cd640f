"""The attachments of a post: read from beside it, looked into, relieved of what nobody meant to publish, and kept by their hash."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from xuanfa.content.pictures.fitting import fitted
from xuanfa.content.pictures.media import MediaStore, unreadable
from xuanfa.content.reading.channels import require_short
from xuanfa.content.reading.files import ABSENT, Files, InFluxError
from xuanfa.content.reading.report import Report
from xuanfa.content.text.bounds import NAME_MAX
from xuanfa.documents.office import cleaning
from xuanfa.documents.office.package import OLE, Package
from xuanfa.domain.attachment import KINDS, Attachment
from xuanfa.domain.errors import ContentError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.post import PictureRule

#: How many, and how large, one and all of them. Bytes.
MOST: Final = 20
SIZE_MAX: Final = 20_000_000
ALL_MAX: Final = 50_000_000
_SAME: Final = {".jpeg": ".jpg"}
#: The folder of an office file's main part, by its ending.
_MAIN: Final[Mapping[str, str]] = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
_TEXTS: Final = (".txt", ".csv")
_PICTURES: Final = (".jpg", ".png", ".gif", ".webp")


@dataclass(slots=True)
class Attachments:
    """Reads them one by one. ``tell`` is called with what stops nothing."""

    files: Files
    folder: Path
    media: MediaStore
    parts: dict[str, tuple[int, int]]
    tell: Callable[[str], None]
    #: How much those before have taken. Bytes.
    taken: int = 0

    def read(self, source: str, title: str) -> Attachment:
        """One of them, kept. Raises ContentError, ConfigError and OSError."""
        suffix = _suffix(source)
        if self.files.is_read_as_post(source):
            raise ContentError(_read_as_post(source))
        self._note_part(source)
        file, data, facts = self.files.read(source, SIZE_MAX)
        self.parts[os.path.relpath(file, self.folder)] = (facts.st_size, facts.st_mtime_ns)
        self.taken += facts.st_size
        if max(facts.st_size, len(data)) > SIZE_MAX or self.taken > ALL_MAX:
            raise ContentError(_too_large(source, facts.st_size))
        try:
            cleaned = self._cleaned(data, source, suffix)
        except ContentError as error:
            raise ContentError(
                say("附件“{source}”：{why}", "The attachment {source!r}: {why}", source=source, why=error.message)
            ) from error
        for words in cleaned.told:
            self.tell(say("附件“{source}”：{what}。", "The attachment {source!r}: {what}.", source=source, what=words))
        sha256 = self.media.keep_document(cleaned.data, suffix)
        name = title.strip() or PurePosixPath(source.replace("\\", "/")).stem
        return Attachment(source=source, title=name, sha256=sha256, size=len(cleaned.data), suffix=suffix)

    def _note_part(self, source: str) -> None:
        name = os.path.normpath(source.replace("\\", "/"))
        try:
            facts = (self.folder / name).stat()
            self.parts[name] = (facts.st_size, facts.st_mtime_ns)
        except (OSError, ValueError):
            self.parts[name] = ABSENT

    def _cleaned(self, data: bytes, source: str, suffix: str) -> cleaning.Cleaned:
        """The file as it may go out, once it is known to be what its name says."""
        if suffix in _PICTURES:
            picture = self.media.take(data, source)
            bare = fitted(self.media, picture, PictureRule(media_types=(picture.media_type,), animated=True))
            if bare.suffix != suffix:
                raise _other(suffix)
            return cleaning.Cleaned(self.media.read(bare))
        if suffix in _MAIN:
            if not Package(data).main().startswith(_MAIN[suffix]):
                raise _other(suffix)
            return cleaning.office(data)
        if suffix == ".pdf":
            if b"%PDF-" not in data[:1024]:
                raise _other(suffix)
            return cleaning.pdf(data)
        if suffix in _TEXTS:
            if b"\0" in data:
                raise _other(suffix)
        elif not data.startswith((b"PK",) if suffix in {".zip", ".ofd"} else (OLE, b"PK")):
            raise _other(suffix)
        told: list[str] = [
            say(
                "不能查看里面的内容和属性，请自行核对",
                "its content and properties cannot be looked into; see to them yourself",
            )
        ]
        return cleaning.Cleaned(data, [] if suffix in _TEXTS else told)


@dataclass(frozen=True, slots=True)
class ReadAll:
    """Those that could be read, and whether reading them once more finds the same as long as no file changes."""

    attachments: tuple[Attachment, ...]
    is_final: bool = True


def read_all(
    named: Sequence[tuple[str, str]], path: Path, report: Report, media: MediaStore, parts: dict[str, tuple[int, int]]
) -> ReadAll:
    """The attachments of a front matter, by file and title, each file once; what is wrong with one is reported with its line."""
    if len(named) > MOST:
        report.add(_too_many(len(named)), "attachments")
        return ReadAll(())
    found: dict[str, Attachment] = {}
    is_final, taken = True, 0
    for number, (source, title) in enumerate(named):
        line = report.matter.line(("attachments", number, "file"))
        files = Files(path, report.shown_as, is_picture=False)
        reader = Attachments(files, path.parent, media, parts, partial(report.tell, line), taken)
        require_short(report, title, NAME_MAX, "attachments")
        try:
            attachment = reader.read(source, title)
            found.setdefault(attachment.sha256, attachment)
        except OSError as error:
            is_final = False
            report.at(line, str(unreadable(source, error)))
        except XuanfaError as error:
            is_final &= isinstance(error, ContentError) and not isinstance(error, InFluxError)
            report.at(line, str(error))
        taken = reader.taken
    return ReadAll(tuple(found.values()), is_final)


def _read_as_post(source: str) -> str:
    return say(
        "附件“{source}”放在这里会被当作另一篇稿件读入。请建一个名叫“附件”的文件夹，把它放进去，再写成 附件/文件名。",
        "The attachment {source!r} would be read as a post where it lies. Put it into a folder named `attachments` and name it with the folder.",
        source=source,
    )


def _suffix(source: str) -> str:
    suffix = PurePosixPath(source.lower().replace("\\", "/")).suffix
    suffix = _SAME.get(suffix, suffix)
    if suffix in KINDS:
        return suffix
    raise ContentError(
        say(
            "附件“{source}”是这种文件不能放（可以放：{kinds}）。请转换后再放，或装进 zip。",
            "The attachment {source!r} is of a kind that is not taken (taken are {kinds}). Convert it, or put it into a zip.",
            source=source,
            kinds=say("、", ", ").join(kind[1:] for kind in KINDS),
        )
    )


def _other(suffix: str) -> ContentError:
    return ContentError(
        say(
            "内容不是 {kind}，或已损坏。请检查文件，重新导出一次。",
            "its content is no {kind}, or is damaged. See to the file and export it again.",
            kind=KINDS[suffix][0],
        )
    )


def _too_large(source: str, size: int) -> str:
    return say(
        "附件“{source}”有 {size} MB；一个附件最多 {most} MB，一篇稿件的附件加起来最多 {all} MB。请压缩或拆开。",
        "The attachment {source!r} is {size} MB; one may have {most} MB, and all of a post {all} MB. Make them smaller.",
        source=source,
        size=f"{size / 1e6:.1f}",
        most=SIZE_MAX // 1_000_000,
        all=ALL_MAX // 1_000_000,
    )


def _too_many(number: int) -> str:
    return say(
        "附件有 {n} 个，最多 {most} 个。请装进一个 zip，或分成几篇。",
        "There are {n} attachments, {most} at most. Put them into one zip, or make it several posts.",
        n=number,
        most=MOST,
    )
