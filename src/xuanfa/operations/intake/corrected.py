"""Corrected: what a post's file makes of what is out already, channel by channel. Nothing of it leaves before its review, where it needs one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from xuanfa.adapters.protocol import Corrects
from xuanfa.domain.accounts import is_same
from xuanfa.domain.attempt import delivery_key
from xuanfa.domain.correction import Correction, Others, Progress
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.finding import blocking, in_words
from xuanfa.domain.language import say
from xuanfa.domain.post import Post
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.verdict import Verdict
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.reading import judged
from xuanfa.operations.intake.render import Rendered, render_post
from xuanfa.store import corrections, deliveries, posts, verdicts
from xuanfa.store.corrections import Ordered
from xuanfa.store.posts import KnownPost

if TYPE_CHECKING:
    from xuanfa.operations.intake.read_file import ReadFile

#: What readers see of a post.
_OUT = frozenset({State.PUBLISHED, State.ACCEPTED})


class SameError(StateError):
    """The file says what is out already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one delivery is to be changed to; ``rendition`` is ``None`` where its channel cannot, and ``would_be`` what it would make there."""

    delivery: Delivery
    rendition: Rendition | None
    would_be: Rendition | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correcting:
    """One post's correction inside its transaction."""

    desk: Desk
    connection: sa.Connection
    known: KnownPost
    post: Post

    def drafts(self, rendered: Mapping[str, Rendered]) -> list[Draft]:
        """What is out and would be another one. Raises StateError where nothing is, or something stands in the way."""
        out = [each for each in deliveries.of_post(self.connection, self.known.id) if each.state in _OUT]
        if not out:
            raise StateError(
                say(
                    "稿件 {post} 还没有发布，改好文件保存就行，不用更正。",
                    "Nothing of the post {post} is out: saving its file is enough.",
                    post=self.known.slug,
                )
            )
        # Where its file has left a channel out, what is out there is withdrawn, not corrected.
        found = [self._draft(each, rendered[each.channel]) for each in out if each.channel in rendered]
        changing = [each for each in found if each.rendition and each.rendition.digest != each.delivery.digest]
        others = [each for each in found if each.rendition is None]
        if not changing and not any(self._differs(each) for each in others):
            raise SameError(
                say(
                    "稿件文件和已发布的内容一样，没有可更正的。请先改好文件并保存。",
                    "The file says what is out already. Change it, save it, and try again.",
                )
            )
        return [*changing, *others]

    def write(self, drafts: Sequence[Draft], order: Ordered, wish: Others, *, reviewed: bool) -> None:
        """Write them down, each to be made, or first to be approved."""
        state = Progress.REVIEW if reviewed else Progress.OPEN
        is_anywhere = any(each.rendition for each in drafts)
        for each in drafts:
            delivery, choice = each.delivery, ""
            made: tuple[int | None, str, str] | None = None
            if each.rendition is not None:
                made = self._frozen(each, each.rendition)
            else:
                choice = wish.value
                if reviewed and not is_anywhere and each.would_be is not None:
                    made = (None, *self._frozen(each, each.would_be)[1:])
            corrections.add(self.connection, delivery, order, state, made=made, wish=choice, reviewed=reviewed)

    def _frozen(self, each: Draft, rendition: Rendition) -> tuple[int, str, str]:
        channel, slug = each.delivery.channel, self.known.slug
        number = posts.freeze(self.connection, self.known.id, self.known.revision, channel, rendition)
        if each.verdict is not None:
            now, node = self.desk.clock(), self.desk.node
            verdicts.keep(self.connection, number, each.verdict, now, post=slug, digest=rendition.digest, actor=node)
        return number, rendition.digest, delivery_key(slug, channel, rendition.digest)

    def _draft(self, delivery: Delivery, made: Rendered) -> Draft:
        if delivery.column != self.post.column:
            raise StateError(
                say("更正不能换专栏：公开地址里有它。", "A correction keeps the column: the public address has it.")
            )
        return Draft(
            delivery=delivery,
            rendition=_in_place(self.desk, delivery, made),
            would_be=made.rendition if made.is_sendable else None,
            verdict=made.verdict,
        )

    def _differs(self, each: Draft) -> bool:
        return each.would_be is None or each.would_be.digest != each.delivery.digest


def _in_place(desk: Desk, delivery: Delivery, made: Rendered) -> Rendition | None:
    """The rendition as a correction; ``None`` where the channel cannot change what is out. Raises StateError for one that is blocked."""
    channel = desk.channels.get(delivery.channel)
    if channel is None or not is_same(delivery, channel) or delivery.state is not State.PUBLISHED:
        return None
    adapter = desk.adapters.bound(delivery.channel)
    if not isinstance(adapter, Corrects):
        return None
    if made.rendition is None or not made.is_sendable:
        raise StateError(in_words(blocking(made.findings)))
    return adapter.corrected(made.rendition)


def with_note(desk: Desk, post: Post, rendered: Mapping[str, Rendered], source: str) -> Mapping[str, Rendered]:
    """What each channel gets, with the office's sentence at its end where it wants one; the rules read it as it is then."""
    if not desk.correction_note:
        return rendered
    noted_ = replace(post, body=f"{post.body.rstrip()}\n\n{desk.correction_note}\n")
    return judged(desk, noted_, render_post(desk, noted_), source)[0]


def noted(desk: Desk, takings: Sequence["ReadFile"]) -> dict[str, Mapping[str, Rendered]]:
    """Of files that have been read, by slug: what those of them make of what is out whose correction waits for its review."""
    with desk.store.read() as connection:
        slugs = corrections.posts_with_live(connection)
    return {
        each.slug: with_note(desk, replace(each.post, author=each.read.byline), each.rendered, each.read.source)
        for each in takings
        if each.post and each.slug in slugs
    }


def remake(work: Correcting, rendered: Mapping[str, Rendered]) -> None:
    """A correction that waits is of what the file says now, like everything that waits. Where that cannot be made, or is what is out already,
    there is none any more."""
    live = corrections.live(work.connection, work.known.id)
    if not live:
        return
    try:
        drafts = work.drafts(rendered)
    except SameError:
        corrections.replace_open(
            work.connection, work.known.id, say("稿件又和已发布的一样", "the file says what is out again")
        )
        return
    except StateError as error:
        for each in live:
            corrections.fail(work.connection, each, str(error))
        return
    if {each.delivery.id: each.rendition.digest for each in drafts if each.rendition} == _digests(live):
        return
    corrections.replace_open(work.connection, work.known.id, say("稿件又改过", "the post was changed again"))
    chosen = next((each.wish for each in live if each.wish), Others.LEAVE.value)
    first = live[0]
    work.write(drafts, Ordered(work.known, first.person, first.ordered_at), Others(chosen), reviewed=True)


def _digests(live: Sequence[Correction]) -> dict[int, str]:
    return {each.delivery_id: each.digest for each in live if each.is_in_place}
