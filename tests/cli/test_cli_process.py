"""The installed command as a process: what it imports, how it ends, and what a machine does to it."""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

Write = Callable[..., Path]

#: linux/prctl.h and linux/capability.h: what lets root pass over permissions.
_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2
_LIBC = ctypes.CDLL(None)


def start(*arguments: str, **options: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "xuanfa", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, **{"stdout": pipe, "stderr": pipe, "text": True} | options)


def run(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    with start(*arguments, **options) as process:
        out, err = process.communicate(timeout=30)
    assert "Traceback" not in f"{out}{err}", err
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def permissions_count() -> None:
    """In the child: root obeys permissions as everybody does. Without the right to drop rights there is nothing to drop."""
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def small_files() -> None:
    """In the child: a write beyond 100 kB fails, as on a disk without room for it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


@pytest.mark.parametrize("line", ["-h", "publish -h", "count -h", "version", "--version", "nosuch"])
def test_help_imports_nothing_heavy(line: str) -> None:
    code = (
        "import sys\nfrom xuanfa.cli import main\n"
        f"main({line.split()!r})\n"
        "heavy = {'httpx', 'sqlalchemy', 'pydantic', 'jinja2', 'alembic', 'PIL', 'nh3', 'markdown_it', 'apscheduler'}\n"
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_reading_an_unchanged_inbox_imports_no_reader_of_posts(workspace: Path, write_post: Write) -> None:
    write_post()
    assert run("publish").returncode == 0
    code = (
        "import sys\nfrom xuanfa.cli import main\nmain(['publish'])\n"
        "heavy = {'alembic', 'PIL', 'nh3', 'markdown_it', 'apscheduler'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_is_in_the_language_that_is_set() -> None:
    english = os.environ | {"XUANFA_LANG": "en"}
    for line in ("-h", "count -h", "db -h", "channels -h", "retract -h"):
        text = run(*line.split(), env=english).stdout
        assert text.startswith("Usage: xuanfa")
        assert text.isascii(), text


@pytest.mark.parametrize("line", ["-h", "deliveries --json", "posts", "publish --json"])
def test_a_closed_pipe_is_no_error(workspace: Path, write_post: Write, line: str) -> None:
    write_post(at=f"{datetime.now(UTC) + timedelta(days=90):%Y-%m-%d %H:%M}")
    run("queue")
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = run(*line.split(), stdout=writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_under_the_output_is_said() -> None:
    with Path("/dev/full").open("w") as full:
        done = run("version", stdout=full)
    assert done.returncode == 1
    assert done.stderr == "错误：磁盘已满。请检查磁盘空间和权限。\n"


def test_a_read_only_workspace_is_named(workspace: Path, write_post: Write) -> None:
    write_post()
    workspace.chmod(0o555)
    try:
        done = run("publish", preexec_fn=permissions_count)
    finally:
        workspace.chmod(0o755)
    assert done.returncode == 1
    assert f"不能建立文件夹 {workspace / 'var'}：没有权限。" in done.stderr


def test_a_read_only_database_is_named(workspace: Path, write_post: Write) -> None:
    assert run("queue").returncode == 0
    write_post()
    database = workspace / "var" / "xuanfa.db"
    database.chmod(0o444)
    (workspace / "var").chmod(0o555)
    try:
        done = run("publish", preexec_fn=permissions_count)
    finally:
        (workspace / "var").chmod(0o755)
        database.chmod(0o644)
    assert done.returncode == 1
    assert "是只读的" in done.stderr or "打不开数据库" in done.stderr
    assert run("publish").returncode == 0


def test_a_read_only_website_folder_loses_nothing(workspace: Path, write_post: Write, sink: Any) -> None:
    write_post(more="channels: [site]\n")
    (workspace / "public").mkdir(mode=0o555)
    assert run("publish", preexec_fn=permissions_count).returncode in {0, 1}
    (row,) = json.loads(run("deliveries", "--json").stdout)
    assert row["state"] in {"scheduled", "failed"}
    assert row["reason"]
    (workspace / "public").chmod(0o755)


def test_a_read_only_inbox_is_enough(workspace: Path, write_post: Write) -> None:
    write_post().chmod(0o444)
    (workspace / "posts").chmod(0o555)
    done = run("publish", preexec_fn=permissions_count)
    (workspace / "posts").chmod(0o755)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unreadable_post_is_named_and_the_others_go_out(workspace: Path, write_post: Write, sink: Any) -> None:
    write_post("good")
    write_post("locked").chmod(0o000)
    done = run("publish", preexec_fn=permissions_count)
    assert done.returncode == 1
    assert "posts/locked.md" in done.stderr
    assert len(sink.received) == 1


def test_a_full_disk_under_the_database_is_said_and_nothing_is_lost(
    workspace: Path, write_post: Write, sink: Any
) -> None:
    write_post("first")
    assert run("publish").returncode == 0
    for number in range(40):
        write_post(f"post-{number}", more="channels: [cms]\n").write_text(
            f"---\ntitle: 第{number}篇\ncolumn: action\npublish_at: now\nchannels: [cms]\n---\n\n" + "长文。" * 2000,
            encoding="utf-8",
        )
    done = run("queue", preexec_fn=small_files)
    assert done.returncode == 1
    assert done.stderr.startswith("错误：")
    assert "数据库" in done.stderr
    done = run("publish")
    assert done.returncode == 0, done.stderr
    assert len(sink.received) == 41
    assert len({body["data"]["slug"] for body in sink.received}) == 41


def test_run_publishes_and_ends_cleanly_on_sigterm(workspace: Path, write_post: Write, sink: Any) -> None:
    write_post()
    with start("run") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "已发布" in line and "cms" in line:
                break
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert out.splitlines() == [
        f"宣发已启动，工作区 {workspace}。按 Ctrl+C 停止，在途的会先发完。",
        "已停止，没有半途而废的投递。",
    ]
    assert len(sink.received) == 1


def test_two_at_once_publish_each_post_once(workspace: Path, write_post: Write, sink: Any) -> None:
    for number in range(30):
        write_post(f"post-{number}", more="channels: [cms]\n")
    processes = [start("publish", "--json") for _ in range(3)]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert set(json.loads(out)) >= {"published", "count"}
    assert len(sink.received) == 30
    assert len({body["data"]["slug"] for body in sink.received}) == 30


def test_a_log_for_machines_has_one_object_on_each_line(workspace: Path, write_post: Write) -> None:
    write_post()
    done = run("publish", "-v", env=os.environ | {"XUANFA_LOG": "json"})
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {line["channel"] for line in lines} == {"site", "cms"}
    assert all(list(line)[:3] == ["at", "level", "message"] for line in lines)


def test_what_is_wrong_with_files_is_a_line_for_machines_too(workspace: Path, write_post: Write) -> None:
    write_post("good")
    write_post("bad", column="nowhere")
    for words in (("queue",), ("publish",), ("publish", "--json")):
        done = run(*words, env=os.environ | {"XUANFA_LOG": "json"})
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        assert any("posts/bad.md" in line["message"] and "nowhere" in line["message"] for line in lines)


def test_a_resident_logs_for_machines_from_its_first_line_to_its_last(workspace: Path, write_post: Write) -> None:
    write_post()
    env = os.environ | {"XUANFA_LOG": "json", "PYTHONUNBUFFERED": "1"}
    process = start("run", "--listen", "127.0.0.1:0", env=env)
    assert process.stderr is not None
    lines = [process.stderr.readline()]
    while "published" not in lines[-1]:
        lines.append(process.stderr.readline())
    process.send_signal(signal.SIGTERM)
    out, rest = process.communicate(timeout=60)
    found = [json.loads(line) for line in (*lines, *rest.splitlines())]
    assert out == ""
    assert "已启动" in found[1]["message"]
    assert "已停止" in found[-1]["message"]
    assert {line["post"] for line in found if line.get("event") == "delivery"} == {"a"}


def test_what_ends_a_command_is_a_line_for_machines_too(workspace: Path) -> None:
    (workspace / "xuanfa.toml").write_text("[columns", encoding="utf-8")
    done = run("run", env=os.environ | {"XUANFA_LOG": "json"})
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert json.loads(line)["level"] == "ERROR"
