"""Marks on the disk: lines that survive each other, whoever writes them and however they were torn."""

import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from xuanfa.domain.mark import Knowledge, Mark, Sent, forgotten, unaccounted
from xuanfa.store.marks import Marks, state_folder

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def marks(tmp_path: Path) -> Marks:
    (tmp_path / "office").mkdir()
    made = Marks(tmp_path / "office", tmp_path / "state" / "xuanfa")
    made.use("w", "d", named=True)
    return made


def mark(far: int = 0, database: str = "d", *sent: Sent, **more: object) -> Mark:
    return Mark(workspace="w", database=database, folder="/srv", at=NOW, far=far, sent=sent, **more)  # type: ignore[arg-type]


def test_a_mark_is_read_as_it_was_written() -> None:
    written = mark(7, "d", Sent(1, 2, "开庭", "site"), out=(Sent(3, 1, "b", "weibo"),), held=True)
    read = Mark.from_line(written.as_line())
    assert read is not None
    assert read.digest
    assert (read.far, read.sent, read.out, read.held, read.at) == (
        written.far,
        written.sent,
        written.out,
        True,
        written.at,
    )


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"[]", b"7", b'{"database":"d"}', b'{"database":"d","at":"x"}', b'{"database":"d","at":7}', b"\xff"],
)
def test_what_is_no_mark_is_none(line: bytes) -> None:
    assert Mark.from_line(line) is None


def test_a_torn_line_spoils_no_other(marks: Marks) -> None:
    marks.write(mark(1))
    for place in marks.places:
        with place.open("ab") as file:
            file.write(mark(2).as_line()[:20])
    marks.write(mark(3))
    assert [[found.far for found in place] for place in marks.recent()] == [[3, 1], [3, 1]]
    assert [found.far for _, found in marks.all()] == [1, 3, 1, 3]


def test_the_newest_are_found_at_the_end_of_a_long_file(marks: Marks) -> None:
    marks.write(*(mark(number + 1, "d", Sent(1, 1, "长" * 200, "c")) for number in range(500)))
    (beside, _) = marks.recent()
    assert [found.far for found in beside] == list(range(500, 480, -1))
    assert marks.owner() == "w"


def test_many_that_write_at_once_lose_nothing(marks: Marks) -> None:
    others = [Marks(Path(marks.folder), marks.state) for _ in range(8)]

    def write(own: Marks, first: int) -> None:
        own.use("w", "d", named=True)
        for number in range(50):
            own.write(mark(first + number))

    threads = [Thread(target=write, args=(own, 1 + 50 * at)) for at, own in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [each.far for place, each in marks.all() if place.endswith("xuanfa.marks")]
    assert sorted(found) == list(range(1, 401))


def test_without_a_folder_there_are_none() -> None:
    none = Marks()
    assert none.write(mark(1))
    assert none.places == []
    assert list(none.all()) == []


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/a"}, Path("/state/xuanfa")),
        ({"HOME": "/home/a"}, Path("/home/a/.local/state/xuanfa")),
        ({"XDG_STATE_HOME": "state", "HOME": "/home/a"}, Path("/home/a/.local/state/xuanfa")),
        ({"XDG_STATE_HOME": ""}, None),
        ({"HOME": "."}, None),
    ],
)
def test_the_state_folder_is_where_the_standard_says(environ: dict[str, str], folder: Path | None) -> None:
    assert state_folder(environ) == folder


def test_what_one_account_writes_is_not_for_others_to_list(marks: Marks) -> None:
    marks.write(mark(1))
    assert marks.state is not None
    assert marks.state.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_makes_the_mark_for_whoever_owns_the_workspace(marks: Marks) -> None:
    os.chown(marks.folder, 12345, 12346)
    marks.write(mark(1))
    assert marks.beside is not None
    stat = marks.beside.stat()
    assert (stat.st_uid, stat.st_gid) == (12345, 12346)


def test_a_database_is_ahead_of_its_marks_or_has_forgotten() -> None:
    known = Knowledge(database="d", far=10, attempts={1: 2})
    assert forgotten([mark(10), mark(3, "d", Sent(1, 2, "a", "c"))], known) is None
    for ahead in (mark(11), mark(1, "d", Sent(1, 3, "a", "c")), mark(1, "d", Sent(2, 1, "b", "c")), mark(1, "other")):
        assert forgotten([mark(10), ahead], known) == ahead


def test_only_what_is_newer_than_what_was_accounted_for_and_says_anything_counts() -> None:
    lines = [Mark.from_line(each.as_line()) for each in (mark(4), mark(3, held=True), mark(0), mark(2), mark(1))]
    marks = [each for each in lines if each is not None]
    assert [each.far for each in unaccounted(marks, ())] == [4, 2, 1]
    assert [each.far for each in unaccounted(marks, {marks[3].digest})] == [4]


def test_what_ends_what_was_before_is_as_far_as_is_looked() -> None:
    assert [each.far for each in unaccounted([mark(4), mark(0, ends=True), mark(2)], ())] == [4]
