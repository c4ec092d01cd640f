"""Live: pages are told what has moved, never what it holds, and fetch their blocks anew. One look at the history a second serves all of them.

All streams end before the server waits for its requests, so that it ends in time with pages open.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from xuanfa.console import cookies
from xuanfa.console.guard import headers
from xuanfa.domain.errors import StoreError, XuanfaError
from xuanfa.operations.desk import Desk
from xuanfa.operations.people import sessions
from xuanfa.reports.news import EVERYTHING, latest_event, news_since

log = logging.getLogger(__name__)

#: Seconds between two looks; between two beats, which keep proxies from closing; and until a stream has to be asked for anew, by somebody who
#: is still signed in.
_LOOK, _BEAT, _LIFE = 1.0, 25.0, 300.0
#: So much waits for a page that does not read, before it is told to look at everything.
_WAITS: Final = 100


class Live:
    """The streams of one process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages: set[asyncio.Queue[str | None]] = set()
        self._at = 0
        self._over = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Look, and tell, until it is cancelled."""
        self._loop = asyncio.get_running_loop()
        known = False
        while not self._over:
            with suppress(StoreError):  # the database is away: the next look finds what has moved meanwhile
                if not known:
                    self._at, known = await run_in_threadpool(latest_event, self._desk.store), True
                elif self._pages:
                    self._at, moved = await run_in_threadpool(news_since, self._desk.store, self._at)
                    for word in moved:
                        self._tell(word)
                else:
                    known = False
            await asyncio.sleep(_LOOK)

    def end(self) -> None:
        """End all streams, from any thread: the process is asked to end."""
        self._over = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, None)

    async def answer(self, request: Request) -> Response:
        """A stream, for somebody who is signed in; that it is open is no sign that somebody is there."""
        token = cookies.held(request, cookies.SESSION)
        try:
            session = await run_in_threadpool(sessions.session_of, self._desk, token, touch=False) if token else None
        except XuanfaError:
            return Response(status_code=503, headers=headers.PAGE)
        if session is None or session.half or session.must_change or self._over:
            return Response(status_code=204, headers=headers.PAGE)  # a browser does not ask again
        more = {"X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers.PAGE | more)

    async def _stream(self) -> AsyncIterator[str]:
        queue: asyncio.Queue[str | None] = asyncio.Queue(_WAITS)
        self._pages.add(queue)
        ends = asyncio.get_running_loop().time() + _LIFE
        try:
            yield "retry: 3000\n\n"
            while not self._over and asyncio.get_running_loop().time() < ends:
                try:
                    word = await asyncio.wait_for(queue.get(), _BEAT)
                except TimeoutError:
                    yield ": beat\n\n"
                    continue
                if word is None:
                    return
                yield f"data: {word}\n\n"
        finally:
            self._pages.discard(queue)

    def _tell(self, word: str | None) -> None:
        for queue in self._pages:
            if queue.full():  # it does not read: one word stands for all that it has missed
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(EVERYTHING)
            queue.put_nowait(word)
