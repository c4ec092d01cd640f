"""Verdicts and waivers on both databases: what stands of a rendition, and for what the history vouches."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from xuanfa.domain.checking import Level
from xuanfa.domain.person import Signature
from xuanfa.domain.verdict import Note, Verdict, Waiver
from xuanfa.store import schema, verdicts
from xuanfa.store.database import Store

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
POST = {"slug": "a", "path": "a", "revision": 1, "title": "", "column_id": "", "department": "", "queued_at": NOW}
RENDITION = {
    "post_id": 1,
    "revision": 1,
    "channel": "site",
    "digest": "d",
    "title": "",
    "summary": "",
    "media_type": "text/plain",
    "body": "",
    "pictures": [],
    "needs": [],
    "extra": {},
}


def note(level: Level, text: str) -> Note:
    return Note(rule="term.x", level=level, text=text, message="m", line=3, column=4)


def waiver(text: str, **more: str) -> Waiver:
    return Waiver(rule="term.x", text=text, actor="li", why="因为", at=NOW, **more)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as connection:
        connection.execute(sa.insert(schema.posts), POST)
        connection.execute(sa.insert(schema.renditions), RENDITION)
    return store


def stands(store: Store, *notes: Note) -> str:
    verdict = Verdict(notes=notes, stamp="s", since=date(2026, 1, 1), until=date(2027, 1, 1))
    with store.write() as connection:
        return verdicts.keep(connection, 1, verdict, NOW, post="a", digest="d", actor="node")


def waive(store: Store, given: Waiver) -> list[int]:
    with store.write() as connection:
        verdicts.waive(connection, [given], Signature(name="li", act="release", how="machine", place=""), post_id=1)
        return verdicts.settle(connection, given.post)


def test_what_is_kept_is_what_is_read_again(filled: Store) -> None:
    both = (note(Level.SEVERE, "甲"), note(Level.HINT, "乙"))
    assert stands(filled, *both) == "severe"
    with filled.read() as connection:
        kept = verdicts.of_renditions(connection, [1])[1]
        assert verdicts.standing(connection, [1, 2]) == {1: "severe"}
    assert (kept.verdict.notes, kept.verdict.until, kept.stands) == (both, date(2027, 1, 1), "severe")


def test_the_heaviest_that_nobody_answers_for_stands(filled: Store) -> None:
    notes = (note(Level.VETO, "甲"), note(Level.SEVERE, "乙"), note(Level.MINOR, "丙"))
    assert stands(filled, *notes) == "veto"
    assert waive(filled, waiver("甲", post="a", digest="d")) == [], "a veto is not accepted"
    assert stands(filled, *notes) == "veto"
    waive(filled, waiver("甲", post="a"))
    assert stands(filled, *notes) == "severe"
    assert waive(filled, waiver("乙", post="a", digest="other")) == [], "another rendition"
    assert waive(filled, waiver("乙", post="a", digest="d")) == [1]
    assert stands(filled, *notes) == ""


def test_what_is_ignored_for_ever_is_so_in_every_post(filled: Store) -> None:
    assert stands(filled, note(Level.SEVERE, "甲")) == "severe"
    assert waive(filled, waiver("甲", post="b")) == []
    assert waive(filled, waiver("甲")) == [1]


def test_the_history_vouches_for_waivers(filled: Store) -> None:
    waive(filled, waiver("甲", post="a"))
    with filled.write() as connection:
        assert verdicts.forged(connection) == []
        connection.execute(sa.insert(schema.waivers), {**vars_of(waiver("乙")), "id": 7})
        assert verdicts.forged(connection) == ["* term.x"]
        connection.execute(sa.delete(schema.waivers))
        assert len(verdicts.forged(connection)) == 1, "one that was taken away"


def vars_of(one: Waiver) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("rule", "text", "post", "digest", "actor", "why", "at")}


def test_a_verdict_is_of_a_rendition_that_there_is(store: Store) -> None:
    row = {"stamp": "a", "since": "", "until": "", "notes": [], "left_out": 0, "stands": "", "read_at": NOW}
    with store.write() as connection, pytest.raises(IntegrityError):
        connection.execute(sa.insert(schema.verdicts), {"rendition_id": 99, **row})


@pytest.mark.parametrize("change", [{"stands": ""}, {"notes": []}, {"notes": [], "stands": ""}, {"notes": "x"}])
def test_a_verdict_that_is_rewritten_is_believed_by_nobody(filled: Store, change: dict[str, object]) -> None:
    assert stands(filled, note(Level.SEVERE, "甲"), note(Level.HINT, "乙")) == "severe"
    with filled.write() as connection:
        assert verdicts.altered(connection) == []
        connection.execute(schema.verdicts.update().values(**change))
        assert verdicts.standing(connection, [1]) == {1: verdicts.ALTERED}
        assert verdicts.altered(connection) == ["a (site)"]
        verdicts.forget(connection, 1)
        assert verdicts.standing(connection, [1]) == {}
    assert stands(filled, note(Level.SEVERE, "甲")) == "severe", "the rules were asked again"
    with filled.read() as connection:
        assert verdicts.altered(connection) == []


def test_a_waiver_of_which_no_line_tells_answers_for_nothing(filled: Store) -> None:
    assert stands(filled, note(Level.SEVERE, "甲")) == "severe"
    with filled.write() as connection:
        for post, digest in (("a", "d"), ("a", ""), ("", "")):
            forged = vars_of(waiver("甲", post=post, digest=digest))
            connection.execute(sa.insert(schema.waivers), forged)
        assert verdicts.settle(connection, "a") == []
        assert verdicts.about(connection, "a") == verdicts.for_ever(connection) == []
        connection.execute(schema.verdicts.update().values(stands=""))
        assert verdicts.standing(connection, [1]) == {1: verdicts.ALTERED}
    assert stands(filled, note(Level.SEVERE, "甲")) == "severe"


def test_the_history_tells_each_change_of_what_is_found_once(filled: Store) -> None:
    for notes in ((), (note(Level.SEVERE, "甲"),), (note(Level.SEVERE, "甲"), note(Level.HINT, "丁")), (), ()):
        stands(filled, *notes)
    with filled.read() as connection:
        rows = connection.execute(sa.select(schema.events.c.proof).where(schema.is_of_found).order_by("id")).all()
        assert [row.proof is not None for row in rows] == [True, False]
        assert verdicts.altered(connection) == []
