"""Reading what a browser sends: refused before it is read where it is too much."""

from collections.abc import Callable

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive

from xuanfa.domain.language import say

#: So many fields and files a form may have.
_FIELDS, _FILES = 2000, 50


async def read_form(request: Request, most: int, too_large: Callable[[int], str] | None = None) -> FormData:
    """The form of a request; empty where it has none. Raises HTTPException 413 for one that is too large, in the words of ``too_large`` where the
    page has some, 400 for one that cannot be read."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise HTTPException(413, too_large(int(declared)) if too_large else _too_large(int(declared), most))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return FormData()
    bounded = Request(request.scope, _counted(request.receive, most))
    try:
        return await bounded.form(max_files=_FILES, max_fields=_FIELDS, max_part_size=most)
    except MultiPartException as error:
        raise HTTPException(
            400, say("表单读不出来，请重新打开页面再试。", "The form cannot be read; open the page anew.")
        ) from error


async def read_body(request: Request, most: int) -> bytes:
    """The body of a request of a script of ours. Raises HTTPException 413 for one that is too large."""
    bounded = Request(request.scope, _counted(request.receive, most))
    return await bounded.body()


def _counted(receive: Receive, most: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413, _too_large(taken, most))
        return message

    return counted


def _too_large(size: int, most: int) -> str:
    return say(
        "传来的内容有 {size} MB，最多 {most} MB，没有收。请分开传，或换小一点的文件。",
        "What was sent has {size} MB, the most is {most} MB; nothing was taken. Send it in parts, or a smaller file.",
        size=f"{size / 1e6:.1f}",
        most=f"{most / 1e6:.0f}",
    )
