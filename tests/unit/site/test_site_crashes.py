"""Crashes, crowds, full disks and closed folders: nothing half written is ever public, and everything heals."""

import errno
import os
import resource
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from xuanfa.domain.outcome import Absent, Accepted, Blame, Published, Rejected, Retracted, Unsent
from xuanfa.domain.receipt import Receipt

#: How a child says that it died where it was told to.
CRASHED = 86
STEPS = range(1, 40)


def in_child(work: Callable[[], object]) -> int:
    """Do the work in a process of its own; its exit code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forking beside pytest-xdist's thread
        child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def dying_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Die like a killed process at the n-th write, sync, rename or deletion."""
    left = step

    def counted(real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os._exit(CRASHED)
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for owner, name in ((os, "write"), (os, "fsync"), (Path, "replace"), (Path, "unlink")):
            patch.setattr(owner, name, counted(getattr(owner, name)))
        yield


def crash_everywhere(
    website: Any, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object], judge: Callable[[], None]
) -> int:
    """Crash the work at its first step, then its second …, each time from the same beginning; ``judge`` looks after each crash."""
    saved = website.workspace / "saved"
    shutil.copytree(website.public, saved)
    for step in STEPS:
        shutil.rmtree(website.public)
        shutil.copytree(saved, website.public)

        def dying(step: int = step) -> None:
            with dying_at(step, monkeypatch):
                work()

        code = in_child(dying)
        if code == 0:
            return step - 1
        assert code == CRASHED
        judge()
    raise AssertionError("the work has more steps than were tried")


def whole(website: Any) -> None:
    """No public file is cut off, and none is temporary."""
    for name, data in website.files().items():
        ending = {"html": b"</html>", "xml": b">", "css": b"}", "js": b"());", "svg": b"</svg>", "json": b"}"}
        assert data.rstrip().endswith(ending.get(name.rpartition(".")[2], b"")), name


def test_a_crash_at_any_step_of_publishing_leaves_whole_files_and_heals_by_publishing_again(
    website: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.configure(page_size=2)
    website.fill(4)
    picture = website.draw("a.png")
    order = website.order("new", title="新文章", html='<img src="a.png">', pictures=(picture,))

    def judge() -> None:
        whole(website)
        if "zaixingdong/new.html" in website.files():
            assert f"assets/pictures/{picture.filename}" in website.files()
        assert isinstance(website.adapter.publish(order), Published)
        assert website.files() == finished
        assert list((website.public / ".xuanfa/staged").iterdir()) == []

    website_copy = website.workspace / "before"
    shutil.copytree(website.public, website_copy)
    website.adapter.publish(order)
    finished = website.files()
    shutil.rmtree(website.public)
    shutil.copytree(website_copy, website.public)
    assert crash_everywhere(website, monkeypatch, lambda: website.adapter.publish(order), judge) > 15


def test_after_a_crash_confirm_tells_the_truth_and_finishes_what_was_begun(
    website: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.fill(2)
    order = website.order("new", title="新文章")
    answers = set()

    def judge() -> None:
        evidence = website.adapter.confirm(order, None)
        answers.add(type(evidence))
        listed = "新文章" in website.read("index.html")
        assert isinstance(evidence, Published if listed else Absent)
        assert ("zaixingdong/new.html" in website.files()) == listed
        assert ("新文章" in website.read("feed.xml")) == listed

    crash_everywhere(website, monkeypatch, lambda: website.adapter.publish(order), judge)
    assert answers == {Published, Absent}


def test_a_crash_at_any_step_of_retracting_heals_by_retracting_again(
    website: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.fill(2)
    picture = website.draw("a.png")
    order = website.order("bad", title="误发", html='<img src="a.png">', pictures=(picture,))
    website.adapter.publish(order)

    def judge() -> None:
        whole(website)
        assert isinstance(website.adapter.retract(order, Receipt()), Retracted)
        assert not any("误发".encode() in data for data in website.files().values())
        assert not any(name.endswith(".png") for name in website.files())

    assert crash_everywhere(website, monkeypatch, lambda: website.adapter.retract(order, Receipt()), judge) > 8


def test_two_processes_publish_twenty_articles_each_at_once_and_none_is_missing(website: Any) -> None:
    website.configure(feed_size=50)
    read, write = os.pipe()

    def publish(name: str) -> Callable[[], None]:
        def work() -> None:
            os.close(write)
            os.read(read, 1)  # both begin when the parent closes its end
            for number in range(20):
                assert isinstance(website.publish(f"{name}{number}"), Published)

        return work

    children = []
    for name in ("left", "right"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            code = 1
            try:
                publish(name)()
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    os.close(read)
    os.close(write)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    pages = [data.decode() for name, data in website.files().items() if "zaixingdong/" in name and "/left" not in name]
    for slug in (f"{name}{number}" for name in ("left", "right") for number in range(20)):
        for path in ("feed.xml", "atom.xml", "feed.json", "sitemap-1.xml"):
            assert f"/zaixingdong/{slug}.html" in website.read(path)
        assert any(f'/zaixingdong/{slug}.html"' in page for page in pages)


def test_a_disk_that_fills_up_at_any_step_never_leaves_a_half_and_never_pretends(
    website: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.fill(2)
    saved = website.workspace / "saved"
    shutil.copytree(website.public, saved)
    seen = []
    for step in range(1, 12):
        shutil.rmtree(website.public)
        shutil.copytree(saved, website.public)
        before = website.files()
        order = website.order("new", title="新文章")
        with full_disk(step, monkeypatch):
            outcome = website.adapter.publish(order)
        whole(website)
        seen.append(type(outcome))
        if isinstance(outcome, Rejected):
            assert outcome.blame is Blame.CHANNEL
            assert "已满" in outcome.findings[0].message
            assert website.files() == before
        if isinstance(outcome, Accepted):
            assert "已满" in outcome.evidence
        assert isinstance(website.adapter.publish(order), Published)
        assert "新文章" in website.read("feed.xml")
    assert set(seen) == {Rejected, Accepted, Published}


@contextmanager
def full_disk(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From the n-th write on, half of the bytes fit and then none."""
    left, real = step, os.write

    def write(descriptor: int, data: Any) -> int:
        nonlocal left
        left -= 1
        if left == 0:
            return real(descriptor, bytes(data)[: len(data) // 2])
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        yield


def test_a_file_that_the_system_refuses_as_too_large_is_a_full_disk(website: Any) -> None:
    website.fill(1)
    order = website.order("long", html="<p>" + "长" * 60_000 + "</p>")

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        outcome = website.adapter.publish(order)
        assert isinstance(outcome, Rejected)
        assert outcome.blame is Blame.CHANNEL

    before = website.files()
    assert in_child(work) == 0
    assert website.files() == before


def test_a_read_only_folder_is_the_operators_business_and_doctor_says_so(new_website: Any) -> None:
    workspace = Path(tempfile.mkdtemp())
    try:
        workspace.chmod(0o755)
        website = new_website(workspace)
        order = website.order("new")
        website.public.mkdir(mode=0o555)

        def work() -> None:
            as_nobody()
            outcome = website.adapter.publish(order)
            assert isinstance(outcome, Rejected)
            assert outcome.blame is Blame.CHANNEL
            assert "不能写入" in outcome.findings[0].message
            assert [finding.code for finding in website.adapter.diagnose()] == ["site.folder"]

        assert in_child(work) == 0
        assert list(website.public.iterdir()) == []
    finally:
        shutil.rmtree(workspace)


def as_nobody() -> None:
    """Give up root, to whom no folder is read-only."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def test_a_directory_that_is_a_file_is_the_operators_business(website: Any) -> None:
    website.public.write_text("")
    outcome = website.publish("new")
    assert isinstance(outcome, Rejected)
    assert outcome.blame is Blame.CHANNEL
    assert [finding.code for finding in website.adapter.diagnose()] == ["site.folder"]


def test_trouble_that_may_pass_is_unsent(website: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    website.fill(1)

    def broken(*_: Any) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "write", broken)
    assert isinstance(website.publish("new"), Unsent)


def test_a_damaged_catalogue_stops_the_channel_and_doctor_says_so(website: Any) -> None:
    website.fill(1)
    (website.public / ".xuanfa/catalogue.db").write_bytes(b"this is no database at all" * 50)
    outcome = website.publish("new")
    assert isinstance(outcome, Rejected)
    assert "已损坏" in outcome.findings[0].message
    assert [finding.code for finding in website.adapter.diagnose()] == ["site.folder"]


def test_pages_without_a_catalogue_are_never_written_over(website: Any) -> None:
    website.public.mkdir()
    (website.public / "index.html").write_text("the court's own home page")
    outcome = website.publish("new")
    assert isinstance(outcome, Rejected)
    assert outcome.blame is Blame.CHANNEL
    assert website.files() == {"index.html": b"the court's own home page"}


def test_a_catalogue_of_a_newer_version_is_refused_and_left_alone(website: Any) -> None:
    website.fill(1)
    path = website.public / ".xuanfa/catalogue.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    outcome = website.publish("new")
    assert isinstance(outcome, Rejected)
    assert "升级" in outcome.findings[0].message
    assert path.read_bytes() == before


def test_a_broken_list_template_delays_the_lists_and_not_the_truth(website: Any, new_website: Any) -> None:
    website.fill(1)
    own = website.workspace / "templates"
    (own / "site").mkdir(parents=True)
    (own / "site/home.html").write_text("{{ nobody_knows }}")
    shipped = Path(__file__).parents[3] / "templates"
    broken = new_website(website.workspace, (own, shipped))
    outcome = broken.publish("new", title="新文章")
    assert isinstance(outcome, Accepted)
    assert "home.html" in outcome.evidence
    assert "zaixingdong/new.html" in website.files()
    assert isinstance(website.adapter.confirm(website.order("new", title="新文章"), outcome.ticket), Published)
    assert "新文章" in website.read("index.html")


def test_a_new_article_does_not_wait_for_old_lists_for_ever(website: Any) -> None:
    """The lock is given back with the process that held it."""

    def work() -> None:
        website.fill(1)
        with website.adapter._folder.locked():
            os._exit(CRASHED)

    assert in_child(work) == CRASHED
    assert isinstance(website.publish("new", at=website.begin + timedelta(hours=1)), Published)
