"""Causes of alarm from the public pages of what is out: changed, gone, behind a sign-in, or not reached for some time."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import sqlalchemy as sa

from xuanfa.domain.access import Veil
from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.looking import is_told
from xuanfa.domain.page_proof import PageState
from xuanfa.domain.public import Public
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.members import listed
from xuanfa.store import proofs

#: More pages of one host in one state are one cause: a server that is down is one thing to see to.
_TOGETHER: Final = 3
#: So many pages are looked at for alarms.
_MOST: Final = 2_000
_CAUSE_MAX: Final = 300


def of_pages(desk: Desk, connection: sa.Connection, veil: Veil) -> Iterator[Cause]:
    """One cause for a page, or for all of one host that stand alike."""
    found: dict[tuple[str, PageState], list[Public]] = {}
    for it in proofs.wrong(connection, most=_MOST) if desk.looking.on else ():
        if it.state is not None and is_told(it.state, it.times) and it.accepted != it.mark:
            found.setdefault((urlsplit(it.address).hostname or "", it.state), []).append(it)
    for (host, state), pages in found.items():
        if len(pages) > _TOGETHER:
            yield _of_host(host, state, pages)
        else:
            yield from (_of_page(desk, it, state, veil) for it in pages)


def _of_page(desk: Desk, it: Public, state: PageState, veil: Veil) -> Cause:
    known = desk.channels.get(it.channel)
    words = say(
        "投递 {id}《{title}》（{channel}）的公开页{state}：{words}。{next}",
        "the public page of delivery {id} “{title}” ({channel}) is {state}: {words}. {next}",
        id=it.id,
        title=veil.title(it.post, it.title),
        channel=known.title if known is not None and known.title else it.channel,
        state=state.label,
        words=veil.text(it.post, it.words) or "-",
        next=_next(it, state),
    )
    look = where_to_look(Remedy("show_proof", it.id), *([it.address] if it.address and not veil.hides(it.post) else []))
    return Cause(name=f"proof:{it.id}:{state.value}", words=words, look=look)


def _next(it: Public, state: PageState) -> str:
    if state is PageState.UNREACHED:
        return say("请看网站是否正常", "See whether the site is well")
    return say(
        "请打开核对：要改就更正（{correct}），要撤就撤稿（{withdraw}），没有问题就认可（{accept}）",
        "Open it: correct it ({correct}), take it down ({withdraw}), or take it for right ({accept})",
        correct=Remedy("correct", it.post),
        withdraw=Remedy("withdraw", it.post, why=None),
        accept=Remedy("accept_page", it.id, why=None),
    )


def _of_host(host: str, state: PageState, pages: list[Public]) -> Cause:
    words = say(
        "网站 {host} 上有 {n} 个公开页{state}（投递 {ids}）：请先看网站是否正常、是否改版或被改动，再逐条核对",
        "{n} public pages at {host} are {state} (deliveries {ids}): see whether the site is well, was rebuilt or tampered with, then look at each",
        host=host or "-",
        n=len(pages),
        state=state.label,
        ids=listed([str(it.id) for it in pages]),
    )
    return Cause(
        name=f"proof:{host}:{state.value}"[:_CAUSE_MAX], words=words, look=where_to_look(Remedy("check_proof"))
    )
