"""Undecided: what an examination says of deliveries, reviews and withdrawals that wait for a person. Nothing is in order while any does."""

from collections.abc import Iterator

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.watching.alarms import about_posts
from xuanfa.operations.watching.examined import Examined
from xuanfa.store import waiting

#: How many are named; the rest is counted, and stands in the list of alarms.
_NAMED = 20


def examine_undecided(desk: Desk) -> Iterator[Examined]:
    """Each as the alarms say it, with what shows it; what is to be reviewed; and what was handed over, for a person to publish."""
    what = say("等人处理", "waits for a person")
    causes = about_posts(desk)
    for cause in causes[:_NAMED]:
        trouble = say("{words}（{look}）", "{words} ({look})", words=cause.words, look=cause.look)
        yield Examined(what=what, trouble=trouble, fatal=False, waits=True)
    if len(causes) > _NAMED:
        rest = say("另有 {n} 件：{alarms}", "{n} more: {alarms}", n=len(causes) - _NAMED, alarms=Remedy("alarms"))
        yield Examined(what=what, trouble=rest, fatal=False, waits=True)
    with desk.store.read() as connection:
        number, unreviewed = waiting.to_publish_by_hand(connection), waiting.posts_to_review(connection)
    if unreviewed:
        awaiting = say(
            "{n} 篇稿件待审核：{reviews}",
            "{n} posts await their review: {reviews}",
            n=unreviewed,
            reviews=Remedy("list_reviews"),
        )
        yield Examined(what=what, trouble=awaiting, fatal=False, waits=True)
    if number:
        handed = say(
            "{n} 条投递已交接，等人发布后登记公开地址：{deliveries}",
            "{n} deliveries were handed over, for a person to publish and to enter their address: {deliveries}",
            n=number,
            deliveries=Remedy("deliveries", state="accepted"),
        )
        yield Examined(what=what, trouble=handed, fatal=False, waits=True)
