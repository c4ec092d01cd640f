"""What was written and rests becomes a revision by itself, as long as that costs nothing: where saving would send it, or take back what people
have approved, it stays a draft, and whoever has written it is told."""

from dataclasses import dataclass

from xuanfa.content.reading.rewriting import parted, value_of
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.review import ReviewState
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.docket import docket
from xuanfa.operations.writing.drafts import Manuscript, open_manuscript
from xuanfa.operations.writing.places import PostPlace
from xuanfa.operations.writing.saving import Collided, save


@dataclass(frozen=True, slots=True, kw_only=True)
class Rested:
    """What came of it: the post as it stands now, and why it is no revision; ``why`` is empty where it is one."""

    manuscript: Manuscript
    is_new: bool = False
    why: str = ""


def rest(desk: Desk, slug: str, person: Person) -> Rested:
    """Make this person's draft a revision if that costs nothing. Raises StateError where they may not write in the post."""
    manuscript = open_manuscript(desk, slug, person)
    if manuscript.saved_at is None or manuscript.text == manuscript.base:
        return Rested(manuscript=manuscript)
    why = _cost(desk, manuscript)
    if why:
        return Rested(manuscript=manuscript, why=why)
    try:
        done = save(desk, slug, person)
    except ContentError as error:
        first = str(error).splitlines()[0].partition(": ")
        words = say(
            "停了 10 分钟，还不能存为一版：{why}草稿在，没有丢。",
            "Ten minutes without a word, and it cannot be a revision yet: {why} The draft is kept.",
            why=first[2] or first[0],
        )
        return Rested(manuscript=manuscript, why=words)
    if isinstance(done, Collided):
        return Rested(
            manuscript=manuscript,
            why=say(
                "停了 10 分钟，没有自动存为一版：别人改了同一段，按“存为一版”时请选。",
                "Ten minutes without a word: no revision was made, because somebody has changed the same paragraph. Save it, and choose.",
            ),
        )
    return Rested(manuscript=open_manuscript(desk, slug, person), is_new=True)


def _cost(desk: Desk, manuscript: Manuscript) -> str:
    """What saving would do that only a person may want; empty for nothing."""
    matter, _ = parted(manuscript.text)
    column = value_of(matter, "column") if matter is not None else ""
    kind = value_of(matter, "kind") if matter is not None else ""
    if not desk.reviews.template_for(column, kind):
        return say(
            "停了 10 分钟，没有自动存为一版：这个专栏不用审，存了就会按时间发出去。写好了请按“存为一版”。",
            "Ten minutes without a word: no revision was made, because this column has no review, and it would go out. Save it when it is done.",
        )
    state = _state_of(desk, manuscript.place)
    if state is ReviewState.OPEN:
        return say(
            "停了 10 分钟，没有自动存为一版：正在审校，存了，审过的意见作废。改好了请按“存为一版”。",
            "Ten minutes without a word: no revision was made, as the review would begin again. Save it when it is done.",
        )
    if state is ReviewState.APPROVED:
        return say(
            "停了 10 分钟，没有自动存为一版：这篇已经签发，存了要重审。改好了请按“存为一版”。",
            "Ten minutes without a word: no revision was made, as it is approved, and would be reviewed anew. Save it when it is done.",
        )
    return ""


def _state_of(desk: Desk, place: PostPlace) -> ReviewState:
    if not place.revision:
        return ReviewState.NONE
    with desk.store.read() as connection:
        found = docket(desk, connection, place.slug)
    return ReviewState.NONE if found is None else found.table.stands.state
