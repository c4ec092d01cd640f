"""The pack on disk: a folder and a zip of it, whole or not at all, the same key never twice.

It is written beside its place under a name that begins with a dot, and renamed. The folder is renamed last, so that a pack that can be
seen is complete, and its zip is there.
"""

import errno
import json
import os
import shutil
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from xuanfa.adapters.manual.contents import Named, named_pictures, pasteable
from xuanfa.adapters.manual.limits import counters
from xuanfa.adapters.protocol import Tools
from xuanfa.documents.word.article import Properties, document
from xuanfa.domain.attachment import attached
from xuanfa.domain.attempt import Order
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.strict_json import read_json

#: The folder of what the post brings beside its text; "附件" holds the pack's own style.
ATTACHMENTS: Final = "随文附件"
#: Tells which order a folder is the pack of.
_MANIFEST: Final = "清单.json"


def find_pack(root: Path, order: Order) -> Path | None:
    """The finished pack of this key."""
    for folder in sorted(root.glob(f"*-{order.key[:8]}")):
        if _manifest(folder / _MANIFEST).get("key") == order.key:
            return folder
    return None


def packs_of(root: Path, channel: str) -> list[tuple[str, datetime]]:
    """The posts of which a pack for this channel is there, with when it was made."""
    found = []
    for file in sorted(root.glob(f"*/{_MANIFEST}")):
        post = str(_manifest(file).get("post", ""))
        if f"-{channel}-{post}-" in file.parent.name:  # several channels may have their packs in one folder
            found.append((post, datetime.fromtimestamp(file.stat().st_mtime, UTC)))
    return found


def _manifest(file: Path) -> dict[str, Any]:
    """What a pack says of itself; nothing where somebody has emptied or overwritten it: it is as good as gone."""
    try:
        said = read_json(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def make_pack(root: Path, order: Order, tools: Tools, place: dict[str, str]) -> Path:
    """Make the pack, or find the one that another process has made meanwhile. ``place`` is what the steps say about the destination.

    Raises OSError where it cannot be written and ContentError where a picture has gone missing.
    """
    root.mkdir(parents=True, exist_ok=True)
    name = f"{order.started_at:%Y-%m-%d}-{order.channel}-{order.post}-{order.key[:8]}"
    with tempfile.TemporaryDirectory(dir=root, prefix=".new-") as scratch:
        folder = Path(scratch) / name
        write_pack(folder, order, tools, place)
        archive = Path(scratch) / f"{name}.zip"
        _zip(folder, archive)
        archive.replace(root / archive.name)
        try:
            folder.rename(root / name)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST} or find_pack(root, order) is None:
                raise
    _sync(root)
    return root / name


def write_pack(folder: Path, order: Order, tools: Tools, place: dict[str, str]) -> Path:
    """Write the pack's files into ``folder`` and return the page to open."""
    rendition = order.rendition
    named = named_pictures(rendition)
    for one in named:
        target = folder / one.file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tools.picture(one.picture), target)
    attachments = [
        (each, f"{ATTACHMENTS}/{n:02}-{each.readable}") for n, each in enumerate(attached(rendition.extra), 1)
    ]
    for attachment, file in attachments:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tools.attachment(attachment), folder / file)
    given = _context(order, named, place) | {
        "attachments": [{"file": file, "about": each} for each, file in attachments]
    }
    for template, name in (
        ("index.html", "index.html"),
        ("article.html", "正文.html"),
        ("pack.css", "附件/pack.css"),
        ("pack.js", "附件/pack.js"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(tools.template(template, **given), encoding="utf-8")
    # With a byte order mark: older editors take Chinese without one for garbage.
    (folder / "正文.txt").write_text(_plain(rendition), encoding="utf-8-sig")
    (folder / "正文.docx").write_bytes(
        document(rendition.title, _byline(rendition), rendition.body, folder, _properties(order))
    )
    manifest = {"key": order.key, "digest": rendition.digest, "delivery": order.delivery, "post": order.post}
    (folder / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return folder / "index.html"


def _context(order: Order, named: list[Named], place: dict[str, str]) -> dict[str, Any]:
    rendition = order.rendition
    groups = {name: [one for one in named if one.file.startswith(f"{name}/")] for name in ("图片", "封面", "卡片")}
    return {
        "delivery": order.delivery,
        "published_at": order.started_at,
        "title": rendition.title,
        "summary": rendition.summary,
        "body": rendition.body,
        "pasteable": pasteable(rendition.body),
        "byline": _byline(rendition),
        "facts": rendition.extra,
        "counters": counters(rendition.title, rendition.summary, rendition.extra.get("text", "")),
        "pictures": groups["图片"],
        "covers": groups["封面"],
        "cards": groups["卡片"],
        "place": place,
    }


def _byline(rendition: Rendition) -> str:
    facts = rendition.extra
    parts = (
        ("来源：", facts.get("source") or facts.get("organisation", "")),
        ("供稿：", facts.get("department", "")),
        ("作者：", facts.get("author", "")),
        ("责任编辑：", facts.get("editor", "")),
    )
    return "\u3000".join(label + value for label, value in parts if value)


def _properties(order: Order) -> Properties:
    """What the document says of itself."""
    facts = order.rendition.extra
    return Properties(
        creator=facts.get("author") or facts.get("department") or facts.get("organisation", ""),
        subject=facts.get("column", ""),
        keywords=facts.get("keywords", ""),
        description=order.rendition.summary,
        at=order.started_at,
    )


def _plain(rendition: Rendition) -> str:
    parts = (rendition.title, _byline(rendition), rendition.extra.get("text", ""))
    # Windows line ends: a plain editor of an old machine shows one endless line otherwise.
    return "\n\n".join(part for part in parts if part).replace("\n", "\r\n") + "\r\n"


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as pack:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            pack.write(file, f"{folder.name}/{file.relative_to(folder).as_posix()}")


def _sync(folder: Path) -> None:
    """See the renames safe on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
