"""Platforms that do not tell readers' figures: a cause of alarm once it lasts or waits for a person, and a line of an examination."""

from collections.abc import Iterator

from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.readers.asking import PATIENCE, troubles
from xuanfa.operations.watching.examined import Examined


def of_readers(desk: Desk) -> Iterator[Cause]:
    """One cause for a channel, however many publications wait for its figures."""
    now = desk.clock()
    for each in troubles(desk):
        if not each.needs_person and now - each.since < PATIENCE:
            continue
        words = say(
            "渠道“{title}”从 {since} 起取不到阅读数据：{why}",
            "the channel “{title}” has told no readers’ figures since {since}: {why}",
            title=desk.channels[each.channel].title or each.channel,
            since=in_words(each.since, desk.zone),
            why=each.words,
        )
        look = where_to_look(Remedy("ask_readers"), Remedy("doctor"))
        yield Cause(name=f"readers:{each.channel}", words=words, look=look)


def examine_readers(desk: Desk) -> Iterator[Examined]:
    """Channels whose platforms do not tell; everything else works."""
    for each in troubles(desk):
        yield Examined(
            what=say("渠道 {id} 的阅读数据", "readers’ figures of the channel {id}", id=each.channel),
            trouble=say(
                "从 {since} 起取不到：{why}",
                "none since {since}: {why}",
                since=in_words(each.since, desk.zone),
                why=each.words,
            ),
            fatal=False,
        )
