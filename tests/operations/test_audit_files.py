"""The audit: which line was changed, taken away, moved or put there, in the database and in files of it."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.domain.act import Cancel, Pause, Reschedule, Resume
from xuanfa.domain.errors import ConfigError, StateError
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.audit import Audited, export, verify_file, verify_history
from xuanfa.operations.keeping.seal import seal
from xuanfa.reports.audit import audited
from xuanfa.store.schema import attempts, events

ANNA = Person(name="anna", why="看过了", how="password", place="anna@desk")
BEN = Person(name="ben", how="token", place="ben@desk")


@pytest.fixture
def office(bench: Any) -> Any:
    """A history of some lines, sealed in two seals."""
    bench.channel()
    bench.queue("one", "two")
    bench.run()
    carry_out(bench.desk, Pause(), ANNA)
    seal(bench.desk)
    bench.clock.advance(days=1)
    carry_out(bench.desk, Resume(), BEN)
    with pytest.raises(StateError):
        carry_out(bench.desk, Cancel(delivery=1), BEN)
    with pytest.raises(StateError):
        carry_out(bench.desk, Reschedule(delivery=2, at=bench.clock()), ANNA)
    seal(bench.desk)
    return bench


def forge(bench: Any, *statements: str) -> None:
    """What whoever has the database can do, with the guard out of the way."""
    with bench.desk.store.write() as connection:
        if connection.dialect.name == "sqlite":
            for name in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(sa.text(statement))


def numbers(bench: Any) -> list[int]:
    with bench.desk.store.read() as connection:
        return list(connection.scalars(sa.select(events.c.id).order_by(events.c.id)))


def wrong(found: list[Audited]) -> dict[int, str]:
    return {fault.number: fault.wrong.value for item in found for fault in item.faults}


def test_a_history_that_nobody_touched_holds(office: Any) -> None:
    assert [item.trouble for item in verify_history(office.desk)] == [""] * 5


def test_who_did_what_when_where_and_how_it_ended(office: Any) -> None:
    rows = [line.as_json() for line in audited(office.desk.store, since=None, until=None, who=None, post=None)]
    assert [(row["who"], row["how"], row["where"], row["act"], row["post"], row["result"]) for row in rows] == [
        ("anna", "password", "anna@desk", "pause", None, "done"),
        ("ben", "token", "ben@desk", "resume", None, "done"),
        ("ben", "token", "ben@desk", "cancel", "one", "refused"),
        ("anna", "password", "anna@desk", "reschedule", "two", "refused"),
    ]
    assert rows[0]["why"] == "看过了"
    later = office.clock()
    select: dict[str, Any] = {"since": None, "until": None, "who": None, "post": None}
    for name, value, count in (("who", "ben", 2), ("post", "one", 1), ("since", later, 3), ("until", later, 1)):
        assert len(audited(office.desk.store, **select | {name: value})) == count


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE events SET actor = 'x' WHERE id = {1}"], {1: "changed"}),
        (["UPDATE events SET at = at + 1 WHERE id = {2}", "UPDATE events SET why = '' WHERE id = {-2}"], {2: "changed", -2: "changed"}),
        (["DELETE FROM events WHERE id = {2}"], {2: "missing"}),
        (["DELETE FROM events WHERE id = {-1}"], {-1: "missing"}),
        (
            ["UPDATE events SET id = 9999 WHERE id = {1}", "UPDATE events SET id = {1} WHERE id = {2}", "UPDATE events SET id = {2} WHERE id = 9999"],
            {1: "moved", 2: "moved"},
        ),
    ],
    ids=["changed", "two", "missing", "last", "swapped"],
)  # fmt: skip
def test_the_line_is_named_by_its_number(office: Any, statements: list[str], expected: dict[int, str]) -> None:
    all_of_them = numbers(office)
    forge(office, *[_filled(statement, all_of_them) for statement in statements])
    assert wrong(list(verify_history(office.desk))) == {all_of_them[place]: what for place, what in expected.items()}


def _filled(statement: str, there: list[int]) -> str:
    for place in (1, 2, -1, -2):
        statement = statement.replace(f"{{{place}}}", str(there[place]))
    return statement


def test_where_the_short_hashes_were_changed_too_the_span_is_named(office: Any) -> None:
    first = numbers(office)[0]
    forge(office, "UPDATE events SET actor = 'x' WHERE id = 1", "UPDATE seals SET lines = '' WHERE number = 1")
    [fault] = [fault for item in verify_history(office.desk) for fault in item.faults]
    assert (fault.number, fault.seal) == (first, 1)
    assert fault.last is not None
    assert "之间被改动" in fault.words


def test_an_attempt_that_was_changed_is_found_with_the_line_that_vouches_for_it(office: Any) -> None:
    forge(office, "UPDATE attempts SET evidence = 'x' WHERE delivery_id = 2")
    with office.desk.store.read() as connection:
        query = sa.select(events.c.id).where(events.c.delivery_id == 2, events.c.after == "published")
        line = connection.scalar(query)
        assert connection.scalar(sa.select(sa.func.count()).select_from(attempts)) == 2
    assert wrong(list(verify_history(office.desk))) == {line: "changed"}


def test_a_file_can_be_checked_by_the_rule_that_it_tells(office: Any, tmp_path: Path) -> None:

    done = export(office.desk, tmp_path / "a.jsonl")
    first, *rest = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    header = json.loads(first)
    assert "SHA-256" in header["how_to_check"]["zh"]
    assert "SHA-256" in header["how_to_check"]["en"]
    before = hashlib.sha256(first.encode()).hexdigest()
    for text in rest:
        body = text[: text.rindex(',"hash":')] + "}"
        before = hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()
        assert json.loads(text)["hash"] == before
    assert (done.lines, done.hash) == (len(rest) - 1, before)
    assert [json.loads(text)["number"] for text in rest[:-1]] == numbers(office)
    assert [item.trouble for item in verify_file(tmp_path / "a.jsonl", office.desk)] == ["", ""]
    with pytest.raises(ConfigError, match="已经存在"):
        export(office.desk, tmp_path / "a.jsonl")


Lines = list[str]


def _swap(lines: Lines) -> Lines:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda lines: [*lines[:2], lines[2].replace('"at":"2026', '"at":"2027'), *lines[3:]], {1: "changed"}),
        (lambda lines: [*lines[:2], *lines[3:]], {1: "missing"}),
        (_swap, {1: "moved", 2: "moved"}),
        (lambda lines: lines[:-1], {-1: "cut"}),
        (lambda lines: [*lines[:-2], lines[-1]], {-1: "missing", -2: "cut"}),
        (lambda lines: [lines[0].replace('"format":1', '"format":1,"x":1'), *lines[1:]], {0: "changed"}),
    ],
    ids=["changed", "missing", "swapped", "cut", "last", "header"],
)
def test_what_was_changed_in_a_file_is_named(
    office: Any, tmp_path: Path, edit: Callable[[Lines], Lines], expected: dict[int, str]
) -> None:
    path = tmp_path / "a.jsonl"
    export(office.desk, path)
    path.write_text("\n".join(edit(path.read_text(encoding="utf-8").splitlines())) + "\n", encoding="utf-8")
    there = numbers(office)
    found = wrong(list(verify_file(path, None)))
    if "cut" in expected.values() and len(expected) > 1:
        assert found == {there[-2]: "cut"}  # nothing behind it tells its number
    else:
        assert found == {there[place]: what for place, what in expected.items()}


def test_a_database_that_was_changed_since_is_found_by_the_file(office: Any, tmp_path: Path) -> None:
    export(office.desk, tmp_path / "a.jsonl")
    third = numbers(office)[2]
    forge(office, "UPDATE events SET actor = 'x' WHERE id = 3")
    whole, compared = verify_file(tmp_path / "a.jsonl", office.desk)
    assert whole.trouble == ""
    assert wrong([compared]) == {third: "changed"}


@pytest.mark.parametrize(
    "text", ["", "no json\n", "[]\n", '{"xuanfa":"audit","format":2}\n', '{"xuanfa":"audit","format":1}\n[]\n']
)
def test_what_is_no_audit_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="不是审计文件"):
        list(verify_file(path, None))
