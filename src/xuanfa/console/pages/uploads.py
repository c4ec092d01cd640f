"""Files in parts of a million bytes: the page sends on from where the server says it is, so that a line that breaks costs one part."""

from starlette.responses import JSONResponse, Response

from xuanfa.console.guard import headers
from xuanfa.console.visit import Visit, Way, get
from xuanfa.domain.errors import ContentError, MachineError
from xuanfa.domain.language import say
from xuanfa.operations.writing.uploads import PART_MAX, part_there, take_part, taken_whole

#: What a form has besides its part. Bytes.
_AROUND = 20_000


def there(visit: Visit) -> Response:
    """How much of it is there."""
    try:
        return JSONResponse({"have": part_there(visit.desk, visit.person(), visit.names["name"])}, headers=headers.PAGE)
    except ContentError as error:
        return JSONResponse({"detail": str(error)}, 422, headers=headers.PAGE)


def take(visit: Visit) -> Response:
    """A part of it."""
    files, offset = visit.files("part"), visit.field("offset")
    if not files or not (offset.isascii() and offset.isdigit() and len(offset) < 12):  # noqa: PLR2004 - no file is so large
        detail = say("这一段没有传到，请重新传。", "This part did not come; send it anew.")
        return JSONResponse({"detail": detail}, 422, headers=headers.PAGE)
    try:
        have = take_part(visit.desk, visit.person(), visit.names["name"], int(offset), files[0].file.read())
    except ContentError as error:
        return JSONResponse({"detail": str(error)}, 422, headers=headers.PAGE)
    except MachineError as error:
        return JSONResponse({"detail": str(error)}, 507, headers=headers.PAGE)
    return JSONResponse({"have": have}, headers=headers.PAGE)


def sent_file(visit: Visit, field: str) -> tuple[str, bytes] | None:
    """A file of a form by its name, whether it came with the form or in parts before it (``upload``, ``upload-name``); ``None`` where there is
    none. Raises StateError where its parts are not there any more."""
    if visit.field("upload"):
        return visit.field("upload-name"), taken_whole(visit.desk, visit.person(), visit.field("upload"))
    files = visit.files(field)
    return (files[0].filename or "", files[0].file.read()) if files else None


WAYS = (
    get("/uploads/{name}", there),
    Way(method="POST", path="/uploads/{name}", to=take, most=PART_MAX + _AROUND),
)
