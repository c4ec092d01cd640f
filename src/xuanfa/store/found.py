"""What the rules found that stops something, as the history tells it: each change of that has a line, so that a verdict that is rewritten past
the program lets nothing leave. Inside the caller's transaction."""

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.checking import Level
from xuanfa.domain.language import say
from xuanfa.domain.person import Actor
from xuanfa.domain.verdict import Verdict
from xuanfa.store.chain import canonical
from xuanfa.store.schema import events, is_of_found, renditions
from xuanfa.store.signed import signed

_E, _R = events.c, renditions.c
#: The line about what was found in a rendition: with a hash of it, or, where the rules find nothing of the kind any more, with none.
FOUND: Final = "found"
#: Somebody has rewritten a verdict; it is thrown away, and the rules are asked again.
ALTERED: Final = "verdict_altered"


def proof_of(verdict: Verdict) -> str | None:
    """A hash of everything in a verdict that stops something; ``None`` where nothing does."""
    marks = sorted([note.rule, note.level.value, note.text] for note in verdict.notes if _stops(note.level))
    is_more = bool(verdict.left_out and verdict.notes and _stops(verdict.notes[-1].level))
    return hashlib.sha256(canonical([marks, is_more])).hexdigest() if marks else None


def _stops(level: Level) -> bool:
    return level.weight >= Level.SEVERE.weight


def tell(connection: sa.Connection, rendition_id: int, verdict: Verdict, now: datetime, actor: Actor) -> None:
    """Write the line, where the newest one says something else. Nearly always there is none, and nothing to be said."""
    proof = proof_of(verdict)
    if proof == told(connection, [rendition_id]).get(rendition_id):
        return
    of = connection.execute(sa.select(_R.post_id, _R.channel).where(_R.id == rendition_id)).one()
    count = sum(_stops(note.level) for note in verdict.notes) + verdict.left_out
    stopped = say(
        "{channel} 的成稿里检查出 {n} 处要停下的问题",
        "what {channel} gets has {n} things in it that stop it, say the rules",
        channel=of.channel,
        n=count,
    )
    clean = say(
        "{channel} 的成稿按现在的规则没有要停下的问题",
        "what {channel} gets has nothing in it any more that stops it, by the rules of now",
        channel=of.channel,
    )
    line = {
        "at": now,
        "after": FOUND,
        "channel": of.channel,
        "post_id": of.post_id,
        "revision": rendition_id,
        "proof": proof,
        "why": stopped if proof else clean,
        **signed(actor),
    }
    connection.execute(events.insert(), line)


def told(connection: sa.Connection, ids: Collection[int]) -> dict[int, str]:
    """What the newest lines say of these renditions; those of which nothing is said, or that nothing stops any more, are left out."""
    if not ids:
        return {}
    rows = {row.revision: row.proof for row in connection.execute(_TOLD, {"ids": list(ids)})}
    return {number: proof for number, proof in rows.items() if proof is not None}


_LINES = sa.select(_E.revision, _E.proof).where(is_of_found).order_by(_E.id)
_TOLD = _LINES.where(_E.revision.in_(sa.bindparam("ids", expanding=True)))


def all_told(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """The same of every rendition."""
    newest = {row.revision: row.proof for row in connection.execute(_LINES)}
    return ((number, proof) for number, proof in newest.items() if proof is not None)
