"""A post names its author by a login name: readers see the person, programs the login name, and a person's new name takes no approval back."""

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run, WritePost
from tests.support.reviewed_cli import Office
from xuanfa.domain.byline import byline


@pytest.fixture
def office(xuanfa: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    made = Office(xuanfa, workspace, monkeypatch)
    made.settle_in()
    return made


def approved(office: Office, write_post: WritePost, author: str) -> Path:
    path = write_post("a", at="2036-12-05 09:00", more=f"author: {author}\n")
    assert office.xuanfa("queue").code == 0
    assert office("wang", "review", "submit", "a").code == 0
    for name in ("jiao", "mi", "zhao"):
        assert office.approve(name).code == 0
    return path


def touched(path: Path) -> None:
    """Saved once more as it is."""
    later = time.time_ns() - 60_000_000_000
    os.utime(path, ns=(later, later))


def test_readers_see_the_person_and_programs_the_login_name(office: Office, write_post: WritePost) -> None:
    approved(office, write_post, "wang")
    shown = office.xuanfa("review", "show", "a").out
    assert "作者：王芳" in shown
    assert '"author": "王芳"' in shown, "what a webhook brings to readers"
    found = office.show()
    assert (found["author"], found["state"]) == ("wang", "approved")
    assert office.xuanfa("preview", "a").code == 0
    assert "作者：王芳" in Path("var/preview/a/site/action/a.html").read_text("utf-8")
    assert office.xuanfa("rehearse", "a").code == 0
    assert "作者：王芳" in next(Path("var/rehearse").rglob("action/a.html")).read_text("utf-8")


def test_a_new_name_changes_nothing_of_what_was_approved_and_stands_in_the_next_text(
    office: Office, write_post: WritePost
) -> None:
    path = approved(office, write_post, "wang")
    before = office.show()["renditions"]
    assert office("lina", "users", "change", "wang", "--display", "王芳芳").code == 0
    touched(path)
    settings = office.folder / "xuanfa.toml"
    settings.write_text(settings.read_text("utf-8").replace('title = "门户"', 'title = "门户网"'), encoding="utf-8")
    assert office.xuanfa("queue").code == 0
    assert (office.show()["state"], office.show()["renditions"]) == ("approved", before)
    path.write_text(path.read_text("utf-8").replace("一堂", "两堂"), encoding="utf-8")
    touched(path)
    assert office.xuanfa("queue").code == 0
    assert "作者：王芳芳" in office.xuanfa("review", "show", "a").out
    assert office.show()["state"] == "open"


def test_what_an_older_version_has_read_stays_as_it_was_printed(office: Office, write_post: WritePost) -> None:
    path = approved(office, write_post, "王芳")
    before = office.show()["renditions"]
    with closing(sqlite3.connect(office.folder / "var" / "xuanfa.db")) as rows, rows:
        assert rows.execute("SELECT byline FROM revisions").fetchall() == [("",)]
    assert office("lina", "users", "change", "wang", "--display", "王芳芳").code == 0
    touched(path)
    assert office.xuanfa("queue").code == 0
    assert (office.show()["state"], office.show()["renditions"]) == ("approved", before)


def test_an_author_is_known_however_the_login_name_is_typed(office: Office, write_post: WritePost) -> None:
    write_post("a", at="2036-12-05 09:00", more="author: ZHAO、外请记者\n")
    assert office.xuanfa("queue").code == 0
    assert "作者：赵局、外请记者" in office.xuanfa("review", "show", "a").out
    assert office("wang", "review", "submit", "a").code == 0
    for name in ("jiao", "mi"):
        assert office.approve(name).code == 0
    refused = office.approve("zhao")
    assert refused.code == 1
    assert "作者" in refused.err


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ("wang", "王芳"),
        ("Wang", "王芳"),
        ("wang、li", "王芳、li"),
        ("li wang", "li 王芳"),
        ("wangfang", "wangfang"),
        ("", ""),
        ("王芳", "王芳"),
    ],
)
def test_each_login_name_in_an_author_is_printed(author: str, shown: str) -> None:
    assert byline(author, {"wang": "王芳"}) == shown
    assert byline(author, {}) == author
