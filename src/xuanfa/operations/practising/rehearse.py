"""Rehearse: publish one post to practice platforms, on a clock that is set forward, and show what a reader of each would see."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from xuanfa.domain.errors import ContentError
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.post import Post
from xuanfa.domain.refusals import not_sent_there
from xuanfa.operations.intake.queue import queue_file
from xuanfa.operations.intake.render import Rendered, post_channels
from xuanfa.operations.practising.phones import texts_of, write_index, write_phone
from xuanfa.operations.practising.practice import Arrival, Practice, Shown
from xuanfa.operations.practising.preview import find_post
from xuanfa.operations.restricting.files import Look
from xuanfa.operations.restricting.rule import veil_of
from xuanfa.operations.sending.publish import next_due_at
from xuanfa.store import channels as channel_rows
from xuanfa.store import deliveries, ledger, posts
from xuanfa.store.schema import deliveries as delivery_rows

#: How many passes one post may take. A review that goes on for longer is shown as it stands.
PASSES_MAX = 30
#: How long after its time a post is followed: reviews and publishing have come to an end by then, tries have been used up.
FOLLOWED = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A rehearsal's result: every channel, and the page with all of them side by side."""

    post: Post
    shown: tuple[Shown, ...]
    index: Path
    notices: tuple[str, ...]


def rehearse(practice: Practice, which: str, only: Sequence[str] = ()) -> Rehearsed:
    """Publish the post ``which`` (a path or a slug) for practice, and write its pages into the practice's folder.

    All its channels take part, because some wait for the address on another one; ``only`` chooses which are shown. Raises ContentError
    for a bad post.
    """
    desk = practice.desk
    found = find_post(desk, which, Look(veil=veil_of(desk, None), open=lambda _slug: desk.tells_all))
    file, post = found.file, found.post
    goes_to = post_channels(desk, post)
    _require(only, goes_to)
    report, rendered = queue_file(desk, file)
    if report.problems:
        raise ContentError("\n".join(report.problems))
    play(practice)
    shown = tuple(
        write_phone(practice, post, one) for one in _shown(practice, post, rendered) if not only or one.channel in only
    )
    index = write_index(practice, post, shown, report.notices)
    return Rehearsed(post=post, shown=shown, index=index, notices=tuple(report.notices))


def _require(only: Sequence[str], goes_to: Sequence[str]) -> None:
    for channel in only:
        if channel not in goes_to:
            raise not_sent_there(channel, goes_to)


def play(practice: Practice, passes_max: int = PASSES_MAX, followed: timedelta = FOLLOWED) -> int:
    """Pass after pass, each at the next time at which something is due, until nothing moves; how many there were.

    Looks at what is accepted go on for ``followed`` after the last delivery was due.
    """
    desk = practice.desk
    with desk.store.read() as connection:
        last_due = connection.scalar(sa.select(sa.func.max(delivery_rows.c.due_at))) or desk.clock()
    for number in range(passes_max):
        practice.run_pass()
        due_at = next_due_at(desk)
        if due_at is None or due_at > max(last_due, desk.clock()) + followed:
            return number + 1
        practice.set_clock(due_at)
    return passes_max


def _shown(practice: Practice, post: Post, rendered: Mapping[str, Rendered]) -> Iterator[Shown]:
    desk = practice.desk
    with desk.store.write() as connection:
        known = posts.by_slug(connection, post.slug)
        assert known is not None  # noqa: S101 - it was queued just now
        found = {delivery.channel: delivery for delivery in deliveries.of_post(connection, known.id)}
        addresses = {each.channel: each.address for each in ledger.addresses(connection, [known.id])}
        standings = channel_rows.standings(connection)
    for channel in post_channels(desk, post):
        delivery = found[channel]
        standing = standings.get(channel)
        arrivals = practice.received.arrivals(channel)
        paused = standing.reason if standing is not None and standing.paused_at is not None else ""
        yield Shown(
            channel=channel,
            title=desk.channels[channel].title,
            kind=desk.channels[channel].kind,
            state=delivery.state,
            reason=paused or delivery.reason or (_waits(rendered[channel]) if delivery.waiting else ""),
            due_at=delivery.due_at,
            address=addresses.get(channel) or "",
            findings=(*rendered[channel].findings, *_missing_pictures(practice, arrivals)),
            arrivals=arrivals,
            page=practice.folder / f"{channel}.html",
        )


#: A picture's address in a request, however its format quotes it.
_PICTURE = re.compile(r"https?://[^\s\"'<>()\\]+?\.(?:jpg|png|gif|webp)(?![\w.])")


def _missing_pictures(practice: Practice, arrivals: Sequence[Arrival]) -> Iterator[Finding]:
    """A finding for each picture that a channel only links to and that is not where readers are sent: they would see a hole."""
    for address in dict.fromkeys(
        address for arrival in arrivals for text in texts_of(arrival.body) for address in _PICTURE.findall(text)
    ):
        if practice.received.is_of_site(address) and practice.received.file_at(address) is None:
            message = say(
                "图片 {address} 在网站上没有，读者看不到。请核对本渠道的 pictures 设置。",
                "The picture {address} is not on the site, and readers would not see it. Check this channel's setting pictures.",
                address=address,
            )
            yield Finding(code="rehearsal.no_picture", message=message, place="body")


def _waits(made: Rendered) -> str:
    needs = made.rendition.needs if made.rendition is not None else ()
    return say(
        "等待本稿在 {channels} 的公开地址",
        "waits for the public address of this post on {channels}",
        channels=say("、", ", ").join(needs),
    )
