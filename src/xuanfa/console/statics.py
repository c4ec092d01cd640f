"""What every page is made of besides its words: styles, scripts and the sprite, under a hash of all of it, so that it may be kept for ever;
compressed once, at the start. The scripts of a page are one file besides (``js/page/NAME.js``)."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from xuanfa.console.bundling import EVERYWHERE, bundled

FOLDER: Final = Path(__file__).parent / "static"
_KINDS: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is sent."""

    media_type: str
    plain: bytes
    packed: bytes


class Statics:
    """All of them, in memory: less than 200 kB."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): _kept(path) for path in sorted(folder.rglob("*")) if path.is_file()
        }
        scripts = {name: kept.plain.decode() for name, kept in self._files.items() if name.endswith(".js")}
        for name in scripts:
            if name.startswith("js/"):
                entries = dict.fromkeys((*EVERYWHERE, name)) if set(EVERYWHERE) <= scripts.keys() else (name,)
                text = bundled(scripts, tuple(entries))
                self._files[f"js/page/{name.removeprefix('js/')}"] = _packed(_KINDS[".js"], text.encode())
        every = b"".join(name.encode() + kept.plain for name, kept in self._files.items())
        #: Changes when any of them does.
        self.hash: Final = hashlib.sha256(every).hexdigest()[:12]

    def href(self, name: str) -> str:
        """The address of a file. Raises KeyError for one that there is not."""
        self._files[name]
        return f"/static/{self.hash}/{name}"

    def answer(self, request: Request) -> Response:
        """A file; one of another hash is of a page from before, and gets what there is now without being kept."""
        kept = self._files.get(request.path_params["name"])
        if kept is None:
            return Response(status_code=404)
        current = request.path_params["hash"] == self.hash
        packs = "gzip" in request.headers.get("accept-encoding", "")
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if current else "no-store",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Vary": "Accept-Encoding",
        }
        if packs:
            headers["Content-Encoding"] = "gzip"
        return Response(kept.packed if packs else kept.plain, media_type=kept.media_type, headers=headers)


def _kept(path: Path) -> Kept:
    plain = path.read_bytes()
    media_type = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _packed(media_type, plain)


def _packed(media_type: str, plain: bytes) -> Kept:
    return Kept(media_type, plain, gzip.compress(plain, 9, mtime=0))
