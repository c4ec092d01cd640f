"""What lies in ``posts/``: whatever it is, it is that entry's matter, told in words and never at length; the rest goes on."""

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.finding import TOLD_MAX, Finding, in_words
from xuanfa.operations.intake import aside
from xuanfa.operations.intake import queue as queueing
from xuanfa.operations.intake.inbox import PATH_MAX, list_inbox
from xuanfa.operations.intake.queue import Onlooker, queue
from xuanfa.operations.intake.queued import OF_A_FILE, OF_A_PASS, QueueReport, bounded
from xuanfa.operations.intake.reading import Crashed, Read, Remnant, read_source_of
from xuanfa.store import posts as stored

POST = "---\ntitle: 题\n---\n正文。\n"


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    folder = tmp_path / "posts"
    folder.mkdir()
    return folder


def troubles(folder: Path) -> dict[str, str]:
    return {file.shown_as: file.trouble for file in list_inbox(folder)}


def test_what_is_no_plain_file_is_listed_with_its_trouble_and_the_rest_without(posts: Path) -> None:
    (posts / "good.md").write_text(POST, encoding="utf-8")
    os.mkfifo(posts / "pipe.md")
    (posts / "zero.md").symlink_to("/dev/zero")
    (posts / "lost.md").symlink_to("nowhere.md")
    (posts / "round.md").symlink_to("round.md")
    (posts / "folder.md").mkdir()
    (posts / "folder.md" / "inner.md").write_text(POST, encoding="utf-8")
    with (posts / "large.md").open("wb") as file:
        file.truncate(3_000_000_000)
    found = troubles(posts)
    assert found.pop("posts/good.md") == ""
    assert "普通文件" in found.pop("posts/pipe.md")
    assert "普通文件" in found.pop("posts/zero.md")
    assert "链接指向的文件不存在" in found.pop("posts/lost.md")
    assert "链接绕成了圈" in found.pop("posts/round.md")
    assert "这是文件夹" in found.pop("posts/folder.md")
    assert "3000.0 MB" in found.pop("posts/large.md")
    assert found == {}


def test_folders_are_walked_once_however_links_lead(posts: Path) -> None:
    (posts / "2026").mkdir()
    (posts / "2026" / "one.md").write_text(POST, encoding="utf-8")
    (posts / "2026" / "up").symlink_to("..")
    (posts / "2025").symlink_to("2026")
    (posts / "self").symlink_to("self")
    found = troubles(posts)
    assert found.pop("posts/2026/one.md") == ""
    assert list(found) == ["posts/2026/up"]  # it leads to a folder that it lies in
    assert found["posts/2026/up"]


def test_many_folders_within_each_other_are_walked(posts: Path) -> None:
    deep = posts
    for _ in range(400):
        deep /= "a"
    deep.mkdir(parents=True)
    (deep / "one.md").write_text(POST, encoding="utf-8")
    (shown, trouble), *_ = troubles(posts).items()
    assert len(shown) <= PATH_MAX
    assert "个字，最多 500 个" in trouble


def test_a_folder_that_may_not_be_read_is_a_trouble_of_its_own(posts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (posts / "closed").mkdir()
    (posts / "good.md").write_text(POST, encoding="utf-8")
    real = os.scandir

    def scandir(path: Any) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = troubles(posts)
    assert "没有权限" in found["posts/closed"]
    assert found["posts/good.md"] == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"\xd0\xd0\xb6\xaf.md", "posts/行动.md [GBK]"),
        (b"caf\xe9.md", "posts/caf\\xe9.md"),
        (b"a\x1b[2J.md", "posts/a\\x1b[2J.md"),
        (b"a\nb.md", "posts/a\\nb.md"),
    ],
)
def test_names_that_cannot_be_shown_are_written_out_and_not_read(posts: Path, name: bytes, shown: str) -> None:
    (posts / "good.md").write_text(POST, encoding="utf-8")
    Path(os.fsdecode(os.fsencode(posts) + b"/" + name)).write_text(POST, encoding="utf-8")
    found = troubles(posts)
    assert "请改名" in found.pop(shown)
    assert found == {"posts/good.md": ""}


def test_troubled_entries_are_told_on_every_pass_and_stop_nothing(bench: Any) -> None:
    bench.channel()
    desk, folder = bench.desk, bench.folder / "posts"
    os.mkfifo(folder / "pipe.md")
    os.utime(folder / "pipe.md", ns=(2**63, 2**63))
    long = "长" * 80
    (folder / long / long / long / long / long / long).mkdir(parents=True)
    (folder / long / long / long / long / long / long / f"{long}.md").write_text(POST, encoding="utf-8")
    bench.write("good", "正文。")
    os.utime(folder / "good.md", ns=(2**63 - 1, 2**63 - 1))
    first, second = queue(desk), queue(desk)
    assert (first.new, second.unchanged) == (["good"], 1)
    assert first.problems == second.problems
    assert first.trouble == len(first.problems) == 2
    assert any("普通文件" in problem for problem in first.problems)


class Reader:
    """A reader of its own making; ``reads`` says what comes of a file, by its name."""

    def __init__(self, desk: Any, reads: Callable[[str], Read | Crashed | None], remnants: list[Remnant]) -> None:
        self._desk, self._reads, self._remnants = desk, reads, remnants
        self.read_files: list[str] = []

    @contextmanager
    def __call__(self, _desk: Any, _is_stopping: Any) -> Any:
        yield self

    def read(self, file: Any, source: bytes, only: Collection[str] | None) -> Read | Crashed | None:
        self.read_files.append(file.path.name)
        return self._reads(file.path.name) or read_source_of(self._desk, file, source, only)

    def remnants(self) -> Sequence[Remnant]:
        left, self._remnants[:] = list(self._remnants), []
        return left


def breaks(name: str) -> Read | Crashed | None:
    return Crashed(how="SIGSEGV") if name == "bad.md" else None


def test_a_file_that_ends_its_reader_is_tried_twice_last_of_all_and_again_when_it_changes(bench: Any) -> None:
    bench.channel()
    reader = Reader(bench.desk, breaks, [])
    desk = replace(bench.desk, reader=reader)
    bench.write("bad", "甲。")
    bench.write("good", "乙。")
    assert [queue(desk).new for _ in range(3)] == [["good"], [], []]
    assert reader.read_files == ["bad.md", "good.md", "bad.md"]
    with desk.store.read() as connection:
        (left,) = [file for file in stored.bad_files(connection) if file.crashes >= aside.CRASHES_MAX]
    assert (left.path, left.crashes) == ("posts/bad.md", 2)
    assert "已搁置" in queue(desk).problems[0]
    os.utime(bench.folder / "posts" / "bad.md", ns=(1, 1))  # touched, not changed
    queue(desk)
    bench.write("another", "丙。")
    bench.write("bad", "甲乙。")
    queue(desk)
    assert reader.read_files[3:] == ["another.md", "bad.md"]
    (problem,) = queue(replace(desk, reader=Reader(desk, breaks, []))).problems
    assert "已有 2 次" in problem


def test_another_version_of_the_program_tries_again(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.channel()
    desk = replace(bench.desk, reader=Reader(bench.desk, breaks, []))
    bench.write("bad", "甲。")
    for _ in range(3):
        queue(desk)
    for module in (aside, queueing):
        monkeypatch.setattr(module, "__version__", "99")
    assert queue(bench.desk).new == ["bad"]


def test_what_a_dead_program_was_reading_counts_once(bench: Any) -> None:
    bench.channel()
    bench.write("bad", "甲。")
    path = bench.folder / "posts" / "bad.md"
    facts = path.stat()
    note = Remnant(
        shown_as="posts/bad.md",
        size=facts.st_size,
        changed_ns=facts.st_mtime_ns,
        digest=queueing.digest_of(path.read_bytes()),
    )
    reader = Reader(bench.desk, lambda _: None, [note, note])
    assert "程序在读它时中断" in queue(replace(bench.desk, reader=reader)).problems[0]
    assert reader.read_files == []
    other = replace(note, shown_as="posts/gone.md")
    assert queue(replace(bench.desk, reader=Reader(bench.desk, lambda _: None, [other]))).trouble == 1


def test_a_due_post_waits_for_its_changed_file_and_for_no_other(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one", "two")
    bench.write("one", "新的正文。")
    seen: list[Any] = []

    def looked() -> None:
        bench.run()
        seen.extend(order.post for order in script.sent)

    queue(bench.desk, onlooker=Onlooker(looked=looked))
    assert seen == ["two"]
    bench.run()
    assert [order.post for order in script.sent] == ["two", "one"]
    assert "新的正文" in script.sent[1].rendition.body


def test_a_due_post_goes_out_as_it_was_read_where_its_file_cannot_be(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one")
    bench.write("one", "新的正文。")
    queue(replace(bench.desk, reader=Reader(bench.desk, lambda _: Crashed(how="SIGSEGV"), [])))
    bench.run()
    assert len(script.sent) == 1


def test_a_due_post_is_held_where_its_file_is_none_any_more(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one")
    bench.write("one", "新的正文。")
    queue(replace(bench.desk, reader=Reader(bench.desk, lambda _: Read(problems=("坏了",)), [])))
    bench.run()
    assert script.sent == []
    assert "坏了" in bench.get(1).reason


def test_a_reader_that_stops_leaves_the_rest_for_the_next_pass(bench: Any) -> None:
    script = bench.channel()
    bench.queue("one")
    bench.write("one", "新的正文。")
    stopping = Reader(bench.desk, lambda _: None, [])
    stopping.read = lambda *_: None  # type: ignore[method-assign]
    assert queue(replace(bench.desk, reader=stopping)).revised == []
    bench.run()
    assert script.sent == []  # it waits, and not for ever
    bench.clock.advance(seconds=queueing.PATIENCE.total_seconds())
    bench.run()
    assert len(script.sent) == 1
    assert bench.get().state is State.PUBLISHED


def test_a_time_to_come_stays_what_it_was(bench: Any) -> None:
    bench.channel()
    bench.write("one", "正文。", publish_at="2026-03-02 09:00:05")
    bench.queue()
    before = bench.get()
    assert timedelta(0) < before.due_at - bench.clock() < queueing.PATIENCE
    os.utime(bench.folder / "posts" / "one.md", ns=(1, 1))
    bench.queue()
    assert bench.get() == before


def test_of_twenty_thousand_problems_as_many_are_told_as_people_read(bench: Any) -> None:
    bench.channel()
    for number in range(30):
        bench.write(f"post{number}", "\n".join(f"![](none{number}-{at}.png)" for at in range(300)))
    report = queue(bench.desk)
    lines = sum(problem.count("\n") + 1 for problem in report.problems)
    assert lines <= OF_A_PASS
    assert report.trouble == 9000
    assert "另有" in report.problems[-1]
    assert max(sum(f"post{number}.md" in problem for problem in report.problems) for number in range(30)) == OF_A_FILE
    with bench.desk.store.read() as connection:
        kept = connection.scalars(sa.text("SELECT problems FROM files")).all()
    assert all(len(text) < 10_000 for text in kept)


def test_a_few_problems_are_told_as_they_are_and_many_are_counted() -> None:
    few = [f"第 {number} 处" for number in range(OF_A_FILE)]
    assert bounded(few, "posts/a.md") == tuple(few)
    *told, rest = bounded([*few, "一处\n两行"], "posts/a.md")
    assert told == few[:-1]
    assert rest == "posts/a.md：另有 2 处。"
    report = QueueReport()
    report.refuse(["甲\n" * OF_A_PASS, "乙"], trouble=5)
    report.end()
    assert (report.problems, report.trouble) == (["另有 202 行没有列出：请先处理上面的，或用 xuanfa posts 查看。"], 5)


def test_a_reason_names_the_first_of_many_findings() -> None:
    findings = [Finding(code="x", message=f"第 {number} 处\x1b") for number in range(TOLD_MAX + 5)]
    told = in_words(findings).split("；")
    assert told[0] == "第 0 处\\x1b"
    assert told[TOLD_MAX:] == ["另有 5 处"]
