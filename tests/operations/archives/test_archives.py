"""Backups that somebody has altered, and then mended everything that he could find: each is refused in words, before anything is written."""

import copy
import gc
import json
import os
import random
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.operations.archives.alterations import ALTERED, ALTERED_FILES
from tests.operations.archives.conftest import MANIFEST, Archive, Case
from tests.support.decisions import ANNA
from xuanfa.bootstrap.restoring import Wishes, check_backup, restore_workspace
from xuanfa.domain.errors import ConfigError, XuanfaError
from xuanfa.engine.once import one_pass
from xuanfa.operations.keeping.archive import Writer
from xuanfa.operations.keeping.backup import backup
from xuanfa.operations.keeping.manifest import Manifest


def test_an_archive_that_is_put_together_as_it_was_is_taken(case: Case) -> None:
    """Otherwise the tests below would prove nothing."""
    path = case.altered(lambda _archive: None, mends_fingerprint=True)
    assert check_backup(path) == check_backup(case.whole)


@pytest.mark.parametrize("how", ALTERED)
def test_whatever_is_altered_is_refused_even_where_everything_else_was_mended(case: Case, how: str) -> None:
    case.require_refused(case.altered(ALTERED[how], mends_fingerprint=True))


@pytest.mark.parametrize("how", [*ALTERED, *ALTERED_FILES])
def test_whatever_is_altered_is_refused_where_the_manifest_was_mended(case: Case, how: str) -> None:
    case.require_refused(case.altered((ALTERED | ALTERED_FILES)[how], mends_fingerprint=False))


@pytest.mark.parametrize("how", ALTERED_FILES)
def test_who_has_kept_the_fingerprint_finds_what_nobody_else_can(case: Case, how: str) -> None:
    kept = check_backup(case.whole).fingerprint
    path = case.altered(ALTERED_FILES[how], mends_fingerprint=True)
    assert "与您保存的指纹不符" in case.require_refused(path, seal=kept)


def test_one_who_writes_a_whole_new_history_does_not_get_past_a_seal_that_was_kept(case: Case, tmp_path: Path) -> None:
    """A workspace of another's making, with nothing wrong in it."""
    from tests.conftest import Clock, Workspace  # noqa: PLC0415

    with zipfile.ZipFile(case.whole) as file:
        seal = json.loads(file.read(MANIFEST))["seal"]
    office = Workspace(tmp_path / "forged", "http://127.0.0.1:9").settle_in()
    with office.stack:
        desk = office.desk(Clock())
        office.post("one", publish_at="2026-05-01 09:00")
        one_pass(desk)
        backup(desk, tmp_path / "forged.zip")
    assert check_backup(tmp_path / "forged.zip").posts == 1
    words = case.require_refused(tmp_path / "forged.zip", seal=f"{seal['number']}:{seal['hash']}")
    assert "与您保存的封印不符" in words


def test_the_only_backup_there_is_can_be_restored_although_it_was_altered(case: Case) -> None:
    path = case.altered(ALTERED["an address"], mends_fingerprint=True)
    assert "--even-if-altered" in case.require_refused(path)
    assert check_backup(path, even_if_altered=True).posts == 3
    done, _ = restore_workspace(path, case.folder / "new", ANNA, wishes=Wishes(even_if_altered=True))
    assert done.doubted
    shapeless = case.altered(ALTERED["text for a number"], mends_fingerprint=True)
    with pytest.raises(ConfigError):
        restore_workspace(shapeless, case.folder / "third", ANNA, wishes=Wishes(even_if_altered=True))


JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 7, 2**31, 2**63, -(2**63) - 1, 10**40, 1.5, 1e308, "", "x", "0", "\0", "\ud800", "../x", "/x", "C:\\x",
    "\N{RIGHT-TO-LEFT OVERRIDE}", "a" * 5000, [], [[]], {}, {"a": {}}, [None], "2026-01-01", "[]", "{}", "[" * 2000,
]  # fmt: skip


def spoil(value: Any, chance: random.Random, depth: int = 0) -> Any:
    """The value with something in it exchanged, dropped, doubled or put elsewhere."""
    if isinstance(value, dict) and value and (depth == 0 or chance.random() < 0.8):
        changed, name = dict(value), chance.choice(list(value))
        match chance.randrange(5):
            case 0:
                del changed[name]
            case 1:
                changed[chance.choice(["x", "", "../x", name.upper()])] = changed.pop(name)
            case _:
                changed[name] = spoil(changed[name], chance, depth + 1)
        return changed
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return chance.choice(
            [
                value[:at] + value[at + 1 :],
                [*value, value[at]],
                value[::-1],
                [*value[:at], spoil(value[at], chance, 1), *value[at + 1 :]],
            ]
        )
    return copy.deepcopy(chance.choice(JUNK))


def test_thousands_of_accidents_are_refused_in_words(case: Case) -> None:
    """``XUANFA_FUZZ`` says how many. Only the shape and the hashes are mended, or nothing is."""
    chance = random.Random(7)  # noqa: S311
    original = Archive.read(case.whole)
    for number in range(int(os.environ.get("XUANFA_FUZZ", "300"))):
        archive = copy.deepcopy(original)
        archive.mends, archive.mends_fingerprint = chance.random() < 0.9, chance.random() < 0.5
        path = case.folder / "altered.zip"
        tables = [name for name in archive.members if name.startswith("database/") and archive.members[name]]
        try:
            if chance.random() < 0.5:
                archive.manifest = spoil(archive.manifest, chance)
            else:
                table = chance.choice(tables).removeprefix("database/").removesuffix(".jsonl")
                rows = archive.rows(table)
                archive.put(
                    table, spoil(rows, chance) if chance.random() < 0.2 else [spoil(rows[0], chance), *rows[1:]]
                )
            archive.write(path)
        except (TypeError, ValueError, AttributeError):
            continue  # no archive at all
        if Archive.read(path) == original:
            continue
        try:
            check_backup(path)
        except XuanfaError:
            continue
        except Exception as error:
            raise AssertionError(f"accident {number}") from error
        # What was taken all the same can be restored all the same.
        target = case.folder / f"new{number}"
        restore_workspace(path, target, ANNA)


def test_no_byte_of_the_file_can_be_another_unseen(case: Case) -> None:
    chance = random.Random(11)  # noqa: S311
    whole = case.whole.read_bytes()
    members = Archive.read(case.whole).members
    path = case.folder / "altered.zip"
    for _ in range(int(os.environ.get("XUANFA_FUZZ", "300"))):
        data = bytearray(whole)
        match chance.randrange(4):
            case 0:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 1:
                at = chance.randrange(len(data))
                del data[at : at + chance.randrange(1, 50)]
            case 2:
                at = chance.randrange(len(data))
                data[at:at] = chance.randbytes(chance.randrange(1, 50))
            case _:
                at = len(data) - chance.randrange(min(len(data), 3000))  # the list of members
                data[at : at + 4] = chance.randbytes(4)
        path.write_bytes(data)
        try:
            check_backup(path)
        except XuanfaError:
            continue
        # Bytes that are nobody's, such as a date of the ZIP's own.
        assert Archive.read(path).members == members


@pytest.mark.parametrize("how", ["a full disk", "an error", "a person"])
def test_a_backup_that_does_not_come_to_its_end_leaves_nothing_and_is_silent(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a member, or between two; nothing of it speaks up when it is forgotten."""
    large, target = tmp_path / "large.jpg", tmp_path / "backup.zip"
    large.write_bytes(os.urandom(100_000))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    expected = {"a full disk": ConfigError, "an error": LookupError, "a person": KeyboardInterrupt}[how]

    def written() -> None:
        facts = Manifest(id="1", xuanfa="0", schema="0", database="sqlite", taken_at="", timezone="")
        with Writer(target, facts) as writer:
            writer.file("workspace/posts/large.jpg", large)
            if how != "a full disk":
                raise expected
            resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, limits[1]))
            writer.file("workspace/posts/again.jpg", large)

    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda trouble: said.append(trouble.exc_value))
    try:
        written()
    except expected:
        pass
    else:
        pytest.fail("it came to its end")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    gc.collect()
    assert [path.name for path in tmp_path.iterdir()] == ["large.jpg"]
    assert said == []
