"""What wrong use and a broken workspace get: a sentence that says what to do, the exit code, and never a traceback."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xuanfa.cli import COMMANDS

Run = Any
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("publsh", "没有“publsh”这个命令，是不是“publish”？"),
        ("zzz", "没有“zzz”这个命令。"),
        ("publish --jsn", "没有“--jsn”这个选项，是不是“--json”？"),
        ("cancel", "缺少 ID。"),
        ("cancel abc", "ID 不对：“abc”不是投递编号（见 xuanfa deliveries）。"),
        ("cancel 99999999999999999999", "ID 不对：“99999999999999999999”不是投递编号"),
        ("retract -1 --why 错", "没有“-1”这个选项"),
        ("resolve ² --absent --why 无", "ID 不对：“²”不是投递编号"),
        ("reschedule 1", "缺少 --at。"),
        ("count --since", "选项 --since 后面缺少值，或者多写了值。"),
        ("count --since 2026-02-30", "--since 不对：“2026-02-30”不是日期，请写成 2026-11-23。"),
        ("count --since 2026-02-02 --until 2026-02-01", "--since 晚于 --until。"),
        ("count --by colour", "--by 不对：只能是 channel、column、campaign、department、"),
        (
            "deliveries --state sent",
            "--state 不对：没有状态“sent”。可选：awaiting_review 待审核、shelved 在架、scheduled 待发布、",
        ),
        ("posts a b", "多写了“a b”。"),
        ("resolve 1", "请在 --published 网址、--absent 与 --once 中选一个。"),
        ("resolve 1 --absent", "--absent 会再次发送，--once 会解除告警，请用 --why 写明依据。"),
        ("resolve 1 --once", "--absent 会再次发送，--once 会解除告警，请用 --why 写明依据。"),
        ("resolve 1 --once --absent --why x", "请在 --published 网址、--absent 与 --once 中选一个。"),
        ("resolve 1 --published https://a.gov.cn/1 --node-is-gone", "--node-is-gone 要与 --absent 一起用。"),
        ("resolve 1 --published court.example/1", "“court.example/1”不是网址，请粘贴完整的公开地址。"),
        ("resolve 1 --published https://[", "不是网址"),
        ("resolve 1 --published https://name:word@a.gov.cn/1", "不是网址"),
        ("resolve 1 --published https://a.gov.cn/\u202e1", "不是网址"),
        ("resolve 1 --published https://a.gov.cn/\x001", "不是网址"),
        ("retract 1", "缺少 --why。"),
        ("reschedule 1 --at 明天", "“明天”只有日期，没有几点几分。请写成 明天 09:00 这样。"),
        ("reschedule 1 --at 2026-12-01", "“2026-12-01”只有日期，没有几点几分。"),
        ("channels pause site", "缺少 --why。"),
        ("backup", "缺少 FILE。"),
        ("backup . --keep 0", "--keep"),
        ("restore a.zip", "请用 -w 写明恢复到哪个文件夹。"),
        ("db downgrade", "downgrade"),
    ],
)
def test_wrong_use_is_explained_and_exits_with_2(xuanfa: Run, line: str, says: str) -> None:
    ran = xuanfa(*line.split())
    assert ran.code == 2
    assert says in ran.err
    assert not ran.out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("show 99", "没有名为“99”的稿件，也没有这个编号的投递"),
        ("show 99999999999999999999", "没有名为“99999999999999999999”的稿件"),
        ("show ²", "没有名为“²”的稿件"),
        ("cancel #99", "没有编号为 99 的投递"),
        ("cancel 99", "没有编号为 99 的投递：用 xuanfa deliveries 查看编号。"),
        ("release 99", "没有编号为 99 的投递"),
        ("retry 99", "没有编号为 99 的投递"),
        ("reschedule 99 --at 2099-01-01T09:00", "没有编号为 99 的投递"),
        ("resolve 99 --absent --why 无", "没有编号为 99 的投递"),
        ("resolve 99 --published https://court.example/1", "没有编号为 99 的投递"),
        ("retract 99 --why 错", "没有编号为 99 的投递"),
        ("count --column nosuch", "没有专栏 nosuch：有 action（我们在行动）、quiet（静）。"),
        ("channels pause nosuch --why 维护", "没有渠道 nosuch：有 site（网站）、cms（门户）、drill（练习）。"),
        ("preview nosuch", "posts/ 里没有“nosuch”"),
        ("new 标题 --column nosuch", "请用 --column 指明专栏：有 action"),
    ],
)
def test_what_is_not_there_is_named(xuanfa: Run, line: str, says: str) -> None:
    ran = xuanfa(*line.split())
    assert ran.code == 1
    assert ran.err.startswith("错误：")
    assert says in ran.err


NEEDS_NOTHING = {"init", "restore", "version", "channels", "db"}
ARGUMENTS = {
    "new": ["标题"],
    "preview": ["a"],
    "rehearse": ["a"],
    "show": ["a"],
    "cancel": ["1"],
    "reschedule": ["1", "--at", "2099-01-01 09:00"],
    "release": ["1"],
    "retry": ["1"],
    "resolve": ["1", "--absent", "--why", "无"],
    "retract": ["1", "--why", "错"],
    "pause": ["--why", "维护"],
    "backup": ["backup.zip"],
    "withdraw": ["a", "--why", "错"],
    "correct": ["a", "--why", "错"],
    "archive": ["a", "-o", "a.zip"],
    "users": ["list"],
    "review": ["list"],
    "audit": ["show"],
    "export": ["one", "-o", "one.docx"],
    "proof": ["check"],
    "readers": ["show"],
    "webhooks": ["list"],
    "report": ["month", "2026-01", "-o", "a.csv"],
    "schedule": ["import", "a.csv"],
    "shelf": ["list"],
    "solemn": ["list"],
    "workdays": ["show"],
}
IN_A_WORKSPACE = [
    *([name, *ARGUMENTS.get(name, [])] for name in COMMANDS if name not in NEEDS_NOTHING),
    ["channels"],
    ["channels", "pause", "site", "--why", "维护"],
    ["channels", "resume", "site"],
    ["db", "upgrade"],
]


@pytest.mark.parametrize("line", IN_A_WORKSPACE, ids=" ".join)
def test_without_a_workspace_it_says_how_to_get_one(
    xuanfa: Run, line: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    ran = xuanfa(*line)
    assert ran.code == 1
    assert "xuanfa.toml" in ran.err
    assert "xuanfa init" in ran.err


@pytest.mark.parametrize("line", IN_A_WORKSPACE, ids=" ".join)
def test_broken_settings_are_named_with_their_line(xuanfa: Run, line: list[str]) -> None:
    (xuanfa.folder / "xuanfa.toml").write_text('timezone = "Asia/Shanghai"\n[columns\n', encoding="utf-8")
    ran = xuanfa(*line)
    assert ran.code == 1
    assert "xuanfa.toml" in ran.err
    assert "2" in ran.err
    assert not (xuanfa.folder / "var").exists()


def test_a_wrong_setting_of_a_channel_is_named_and_no_database_is_made(xuanfa: Run) -> None:
    toml = xuanfa.folder / "xuanfa.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("base_url", "base_ulr"), encoding="utf-8")
    ran = xuanfa("publish")
    assert ran.code == 1
    assert "base_ulr" in ran.err
    assert "base_url" in ran.err
    assert not (xuanfa.folder / "var" / "xuanfa.db").exists()


def test_another_workspace_is_named_with_an_option(
    xuanfa: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert xuanfa("posts").code == 1
    assert xuanfa("posts", "-w", xuanfa.folder).code == 0
    monkeypatch.setenv("XUANFA_WORKSPACE", str(xuanfa.folder))
    assert xuanfa("posts").code == 0
    assert xuanfa("posts", "-w", tmp_path / "nosuch").code == 1


def test_a_workspace_is_found_from_a_folder_inside(xuanfa: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(xuanfa.folder / "posts")
    assert xuanfa("posts").code == 0


def test_an_empty_inbox_is_fine_and_a_missing_one_is_named(xuanfa: Run) -> None:
    assert xuanfa("queue").code == 0
    (xuanfa.folder / "posts").rmdir()
    ran = xuanfa("queue")
    assert ran.code == 1
    assert "没有稿件文件夹" in ran.err
    assert xuanfa("doctor").code == 1


def test_a_damaged_database_is_named_with_what_to_do(xuanfa: Run, write_post: Write) -> None:
    write_post()
    (xuanfa.folder / "var").mkdir()
    (xuanfa.folder / "var" / "xuanfa.db").write_bytes(b"this is not a database, whatever its name says\n" * 200)
    ran = xuanfa("publish")
    assert ran.code == 1
    assert "不是数据库文件，或已损坏：请从备份恢复" in ran.err


def test_secrets_of_the_settings_are_in_no_output(xuanfa: Run, write_post: Write, sink: Any) -> None:
    secret = "whsec_c2VjcmV0LXRoYXQtbm9ib2R5LXNlZXMtMDAwMQ=="
    toml = xuanfa.folder / "xuanfa.toml"
    text = toml.read_text(encoding="utf-8").replace(sink.url, f"{sink.url}/key-0123456789abcdef")
    toml.write_text(text.replace("allow_private", f'secret = "{secret}"\nallow_private'), encoding="utf-8")
    sink.answers = [500]
    write_post()
    for line in ("publish -v", "show a", "show a --json", "deliveries --json", "channels --json", "doctor"):
        ran = xuanfa(*line.split())
        for hidden in (secret, secret.removeprefix("whsec_"), "key-0123456789abcdef"):
            assert hidden not in ran.out + ran.err


def test_every_command_has_help_and_needs_no_workspace_for_it(
    xuanfa: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, (zh, _) in COMMANDS.items():
        ran = xuanfa(name, "--help")
        assert ran.code == 0
        assert ran.out.startswith(f"用法：xuanfa {name}")
        assert zh in ran.out
        assert xuanfa(name, "-h").out == ran.out
    assert xuanfa("-h").code == 0


def test_without_a_command_the_help_is_shown_and_cron_notices(xuanfa: Run) -> None:
    ran = xuanfa()
    assert ran.code == 2
    assert "命令：" in ran.err + ran.out
