"""What the rules have prepared, kept between processes: only a file of our own is taken, and no other does harm."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xuanfa.bootstrap import prepared as kept
from xuanfa.checks.rules import prepared

DATA = b'{"patterns": {}, "tables": {"t": [1]}}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file as it is written."""
    path = tmp_path / "xuanfa" / "rules-1.json"
    path.parent.mkdir()
    path.write_bytes(hashlib.sha256(DATA).hexdigest().encode() + b"\n" + DATA)
    path.chmod(0o600)
    return path


def test_what_was_written_is_read(path: Path) -> None:
    assert kept._read(path) == DATA


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_not_taken(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(ValueError, match="ours alone"):
        kept._read(path)


def test_a_file_of_somebody_else_is_not_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(ValueError, match="ours alone"):
        kept._read(path)


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with pytest.raises(OSError, match=r"symbolic|link"):
        kept._read(link)


@pytest.mark.parametrize("cut", [0, 10, 70, -1])
def test_a_damaged_file_is_not_taken(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match="damaged"):
        kept._read(path)


def test_it_is_written_for_its_owner_only_and_older_ones_go(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_STORE", prepared._Store())
    prepared.table("t", lambda: [2])
    new = path.with_name("rules-2.json")
    kept._keep(new)
    assert [each.name for each in path.parent.iterdir()] == ["rules-2.json"]
    assert new.stat().st_mode & 0o777 == 0o600
    prepared.take(kept._read(new))


def test_nothing_is_written_where_nothing_is_new(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_STORE", prepared._Store())
    kept._keep(path.with_name("rules-2.json"))
    assert [each.name for each in path.parent.iterdir()] == ["rules-1.json"]


def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_STORE", prepared._Store())
    prepared.table("t", lambda: [2])
    (tmp_path / "file").write_text("", encoding="utf-8")
    kept._keep(tmp_path / "file" / "rules-2.json")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("named", "home", "folder"),
    [("/c", "/h", "/c/xuanfa"), ("", "/h", "/h/.cache/xuanfa"), ("c", "/h", "/h/.cache/xuanfa"), ("", "", None)],
)
def test_the_folder_is_the_accounts_own(named: str, home: str, folder: str | None) -> None:
    found = kept.cache_folder({"XDG_CACHE_HOME": named, "HOME": home})
    assert found == (Path(folder) if folder else None)


def check(cache: Path) -> str:
    command = [sys.executable, "-m", "xuanfa", "check", "--text-stdin", "--format", "json"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    text = "电话13893512345，审判工做会议。2026年2月30日"
    done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, cwd=cache, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


def test_a_command_finds_the_same_without_it_with_it_and_with_a_broken_one(tmp_path: Path) -> None:
    first = check(tmp_path)
    (file,) = (tmp_path / "xuanfa").glob("*")
    good = file.read_bytes()
    assert check(tmp_path) == first
    assert file.read_bytes() == good  # nothing was new
    file.write_bytes(good[: len(good) // 2])
    assert check(tmp_path) == first
    assert file.read_bytes() == good  # it was made anew
