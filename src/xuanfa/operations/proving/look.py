"""One look at the public page of a delivery: fetched, compared with what was sent, and kept where it shows something new."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from xuanfa.content.text.page_text import page_text
from xuanfa.domain.channel import base_of
from xuanfa.domain.language import say
from xuanfa.domain.page import Miss, Opened
from xuanfa.domain.page_proof import Judged, PageProof, PageState, Reading, judged
from xuanfa.domain.public import Public
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.article import article_of
from xuanfa.operations.proving.outward import note_links
from xuanfa.operations.proving.screenshot import Shot, shot_of
from xuanfa.store import deliveries, proofs

#: The ending of a page's text as it is kept.
TEXT: Final = ".txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look has shown of a delivery, and whether that was kept as a proof of its own (else it is as the one before)."""

    it: Public
    judged: Judged
    status: int | None
    is_new: bool


def look(desk: Desk, it: Public, *, sure: bool = False) -> Looked:
    """Look at the page of what is out, and note what it shows. ``sure``: a person has asked for it."""
    opened, reading = _opened(desk, it)
    with desk.store.read() as connection:
        loaded = deliveries.load(connection, it.id)
        newest = proofs.newest_fetched(connection, it.id)
    if loaded is None:  # nothing was frozen here: a restored publication of before
        verdict = Judged(
            state=PageState.UNSEEN,
            words=say("没有存下发出的成稿，比不了", "what was sent is not on record"),
            mark="unseen",
        )
    else:
        verdict = judged(opened, reading, article_of(loaded.rendition), asked=it.address, was_seen=it.seen)
    verdict = _of_kind(desk, it, verdict)
    status = opened.page.status if opened.page is not None else None
    is_new = newest is None or (newest.state, newest.mark, newest.digest) != (verdict.state, verdict.mark, it.digest)
    if loaded is not None:
        note_links(desk, it, loaded.rendition)
    text = "\n".join((*reading.titles[:1], *reading.lines))
    shot = shot_of(desk, it, verdict.state) if is_new else Shot()
    sha256 = desk.media.keep_document(text.encode("utf-8", "replace"), TEXT) if is_new and text else ""
    now = desk.clock()
    times = it.times + 1 if it.state is verdict.state and it.compared == it.digest else 1
    next_at = desk.looking.following(
        verdict.state, times, now=now, published_at=it.published_at, number=it.id, zone=desk.zone
    )
    proof = PageProof(
        id=0,
        delivery=it.id,
        at=now,
        origin="fetched",
        address=it.address,
        state=verdict.state,
        status=status,
        digest=it.digest,
        sha256=sha256,
        difference=verdict.words,
        mark=verdict.mark,
        screenshot=shot.sha256,
        screenshot_type=shot.media_type,
        note=shot.note,
        actor=desk.node,
    )
    with desk.store.write() as connection:
        proofs.watch(connection, [(it.id, host_of(it.address), None)])
        proofs.note_look(
            connection,
            it,
            state=verdict.state,
            words=verdict.words,
            mark=verdict.mark,
            now=now,
            next_at=next_at if desk.looking.on and it.address else None,
            sure=sure,
        )
        if is_new:
            proofs.add(connection, proof)
    return Looked(it=it, judged=verdict, status=status, is_new=is_new)


def host_of(address: str) -> str:
    """Whose server an address is on."""
    return (urlsplit(address).hostname or "").lower()


def _opened(desk: Desk, it: Public) -> tuple[Opened, Reading]:
    """The page and what it shows; nothing is asked for where the kind's pages tell nothing to a program."""
    words = unfetched_words(desk, it)
    if words:
        return Opened(address=it.address, miss=Miss.NOWHERE, words=words), Reading()
    opened = desk.open_page(base_of(it.channel), it.address)
    if opened.page is None:
        return opened, Reading()
    read = page_text(opened.page.text)
    return opened, Reading(titles=read.titles, lines=read.lines, asks=read.asks, scripts=read.scripts)


def unfetched_words(desk: Desk, it: Public) -> str:
    """Why the page is not even asked for; empty where it is."""
    channel = desk.channels.get(it.channel)
    kind = channel.public_page if channel is not None else "unknown"
    if kind == "none":
        return say("这种渠道没有公开网页", "this kind of channel has no public page")
    if kind == "script":
        return say(
            "这个平台的页面要登录或运行脚本才有正文，程序取不到",
            "this platform's pages show nothing without a sign-in or scripts, and cannot be fetched",
        )
    return "" if it.address else say("没有公开网址", "there is no public address")


def _of_kind(desk: Desk, it: Public, verdict: Judged) -> Judged:
    """A page of which nobody knows what it shows, and that has never shown the article, may be one that shows it to people only."""
    channel = desk.channels.get(it.channel)
    is_known = channel is not None and channel.public_page == "text"
    if is_known or it.seen or verdict.state is not PageState.SIGN_IN:
        return verdict
    return Judged(state=PageState.UNSEEN, words=verdict.words, mark="unseen")
