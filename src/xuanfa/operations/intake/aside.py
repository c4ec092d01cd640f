"""Set aside: a file whose reading has ended the process that read it, twice, is not read a third time until it or the program changes.

Reading goes on in a process of its own, so that nothing a file holds can end the program. What it was reading when it ended is known to
whoever started it; where both have died, a note in ``var/reading`` is left, which the next pass counts.
"""

from collections.abc import Sequence
from typing import Final

from xuanfa import __version__
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.reading import Remnant
from xuanfa.store import posts
from xuanfa.store.posts import SeenFile

#: How often the same bytes may end the process that reads them.
CRASHES_MAX: Final = 2


def crashes(seen: SeenFile | None, digest: str) -> int:
    """How often reading these bytes has ended a process of this version of the program."""
    return seen.crashes if seen is not None and (seen.digest, seen.program) == (digest, __version__) else 0


def count_remnants(desk: Desk, remnants: Sequence[Remnant]) -> None:
    """Note which files were being read when whole programs died."""
    if not remnants:
        return
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        seen = posts.seen_files(connection)
        for remnant in remnants:
            known = seen.get(remnant.shown_as)
            count = crashes(known, remnant.digest) + 1
            how = say("程序在读它时中断", "the program ended while it read it")
            seen[remnant.shown_as] = noted = SeenFile(
                path=remnant.shown_as,
                size=remnant.size,
                changed_ns=remnant.changed_ns,
                digest=remnant.digest,
                problems=(in_words(remnant.shown_as, count, how),),
                crashes=count,
                program=__version__,
            )
            posts.note_file(connection, noted, desk.clock())


def in_words(shown_as: str, count: int, how: str) -> str:
    """What is told of a file whose reading has ended a process ``count`` times; ``how`` is how it did the last time."""
    if count < CRASHES_MAX:
        text = say(
            "读这个文件时出了故障（{how}），没有读进来；下一遍再试一次。请检查内容是否异常，如从网页复制的复杂格式、特大的图片。",
            "reading this file broke down ({how}), and it was not taken; the next pass tries once more. See whether its content is unusual: "
            "markup copied from a web page, a very large picture.",
            how=how,
        )
    else:
        text = say(
            "读这个文件已有 {n} 次出故障（{how}），已搁置，不再读它，其他稿件照常。请修改文件（如改成纯文字再粘贴、缩小图片），改后会自动再读。",
            "reading this file has broken down {n} times ({how}): it is set aside and not read any more, and the others go on. Change the file "
            "(paste it as plain text, make its pictures smaller), and it is read again by itself.",
            n=count,
            how=how,
        )
    return str(ContentError(text, Place(shown_as)))
