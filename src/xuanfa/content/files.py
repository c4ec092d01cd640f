"""Where the pictures of a post lie, and what is said where they do not."""

import difflib
import re
from itertools import islice
from pathlib import Path, PurePosixPath

from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say

_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_ABSOLUTE = re.compile(r"/|~|[a-zA-Z][a-zA-Z0-9+.-]*:")
_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic"})
_SHOWN_MOST = 3
#: So many missing pictures of a post are compared with what is there, each with so many files of a folder; who misses more, has no folder.
_COMPARED, _LISTED_MOST = 20, 1_000
#: No file's name is longer. Bytes, and so at most as many characters.
_NAME_MOST = 255


class Files:
    """The files that one post may refer to: those in the tree of its posts folder."""

    def __init__(self, path: Path, shown_as: str) -> None:
        self._folder = path.parent
        self._shown_folder = PurePosixPath(shown_as).parent
        self._tree = _posts_folder(path, PurePosixPath(shown_as))
        self._compared = 0

    def picture(self, source: str) -> Path:
        """The file that ``source`` names. Raises ContentError where it must not or does not exist."""
        if _REMOTE.match(source):
            raise ContentError(
                say(
                    "图片“{source}”在别的网站上。请下载到稿件旁的文件夹（如 images/），再改成文件名。",
                    "The picture {source!r} is on another site. Download it beside the post (images/) and name the file.",
                    source=source,
                )
            )
        name = source.replace("\\", "/")
        if not name or _ABSOLUTE.match(name):
            raise ContentError(
                say(
                    "图片“{source}”要写成相对于稿件的文件名，如 images/照片.jpg。请把图片放到稿件旁再引用。",
                    "Name the picture {source!r} relative to the post, such as images/photo.jpg, and put it there.",
                    source=source[:100],
                )
            )
        return self._existing(source, name)

    def _existing(self, source: str, name: str) -> Path:
        file = self._folder / name
        try:
            if not file.resolve().is_relative_to(self._tree.resolve()):
                raise _outside(source)
            if file.is_file():
                return file
        except (OSError, ValueError, RuntimeError) as error:  # a name too long, with a NUL, or links in a ring
            raise self._missing(source, name) from error
        raise self._missing(source, name)

    def _missing(self, source: str, name: str) -> ContentError:
        self._compared += 1
        near = self._near(name[:_NAME_MOST]) if self._compared <= _COMPARED else []
        message = say(
            "找不到图片“{source}”，找过：{looked}。",
            "There is no picture {source!r}; looked for {looked}.",
            source=source,
            looked=self._shown_folder / name,
        )
        if near:
            hint = say(
                "文件夹里有相近的：{near}；请改正文件名。",
                " Near it: {near}. Mend the name.",
                near=say("、", ", ").join(near),
            )
        else:
            hint = say("请把图片放到那里，或改正文件名。", " Put it there, or mend the name.")
        return ContentError(message + hint)

    def _near(self, name: str) -> list[str]:
        """Pictures in the folder meant, in the post's own and in its subfolders, whose names are like it."""
        wanted = PurePosixPath(name)
        candidates: dict[str, str] = {}
        for folder in (self._folder / wanted.parent, self._folder, *_subfolders(self._folder)):
            for file in _pictures(folder):
                shown = file.relative_to(self._folder).as_posix() if file.is_relative_to(self._folder) else file.name
                candidates.setdefault(shown, file.name.lower())
        same = [shown for shown, own in candidates.items() if PurePosixPath(own).stem == wanted.stem.lower()]
        likely = difflib.get_close_matches(wanted.name.lower(), candidates.values(), n=_SHOWN_MOST, cutoff=0.6)
        return list(
            dict.fromkeys([*same, *(shown for own in likely for shown in candidates if candidates[shown] == own)])
        )[:_SHOWN_MOST]


def _posts_folder(path: Path, shown_as: PurePosixPath) -> Path:
    """The folder that ``shown_as`` begins with (``posts``), where ``path`` ends as it does; else the post's own folder."""
    depth = len(shown_as.parts)
    return path.parents[depth - 2] if depth > 1 and path.parts[-depth:] == shown_as.parts else path.parent


def _outside(source: str) -> ContentError:
    return ContentError(
        say(
            "图片“{source}”不在稿件文件夹里。请复制到稿件旁（如 images/）再引用。",
            "The picture {source!r} lies outside the folder of posts. Copy it beside the post.",
            source=source,
        )
    )


def _subfolders(folder: Path) -> list[Path]:
    try:
        listed = islice(folder.iterdir(), _LISTED_MOST)
        return sorted(entry for entry in listed if entry.is_dir() and not entry.name.startswith("."))[:20]
    except OSError:
        return []  # only suggestions are looked for


def _pictures(folder: Path) -> list[Path]:
    try:
        listed = islice((file for file in folder.iterdir() if file.suffix.lower() in _ENDINGS), _LISTED_MOST)
        return sorted(listed)
    except (OSError, ValueError):
        return []  # only suggestions are looked for
