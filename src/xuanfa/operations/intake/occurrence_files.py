"""The files of occurrences: made of their source, beside it, and taken away again as long as they are what was written."""

import hashlib
import json
from datetime import date, datetime, tzinfo
from pathlib import Path

from xuanfa.content.reading import beside
from xuanfa.content.reading.kinds import suffix_of
from xuanfa.content.reading.occurrences import Wanted, occurrence_of
from xuanfa.content.reading.restricted import names_access
from xuanfa.content.reading.sources import decode, read_source
from xuanfa.domain.errors import ContentError
from xuanfa.domain.recurring import moment_of, slug_of
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import InboxFile, digest_of, source_of
from xuanfa.operations.keeping.whole import write_whole
from xuanfa.store.series import Occurrence, Series


class ChangedByHandError(Exception):
    """What lies there is not what was written."""


class SourceMovedError(Exception):
    """The source is not what was read any more: it is read first."""


def suffix_of_source(source: Series) -> str:
    """The ending of its file's name."""
    return suffix_of(source.path)


def says_access(desk: Desk, source: Series) -> bool:
    """Whether its file says who may read it, or cannot be read for that."""
    if suffix_of_source(source) != ".md":
        return True
    try:
        return names_access(decode(read_source(desk.folder / source.path, source.path), source.path).text)
    except (ContentError, OSError):
        return True


def making_of(desk: Desk, source: Series, day: date) -> str:
    """A digest of all that an occurrence of this day is made of."""
    wanted = wanted_of(desk.zone, source, slug_of(source.slug, day), day)
    facts = [source.digest, wanted.publish_at, dict(wanted.times), dict(wanted.channels)]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def wanted_of(zone: tzinfo, source: Series, slug: str, day: date) -> Wanted:
    """What an occurrence says instead of its source: every time as far from its own day as it is from the first turn's."""
    first = source.first_at.astimezone(zone).date()
    later = day - first
    times: dict[str, str] = {}
    channels: dict[str, str] = {}
    for key, value in source.times.items():
        if key == "review_on":
            times[key] = (date.fromisoformat(value) + later).isoformat()
            continue
        at = datetime.fromisoformat(value)
        shown = _shown(moment_of(at.astimezone(zone).date() + later, at, zone), zone)
        if key.startswith("channels."):
            channels[key.removeprefix("channels.")] = shown
        else:
            times[key] = shown
    due = _shown(moment_of(day, source.first_at, zone), zone)
    return Wanted(slug=slug, publish_at=due, source=source.path, times=times, channels=channels)


def _shown(at: datetime, zone: tzinfo) -> str:
    here = at.astimezone(zone)
    return f"{here:%Y-%m-%d %H:%M:%S}" if here.second else f"{here:%Y-%m-%d %H:%M}"


def digest_at(desk: Desk, path: str) -> str:
    """The digest of what lies in a file of ``posts/``; empty where there is none, or none that can be read."""
    try:
        return digest_of(source_of(InboxFile(path=desk.folder / path, shown_as=path)))
    except ContentError:
        return ""


def written_for(desk: Desk, source: Series, slug: str, day: date, path: str, *, before: str) -> str:
    """Write the file of an occurrence, in place of one with the digest ``before``; the digest of what was written.

    Raises ChangedByHandError where something else lies there, SourceMovedError, ContentError where the source cannot be written so,
    OSError where the machine does not let it.
    """
    file = InboxFile(path=desk.folder / source.path, shown_as=source.path)
    data = source_of(file)
    if digest_of(data) != source.digest:
        raise SourceMovedError
    written = occurrence_of(data, file.path, wanted_of(desk.zone, source, slug, day))
    target = desk.folder / path
    found = digest_at(desk, path)
    if found == written.digest:
        return found  # written before a crash, or by whoever was first
    if found != before and (found or _is_there(target)):
        raise ChangedByHandError
    # It is whole as soon as it is there: nobody has to wait for it to be still.
    now_ns = int((desk.clock() - desk.still).timestamp() - 1) * 1_000_000_000
    for suffix, part in written.parts.items():
        write_whole(target.with_suffix(suffix), part, min(now_ns, file.path.stat().st_mtime_ns))
    return written.digest


def _is_there(target: Path) -> bool:
    sidecar = beside.path_of(target)
    return target.exists() or (sidecar is not None and sidecar.exists())


def take_away(desk: Desk, row: Occurrence) -> None:
    """Take the file of an occurrence away, as long as it is what was written. Raises ChangedByHandError where it is not, OSError."""
    path = desk.folder / row.path
    found = digest_at(desk, row.path)
    if found and found != row.digest:
        raise ChangedByHandError
    sidecar = beside.path_of(path)
    path.unlink(missing_ok=True)
    if sidecar is not None:
        sidecar.unlink(missing_ok=True)
