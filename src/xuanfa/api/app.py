"""The application: FastAPI, mounted at ``/api/v1`` and nowhere else. Each request is bounded, answered in the language asked for, and noted."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Final

from fastapi import FastAPI, HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xuanfa import __version__
from xuanfa.api import deliveries, others, posts, problems, tokens
from xuanfa.api.callers import Pace
from xuanfa.api.shapes import Fault
from xuanfa.domain.language import say
from xuanfa.domain.reader import Language, Reader, Wording, language_of, read_by
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.visits import VisitRow

#: Where it is mounted.
PATH: Final = "/api/v1"
#: Bytes of a request.
_MOST: Final = 1_000_000
_PATH_MAX: Final = 500
#: Of every answer: it is no page, and nobody keeps it.
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"vary", b"Accept-Language, Authorization"),
)
_ABOUT: Final = """\
Posts are listed, read, written and submitted; deliveries are listed, called off, moved, released and tried anew; texts are checked. Nothing is
approved over this interface, and no doubt is settled: that takes a person who is signed in.

A token is made by `xuanfa users token NAME --scope read --scope write --days 90`. Its scopes bound it, and so do the roles of its person.
`If-Match` is required where something is changed, `Idempotency-Key` where something is done. Lists: `limit`, `after`; `next` is the next `after`."""
_FAULTS: Final = {
    status: {"model": Fault, "description": words}
    for status, words in {
        400: "No Idempotency-Key, or no JSON",
        401: "No token, or one that is not good",
        403: "The token, or its person, may not",
        404: "There is no such thing, or it may not be seen",
        409: "Stale, or refused as things stand",
        413: "Too much",
        422: "Fields are not as they should be",
        428: "No If-Match",
        429: "Too many requests",
        503: "The database or the machine stands in the way",
    }.items()
}


def api(desk: Desk, *, note: Callable[[VisitRow], None], pace: Pace, wrong: Pace, wording: Wording) -> ASGIApp:
    """The interface of a desk. ``pace``: how often a person's tokens may ask; ``wrong``: how many wrong tokens an address may show."""
    app = FastAPI(
        title="xuanfa",
        version=__version__,
        description=_ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=_FAULTS,  # type: ignore[arg-type]
        separate_input_output_schemas=False,
    )
    app.state.desk, app.state.pace, app.state.wrong = desk, pace, wrong
    problems.attach(app)
    for each in (posts.router, deliveries.router, others.router, tokens.router):
        app.include_router(each)
    return _Around(app, desk, note, wording)


class _Around:
    """What is around every request."""

    def __init__(self, app: ASGIApp, desk: Desk, note: Callable[[VisitRow], None], wording: Wording) -> None:
        self._app, self._desk, self._note, self._wording = app, desk, note, wording

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["xuanfa.caller"] = []
        status = [500]
        asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
        with read_by(Reader(_language(asked), self._wording)):
            await self._app(scope, _bounded(scope, receive), _with_headers(send, status))
        self._note(_visit(scope, status[0], self._desk.clock()))


def _visit(scope: Scope, status: int, now: datetime) -> VisitRow:
    client = scope.get("client")
    return VisitRow(
        at=now,
        user_name="".join(scope["xuanfa.caller"][:1]),
        method=scope["method"],
        path=scope["path"][:_PATH_MAX],
        status=status,
        place=client[0] if client else "",
    )


def _language(asked: str) -> Language:
    """Chinese or English, whichever is liked better; what this machine speaks, where neither is named."""
    spoken: dict[str, Language] = {"zh": "zh", "en": "en"}
    liked: list[tuple[float, Language]] = []
    for each in asked.split(","):
        name, _, rest = each.strip().lower().partition(";")
        weight = rest.strip().removeprefix("q=") or "1"
        language = spoken.get(name.split("-")[0])
        if language and weight.isascii() and weight.replace(".", "", 1).isdigit():
            liked.append((float(weight), language))
    return max(liked, key=lambda one: one[0])[1] if liked else language_of(dict(os.environ))


def _bounded(scope: Scope, receive: Receive) -> Receive:
    declared = dict(scope["headers"]).get(b"content-length", b"")
    taken = int(declared) if declared.isdigit() and len(declared) < 20 else 0  # noqa: PLR2004 - as large as numbers get
    is_declared_too_much, taken = taken > _MOST, 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if is_declared_too_much or taken > _MOST:
            raise HTTPException(
                413,
                say(
                    "内容太大，最多 {most} MB，没有收。",
                    "Too much: {most} MB at most; nothing was taken.",
                    most=_MOST // 1_000_000,
                ),
            )
        return message

    return counted


def _with_headers(send: Send, status: list[int]) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            status[0] = message["status"]
            message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
        await send(message)

    return sent


__all__ = ["PATH", "api"]
