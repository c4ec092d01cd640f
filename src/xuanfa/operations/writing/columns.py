"""改专栏: a post goes to another column, by the same drafts as whatever else people write, so that it is one revision more. What has left is counted
under the column that it left by, and stays there."""

from collections.abc import Sequence
from dataclasses import dataclass

from xuanfa.domain.column import Column
from xuanfa.domain.delivery import MAY_BE_OUT, WAS_PUBLIC, Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.review import ReviewState
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.docket import docket
from xuanfa.operations.writing.drafts import Manuscript, open_manuscript
from xuanfa.operations.writing.programs import change, goes_out
from xuanfa.store import deliveries, posts, series


@dataclass(frozen=True, slots=True, kw_only=True)
class ToColumn:
    """A post that can go to the column, and what its review has come to, which begins anew."""

    column: Column
    review: ReviewState
    #: Whether nothing of it is to go out any more.
    called_off: bool

    @property
    def in_words(self) -> str:
        """What comes of it."""
        to = say("改到《{column}》。", "Goes to “{column}”.", column=self.column.title)
        if self.called_off:
            return to + still_off()
        if self.review is ReviewState.APPROVED:
            return to + say("已经签发，改了要重新审。", " It is approved, and is reviewed anew.")
        if self.review is ReviewState.OPEN:
            return to + say("正在审校，审过的意见可能作废。", " It is under review: what was approved may not count.")
        return to


def to_column(desk: Desk, slug: str, person: Person, column: str) -> ToColumn:
    """Whether this person may put the post into the column, and what that does. Raises StateError that says why not."""
    target = desk.columns.get(column)
    if target is None:
        raise StateError(say("没有这个专栏，请重新选。", "There is no such column; choose another one."))
    manuscript = open_manuscript(desk, slug, person)
    before = manuscript.fields.get("column", "")
    if before == target.id:
        raise StateError(say("已经在《{column}》。", "It is in “{column}” already.", column=target.title))
    _require_untouched(manuscript)
    every = _deliveries_alone(desk, slug)
    if goes_out(desk, target.id) and not goes_out(desk, before):
        raise StateError(
            say(
                "《{column}》不用审，改过去没审完就会发。真要改，请打开这一篇，在稿头里改。",
                "“{column}” has no review: it would go out unreviewed. To do that, open this post and change it there.",
                column=target.title,
            )
        )
    off = bool(every) and all(each.state is State.CANCELLED for each in every)
    return ToColumn(column=target, review=_review_of(desk, slug), called_off=off)


def put_in_column(desk: Desk, slug: str, person: Person, column: str) -> str:
    """Do it, and say what became of the post. Raises StateError or ContentError where it stays as it was."""
    found = to_column(desk, slug, person, column)
    change(desk, slug, person, {"column": found.column.id})
    done = say("改到了《{column}》。", "It is in “{column}” now.", column=found.column.title)
    if found.called_off:
        return done + still_off()
    if found.review in {ReviewState.APPROVED, ReviewState.OPEN}:
        return done + say("请看它的审校，要不要重新提交。", " See its review: it may have to be submitted anew.")
    return done


def still_off() -> str:
    """That another column does not send what was called off."""
    return say("它已经取消，仍然不发。", " It was called off, and still does not go out.")


def _require_untouched(manuscript: Manuscript) -> None:
    if manuscript.text != manuscript.base:
        raise StateError(
            say(
                "您正写着这一篇，还有没存的字。请先存为一版，再改专栏。",
                "You are writing in this post and have not saved it. Save it first.",
            )
        )
    if manuscript.is_whole:
        raise StateError(
            say(
                "这篇的稿头读不出来，请打开改好。",
                "The head of this post cannot be read: open it and mend it.",
            )
        )


def _deliveries_alone(desk: Desk, slug: str) -> Sequence[Delivery]:
    """Its deliveries. Raises StateError where any has left, or where it is an occurrence of another post."""
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        if known is None:
            return ()
        every = deliveries.of_post(connection, known.id)
        left = [each for each in every if each.state in MAY_BE_OUT | WAS_PUBLIC or each.may_be_public]
        recurs = series.occurrence(connection, slug) is not None
    if left:
        raise StateError(
            say(
                "{channels}已经发出或可能发出，按原来的专栏计数，不能改。",
                "{channels}: out, or it may be, and counted under its column; that stays.",
                channels=say("、", ", ").join(
                    desk.channels[each.channel].title if each.channel in desk.channels else each.channel
                    for each in left
                ),
            )
        )
    if recurs:
        raise StateError(
            say(
                "这是重复稿件的一期，请改它的底稿，各期一起改。",
                "This is an occurrence of a recurring post: change its source, and all of them change.",
            )
        )
    return every


def _review_of(desk: Desk, slug: str) -> ReviewState:
    with desk.store.read() as connection:
        found = docket(desk, connection, slug)
    return ReviewState.NONE if found is None else found.table.stands.state
