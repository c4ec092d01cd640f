"""Who may read what: modes whatever the umask, and a second account of the group that may look and nothing else."""

import functools
import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from xuanfa.operations.keeping.access import MODES

Write = Callable[..., Path]
ROOT = Path(__file__).parents[2]
#: Numbers of accounts and groups that no system has given to anybody.
KEEPER, STAFF, STRANGER, OFFICE, ELSEWHERE = 61_001, 61_002, 61_003, 61_100, 61_200


@pytest.fixture
def umasks(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umasks", [0o000, 0o022, 0o077], indirect=True, ids=oct)
def test_nothing_is_for_others_but_the_website_whatever_the_umask(
    umasks: int, xuanfa: Any, write_post: Write, tmp_path: Path
) -> None:
    write_post("one")
    assert xuanfa("publish").code == 0
    assert xuanfa("preview", "one").code == 0
    backups = tmp_path / "backups"
    backups.mkdir(mode=0o700)
    assert xuanfa("backup", backups).code == 0
    assert xuanfa("new", "巡回审判进乡村", "--column", "action").code == 0
    var = xuanfa.folder / "var"
    assert mode(var) == 0o750
    found = {path: mode(path) for path in var.rglob("*")}
    assert {path: hex(m) for path, m in found.items() if m & 0o007} == {}
    assert mode(var / "xuanfa.db") == 0o640
    assert {m for path, m in found.items() if path.is_file()} <= {0o640, 0o600}
    assert mode(xuanfa.folder / "xuanfa.marks") == 0o640
    assert {mode(path) for path in backups.iterdir()} == {0o600}
    assert mode(next((xuanfa.folder / "public").rglob("one.html"))) == 0o644
    [new] = (xuanfa.folder / "posts").glob("2*/*.md")
    assert (mode(new), mode(new.parent)) == (0o660, 0o2770)


@pytest.mark.parametrize("umasks", [0o000, 0o022, 0o077], indirect=True, ids=oct)
def test_a_new_workspace_has_the_modes_of_the_table(umasks: int, xuanfa: Any, tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert xuanfa("init", made).code == 0
    assert mode(made) == 0o751
    assert mode(made / "posts") == 0o2770
    assert {mode(path) for path in (made / "posts").rglob("*") if path.is_file()} == {0o660}
    assert mode(made / "xuanfa.toml") == 0o640
    assert mode(made / ".env.example") == 0o600


def test_what_others_can_read_is_put_right_or_named(xuanfa: Any, write_post: Write, tmp_path: Path) -> None:
    write_post("one")
    backups = tmp_path / "backups"
    backups.mkdir()
    xuanfa("publish")
    xuanfa("backup", backups)
    database, env = xuanfa.folder / "var" / "xuanfa.db", xuanfa.folder / ".env"
    (xuanfa.folder / "var").chmod(0o755)
    database.chmod(0o644)
    env.write_text("XUANFA_PUBLISH__MAX_TRIES=4\n")
    env.chmod(0o644)
    [archive] = backups.iterdir()
    archive.chmod(0o644)
    said = xuanfa("doctor")
    assert f"{database} 的权限原是 0644" in said.err
    assert (mode(database), mode(database.parent)) == (0o640, 0o750)
    assert f"chmod 0600 {env}" in said.out
    assert f"chmod 0600 {archive}" in said.out
    env.chmod(0o640)
    assert "同组的账号能读" in xuanfa("doctor").out
    for path in (env, archive):
        path.chmod(0o600)
    assert "chmod" not in xuanfa("doctor").out


def test_the_table_of_the_documents_is_that_of_the_program() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    table = text.split("## Permissions", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([^`]+)` \| [^|]*?(\d{4}) \|", table, re.MULTILINE)
    documented = {name.strip("/").removeprefix("srv/xuanfa/"): int(value, 8) for name, value in rows}
    assert {name: documented.get(name) for name in MODES} == MODES


def as_account(user: int, group: int, *more: int) -> dict[str, Any]:
    """How a process is started as another account."""
    return {"user": user, "group": group, "extra_groups": [group, *more], "cwd": "/"}


@pytest.fixture
def shared(xuanfa: Any, write_post: Write, tmp_path: Path) -> Path:
    """A workspace of one account, whose group others are in: queued and published once, and not open any more."""
    if os.geteuid() != 0:
        pytest.skip("only root can be another account")
    folder = Path("/tmp") / f"xuanfa-{os.getpid()}-{time.monotonic_ns()}"  # every account may pass through it
    folder.mkdir(mode=0o755)
    text = (xuanfa.folder / "xuanfa.toml").read_text(encoding="utf-8")
    key = '[channels.group]\nadapter = "wecom"\ntitle = "群"\n\n[channels.drill]'  # its secret stands in .env
    text = text.replace("[channels.drill]", key).replace('channels = ["drill"]', 'channels = ["group"]')
    office = folder / "office"
    (office / "posts").mkdir(parents=True)
    (office / "xuanfa.toml").write_text(text, encoding="utf-8")
    write_post("one")
    (xuanfa.folder / "posts" / "one.md").rename(office / "posts" / "one.md")
    (office / ".env").write_text("XUANFA_CHANNELS__GROUP__KEY=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa\n".replace("x", "0"))
    for path in (office, *office.rglob("*")):
        os.chown(path, KEEPER, OFFICE)
    office.chmod(0o751)
    (office / "posts").chmod(0o2770)
    (office / "posts" / "one.md").chmod(0o660)
    (office / "xuanfa.toml").chmod(0o640)
    (office / ".env").chmod(0o600)
    yield office
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@functools.cache
def interpreter() -> tuple[str, str]:
    """A Python that every account may run, and where it finds the program and its libraries."""
    libraries = os.pathsep.join(
        path for path in sys.path if path.endswith(("site-packages", "src")) or path == str(ROOT)
    )
    stranger: dict[str, Any] = as_account(STRANGER, ELSEWHERE) | {"env": {"PYTHONPATH": libraries}}
    for program in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        command = [program, "-c", "import xuanfa.bootstrap"]
        with suppress(OSError):
            if subprocess.run(command, check=False, capture_output=True, **stranger).returncode == 0:
                return program, libraries
    pytest.skip("no other account may run a Python of this version")


def environment(office: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "XUANFA_PUBLISH__STILL_SECONDS": "0",
        "XDG_STATE_HOME": str(office / "state"),
        "PYTHONPATH": interpreter()[1],
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run(office: Path, account: dict[str, Any], *words: str) -> "subprocess.CompletedProcess[str]":
    command = [interpreter()[0], "-m", "xuanfa", *words, "-w", str(office)]
    done = subprocess.run(
        command, check=False, env=environment(office), capture_output=True, text=True, timeout=120, **account
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


LOOKING = ["deliveries", "posts", "count", "doctor", "alarms", "channels", "verify"]


def test_staff_of_the_group_may_look_and_others_may_not(shared: Path) -> None:
    keeper, staff = as_account(KEEPER, OFFICE), as_account(STAFF, ELSEWHERE, OFFICE)
    assert run(shared, keeper, "publish").returncode == 0
    before = {path: path.read_bytes() for path in (shared / "var").rglob("*") if path.is_file()}
    for word in LOOKING:
        done = run(shared, staff, word)
        assert (word, done.returncode, done.stderr) == (word, 0, ""), done.stdout
    rows = json.loads(run(shared, staff, "deliveries", "--json").stdout)
    assert {row["state"] for row in rows} == {"published"}
    assert "法治进校园" in run(shared, staff, "show", "one").stdout
    assert "这个账号只能看" in run(shared, staff, "doctor").stdout
    shown = run(shared, staff, "preview", "one")
    assert shown.returncode == 0, shown.stderr
    tried = run(shared, staff, "rehearse", "one", "--json")
    assert tried.returncode == 0, tried.stderr
    assert Path(json.loads(tried.stdout)["index"]).is_file()
    assert {path: path.read_bytes() for path in (shared / "var").rglob("*") if path.is_file()} == before


def test_staff_of_the_group_may_write_posts_and_see_what_is_wrong_with_them(shared: Path) -> None:
    keeper, staff = as_account(KEEPER, OFFICE), as_account(STAFF, ELSEWHERE, OFFICE)
    run(shared, keeper, "publish")
    made = run(shared, staff, "new", "巡回审判进乡村", "--column", "action")
    assert made.returncode == 0, made.stderr
    [path] = (shared / "posts").glob("2*/*.md")
    assert path.stat().st_gid == OFFICE
    path.write_text("---\ntitle: 巡回审判进乡村\ncolumn: actoin\n---\n\n正文。\n", encoding="utf-8")
    checked = run(shared, staff, "queue")
    assert checked.returncode == 1
    assert "actoin" in checked.stderr
    path.write_text("---\ntitle: 巡回审判进乡村\ncolumn: action\n---\n\n正文。\n", encoding="utf-8")
    checked = run(shared, staff, "queue", "--json")
    assert checked.returncode == 0, checked.stderr
    assert len(json.loads(checked.stdout)["new"]) == 1
    assert len(json.loads(run(shared, staff, "posts", "--json").stdout)) == 1  # nothing was taken
    refused = run(shared, staff, "cancel", "1")
    assert refused.returncode == 1
    assert "sudo -u xuanfa" in refused.stderr or ".env" in refused.stderr
    assert run(shared, keeper, "publish").returncode == 0
    assert len(json.loads(run(shared, staff, "posts", "--json").stdout)) == 2


def test_staff_may_look_while_the_service_has_the_database_open(shared: Path) -> None:
    keeper, staff = as_account(KEEPER, OFFICE), as_account(STAFF, ELSEWHERE, OFFICE)
    environ = {
        "PATH": "/usr/bin:/bin",
        "XDG_STATE_HOME": str(shared / "state"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    environ["XUANFA_PUBLISH__STILL_SECONDS"] = "0"
    command = [interpreter()[0], "-m", "xuanfa", "run", "-w", str(shared)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(shared), stdout=pipe, stderr=pipe, text=True, **keeper) as service:
        assert service.stderr is not None
        try:
            while "已发布" not in service.stderr.readline():
                pass
            assert (shared / "var" / "xuanfa.db-wal").exists()
            rows = json.loads(run(shared, staff, "deliveries", "--json").stdout)
            assert len(rows) == 2
            assert "published" in {row["state"] for row in rows}
        finally:
            service.terminate()
            service.communicate(timeout=60)


def test_a_stranger_sees_nothing(shared: Path) -> None:
    run(shared, as_account(KEEPER, OFFICE), "publish")
    done = run(shared, as_account(STRANGER, ELSEWHERE), "deliveries")
    assert done.returncode != 0
    assert "法治进校园" not in done.stdout + done.stderr
