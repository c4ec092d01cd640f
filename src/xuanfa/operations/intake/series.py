"""Series: a file whose post recurs is the source of its occurrences, and no post that goes out. Inside the caller's transaction."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.language import say
from xuanfa.domain.likeness import title_key
from xuanfa.domain.post import Post
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import facts_of
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.intake.withheld import hold
from xuanfa.store import posts, series
from xuanfa.store.deliveries import Change
from xuanfa.store.series import Series


def claimed_by_another(desk: Desk, connection: sa.Connection, post: Post) -> str:
    """What is said of a source whose slug is another source's, which lies in a file of its own; empty where it may be taken."""
    known = series.by_slug(connection, post.slug)
    if known is None or known.path == post.path or facts_of(desk.folder, known.path) is None:
        return ""
    return say(
        "编号 “{slug}” 已是重复稿件 {other} 的：请给其中一个改名，或写不同的 slug。",
        "the slug {slug!r} is that of {other}, which recurs: rename one of the files or give it another slug.",
        slug=known.slug,
        other=known.path,
    )


def take_series(desk: Desk, connection: sa.Connection, post: Post, digest: str, report: QueueReport) -> list[Change]:
    """Keep a source as it was read. Its occurrences are made and follow it afterwards (``occurrences``)."""
    assert post.repeat is not None and isinstance(post.publish_at, datetime)  # noqa: S101, PT018 - who reads it has looked
    before = series.by_path(connection, post.path)
    known = series.by_slug(connection, post.slug) or _renamed(desk, connection, post, digest, before)
    if before is not None and (known is None or before.id != known.id):
        end_series(connection, before, desk.clock())
    kept = Series(
        id=known.id if known else 0,
        slug=known.slug if known else post.slug,
        path=post.path,
        digest=digest,
        title=post.title,
        repeat=post.repeat,
        first_at=post.publish_at,
        times=_times(post),
        standing=known.standing if known and known.standing != "ended" else "live",
        set_at=desk.clock(),
    )
    series.put(connection, kept)
    if known is None:
        report.notice(_begun(desk, kept))
    elif known.path != post.path:
        report.notice(
            say(
                "{path}：由 {before} 改名而来，还是同一篇重复稿件，各期的编号不变。",
                "{path}: it was {before} and recurs as before; its occurrences keep their names.",
                path=post.path,
                before=known.path,
            )
        )
    return _leave_post(desk, connection, post, report)


def _renamed(desk: Desk, connection: sa.Connection, post: Post, digest: str, before: Series | None) -> Series | None:
    """The source that this file is under another name: with the same bytes, or the same title. A file whose author has written another slug
    into it is another source."""
    if before is not None and not _says_slug(post):
        return before
    if _says_slug(post):
        return None
    gone = [
        each
        for each in series.all_series(connection)
        if each.standing != "ended" and each.path != post.path and facts_of(desk.folder, each.path) is None
    ]
    same = [each for each in gone if each.digest == digest]
    return next(iter(same or [each for each in gone if title_key(each.title) == title_key(post.title)]), None)


def _says_slug(post: Post) -> bool:
    """Whether its slug is another than the name of its file gives."""
    return post.slug != post.path.rpartition("/")[2].rpartition(".")[0]


def _times(post: Post) -> dict[str, str]:
    """What moves along with each turn, by key; times of channels behind ``channels.``."""
    named = {"expires_at": post.expires_at, "retract_at": post.retract_at, "review_on": post.review_on}
    named |= {
        f"channels.{name}": override.publish_at
        for name, override in (post.channels or {}).items()
        if isinstance(override.publish_at, datetime)
    }
    return {key: value.isoformat() for key, value in named.items() if value is not None}


def end_series(connection: sa.Connection, known: Series, now: datetime) -> None:
    """It does not recur any more; what was not sent of it is called off afterwards."""
    series.put(connection, replace(known, standing="ended", set_at=now))


def _leave_post(desk: Desk, connection: sa.Connection, post: Post, report: QueueReport) -> list[Change]:
    """The file was a post of its own before: what has not been sent of that would be one more than its occurrences."""
    before = posts.slugs_of(connection, [post.path]).get(post.path)
    known = None if before is None else posts.by_slug(connection, before)
    if known is None:
        return []
    why = say(
        "稿件文件 {path} 现在写了 repeat，是各期的底稿，这一篇没有发出。不发了就取消；要单独发这一篇就去掉 repeat，会自动恢复",
        "its file {path} says `repeat` now and is the source of occurrences, and this was not sent. Cancel it, or remove `repeat`, and it goes on "
        "by itself",
        path=post.path,
    )
    held = hold(desk, connection, {known.id: why}, desk.clock())
    if held:
        report.notice(say("{path}：{words}。", "{path}: {words}.", path=post.path, words=why))
    return held


def _begun(desk: Desk, source: Series) -> str:
    words = say(
        "{path}：重复稿件，{rule}；各期是单独的稿件，编号为 {slug}-年月日，提前 {n} 天排入，各自审核。",
        "{path}: it recurs, {rule}; each occurrence is a post of its own, {slug}-YYYYMMDD, made {n} days ahead and reviewed by itself.",
        path=source.path,
        rule=source.repeat.in_words(source.first_at, desk.zone),
        slug=source.slug,
        n=desk.repeat_ahead.days,
    )
    if source.first_at > desk.clock():
        return words
    return say(
        "{words}第一期 {first} 已经过去，不补发，从下一期起。",
        "{words} Its first turn, {first}, is past and is not made up for: it begins with the next.",
        words=words,
        first=in_words(source.first_at, desk.zone),
    )


def stopped_in_words(path: str, standing: str) -> str:
    """Why occurrences of a source wait whose file is ``gone`` or ``broken``."""
    if standing == "gone":
        return say(
            "重复稿件的底稿 {path} 不见了（删除、改名或移走），这一期没有发出。不发了就取消；要发就把底稿放回原处，会自动恢复；确要照上一版发就放行",
            "{path}, of which this was made, is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put that file back, and it goes "
            "on by itself; to publish it as it was last read, release it",
            path=path,
        )
    return say(
        "重复稿件的底稿 {path} 现在读不成稿件，这一期没有发出。改好会自动恢复；确要照上一版发就放行",
        "{path}, of which this was made, cannot be read as a post as things are, and it was not sent. Mend it, and it goes on by itself; to "
        "publish it as it was last read, release it",
        path=path,
    )


def stopped(connection: sa.Connection, slug: str) -> str:
    """Why an occurrence waits for its source; empty where it does not, and for any other post."""
    row = series.occurrence(connection, slug)
    if row is None or row.standing != "made":
        return ""
    source = series.by_id(connection, row.series_id)
    return stopped_in_words(source.path, source.standing) if source.standing in {"gone", "broken"} else ""
