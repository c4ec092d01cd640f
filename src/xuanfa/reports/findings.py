"""What the rules found in what is to leave of a post, and who answers for it: for whoever decides."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from xuanfa.domain.checking import Level
from xuanfa.domain.verdict import Note, Waiver, unanswered
from xuanfa.store import posts, users, verdicts
from xuanfa.store.database import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedFinding:
    """One finding; ``by`` and ``why`` of whoever answers for it or has ignored it, empty where nobody does."""

    note: Note
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedFindings:
    """All of a post: how many of each level, those that a person should see, and whether the last step asks for a reason."""

    counts: Mapping[Level, int]
    noted: Sequence[NotedFinding] = ()
    vetoes: int = 0
    severe: int = 0


def noted_findings(store: Store, slug: str, digests: Collection[str]) -> NotedFindings:
    """What was found in these renditions of a post, each finding once, the heaviest first."""
    with store.read() as connection:
        known = posts.by_slug(connection, slug)
        kept = [] if known is None else verdicts.of_digests(connection, known.id, digests)
        waived = verdicts.about(connection, slug)
        shown = {user.name: user.display for user in users.all(connection)}
    notes, open_ = dict[tuple[str, str], Note](), set[tuple[str, str]]()
    for digest, each in kept:
        notes |= {note.mark: note for note in each.verdict.notes}
        left = unanswered(each.verdict.notes, waived, post=slug, digest=digest, least=Level.HINT)
        open_ |= {note.mark for note in left}
    heavy = sorted(notes.values(), key=lambda note: (-note.level.weight, note.line, note.rule))
    return NotedFindings(
        counts=Counter(note.level for note in heavy),
        noted=[_noted(note, waived, shown, is_open=note.mark in open_) for note in heavy],
        vetoes=sum(note.level is Level.VETO and note.mark in open_ for note in heavy),
        severe=sum(note.level is Level.SEVERE and note.mark in open_ for note in heavy),
    )


def _noted(note: Note, waived: Sequence[Waiver], shown: Mapping[str, str], *, is_open: bool) -> NotedFinding:
    found = next((each for each in reversed(waived) if (each.rule, each.text) == note.mark), None)
    if is_open or found is None:
        return NotedFinding(note=note)
    return NotedFinding(note=note, by=shown.get(found.actor, found.actor), why=found.why)
