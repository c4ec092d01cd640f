"""Pages that lie in the website's folder and that nobody has published by this program: the catalogue knows all others."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Final

from xuanfa.adapters.site.address import HOME, MAP, NOT_FOUND, Addresses, article_path, column_path
from xuanfa.adapters.site.catalogue import Catalogue
from xuanfa.domain.past import PastItem

#: What a browser or a server takes for a page, or carries out.
_PAGES: Final = (".html", ".htm", ".shtml", ".xhtml", ".php", ".jsp", ".asp", ".aspx", ".cgi", ".py", ".pl")
#: So many are told of at once, and so much of each is read for its title. Bytes.
_MOST, _HEAD = 200, 65_536
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
_ARCHIVE: Final = re.compile(r"([^/]+)/page/\d+\.html")


def unknown_pages(root: Path, catalogue: Catalogue, addresses: Addresses) -> list[PastItem]:
    """Pages that the catalogue does not know, the latest first. Their time is that of the last change of the file's entry on the disk, which whoever
    puts it there cannot choose."""
    sections = {section.id for section in catalogue.sections()}
    known = {HOME, MAP, NOT_FOUND, *map(column_path, sections)}
    known |= {article_path(section, slug) for section, slug in catalogue.places()}
    found = []
    for path in _pages(root):
        name = path.relative_to(root).as_posix()
        archive = _ARCHIVE.fullmatch(name)
        if name not in known and not (archive is not None and archive[1] in sections):
            found.append((path.stat().st_ctime, name, path))
    found.sort(reverse=True)
    return [
        PastItem(
            title=_title(path) or name,
            address=addresses.of(name),
            at=datetime.fromtimestamp(changed, UTC),
            remote_id=f"file:{name}",
        )
        for changed, name, path in found[:_MOST]
    ]


def _pages(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        yield from (Path(folder) / name for name in names if name.lower().endswith(_PAGES))


def _title(path: Path) -> str:
    with path.open("rb") as file:
        found = _TITLE.search(file.read(_HEAD).decode("utf-8", "replace"))
    return " ".join(unescape(found[1]).split())[:200] if found is not None else ""
