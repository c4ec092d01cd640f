"""A slug that stands in another file than before: another file with other words takes no delivery over in silence."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.decisions import release
from xuanfa.domain.delivery import State
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queue import queue

ANNA = Person(name="安娜", why="是新稿")
LATER = "2026-03-02 18:00"


@pytest.fixture
def office(bench: Any) -> Any:
    """A post of the file ``b``, which names its slug and waits for the evening."""
    bench.channel("web", retracts=True)
    bench.write("b", "法官到村里开庭，双方当庭和解。", title="巡回审判", slug="x", publish_at=LATER)
    queue(bench.desk)
    return bench


def broken(path: Path) -> None:
    path.write_text("---\ntitle: 半\n没有结束的稿头", encoding="utf-8")


def gone(path: Path) -> None:
    path.unlink()


def of_another_slug(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("slug: x", "slug: y"), encoding="utf-8")


@pytest.mark.parametrize("change", [broken, gone, of_another_slug])
@pytest.mark.parametrize("name", ["a", "c"])  # it is read before the file of before, or after it
def test_other_words_under_its_slug_are_a_question(office: Any, change: Any, name: str) -> None:
    change(office.folder / "posts" / "b.md")
    path = office.write(name, "另一篇通知的正文，和它毫无关系。", title="放假通知", slug="x", publish_at=LATER)
    office.clock.advance(hours=10)
    reports = [one_pass(office.desk).queued for _ in range(3)]
    assert office.get(1).state is State.HELD
    assert not [order for order in office.scripts["web"].sent if order.rendition.title == "放假通知"]
    told = [each for report in reports for each in (*report.notices, *report.problems) if f"posts/{name}.md" in each]
    assert any("slug" in each for each in told)
    if "posts/b.md" in office.get(1).reason and f"posts/{name}.md" in office.get(1).reason:
        release(office.desk, 1, ANNA)
        one_pass(office.desk)
        assert office.get(1).state is State.PUBLISHED
    assert path.is_file()


def test_a_question_is_not_answered_by_the_next_edit(office: Any) -> None:
    (office.folder / "posts" / "b.md").unlink()
    for body in ("另一篇的正文。", "另一篇的正文，又改了几个字。"):
        office.write("a", body, title="放假通知", slug="x", publish_at=LATER)
        office.clock.advance(minutes=1)
        one_pass(office.desk)
        assert office.get(1).state is State.HELD
        assert "posts/b.md" in office.get(1).reason


@pytest.mark.parametrize("body", ["法官到村里开庭，双方当庭和解。", "**法官**到村里开庭，双方当庭和解！"])
def test_the_same_words_under_another_name_are_the_post(office: Any, body: str) -> None:
    (office.folder / "posts" / "b.md").unlink()
    office.write("a", body, title="巡回审判", slug="x", publish_at=LATER)
    office.clock.advance(hours=10)
    one_pass(office.desk)
    assert office.get(1).state is State.PUBLISHED


def test_two_files_that_exchange_their_names_stay_what_they_were(office: Any) -> None:
    office.write("c", "另一篇的正文。", title="放假通知", slug="y", publish_at=LATER)
    queue(office.desk)
    one, other, between = (office.folder / "posts" / name for name in ("b.md", "c.md", "_.md"))
    shutil.move(one, between)
    shutil.move(other, one)
    shutil.move(between, other)
    office.clock.advance(hours=10)
    one_pass(office.desk)
    assert [each.state for each in office.all()] == [State.PUBLISHED] * 2


def test_a_post_whose_file_has_many_words_anew_is_asked_nothing(office: Any) -> None:
    office.write("b", "全部重写过的正文，一个字都不一样。", title="巡回审判在乡村", slug="x", publish_at=LATER)
    office.clock.advance(hours=10)
    one_pass(office.desk)
    assert office.get(1).state is State.PUBLISHED


def test_a_file_that_is_mended_takes_its_post_back(office: Any) -> None:
    path = office.folder / "posts" / "b.md"
    whole = path.read_text(encoding="utf-8")
    broken(path)
    office.write("a", "另一篇通知的正文。", title="放假通知", slug="x", publish_at=LATER)
    queue(office.desk)
    assert office.get(1).state is State.HELD
    of_another_slug(office.folder / "posts" / "a.md")
    queue(office.desk)
    assert office.get(1).state is State.HELD
    path.write_text(whole, encoding="utf-8")
    office.clock.advance(minutes=1)
    queue(office.desk)
    assert office.get(1).state is State.SCHEDULED
    office.clock.advance(hours=10)
    one_pass(office.desk)
    assert [each.state for each in office.all()] == [State.PUBLISHED] * 2
    assert sorted(order.rendition.title for order in office.scripts["web"].sent) == ["巡回审判", "放假通知"]
