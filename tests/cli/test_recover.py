"""A lost database, as the person meets it who has to see to it: what ``publish`` says, what ``recover`` lists, how it ends."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Write = Callable[..., Path]


@pytest.fixture
def lost(workspace: Path, xuanfa: Any, write_post: Write, sink: Any) -> Any:
    """A workspace that has published two posts to its website and to an endpoint, and whose data are gone."""
    write_post("a")
    write_post("b", title="巡回审判")
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 2
    shutil.rmtree(workspace / "var")
    return xuanfa


def test_publish_says_how_to_go_on_and_sends_nothing(lost: Any, sink: Any) -> None:
    for _ in range(2):
        ran = lost("publish")
        assert ran.code == 1
        assert "数据库不记得已经做过的事" in ran.err
        assert "xuanfa restore" in ran.err
        assert "xuanfa recover" in ran.err
        assert "有 4 条投递“暂缓”" in ran.err
        assert ran.err.count("xuanfa resume") == 1
        assert ran.err.count("不记得已经做过的事") == 1
        assert "已全部暂停，什么也没有发送" in ran.err
    assert len(sink.received) == 2
    doctor = lost("doctor")
    assert doctor.code == 1
    (line,) = [line for line in doctor.out.splitlines() if "已全部暂停：" in line]
    assert line.count("xuanfa resume") == 1


def test_recover_lists_what_everybody_remembers_and_changes_nothing(lost: Any, workspace: Path) -> None:
    before = sorted(workspace.rglob("*"))
    ran = lost("recover")
    assert ran.code == 1
    head, *rows = ran.out.splitlines()
    assert head.split() == ["稿件", "渠道", "时间", "来源", "这里"]
    assert {tuple(row.split()[:2]) for row in rows[:4]} == {("a", "site"), ("a", "cms"), ("b", "site"), ("b", "cms")}
    assert {row.split()[5] for row in rows[:4]} == {"程序外的记号、site", "程序外的记号"}
    assert rows[4].startswith("等人核对 4 条；这里什么也没有改动")
    assert sorted(workspace.rglob("*")) == before


def test_recover_for_programs(lost: Any, workspace: Path) -> None:
    ran = lost("recover", "--json")
    assert ran.code == 1
    assert sorted((row["post"], row["channel"]) for row in ran.json) == sorted(
        (post, channel) for post in "ab" for channel in ("cms", "site")
    )
    for row in ran.json:
        assert row.keys() == {"post", "channel", "at", "source", "delivery", "state", "open"}
        assert str(workspace / "xuanfa.marks") in row["source"]
        assert ("site" in row["source"]) is (row["channel"] == "site")
        assert (row["delivery"], row["state"], row["open"]) == (None, None, True)
        assert row["at"].startswith("20")


def test_without_a_backup_each_is_settled_and_then_all_goes_on(lost: Any, sink: Any, write_post: Write) -> None:
    assert lost("queue").code == 0
    for row in lost("recover", "--json").json:
        assert row["state"] == "held"
        address = f"https://court.example/{row['post']}-{row['channel']}"
        assert lost("resolve", row["delivery"], "--published", address).code == 0
    assert lost("recover").code == 1, "nobody has resumed"
    assert lost("resume").code == 0
    ran = lost("recover")
    assert ran.code == 0
    assert "没有要核对的" in ran.out
    write_post("c", title="开放日")
    assert lost("publish").code == 0
    assert len(sink.received) == 3


def test_a_backup_goes_back_into_the_folder_that_lost_its_database(
    workspace: Path, xuanfa: Any, write_post: Write, tmp_path: Path, sink: Any
) -> None:
    write_post("a")
    assert xuanfa("publish").code == 0
    assert xuanfa("backup", tmp_path / "backup.zip").code == 0
    write_post("b", title="巡回审判")
    assert xuanfa("publish").code == 0
    shutil.rmtree(workspace / "var")
    assert xuanfa("publish").code == 1, "both are read into the new database, and held"
    ran = xuanfa("restore", tmp_path / "backup.zip", "-w", workspace)
    assert ran.code == 0, ran.err
    assert {(row["post"], row["channel"]) for row in xuanfa("recover", "--json").json} == {("b", "site"), ("b", "cms")}
    assert xuanfa("publish").code == 1
    for row in xuanfa("recover", "--json").json:
        assert (row["state"], row["open"]) == ("held", True)
        address = f"https://court.example/{row['post']}-{row['channel']}"
        assert xuanfa("resolve", row["delivery"], "--published", address).code == 0
    assert xuanfa("resume").code == 0
    assert xuanfa("recover").code == 0
    assert xuanfa("publish").code == 0
    assert len(sink.received) == 2


def test_what_the_account_alone_remembers(lost: Any, workspace: Path, sink: Any) -> None:
    (workspace / "xuanfa.marks").unlink()
    shutil.rmtree(workspace / "public")
    assert lost("publish").code == 1
    assert len(lost("recover", "--json").json) == 4
    assert len(sink.received) == 2


def test_where_nothing_was_lost_there_is_nothing_to_do(workspace: Path, xuanfa: Any, write_post: Write) -> None:
    write_post("a")
    xuanfa("publish")
    ran = xuanfa("recover")
    assert (ran.code, ran.out) == (0, "没有要核对的：各处记得的，数据库都知道，或有人已作决定。\n")
    ran = xuanfa("recover", "--all", "--json")
    assert {(row["channel"], row["state"], row["open"]) for row in ran.json} == {
        ("site", "published", False),
        ("cms", "published", False),
    }


def test_a_database_is_adopted(workspace: Path, xuanfa: Any, write_post: Write, settings: str, tmp_path: Path) -> None:
    write_post("a")
    assert xuanfa("publish").code == 0
    other = tmp_path / "other"
    (other / "posts").mkdir(parents=True)
    text = f'database_url = "sqlite:///{workspace}/var/xuanfa.db"\n{settings}'
    (other / "xuanfa.toml").write_text(text, encoding="utf-8")
    for command in ("publish", "queue", "deliveries", "doctor", "recover"):
        ran = xuanfa(command, "-w", other)
        assert ran.code == 1
        assert f"属于另一个工作区（{workspace}）" in ran.err
        assert "xuanfa db adopt" in ran.err
    ran = xuanfa("db", "adopt", "-w", other)
    assert (ran.code, ran.out) == (
        0,
        f"数据库 sqlite:///{workspace}/var/xuanfa.db 归本工作区 {other}，别的文件夹不能再用它。\n",
    )
    assert xuanfa("publish", "-w", other).code == 0
    assert xuanfa("publish").code == 1
    assert xuanfa("db", "adopt").code == 0
    assert xuanfa("publish").code == 0


def test_a_new_workspace_has_no_marks_and_keeps_them_out_of_version_control(xuanfa: Any, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert xuanfa("init", folder).code == 0
    assert not list(folder.rglob("*.marks"))
    assert "xuanfa.marks" in (folder / ".gitignore").read_text().splitlines()
    assert "xuanfa.marks" in (Path(__file__).parents[2] / ".gitignore").read_text().splitlines()


def make_own(folder: Path, name: str = "shili-xunhui-shenpan.md") -> None:
    """The sample as somebody has changed it: as it was written, it never goes out for real."""
    path = folder / "posts" / "shili-xunhui-shenpan.md"
    text = path.read_text(encoding="utf-8").replace("title: 巡回法庭到村口", "title: 巡回法庭到柳树村口")
    path.write_text(text, encoding="utf-8")
    path.rename(folder / "posts" / name)


def test_a_new_workspace_in_the_place_of_another_begins_anew_and_says_so(
    xuanfa: Any, tmp_path: Path, state_home: Path
) -> None:
    folder = tmp_path / "new"
    assert "以前有过一个工作区" not in xuanfa("init", folder).out
    make_own(folder, "b.md")
    assert xuanfa("publish", "-w", folder).code == 0
    shutil.rmtree(folder)
    ran = xuanfa("init", folder)
    assert "这个文件夹里以前有过一个工作区" in ran.out
    assert str(next((state_home / "xuanfa").iterdir())) in ran.out
    make_own(folder)
    assert xuanfa("publish", "-w", folder).code == 0
    (folder / "xuanfa.marks").unlink()
    shutil.rmtree(folder / "var")
    assert xuanfa("publish", "-w", folder).code == 1, "the new one is remembered"


def test_a_workspace_that_is_put_back_by_hand_is_the_former_one(xuanfa: Any, tmp_path: Path) -> None:
    """Its folder was lost and taken from version control: settings and posts, and nothing else."""
    folder = tmp_path / "new"
    xuanfa("init", folder)
    make_own(folder)
    assert xuanfa("publish", "-w", folder).code == 0
    shutil.rmtree(folder / "var")
    shutil.rmtree(folder / "public")
    (folder / "xuanfa.marks").unlink()
    ran = xuanfa("publish", "-w", folder)
    assert ran.code == 1
    assert "已全部暂停，什么也没有发送" in ran.err
    assert "xuanfa recover" in xuanfa("channels", "-w", folder).out
