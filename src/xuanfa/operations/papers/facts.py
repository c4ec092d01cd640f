"""What papers say of a post: gathered from what the database knows at one moment, and from the source of its newest revision."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, tzinfo
from typing import Any

import sqlalchemy as sa

from xuanfa.checks.rendition import checked
from xuanfa.content.reading.fields import Fields, read_fields
from xuanfa.content.reading.frontmatter import parse
from xuanfa.domain.access import Veil
from xuanfa.domain.channel import base_of
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ContentError
from xuanfa.domain.finding import Finding
from xuanfa.domain.refusals import no_such_post
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.review import Sending, digest_of
from xuanfa.domain.review_form import Answers, ChannelLine, Corrected, ReviewForm
from xuanfa.domain.review_record import ReviewRecord
from xuanfa.domain.times import TimeProblem, parse_day, parse_time
from xuanfa.domain.user import login_name
from xuanfa.domain.verdict import Waiver
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.store import access, corrections, likeness, papers, users, verdicts
from xuanfa.store.papers import Leaving, PostFacts
from xuanfa.store.review_records import review_record


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPapers:
    """A post, its deliveries, and its review."""

    post: PostFacts
    leaving: tuple[Leaving, ...]
    review: ReviewRecord
    #: For what of the rules' findings somebody answers, and what is ignored of them.
    waivers: tuple[Waiver, ...] = ()
    #: Whether it is for those on its list alone: what is written of it is for the account that writes.
    is_restricted: bool = False
    #: What it corrects; and, by channel, what would be made of what is out, as long as that has not come about.
    corrects: Corrected | None = None
    changing: Mapping[str, Rendition] = field(default_factory=dict)


def papers_of(desk: Desk, connection: sa.Connection, slug: str, veil: Veil | None = None) -> PostPapers:
    """What papers say of a post. Raises StateError where there is none, or it is hidden: without a ``veil``, as from the machine's account."""
    post = papers.post(connection, slug)
    if post is None:
        raise no_such_post(slug, likeness.slugs(connection))
    veil = veil or access.veil(connection)
    require_may_read(veil, slug)
    leaving = tuple(papers.leaving(connection, post.id))
    review = review_of(desk, connection, post, leaving)
    in_place = [each for each in corrections.live(connection, post.id) if each.rendition_id is not None]
    return PostPapers(
        post=post,
        leaving=leaving,
        review=review,
        waivers=tuple(each for each in verdicts.about(connection, slug) if each.post),
        is_restricted=access.of_post(connection, post.id) is not None,
        corrects=_itself(connection, post, leaving, review) or _another(connection, post, veil),
        changing={each.channel: corrections.rendition(connection, each.rendition_id or 0) for each in in_place},
    )


def _itself(
    connection: sa.Connection, post: PostFacts, leaving: Iterable[Leaving], review: ReviewRecord
) -> Corrected | None:
    """That the post is corrected where it is out."""
    asked = review.correction
    if asked is None:
        return None
    out = [each for each in leaving if each.published_at is not None]
    titles = (each.rendition.title for each in out if each.rendition is not None and each.rendition.title)
    user = users.get(connection, asked.by) if asked.by else None
    return Corrected(
        title=next(titles, post.title),
        published_at=min((each.published_at for each in out if each.published_at), default=None),
        why=asked.why,
        by=user.display if user else asked.by,
    )


def _another(connection: sa.Connection, post: PostFacts, veil: Veil) -> Corrected | None:
    """The other post that this one corrects, as far as it is known and may be read."""
    slug = _fields(post).corrects
    other = papers.post(connection, slug) if slug and not veil.hides(slug) else None
    if not slug or other is None:
        return Corrected(title=slug, slug=slug) if slug else None
    out = [each.published_at for each in papers.leaving(connection, other.id) if each.published_at]
    return Corrected(title=other.title, slug=slug, published_at=min(out, default=None))


def review_of(desk: Desk, connection: sa.Connection, post: PostFacts, leaving: Iterable[Leaving]) -> ReviewRecord:
    """The review of a post as it stands; of one that needs none, the digest over all that leaves of it as it is now."""
    record = review_record(connection, desk.reviews, post.slug)
    if record is not None and record.renditions:
        return record
    going = [each for each in leaving if each.digest and each.state is not State.CANCELLED]
    return ReviewRecord(
        post=post.slug,
        revision=post.revision,
        template="none",
        digest=digest_of({each.channel: Sending(each.digest, None if each.shelf else each.due_at) for each in going}),
        state="none",
        author=record.author if record else (),
        author_shown=(post.author,) if post.author else (),
        renditions={each.channel: each.digest for each in going},
    )


def findings_of(desk: Desk, each: Leaving) -> tuple[Finding, ...]:
    """What the checks say of a rendition as it was frozen; nothing of a channel that the settings no longer have."""
    if each.rendition is None or each.channel not in desk.channels:
        return ()
    adapter = desk.adapters.bound(each.channel)
    return tuple(checked(adapter, each.rendition, rehearsal=each.rehearsal))


def form_of(desk: Desk, found: PostPapers) -> ReviewForm:
    """Everything that stands on the form."""
    post, fields = found.post, _fields(found.post)
    going = [
        replace(each, rendition=found.changing.get(each.channel, each.rendition))
        for each in found.leaving
        if each.state is not State.CANCELLED
    ]
    expires_at, retract_at, review_on = _ends(desk, found.review, fields)
    becomes = found.review.correction.channels if found.review.correction else {}
    column = desk.columns.get(post.column)
    findings = {(each.severity.value, each.code, each.message) for one in going for each in findings_of(desk, one)}
    return ReviewForm(
        review=found.review,
        office=desk.organisation.name,
        number=f"{post.queued_at.astimezone(desk.zone):%Y}-{post.id:04d}",
        title=post.title,
        subtitle=fields.subtitle,
        phone=fields.phone,
        answers=Answers(
            case=fields.case,
            secret=fields.secret,
            personal=fields.personal,
            minors=fields.minors,
            ai=fields.ai,
        ),
        column=column.title if column else post.column,
        department=post.department,
        author=_author(post, found.review),
        editor=fields.editor,
        source=fields.source.name if fields.source else "",
        source_address=fields.source.url if fields.source else "",
        channels=tuple(_line(desk, each, becomes.get(each.channel, "")) for each in going),
        expires_at=expires_at,
        retract_at=retract_at,
        review_on=review_on,
        pictures=_pictures(going),
        findings=_counted(severity for severity, _, _ in findings),
        corrects=found.corrects,
        notes=(*_notes(desk, found.review), *_answered(found.waivers)),
        printed_at=desk.clock(),
    )


def _author(post: PostFacts, review: ReviewRecord) -> str:
    """As the post names its author; who is named by a login name, by that of the person. Where nobody is named, those who have submitted it."""
    shown = dict(zip(review.author, review.author_shown, strict=False))
    return shown.get(login_name(post.author), post.author) or "、".join(review.author_shown)


def _notes(desk: Desk, review: ReviewRecord) -> tuple[str, ...]:
    """What a reader of the form has to know besides its steps. The form is Chinese for every reader."""
    recalled = tuple(
        f"收回签发：{each.recalled_by} {each.at.astimezone(desk.zone):%Y-%m-%d %H:%M}，{each.said}"
        for each in review.voided
        if each.recalled_by
    )
    given = review.emergency
    if given is None:
        return recalled
    owed = "，尚未补审" if given.is_owed else ""
    return (
        f"先发后审：{given.by_shown or given.by} {given.at.astimezone(desk.zone):%Y-%m-%d %H:%M}，{given.why}{owed}",
        *recalled,
    )


def _answered(waivers: Sequence[Waiver]) -> tuple[str, ...]:
    """What people have said of findings, each once. The form is Chinese for every reader."""
    lines = [
        f"检查{'忽略' if each.ignores else '承担'}：{each.rule}“{each.shown}”，{each.actor}，{each.why}"
        for each in waivers
    ]
    return tuple(dict.fromkeys(lines))


def _fields(post: PostFacts) -> Fields:
    """The front matter of the newest revision. What an older program took and this one does not is left out."""
    try:
        return read_fields(parse(post.source, post.slug), post.slug)[0]
    except ContentError:
        return Fields()


def _line(desk: Desk, each: Leaving, becomes: str) -> ChannelLine:
    known = desk.channels.get(each.channel)
    return ChannelLine(
        channel=each.channel,
        title=known.title if known else base_of(each.channel),
        due_at=each.goes_at,
        rehearsal=each.rehearsal,
        published_at=each.published_at,
        address=each.address or "",
        retracted_at=each.retracted_at,
        becomes=becomes,
    )


def _ends(desk: Desk, review: ReviewRecord, fields: Fields) -> tuple[datetime | None, ...]:
    """When the post expires, is taken down, and is asked about: as its review has them, of which the form's digest speaks; else its file."""
    if review.times:
        named = [[times[name] for times in review.times.values()] for name in ("expires_at", "retract_at", "review_on")]
        return tuple(next((at for at in each if at is not None), None) for each in named)
    return (
        _read_time(parse_time, fields.expires_at, desk),
        _read_time(parse_time, fields.retract_at, desk),
        _read_time(_beginning, fields.review_on, desk),
    )


def _read_time(read: Callable[[str, tzinfo], datetime], text: str, desk: Desk) -> datetime | None:
    try:
        return read(text, desk.zone) if text else None
    except TimeProblem:
        return None  # an older program read it otherwise


def _beginning(text: str, zone: tzinfo) -> datetime:
    """When a day begins."""
    return datetime.combine(parse_day(text), time.min, zone)


def _pictures(going: Iterable[Leaving]) -> tuple[str, ...]:
    """The post's pictures by what they show, each once; cards that a channel draws are none of them."""
    named: dict[str, str] = {}
    for each in going:
        for picture in each.rendition.pictures if each.rendition else ():
            named.setdefault(picture.source, picture.caption or picture.alt or picture.source)
    return tuple(named.values())


def _counted(severities: Iterable[str]) -> Mapping[str, int]:
    counts: dict[str, Any] = {}
    for each in severities:
        counts[each] = counts.get(each, 0) + 1
    return counts
