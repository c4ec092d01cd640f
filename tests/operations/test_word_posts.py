"""A Word document in ``posts/`` is a post like any other: renamed, copied, changed, taken back, with the file beside it."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.word_files import paragraph, picture, png, run, title, word
from xuanfa.domain.errors import ContentError
from xuanfa.operations.intake.arrivals import bring
from xuanfa.operations.intake.queue import QueueReport, queue

TEXT = "明天上午九时在第一审判庭公开开庭审理一起相邻关系纠纷案件，欢迎旁听。" * 3
SIDECAR = "column: action\npublish_at: 2026-03-02 18:00\n"


def document(text: str = TEXT, picture_of: bytes | None = None) -> bytes:
    return word(
        *(title("开庭公告"), paragraph(text), *([paragraph(picture(words="法庭"))] if picture_of else [])),
        parts={"word/media/a.png": picture_of} if picture_of else {},
        relate=(("rIdP", "image", "media/a.png"),) if picture_of else (),
    )


@pytest.fixture
def planned(bench: Any) -> Any:
    bench.channel("web", account="robot 1")
    (bench.folder / "posts").mkdir(exist_ok=True)
    (bench.folder / "posts" / "a.docx").write_bytes(document())
    (bench.folder / "posts" / "a.yaml").write_text(SIDECAR, encoding="utf-8")
    report = queue(bench.desk)
    assert (report.new, report.problems) == (["a"], [])
    return bench


def states(bench: Any) -> list[tuple[str, int]]:
    return [(delivery.state.value, delivery.revision) for delivery in bench.all()]


def test_nothing_changed_is_nothing_read(planned: Any) -> None:
    assert queue(planned.desk).unchanged == 1
    assert states(planned) == [("scheduled", 1)]


def test_the_file_beside_it_is_a_part_of_the_post(planned: Any) -> None:
    (planned.folder / "posts" / "a.yaml").write_text(SIDECAR + "title: 新的题目\n", encoding="utf-8")
    report = queue(planned.desk)
    assert report.revised == ["a"]
    assert states(planned)[-1] == ("scheduled", 2)


def test_both_are_renamed_together(planned: Any) -> None:
    for ending in ("docx", "yaml"):
        (planned.folder / "posts" / f"a.{ending}").rename(planned.folder / "posts" / f"b.{ending}")
    report = queue(planned.desk)
    assert any("改名" in notice for notice in report.notices)
    assert states(planned) == [("scheduled", 1)]


def test_a_copy_is_asked_about_and_nothing_of_it_is_sent(planned: Any) -> None:
    for ending in ("docx", "yaml"):
        (planned.folder / "posts" / f"b.{ending}").write_bytes((planned.folder / "posts" / f"a.{ending}").read_bytes())
    assert queue(planned.desk).new == ["b"]
    assert sorted(state for state, _ in states(planned)) == ["held", "scheduled"]


def test_another_picture_within_is_another_revision(planned: Any) -> None:
    path = planned.folder / "posts" / "a.docx"
    path.write_bytes(document(picture_of=png(640)))
    assert queue(planned.desk).revised == ["a"]
    path.write_bytes(document(picture_of=png(600)))
    assert queue(planned.desk).revised == ["a"]
    assert states(planned)[-1] == ("scheduled", 3)


def test_a_change_that_nobody_has_accepted_holds_what_is_queued(planned: Any) -> None:
    path = planned.folder / "posts" / "a.docx"
    path.write_bytes(
        word(title("开庭公告"), f'<w:p>{run("明天")}<w:ins w:id="1">{run("上午")}</w:ins>{run("开庭。")}</w:p>')
    )
    report = queue(planned.desk)
    assert [problem for problem in report.problems if "修订" in problem and "a.docx" in problem]
    assert states(planned) == [("held", 1)]
    path.write_bytes(document())
    queue(planned.desk)
    assert states(planned) == [("scheduled", 1)]


def test_a_file_that_is_taken_away_holds_the_post(planned: Any) -> None:
    (planned.folder / "posts" / "a.docx").unlink()
    queue(planned.desk)
    assert states(planned) == [("held", 1)]


def test_a_file_handed_over_by_name_is_put_into_the_folder(bench: Any, tmp_path: Path) -> None:
    bench.channel("web")
    (bench.folder / "posts").mkdir(exist_ok=True)
    desk = tmp_path / "桌面"
    desk.mkdir()
    (desk / "稿.docx").write_bytes(document())
    (desk / "稿.yaml").write_text(SIDECAR, encoding="utf-8")
    assert len(bring(bench.desk, [desk / "稿.docx"])) == 2
    report: QueueReport = queue(bench.desk)
    assert report.new == ["稿"]
    assert bring(bench.desk, [desk / "稿.docx", bench.folder / "posts" / "稿.docx"]) == []
    (desk / "稿.docx").write_bytes(document("改过的。"))
    with pytest.raises(ContentError, match="已有另一个"):
        bring(bench.desk, [desk / "稿.docx"])
    (desk / "旧.doc").write_bytes(b"x")
    with pytest.raises(ContentError, match=r"另存为 \.docx"):
        bring(bench.desk, [desk / "旧.doc"])


def test_what_was_handed_over_is_whole_and_is_read_at_once(bench: Any, tmp_path: Path) -> None:
    bench.channel("web")
    (bench.folder / "posts").mkdir(exist_ok=True)
    desk = replace(bench.desk, still=timedelta(seconds=10))
    (tmp_path / "稿.docx").write_bytes(document())
    (tmp_path / "稿.yaml").write_text(SIDECAR, encoding="utf-8")
    bring(desk, [tmp_path / "稿.docx"])
    assert queue(desk).new == ["稿"]
    at = bench.clock().timestamp()
    (bench.folder / "posts" / "另.docx").write_bytes(document("另一篇。"))
    os.utime(bench.folder / "posts" / "另.docx", (at, at))
    assert queue(desk).new == []  # nobody knows whether it is whole
