"""Files of a backup and what its own database knows of them: what was exchanged is refused, what was edited since is told."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.conftest import Workspace
from tests.operations.archives.alterations import member
from tests.operations.archives.conftest import Archive, Case
from tests.support.decisions import ANNA
from xuanfa.bootstrap.restoring import Wishes, check_backup, restore_workspace
from xuanfa.cli import main
from xuanfa.domain.errors import ConfigError
from xuanfa.engine.once import one_pass
from xuanfa.operations.keeping.backup import BackedUp, backup

HOUR_NS = 3_600_000_000_000
A, B = "workspace/posts/a.md", "workspace/posts/sub/b.md"
PICTURE = "workspace/posts/pics/one.png"


@dataclass
class Office:
    """A workspace whose backups are looked at."""

    workspace: Workspace
    clock: Any
    folder: Path

    def take(self, name: str = "whole.zip") -> BackedUp:
        return backup(self.workspace.desk(self.clock), self.folder / name)

    def edit(self, name: str, text: str, seconds: int) -> None:
        """Write a file as if it had been changed so long after it was last."""
        path = self.workspace.folder / "posts" / name
        changed = path.stat().st_mtime_ns + seconds * 1_000_000_000
        path.write_text(path.read_text(encoding="utf-8").replace("第一篇", text), encoding="utf-8")
        os.utime(path, ns=(changed, changed))


@pytest.fixture
def office(workspace: Workspace, clock: Any, tmp_path: Path) -> Office:
    posts = workspace.folder / "posts"
    (posts / "pics").mkdir()
    Image.new("RGB", (40, 30), "red").save(posts / "pics" / "one.png")
    workspace.post("a", "第一篇，有图。\n\n![图](pics/one.png)")
    (posts / "sub").mkdir()
    workspace.post("b", "第二篇，各不相同。", publish_at="2027-05-01 09:00").rename(posts / "sub" / "b.md")
    (posts / "_draft.md").write_text("还没写完", encoding="utf-8")
    one_pass(workspace.desk(clock))
    made = Office(workspace, clock, tmp_path)
    assert made.take().unread == ()
    return made


@pytest.fixture
def case(office: Office) -> Case:
    return Case(office.folder / "whole.zip", office.folder)


def later(archive: Archive, name: str, by: int) -> None:
    archive.manifest["members"][name]["changed_ns"] += by


def edited(name: str, by: int = 0) -> Callable[[Archive], None]:
    def alter(archive: Archive) -> None:
        archive.members[name] += b"evil"
        later(archive, name, by)

    return alter


@pytest.mark.parametrize("name", [A, B, PICTURE])
@pytest.mark.parametrize("by", [0, -HOUR_NS])
def test_a_file_that_was_exchanged_is_refused_though_everything_was_mended(case: Case, name: str, by: int) -> None:
    path = case.altered(edited(name, by), mends_fingerprint=True)
    assert f"{name.removeprefix('workspace/')} 与数据库最后读到的不同" in case.require_refused(path)


def test_a_seal_that_was_kept_does_not_help_whoever_exchanged_a_file(case: Case) -> None:
    path = case.altered(edited(B), mends_fingerprint=True)
    seal = Archive.read(case.whole).manifest["seal"]
    assert "被换过" in case.require_refused(path, seal=f"{seal['number']}:{seal['hash']}")


def test_the_only_backup_there_is_can_be_restored_and_what_was_exchanged_is_told(case: Case) -> None:
    path = case.altered(edited(A), mends_fingerprint=True)
    done, _ = restore_workspace(path, case.folder / "new", ANNA, wishes=Wishes(even_if_altered=True))
    assert any("posts/a.md" in notice and "被换过" in notice for notice in done.notices)


def of_nobody(archive: Archive) -> None:
    member("workspace/posts/evil.md", b"---\ntitle: x\n---\n\nx\n")(archive)


def without(name: str) -> Callable[[Archive], None]:
    def alter(archive: Archive) -> None:
        del archive.members[name]
        del archive.manifest["members"][name]

    return alter


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (edited(A, HOUR_NS), "上次读入之后改过.*posts/a.md"),
        (edited(PICTURE, HOUR_NS), "上次读入之后改过.*posts/pics/one.png"),
        (of_nobody, "没有读入过.*posts/evil.md"),
        (without(B), "备份里没有.*posts/sub/b.md"),
    ],
    ids=["newer", "newer picture", "new post", "gone"],
)
def test_what_may_be_right_is_told(case: Case, how: Callable[[Archive], None], words: str) -> None:
    path = case.altered(how, mends_fingerprint=True)
    found = check_backup(path).notices
    assert len(found) == 1
    assert re.search(words, found[0])
    done, _ = restore_workspace(path, case.folder / "new", ANNA)
    assert done.notices == found


def test_a_kept_picture_that_is_missing_is_told(case: Case) -> None:
    archive = Archive.read(case.whole)
    named = {picture["sha256"] for row in archive.rows("renditions") for picture in json.loads(row["pictures"] or "[]")}
    name = next(name for name in archive.members if Path(name).stem in named)
    path = case.altered(without(name), mends_fingerprint=True)
    assert any("var/media/" in notice for notice in check_backup(path).notices)


def test_an_edit_that_was_not_read_yet_is_no_alteration(office: Office) -> None:
    """However old its date is: copies keep theirs. It is told when the backup is made, and when it is restored."""
    office.edit("a.md", "改过的", seconds=-7200)
    made = office.take("unread.zip")
    assert made.unread == ("posts/a.md",)
    (notice,) = check_backup(made.path).notices
    assert "posts/a.md" in notice
    done, _ = restore_workspace(made.path, office.folder / "new", ANNA)
    assert "改过的" in (office.folder / "new" / "posts" / "a.md").read_text(encoding="utf-8")
    assert done.notices == (notice,)


def test_one_who_says_himself_that_it_was_not_read_is_told_of(case: Case) -> None:
    def alter(archive: Archive) -> None:
        edited(B)(archive)
        archive.manifest["unread"] = ["posts/sub/b.md"]

    assert any(
        "posts/sub/b.md" in notice for notice in check_backup(case.altered(alter, mends_fingerprint=True)).notices
    )


def test_an_edited_backup_of_the_format_before_is_looked_at_too(case: Case) -> None:
    def alter(archive: Archive) -> None:
        archive.manifest["format"] = 2
        del archive.manifest["unread"]

    whole = case.altered(alter, mends_fingerprint=True)
    assert check_backup(whole).notices == ()
    for wrong in (7, {}, ["../x"], [7]):

        def spoilt(archive: Archive, value: Any = wrong) -> None:
            archive.manifest["unread"] = value

        case.require_refused(case.altered(spoilt, mends_fingerprint=True))


def test_both_commands_tell_it_for_people_and_for_programs(
    office: Office, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    office.edit("a.md", "改过的", seconds=60)
    target = str(office.folder / "said.zip")
    assert main(["backup", target, "-w", str(office.workspace.folder)]) == 0
    assert "posts/a.md 改过但还没有读入" in capsys.readouterr().err
    assert main(["restore", "--check", target]) == 0
    assert "注意：上次读入之后改过，备份时还没有读入：posts/a.md" in capsys.readouterr().err
    assert main(["restore", "--check", "--json", target]) == 0
    assert len(json.loads(capsys.readouterr().out)["notices"]) == 1
    with pytest.raises(ConfigError, match="--even-if-altered"):
        check_backup(case.altered(edited(A), mends_fingerprint=True))


def rows(table: str, **changes: Any) -> Callable[[Archive], None]:
    def alter(archive: Archive) -> None:
        found = archive.rows(table)
        for row in found:
            row.update({name: new(row[name]) if callable(new) else new for name, new in changes.items()})
        archive.put(table, found)

    return alter


@pytest.mark.parametrize(
    "how",
    [
        rows("identity", salt="0" * 64),
        rows("identity", workspace="x"),
        rows("identity", accounted='["x"]'),
        lambda archive: archive.put("identity", []),
        rows("revisions", sketch="1,2"),
        rows("revisions", title_key=""),
        rows("revisions", length=lambda n: n + 1),
        rows("attempts", gone_at=1),
        rows("posts", queued_at=lambda at: at + 1),
        rows("files", digest=lambda digest: "0" * 64 if digest else digest),
        rows("receipts", department="别的庭"),
    ],
    ids=[
        "salt",
        "workspace",
        "accounted",
        "no identity",
        "sketch",
        "title key",
        "length",
        "gone",
        "queued",
        "digest",
        "receipt",
    ],
)
def test_rows_that_the_history_vouches_for_are_refused(case: Case, how: Callable[[Archive], None]) -> None:
    case.require_refused(case.altered(how, mends_fingerprint=True))
