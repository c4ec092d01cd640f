"""The application: every way in, through the same guard.

A request is read within bounds, answered in a thread (operations wait for a database), and noted. What is refused is a page in the reader's
language with what was typed kept, never a trace.
"""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from xuanfa.api import app as interface
from xuanfa.console import cookies
from xuanfa.console.guard import csrf, headers
from xuanfa.console.guard.forms import read_form
from xuanfa.console.house import House, make_house
from xuanfa.console.live import Live
from xuanfa.console.pages import (
    audit,
    bulk,
    calendar,
    channels,
    correcting,
    counts,
    delegations,
    deliveries,
    delivery,
    doubt,
    errors,
    freshness,
    ledger,
    ledger_import,
    ledger_source,
    links,
    me,
    moving,
    people,
    placing,
    posts,
    preview,
    proof,
    readers,
    readers_import,
    reports,
    review,
    review_form,
    reviews,
    revisions,
    schedule_import,
    settings,
    settings_backup,
    settings_channels,
    settings_columns,
    settings_office,
    settings_pace,
    settings_receivers,
    settings_reviews,
    settings_rules,
    settings_silences,
    settings_templates,
    settings_webhooks,
    settings_workdays,
    shelf,
    sign_in,
    solemn,
    staying,
    stop,
    submit,
    tokens,
    uploads,
    withdrawing,
    write,
    write_script,
)
from xuanfa.console.pages import desk as desk_page
from xuanfa.console.visit import Visit, Way, place_of
from xuanfa.console.words import reader_of_pages, worded
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.reader import read_by
from xuanfa.operations.desk import Desk
from xuanfa.operations.people import sessions
from xuanfa.operations.watching.visits import VisitRow

log = logging.getLogger(__name__)

_SAFE: Final = frozenset({"GET", "HEAD"})
_PATH_MAX: Final = 500
#: Where one may go with a password that was for one time, or half a session.
_OPEN_WHILE_CHANGING: Final = frozenset({"/me/password", "/sign-out"})

#: Every way in there is: a test goes by it.
WAYS: Final[tuple[Way, ...]] = (
    *desk_page.WAYS,
    *sign_in.WAYS,
    *me.WAYS,
    *stop.WAYS,
    *solemn.WAYS,
    *reviews.WAYS,
    *review.WAYS,
    *review_form.WAYS,
    *links.WAYS,
    *channels.WAYS,
    *settings.WAYS,
    *settings_office.WAYS,
    *settings_columns.WAYS,
    *settings_silences.WAYS,
    *settings_channels.WAYS,
    *settings_templates.WAYS,
    *settings_rules.WAYS,
    *settings_reviews.WAYS,
    *settings_webhooks.WAYS,
    *settings_receivers.WAYS,
    *settings_backup.WAYS,
    *settings_pace.WAYS,
    *settings_workdays.WAYS,
    *people.WAYS,
    *delegations.WAYS,
    *audit.WAYS,
    *tokens.WAYS,
    *bulk.WAYS,
    *posts.WAYS,
    *write.WAYS,
    *write_script.WAYS,
    *placing.WAYS,
    *uploads.WAYS,
    *staying.WAYS,
    *revisions.WAYS,
    *preview.WAYS,
    *submit.WAYS,
    *shelf.WAYS,
    *deliveries.WAYS,
    *moving.WAYS,
    *doubt.WAYS,
    *delivery.WAYS,
    *proof.WAYS,
    *readers.WAYS,
    *withdrawing.WAYS,
    *correcting.WAYS,
    *schedule_import.WAYS,
    *calendar.WAYS,
    *counts.WAYS,
    *reports.WAYS,
    *freshness.WAYS,
    *ledger.WAYS,
    *ledger_source.WAYS,
    *ledger_import.WAYS,
    *readers_import.WAYS,
)


def console(desk: Desk) -> Starlette:
    """The console of one desk."""
    house = make_house(desk, {way.path: way.who for way in WAYS if way.method == "GET"})

    live = Live(desk)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with house.log:
            looking = asyncio.create_task(live.run())
            yield
            house.fetches.end()
            live.end()
            await looking

    programs = Mount(
        interface.PATH,
        interface.api(desk, note=house.log.note, pace=house.programs, wrong=house.wrong_tokens, wording=worded),
    )
    routes = [Route(way.path, _endpoint(house, way), methods=[way.method]) for way in WAYS]
    statics = Route("/static/{hash}/{name:path}", house.statics.answer, methods=["GET"])
    made = Starlette(
        routes=[programs, statics, Route("/live", live.answer, methods=["GET"]), *routes],
        lifespan=lifespan,
        exception_handlers={404: _nothing_here(house), 405: _nothing_here(house)},
    )
    made.state.live = live
    return made


def _endpoint(house: House, way: Way) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            form = await read_form(request, way.most, way.too_large) if way.method not in _SAFE else FormData()
        except HTTPException as error:
            return await run_in_threadpool(_too_much, house, request, error)
        try:
            return await run_in_threadpool(_answer, house, way, request, form)
        finally:
            await form.close()

    return endpoint


def _answer(house: House, way: Way, request: Request, form: FormData) -> Response:
    """In a thread: who is it, may they, and the answer; then the line in the log. A page is of one moment; what somebody does reads as it goes."""
    with (
        read_by(reader_of_pages(dict(os.environ))),
        house.opened.store.one_moment() if way.method in _SAFE else nullcontext(),
    ):
        visit = _visit(house, request, form)
        try:
            answer = _guarded(way, visit)
        except XuanfaError as error:
            answer = errors.refused(visit, error)
        except Exception:
            log.exception("%s %s failed", request.method, request.url.path)
            answer = errors.failed(visit)
        if not cookies.held(request, cookies.VISITOR):
            cookies.hold(request, answer, cookies.VISITOR, request.state.visitor)
        if not way.beat:
            _note(visit, answer)
        return answer


def _guarded(way: Way, visit: Visit) -> Response:
    request = visit.request
    trouble = getattr(request.state, "trouble", None)
    if (
        trouble is not None and way.who is not None
    ):  # nobody knows who it is: that is no other sign-in, and no expired one
        return errors.refused(visit, trouble)
    if way.method not in _SAFE:
        secret = visit.session.token if visit.session else request.state.visitor
        if not csrf.is_from_our_page(request):
            return errors.foreign(visit)
        typed = visit.field(csrf.FIELD) or request.headers.get(csrf.HEADER, "")
        if not csrf.is_token(secret, typed):
            return errors.stale(visit)
    if way.who is None:
        return way.to(visit)
    if visit.session is None or visit.session.half:
        return _sign_in_first(visit)
    if visit.session.must_change and request.url.path not in _OPEN_WHILE_CHANGING:
        return RedirectResponse("/me/password", 303, headers=headers.PAGE)
    if not visit.session.user.roles & way.who:
        return errors.forbidden(visit, way.who)
    return way.to(visit)


def _visit(house: House, request: Request, form: FormData) -> Visit:
    """Who asks. What a page fetches by itself is no sign that somebody is there. A session that cannot be looked up because the database is away is
    told as trouble, not as nobody."""
    request.state.visitor = cookies.held(request, cookies.VISITOR) or secrets.token_urlsafe(24)
    desk = house.desk
    visit = Visit(desk=desk, house=house, request=request, session=None, form=form, now=desk.clock())
    token = cookies.held(request, cookies.SESSION)
    if not token:
        return visit
    try:
        return replace(visit, session=sessions.session_of(desk, token, touch="x-part" not in request.headers))
    except XuanfaError as error:
        request.state.trouble = error
        return visit


def _sign_in_first(visit: Visit) -> Response:
    if visit.part() and visit.request.method in _SAFE:
        return Response(status_code=401, headers=headers.PAGE)
    if visit.part() or visit.request.method not in _SAFE:
        return errors.expired(visit)
    path = visit.request.url.path + (f"?{visit.request.url.query}" if visit.request.url.query else "")
    return RedirectResponse(sign_in.address(path), 303, headers=headers.PAGE)


def _note(visit: Visit, answer: Response) -> None:
    visit.house.log.note(
        VisitRow(
            at=visit.now,
            user_name=visit.session.user.name if visit.session else "",
            method=visit.request.method,
            path=_told(visit.request.url.path)[:_PATH_MAX],
            status=answer.status_code,
            place=place_of(visit.request),
        )
    )


def _told(path: str) -> str:
    """The path as it is kept: who holds the address of a link may read what it shows."""
    return "/l/…" if path.startswith("/l/") else path


def _too_much(house: House, request: Request, error: HTTPException) -> Response:
    with read_by(reader_of_pages(dict(os.environ))):
        visit = _visit(house, request, FormData())
        answer = errors.sentence(visit, error.status_code, str(error.detail))
        _note(visit, answer)
        return answer


def _nothing_here(house: House) -> Callable[[Request, Exception], Awaitable[Response]]:
    def found_nothing(request: Request, error: Exception) -> Response:
        with read_by(reader_of_pages(dict(os.environ))):
            status = error.status_code if isinstance(error, HTTPException) else 404
            if request.headers.get("accept", "").startswith("application/json"):
                return JSONResponse({"detail": str(say("没有这个地址。", "There is no such address."))}, status)
            visit = _visit(house, request, FormData())
            answer = errors.nothing(visit, status)
            _note(visit, answer)
            return answer

    async def handle(request: Request, error: Exception) -> Response:
        return await run_in_threadpool(found_nothing, request, error)

    return handle
