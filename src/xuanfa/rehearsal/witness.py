"""A witness beside a practice platform: keeps the files that it was handed, which its journal does not hold."""

from pathlib import Path

import httpx

from xuanfa.rehearsal.forms import read_form
from xuanfa.rehearsal.platform import fingerprint

#: Beginnings of files by the ending that a reader's program wants; others end in ``.bin``.
_ENDINGS = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF8", ".gif"),
    (b"\x00\x00\x00\x18ftyp", ".mp4"),
    (b"\x00\x00\x00 ftyp", ".mp4"),
    (b"\x00\x00\x00\x1cftyp", ".mp4"),
)


class Witness(httpx.BaseTransport):
    """Passes requests on and keeps files of forms, whole pictures and mail messages in ``folder``, under a name from the answer.

    Form fields, which may hold secrets, are not kept. ``files_for`` finds the files again.
    """

    def __init__(self, platform: httpx.BaseTransport, folder: Path) -> None:
        self._platform = platform
        self._folder = folder

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """What the platform answers."""
        body = request.read()
        response = self._platform.handle_request(request)
        for number, (data, ending) in enumerate(_files(request, body)):
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{fingerprint(response.text)}-{number}{ending}").write_bytes(data)
        return response


def files_for(folder: Path, answer: str) -> list[Path]:
    """The files of the request that got this answer, in order; answers to uploads name what was uploaded, so that they differ."""
    return sorted(folder.glob(f"{fingerprint(answer)}-*"))


def _files(request: httpx.Request, body: bytes) -> list[tuple[bytes, str]]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("message/rfc822"):
        return [(body, ".eml")]
    if kind.startswith("image/"):
        return [(body, _ending(body))]
    return [(data, _ending(data)) for data in read_form(request, body).files.values()]


def _ending(data: bytes) -> str:
    return next((ending for beginning, ending in _ENDINGS if data.startswith(beginning)), ".bin")
