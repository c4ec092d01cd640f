"""Causes of alarm from the links of what is out: those whose domain may be in other hands, each; and those that are dead, together."""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.outward import LinkState, OutLink
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.members import listed
from xuanfa.store import out_links

_MOST: Final = 500
#: More dead links are one cause: they are mended at leisure, with the posts.
_TOGETHER: Final = 3


def of_links(desk: Desk, connection: sa.Connection) -> Iterator[Cause]:
    """What was seen often enough, and nobody has taken for all right."""
    if not desk.looking.on:
        return
    found = [each for each in out_links.wrong(connection, _MOST) if each.is_wrong]
    yield from (_severe(each) for each in found if each.state is LinkState.SEVERE)
    dead = [each for each in found if each.state is not LinkState.SEVERE]
    yield from [_many(dead)] if len(dead) > _TOGETHER else (_dead(each) for each in dead)


def _severe(each: OutLink) -> Cause:
    words = say(
        "严重：稿件 {posts} 里的链接可能已经易主：{address}（{words}）。请打开核对：要改就更正稿件、去掉链接（{correct}），"
        "没有问题就说明（{accept}）",
        "severe: a link of {posts} may be in other hands: {address} ({words}). Open it: correct the post and take the link out ({correct}), or say "
        "why it is all right ({accept})",
        posts=listed(list(each.posts)),
        address=each.address,
        words=each.words,
        correct=Remedy("correct", each.posts[0]),
        accept=Remedy("accept_link", each.id, why=None),
    )
    return Cause(name=f"link:{each.id}:{each.mark}", words=words, look=where_to_look(Remedy("links")))


def _dead(each: OutLink) -> Cause:
    words = say(
        "稿件 {posts} 里的链接打不开：{address}（{words}）。请更正稿件，或说明（{accept}）",
        "a link of {posts} cannot be opened: {address} ({words}). Correct the post, or say why it is all right ({accept})",
        posts=listed(list(each.posts)),
        address=each.address,
        words=each.words,
        accept=Remedy("accept_link", each.id, why=None),
    )
    return Cause(name=f"link:{each.id}:{each.mark}", words=words, look=where_to_look(Remedy("links")))


def _many(dead: Sequence[OutLink]) -> Cause:
    words = say(
        "已发布的稿件里有 {n} 个链接打不开（编号 {ids}）：请逐个更正稿件或说明",
        "{n} links of what is out cannot be opened (numbers {ids}): correct the posts, or say why they are all right",
        n=len(dead),
        ids=listed([str(each.id) for each in dead]),
    )
    return Cause(name="links:dead", words=words, look=where_to_look(Remedy("links")))
