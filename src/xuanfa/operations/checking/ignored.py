"""Which findings people have said to be none: they are told as such, or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xuanfa.domain.checking import Found
from xuanfa.domain.verdict import Note, Waiver, is_ignored
from xuanfa.operations.desk import Desk
from xuanfa.store import verdicts


def with_ignored(desk: Desk, found: Iterable[Found]) -> Iterator[Found]:
    """The findings, those that are ignored marked as such."""
    known: dict[str, list[Waiver]] = {}
    for one in found:
        if one.post not in known:
            with desk.store.read() as connection:
                known[one.post] = verdicts.about(connection, one.post)
        note = Note.of(one, line=one.line, column=one.column)
        yield replace(one, ignored=True) if is_ignored(note, known[one.post], one.post) else one


def out_now(desk: Desk) -> Iterator[Found]:
    """What is out and in which today's rules find something severe for which nobody answers, as it was last read."""
    with desk.store.read() as connection:
        for hit in verdicts.published(connection):
            waived = verdicts.about(connection, hit.slug)
            for note in hit.verdict.notes:
                if not any(each.answers(note, hit.slug, hit.digest) for each in waived):
                    yield note.found(file=hit.path, post=hit.slug, channel=hit.channel)
