"""Restored: the end of what a restore has left open, when a person says that every newer post is in its place."""

from xuanfa.domain.act import AllPostsAreHere
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.decide import resume_within
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import QueueReport, queue
from xuanfa.store import restores


def all_posts_are_here(desk: Desk, act: AllPostsAreHere, person: Person) -> QueueReport:
    """Read ``posts/`` once more, while what is not known is still held, and go on sending; what is read from then on is new.

    Raises StateError where a file cannot be taken: mended later, it would be taken for a new post and might be published a second time.
    """
    report = queue(desk)
    if report.problems:
        raise StateError(
            say(
                "posts/ 里还有 {n} 处问题，改好之后会被当作新稿件，可能再发一次：请先改好，或在不要的文件名前加 _，再运行一次。\n{problems}",
                "There are {n} problems in posts/; mended later, these would be taken for new posts and might go out again: mend them, or put _ "
                "before the names of files that are not wanted, then run this again.\n{problems}",
                n=len(report.problems),
                problems="\n".join(report.problems[:_NAMED]),
            )
        )
    now = desk.clock()
    with desk.store.write() as connection:
        resume_within(connection, EVERYTHING, person.signs(act.verb), person.why, now)
        restores.complete(connection, now)
    return report


#: How many problems are named.
_NAMED = 10
