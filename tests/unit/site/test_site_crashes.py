"""Crashes and crowds: nothing half written is ever public, and everything heals."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from xuanfa.domain.outcome import Absent, Published, Retracted
from xuanfa.domain.receipt import Receipt

#: How a child says that it died where it was told to.
CRASHED = 86
STEPS = range(1, 40)


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

        (code,) = website.children(dying)
        if code == 0:
            return step - 1
        assert code == CRASHED
        judge()
    raise AssertionError("the work has more steps than were tried")


def test_a_crash_at_any_step_of_publishing_leaves_whole_files_and_heals_by_publishing_again(
    website: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    website.configure(page_size=2)
    website.fill(4)
    picture = website.draw("a.png")
    order = website.order("new", title="新文章", html='<img src="a.png">', pictures=(picture,))

    def judge() -> None:
        website.require_whole()
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
        website.require_whole()
        assert isinstance(website.adapter.retract(order, Receipt()), Retracted)
        assert not any("误发".encode() in data for data in website.files().values())
        assert not any(name.endswith(".png") for name in website.files())

    assert crash_everywhere(website, monkeypatch, lambda: website.adapter.retract(order, Receipt()), judge) > 8


def test_two_processes_publish_twenty_articles_each_at_once_and_none_is_missing(website: Any) -> None:
    website.configure(feed_size=50)

    def publish(name: str) -> Callable[[], None]:
        def work() -> None:
            for number in range(20):
                assert isinstance(website.publish(f"{name}{number}"), Published)

        return work

    assert website.children(publish("left"), publish("right")) == [0, 0]
    pages = [data.decode() for name, data in website.files().items() if "zaixingdong/" in name and "/left" not in name]
    for slug in (f"{name}{number}" for name in ("left", "right") for number in range(20)):
        for path in ("feed.xml", "atom.xml", "feed.json", "sitemap-1.xml"):
            assert f"/zaixingdong/{slug}.html" in website.read(path)
        assert any(f'/zaixingdong/{slug}.html"' in page for page in pages)


def test_a_new_article_does_not_wait_for_old_lists_for_ever(website: Any) -> None:
    """The lock is given back with the process that held it."""

    def work() -> None:
        website.fill(1)
        with website.adapter._folder.locked():
            os._exit(CRASHED)

    assert website.children(work) == [CRASHED]
    assert isinstance(website.publish("new", at=website.begin + timedelta(hours=1)), Published)
