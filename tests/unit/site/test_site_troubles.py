"""Full disks, closed folders, damaged catalogues, broken templates: what is said, and that nothing half is left."""

import errno
import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from xuanfa.domain.outcome import Accepted, Blame, Published, Rejected, Unsent


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
        website.require_whole()
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
    assert website.children(work) == [0]
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

        assert website.children(work) == [0]
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
    assert [finding.code for finding in website.adapter.diagnose()] == ["site.unfinished"]
    assert "zaixingdong/new.html" in website.files()
    assert isinstance(website.adapter.confirm(website.order("new", title="新文章"), outcome.ticket), Published)
    assert "新文章" in website.read("index.html")
    assert website.adapter.diagnose() == []
