"""``backup``, ``restore`` and ``verify`` as people type them."""

import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def backed_up(xuanfa: Any, write_post: Any, tmp_path: Path) -> Path:
    """One post published on the website and at the portal, one to come, and a backup of that."""
    write_post("a")
    write_post("later", at="2099-01-01 09:00", title="下一期")
    assert xuanfa("publish").code == 0
    file = tmp_path / "backup.zip"
    ran = xuanfa("backup", file)
    assert (ran.code, ran.err) == (0, "")
    assert f"已备份到 {file}" in ran.out
    assert "2 篇稿件、4 条投递" in ran.out
    assert "不含 .env 里的密钥" in ran.out
    return file


def test_a_backup_for_programs(xuanfa: Any, backed_up: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for _ in range(2):
        found = xuanfa("backup", folder, "--keep", "5", "--json").json
        Path(found["file"]).rename(folder / "aside.zip")
    assert found.keys() == {
        "file", "size", "taken_at", "posts", "deliveries", "files", "seal", "left_out", "missing", "removed", "unread",
    }  # fmt: skip
    assert (found["posts"], found["deliveries"], found["missing"], found["removed"]) == (2, 4, [], [])
    with zipfile.ZipFile(folder / "aside.zip") as file:
        manifest = json.loads(file.read("manifest.json"))
    assert found["seal"] == f"{manifest['seal']['number']}:{manifest['seal']['hash']}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("backup", "backup.zip", "--keep", "3"), "不是文件夹"),
        (("backup", "nowhere/backup.zip"), "没有留下半个文件"),
        (("restore", "nowhere.zip", "-w", "new"), "读不了备份"),
        (("restore", "posts/a.md", "-w", "new"), "不是完整的备份"),
        (("restore", "--check", "posts/a.md"), "不是完整的备份"),
        (("verify", "--seal", "12"), "不是封印"),
    ],
)
def test_mistakes_are_told_in_words(xuanfa: Any, write_post: Any, arguments: tuple[str, ...], words: str) -> None:
    write_post("a")
    ran = xuanfa(*arguments)
    assert ran.code == 1
    assert words in ran.err
    assert not (xuanfa.folder / "new").exists()


def test_where_to_restore_has_to_be_said(xuanfa: Any, backed_up: Path) -> None:
    ran = xuanfa("restore", backed_up)
    assert (ran.code, "-w" in ran.err) == (2, True)
    ran = xuanfa("restore", backed_up, "-w", ".")
    assert (ran.code, "没有覆盖" in ran.err) == (1, True)


def test_a_new_machine(xuanfa: Any, backed_up: Path, sink: Any, tmp_path: Path) -> None:
    assert "备份完整" in xuanfa("restore", "--check", backed_up).out
    new = tmp_path / "new"
    ran = xuanfa("restore", backed_up, "-w", new, "--with-settings")
    assert (ran.code, ran.err) == (0, "")
    assert "已全部暂停，待核实 0 条，暂缓 2 条" in ran.out
    assert "xuanfa resume" in ran.out
    assert (new / "public" / "action" / "a.html").exists()
    doctor = xuanfa("doctor", "-w", new)
    assert doctor.code == 1
    assert "数据库恢复自" in doctor.out
    assert "2 条投递可能在其后发出过" in doctor.out
    listed = xuanfa("deliveries", "--state", "held", "-w", new).out
    assert listed.count("备份恢复，还没到发布时间") == 2
    assert xuanfa("publish", "-w", new).code == 1
    assert "2 条投递仍等人核对" in xuanfa("resume", "-w", new).out
    numbers = [row["id"] for row in xuanfa("deliveries", "--state", "held", "--json", "-w", new).json]
    assert xuanfa("release", *numbers, "-w", new).code == 0
    assert xuanfa("publish", "-w", new).code == 0
    assert len(sink.received) == 1
    verified = xuanfa("verify", "-w", new)
    assert (verified.code, verified.out.count("✗")) == (0, 0)


def test_a_website_that_is_newer_than_the_backup_proves_what_it_shows(
    xuanfa: Any, workspace: Path, write_post: Any, sink: Any, tmp_path: Path
) -> None:
    """The machine lost its database and kept its website: what stands there is settled by itself, the portal's is a person's."""
    write_post("before", title="上一期")
    assert xuanfa("publish").code == 0
    write_post("a", at="2026-01-01 09:00")
    xuanfa("queue")
    xuanfa("release", 3, 4)
    file = tmp_path / "backup.zip"
    assert xuanfa("backup", file).code == 0
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 2
    new = tmp_path / "new"
    shutil.copytree(workspace / "public", new / "public")
    ran = xuanfa("restore", file, "-w", new, "--with-settings")
    assert f"原有的保持不变：{new / 'public'}" in ran.out
    with closing(sqlite3.connect(new / "var" / "xuanfa.db")) as database, database:
        database.execute("UPDATE deliveries SET look_at = 0 WHERE look_at IS NOT NULL")  # a minute has passed
    xuanfa("publish", "-w", new)
    found = {row["channel"]: row for row in xuanfa("deliveries", "--post", "a", "--json", "-w", new).json}
    assert (found["site"]["state"], found["cms"]["state"]) == ("published", "unknown")
    assert found["site"]["address"] == "https://court.example/action/a.html"
    assert len(sink.received) == 2


def test_settings_are_not_taken_unasked(xuanfa: Any, workspace: Path, backed_up: Path, tmp_path: Path) -> None:
    """They say whereto everything is sent, and which programs are told."""
    new = tmp_path / "new"
    ran = xuanfa("restore", backed_up, "-w", new)
    assert ran.code == 0
    assert f"放在 {new / 'xuanfa.toml.restored'}" in ran.out
    assert not (new / "xuanfa.toml").exists()
    assert (new / "xuanfa.toml.restored").read_bytes() == (workspace / "xuanfa.toml").read_bytes()
    assert (new / "var" / "xuanfa.db").exists()
    assert xuanfa("doctor", "-w", new).code == 1
    (new / "xuanfa.toml.restored").rename(new / "xuanfa.toml")
    assert len(xuanfa("deliveries", "--json", "-w", new).json) == 4
    assert xuanfa("verify", "-w", new).code == 0


def test_settings_that_are_there_go_before_those_of_the_backup(
    xuanfa: Any, workspace: Path, backed_up: Path, tmp_path: Path
) -> None:
    for asked in ((), ("--with-settings",)):
        new = tmp_path / f"new{len(asked)}"
        new.mkdir()
        own = (workspace / "xuanfa.toml").read_text(encoding="utf-8") + "\n# 新机器\n"
        (new / "xuanfa.toml").write_text(own, encoding="utf-8")
        ran = xuanfa("restore", backed_up, "-w", new, *asked)
        assert (ran.code, (new / "xuanfa.toml").read_text(encoding="utf-8")) == (0, own)
        assert (new / "xuanfa.toml.restored").read_bytes() == (workspace / "xuanfa.toml").read_bytes()


def test_the_database_is_where_the_environment_says_also_without_settings(
    xuanfa: Any, backed_up: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / ".env").write_text(
        "XUANFA_DATABASE_URL=sqlite:///elsewhere.db\nXUANFA_CHANNELS__CMS__URL=https://a.example\n"
    )
    assert xuanfa("restore", backed_up, "-w", new).code == 0
    assert (new / "elsewhere.db").exists()
    assert not (new / "var" / "xuanfa.db").exists()


def test_a_seal_or_a_fingerprint_that_was_kept_is_compared(
    xuanfa: Any, workspace: Path, tmp_path: Path, write_post: Any
) -> None:
    write_post("a")
    assert xuanfa("publish").code == 0
    first = xuanfa("verify", "--json").json["seal"]
    write_post("b", title="第二篇")
    xuanfa("publish")
    file = tmp_path / "backup.zip"
    said = xuanfa("backup", file).out
    seal = said.partition("封印：")[2].split()[0]
    fingerprint = said.partition("指纹：")[2].split()[0]
    for kept in (first, seal, fingerprint, fingerprint.upper()):
        assert xuanfa("restore", "--check", file, "--seal", kept).code == 0
    for kept in (f"99:{'0' * 64}", f"1:{'0' * 64}", "0" * 64):
        new = tmp_path / "new"
        ran = xuanfa("restore", file, "-w", new, "--seal", kept)
        assert (ran.code, "与您保存的" in ran.err, new.exists()) == (1, True, False)
        assert xuanfa("restore", "--check", file, "--seal", kept, "--even-if-altered").code == 1
    assert xuanfa("restore", file, "-w", tmp_path / "new", "--seal", fingerprint).code == 0


def test_newer_posts_are_in_when_a_person_says_so(
    xuanfa: Any, backed_up: Path, tmp_path: Path, write_post: Any
) -> None:
    late = write_post("late", title="备份之后")
    new = tmp_path / "new"
    xuanfa("restore", backed_up, "-w", new, "--with-settings")
    ran = xuanfa("resume", "-w", new)
    assert (ran.code, "--all-posts-are-here" in ran.out) == (0, True)
    shutil.copy2(late, new / "posts" / "late.md")
    assert xuanfa("publish", "-w", new).code == 1
    found = xuanfa("deliveries", "--post", "late", "--json", "-w", new).json
    assert {row["state"] for row in found} == {"held"}
    assert {"备份里没有这篇稿件" in row["reason"] for row in found} == {True}
    assert xuanfa("resume", "--all-posts-are-here", "--channel", "cms", "-w", new).code == 2
    ran = xuanfa("resume", "--all-posts-are-here", "-w", new)
    assert (ran.code, "--all-posts-are-here" in ran.out) == (0, False)
    shutil.copy2(late, new / "posts" / "later-still.md")
    text = (new / "posts" / "later-still.md").read_text(encoding="utf-8").replace("备份之后", "更晚")
    (new / "posts" / "later-still.md").write_text(text, encoding="utf-8")
    xuanfa("publish", "-w", new)
    found = xuanfa("deliveries", "--post", "later-still", "--json", "-w", new).json
    assert {row["state"] for row in found} == {"published"}


def test_verify_says_what_holds_and_what_does_not(xuanfa: Any, workspace: Path, backed_up: Path) -> None:
    ran = xuanfa("verify")
    assert ran.code == 0
    assert "✓ 数据库完整" in ran.out
    assert "一切完好" in ran.out
    found = xuanfa("verify", "--json").json
    assert found.keys() == {"ok", "checks", "seal", "sealed_at"}
    assert found["ok"] is True
    assert found["checks"][0].keys() == {"what", "ok", "trouble"}
    assert found["seal"] in ran.out
    assert xuanfa("verify", "--seal", found["seal"]).code == 0
    with closing(sqlite3.connect(workspace / "var" / "xuanfa.db")) as database, database:
        database.execute("UPDATE receipts SET address = 'https://elsewhere.example/'")
    ran = xuanfa("verify", "--seal", "1:" + "0" * 64)
    assert ran.code == 1
    assert "✗ 回执与发布时登记的一致：投递 1, 2 不符" in ran.out
    assert "不在链上" in ran.out
    assert "有 2 处不对" in ran.out
    assert xuanfa("verify", "--json").code == 1


def test_in_english(xuanfa: Any, backed_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LANG", "en")
    ran = xuanfa("restore", backed_up, "-w", tmp_path / "new", "--with-settings")
    assert "everything is paused" in ran.out
    assert "All is well" in xuanfa("verify").out
    assert "Backed up to" in xuanfa("backup", tmp_path / "b.zip").out


def test_an_odd_entry_is_named_and_left_out_and_the_rest_is_backed_up(
    xuanfa: Any, write_post: Any, tmp_path: Path
) -> None:
    write_post("a")
    posts = xuanfa.folder / "posts"
    (posts / "images").mkdir()
    (posts / "loop.md").symlink_to("loop.md")
    (posts / "images" / "images").symlink_to("images")
    (posts / "here").symlink_to(".")
    (posts / "up").symlink_to("..")
    (posts / "data").symlink_to("../var")
    (posts / "gone.md").symlink_to("nothing.md")
    os.mkfifo(posts / "pipe.md")
    (xuanfa.folder / "templates").mkdir(exist_ok=True)
    (xuanfa.folder / "templates" / "site").symlink_to("site")
    file = tmp_path / "backup.zip"
    ran = xuanfa("backup", file)
    assert ran.code == 0
    for name in (
        "posts/loop.md",
        "posts/images/images",
        "posts/gone.md",
        "posts/pipe.md",
        "posts/up",
        "posts/data",
        "posts/here",
    ):
        assert ran.err.count(f"没有备份 {name}：") == 1
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
    assert "workspace/posts/a.md" in names
    assert not [name for name in names if "loop" in name or "pipe" in name or "gone" in name]
    assert not [
        name
        for name in names
        if name.startswith(("workspace/posts/up", "workspace/posts/data", "workspace/posts/here"))
    ]
