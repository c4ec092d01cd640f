"""Posts that are newer than the backup that was put back: held until a person says that all of them are here."""

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.operations.restoring.conftest import Offices, at, hours, states
from tests.support.decisions import ANNA, all_posts_are_here, resume
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.engine.once import one_pass
from xuanfa.operations.keeping.verify import verify
from xuanfa.operations.watching.examine import examine
from xuanfa.reports.listing import everything_paused, lacks_posts


def dated(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_newer_posts_that_come_only_after_the_resumption_are_held_all_the_same(
    offices: Offices, sink: Any, clock: Any
) -> None:
    """Restored, resumed, and only then somebody finds the newest posts on the old machine's disk."""
    office, desk = offices.old, offices.old_desk
    one_pass(desk)
    offices.backup()
    fresh, late = office.post("fresh"), office.post("late")
    for path in (fresh, late):
        dated(path, clock())
    one_pass(desk)
    assert len(sink.seen) == 2

    clock.advance(hours=4)
    new = offices.restore()
    resume(new, EVERYTHING, ANNA)
    assert lacks_posts(new.store)
    shutil.copy2(fresh, new.posts_folder / "fresh.md")
    clock.advance(hours=1)
    office_new = offices.new
    office_new.folder = new.folder
    dated(office_new.post("after"), clock())
    hours(new, clock, 3)
    assert states(new) == {"fresh": State.HELD, "after": State.PUBLISHED}
    assert len(sink.seen) == 3

    # What lies there when a person says that all is in is read first; what comes later is new, however old its file.
    shutil.copy2(late, new.posts_folder / "late.md")
    all_posts_are_here(new, ANNA)
    assert not lacks_posts(new.store)
    shutil.copy2(late, new.posts_folder / "copied.md")
    hours(new, clock, 3)
    assert states(new) == {
        "fresh": State.HELD,
        "late": State.HELD,
        "after": State.PUBLISHED,
        "copied": State.PUBLISHED,
    }
    assert len(sink.seen) == 4
    assert not [item for item in verify(new) if item.trouble]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_whose_date_was_lost_in_copying_is_as_old_as_the_time_that_it_names(
    offices: Offices, sink: Any, clock: Any
) -> None:
    offices.backup()
    new = offices.restore()
    clock.advance(minutes=30)
    resume(new, EVERYTHING, ANNA)
    clock.advance(minutes=30)
    offices.new.folder = new.folder
    dated(offices.new.post("old", publish_at=at(clock, minutes=-40)), clock())
    dated(offices.new.post("new", publish_at=at(clock, minutes=0)), clock())
    one_pass(new)
    assert states(new) == {"old": State.HELD, "new": State.PUBLISHED}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_that_all_posts_are_in_is_not_believed_while_one_cannot_be_read(
    offices: Offices, sink: Any, clock: Any
) -> None:
    offices.backup()
    new = offices.restore()
    bad = new.posts_folder / "bad.md"
    bad.write_text("---\ntitle: 甲\ncolumn: none\n---\n正文\n", encoding="utf-8")
    with pytest.raises(StateError, match=r"bad\.md"):
        all_posts_are_here(new, ANNA)
    assert everything_paused(new.store)
    bad.rename(bad.with_name("_bad.md"))
    all_posts_are_here(new, ANNA)
    assert not everything_paused(new.store)
    assert not [item for item in verify(new) if item.trouble]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_doctor_says_of_a_restore_what_is_left_to_say(offices: Offices, clock: Any) -> None:
    offices.backup()
    new = offices.restore()
    resume(new, EVERYTHING, ANNA)
    (line,) = [item for item in examine(new) if "备份" in item.what]
    assert (line.trouble, "--all-posts-are-here" in line.note) == ("", True)
    all_posts_are_here(new, ANNA)
    assert [item for item in examine(new) if "备份" in item.what] == []
