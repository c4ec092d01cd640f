"""Judging: from what the rules find to verdicts that are kept. Each finding of a channel's text is led back to the line of the file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from xuanfa.checks.rules.engine import LONGEST, Engine
from xuanfa.checks.rules.statutes import laws
from xuanfa.checks.rules.table import term_days
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.attachment import attached
from xuanfa.domain.checking import Found
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.verdict import Note, Verdict, bounded
from xuanfa.operations.checking.attached import check_attachments
from xuanfa.operations.checking.posts import check_rendition, looks_like_post

#: Where it stands in a file: line and column.
_Places = Mapping[tuple[str, str], Sequence[tuple[int, int]]]


def judge(
    engine: Engine,
    renditions: Mapping[str, Rendition],
    source: str,
    *,
    when: date,
    stamp: str,
    media: MediaStore | None = None,
) -> dict[str, Verdict]:
    """What the rules say of each of these, and of the attachments that it carries, which lie in ``media``. What stands in the source belongs to
    all of them, whether a channel shows it or not."""
    since, until = interval(engine, when)
    own = engine.check(source[:LONGEST], when=when, is_post=looks_like_post(source)) if source else []
    places = _places(own)
    mine = [Note.of(one, line=one.line, column=one.column) for one in own]
    told = {note.mark for note in mine}
    verdicts = {}
    for channel, rendition in renditions.items():
        found = [_located(one, source, places) for one in check_rendition(engine, rendition, when=when)]
        if media is not None:
            enclosed = check_attachments(engine, attached(rendition.extra), media, when=when)
            found += [Note.of(one, line=0, column=0, file=one.file) for one in enclosed]
        more = list(dict.fromkeys(note for note in found if note.mark not in told))
        notes, left_out = bounded([*mine, *more])
        verdicts[channel] = Verdict(notes=notes, stamp=stamp, since=since, until=until, left_out=left_out)
    return verdicts


def _places(found: Iterable[Found]) -> _Places:
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for one in found:
        places[one.rule, one.text].append((one.line, one.column))
    return places


def _located(one: Found, source: str, places: _Places) -> Note:
    """The finding with its place in the file, where its words stand there as they are."""
    known = places.get((one.rule, one.text))
    if known:
        return Note.of(one, line=known[0][0], column=known[0][1])
    at = source.find(one.text) if len(one.text) > 1 else -1  # a mark by itself stands anywhere
    if at < 0:
        return Note.of(one, line=0, column=0)
    return Note.of(one, line=source.count("\n", 0, at) + 1, column=at - source.rfind("\n", 0, at))


def interval(engine: Engine, when: date) -> tuple[date, date]:
    """The days around one on which the same rules hold: from the first to the one before the second."""
    bounds = _bounds(engine)
    since = max((day for day in bounds if day <= when), default=date.min)
    until = min((day for day in bounds if day > when), default=date.max)
    return since, until


def _bounds(engine: Engine) -> set[date]:
    """The days on which something begins to hold, or holds no longer."""
    begins = {rule.valid_from for rule in engine.rules.values()} | term_days()
    ends = {rule.valid_until for rule in engine.rules.values()} | {law.until for law in laws().values()}
    after = {day + timedelta(days=1) for day in ends if day is not None and day < date.max}
    return {day for day in begins if day is not None} | after
