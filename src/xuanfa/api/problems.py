"""What did not go as asked, as RFC 9457 has it: the sentence that a page would show, a stable code, and the fields that it is about."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from xuanfa.api.field_words import field_words
from xuanfa.domain.errors import ConfigError, ContentError, MachineError, StoreError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.said import code_of

log = logging.getLogger(__name__)

_TYPE: Final = "application/problem+json"
#: After so long a database that is away is asked for again. Seconds.
_LATER: Final = "5"


class Problem(Exception):  # noqa: N818 - its name in RFC 9457
    """An answer that is a problem."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        fields: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.fields, self.headers = list(fields), dict(headers or {})

    def answer(self) -> JSONResponse:
        """As it is sent."""
        facts: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "fields": self.fields,
        }
        return JSONResponse(facts, self.status, headers=self.headers, media_type=_TYPE)


def nothing_there() -> Problem:
    """There is no such thing, or the caller may not know of it."""
    return Problem(
        404, "not_found", say("没有这一项，或者您看不到它。", "There is no such thing, or you may not see it.")
    )


def of(error: XuanfaError) -> Problem:
    """What an operation, the machine or the database has said."""
    if isinstance(error, MachineError | StoreError):
        return Problem(503, code_of(str(error)) or "unavailable", str(error), headers={"Retry-After": _LATER})
    status = 422 if isinstance(error, ContentError | ConfigError) else 409
    return Problem(status, code_of(error.args[0] if error.args else "") or "refused", str(error))


def attach(app: FastAPI) -> None:
    """Have the application answer with problems, whatever goes wrong."""
    app.add_exception_handler(Problem, lambda _, error: error.answer())
    app.add_exception_handler(XuanfaError, lambda _, error: of(error).answer())
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _http)  # type: ignore[arg-type]
    app.add_exception_handler(Exception, _failed)


def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    fields = [{"field": _named(each["loc"]), "detail": field_words(each)} for each in error.errors()]
    words = say(
        "有 {n} 处写得不对：{fields}。",
        "{n} fields are not as they should be: {fields}.",
        n=len(fields),
        fields=say("、", ", ").join(each["field"] for each in fields),
    )
    return Problem(422, "invalid", words, fields=fields).answer()


def _named(place: Sequence[Any]) -> str:
    return ".".join(str(part) for part in place[1:]) or str(place[0])


def _http(_: Request, error: HTTPException) -> JSONResponse:
    known = {
        404: say("没有这个地址。", "There is no such address."),
        405: say("这个地址不能这样用。", "This address is not used in this way."),
        400: say("读不出您发来的内容，请发 JSON。", "What was sent cannot be read; send JSON."),
    }
    detail = known.get(error.status_code) or str(error.detail)
    code = HTTPStatus(error.status_code).name.lower()
    return Problem(error.status_code, code, detail, headers=error.headers).answer()


def _failed(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    words = say(
        "程序出错了，没有办成。请告诉管理员现在的时间，日志里有记录。",
        "The program has failed, and this was not done. Tell whoever keeps the server the time: the log has it.",
    )
    return Problem(500, "failed", words).answer()
