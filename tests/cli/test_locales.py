"""Whatever the locale of the process, a file is the same post, what is printed can be read, and what is typed is understood."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

SETTINGS = """
[organisation]
name = "阳泉市城区人民法院"
[columns.action]
title = "以案说法"
channels = ["site"]
[channels.site]
adapter = "site"
directory = "public"
base_url = "https://court.example"
"""
#: A smiling face has no bytes in GBK, and so has a tick; 㐂 has none either.
POST = "---\ntitle: 执行有力度😀也有温度\ncolumn: action\n---\n\n法官上门，当场履行㐂。\n"
LOCALES = {"zh_CN.GBK": "GBK", "zh_CN.GB18030": "GB18030", "en_US.ISO-8859-1": "ISO-8859-1"}


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Locales of encodings that few machines have nowadays, made for these tests."""
    if shutil.which("localedef") is None:
        pytest.skip("no localedef to make a locale with")
    folder = tmp_path_factory.mktemp("locales")
    for name, charset in LOCALES.items():
        command = ["localedef", "-i", name.partition(".")[0], "-f", charset, str(folder / name)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # warnings make it end with 1
        if not (folder / name).is_dir():
            pytest.skip(f"the sources of {name} are not installed: {done.stderr.splitlines()[-1:]}")
    return folder


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "posts").mkdir()
    (tmp_path / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "posts" / "上门执行.md").write_text(POST, encoding="utf-8")
    return tmp_path


def run(office: Path, environ: Mapping[str, str], *typed: str | bytes) -> tuple[int, bytes]:
    """The installed command with this environment and no other, as cron would start it: its code, and all that it printed."""
    command = [os.fsencode(Path(sys.executable).with_name("xuanfa")), *(os.fsencode(each) for each in typed)]
    plain = {"PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(office / "state"), "XUANFA_PUBLISH__STILL_SECONDS": "0"}
    done = subprocess.run(command, check=False, cwd=office, env=plain | environ, capture_output=True, timeout=60)
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    return done.returncode, done.stdout + done.stderr


def deliveries(office: Path) -> list[tuple[str, str]]:
    """Slug and state of every delivery."""
    with closing(sqlite3.connect(office / "var" / "xuanfa.db")) as database:
        return list(database.execute("SELECT slug, state FROM deliveries JOIN posts ON posts.id = post_id"))


ENVIRONMENTS: dict[str, dict[str, str]] = {
    "cron": {},
    "C": {"LC_ALL": "C"},
    "POSIX": {"LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"},
    "nothing is coerced": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ascii": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"},
    "gbk": {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "gbk:strict"},
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_file_is_one_post_wherever_it_is_read(office: Path, name: str) -> None:
    environ = ENVIRONMENTS[name]
    code, printed = run(office, environ, "publish")
    assert code == 0, printed
    encoding = {"ascii": "ascii", "gbk": "gbk"}.get(name, "utf-8")
    sentence = printed.decode(encoding)
    assert ("网站 1 条" if encoding != "ascii" else "\\u7f51\\u7ad9 1") in sentence
    run(office, {"LANG": "C.UTF-8"}, "publish")
    assert deliveries(office) == [("上门执行", "published")]
    assert [path.name for path in (office / "public/action").glob("上*.html")] == ["上门执行.html"]


@pytest.mark.parametrize("name", LOCALES)
def test_by_hand_in_an_old_terminal_and_by_cron(office: Path, locales: Path, name: str) -> None:
    terminal = {"LOCPATH": str(locales), "LC_ALL": name}
    code, printed = run(office, terminal, "publish")
    assert code == 0, printed
    if name.startswith("zh"):
        assert "网站 1 条" in printed.decode(LOCALES[name])
    run(office, {}, "publish")
    assert deliveries(office) == [("上门执行", "published")]


def test_what_is_typed_in_gbk_is_understood(office: Path, locales: Path) -> None:
    terminal = {"LOCPATH": str(locales), "LC_ALL": "zh_CN.GBK"}
    run(office, terminal, "queue")
    code, printed = run(office, terminal, "cancel", "1", "--why", "领导要求暂缓".encode("gbk"))
    assert code == 0, printed
    code, printed = run(office, terminal, "show", "上门执行".encode("gbk"), "--json")
    assert code == 0
    assert "领导要求暂缓" in printed.decode("gbk")
    # A name that the shell has completed has the bytes of the file.
    assert run(office, terminal, "show", "上门执行")[0] == 0


@pytest.mark.parametrize("environ", [{"LC_ALL": "C.UTF-8"}, {}, {"LC_ALL": "C", "PYTHONIOENCODING": "gbk"}], ids=str)
def test_what_is_typed_in_gbk_is_understood_where_the_locale_says_otherwise(
    office: Path, environ: dict[str, str]
) -> None:
    run(office, environ, "queue")
    code, printed = run(office, environ, "cancel", "1", "--why", "领导要求暂缓".encode("gbk"))
    assert code == 0, printed
    assert "领导要求暂缓" in run(office, {}, "show", "上门执行")[1].decode()
    assert run(office, environ, "new", "法庭进乡村".encode("gbk"))[0] == 0
    (made,) = (office / "posts").rglob("*法庭进乡村*.md")
    assert "title: 法庭进乡村" in made.read_text(encoding="utf-8")
    code, printed = run(office, environ, "deliveries", "--post", b"\xff\xfe\xb7")
    assert code == 1, "no post is called so, and bytes that are no text are no traceback"
    assert b"Traceback" not in printed


def test_signs_that_gbk_lacks_are_told_by_others_and_json_stays_json(office: Path, locales: Path) -> None:
    terminal = {"LOCPATH": str(locales), "LC_ALL": "zh_CN.GBK"}
    code, printed = run(office, terminal, "doctor")
    assert code == 0, printed.decode("gbk")
    assert "√ 设置" in printed.decode("gbk")
    run(office, terminal, "queue")
    _, printed = run(office, terminal, "posts", "--json")
    assert "执行有力度😀也有温度" in {row["title"] for row in json.loads(printed.decode("gbk"))}
