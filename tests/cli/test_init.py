"""``xuanfa init``: a workspace that loads, and never a file overwritten."""

import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from xuanfa.cli.init import command
from xuanfa.domain.errors import ConfigError
from xuanfa.settings import load


def init(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_the_new_workspace_loads_and_only_the_website_is_real(tmp_path: Path) -> None:
    result = init(tmp_path / "a" / "b")
    assert result.exit_code == 0, result.output
    settings = load(tmp_path / "a" / "b", {})
    assert settings.office.name == "金昌市中级人民法院"
    assert [(column.title, column.campaign) for column in settings.all_columns.values()] == [("我们在行动", "三抓三促")]
    real = [id_ for id_, table in settings.channels.items() if not table.get("rehearsal")]
    assert real == ["site"]
    assert settings.channels["site"]["directory"] == "public"


def test_every_line_that_is_commented_out_is_a_setting_that_loads(tmp_path: Path) -> None:
    init(tmp_path)
    file = tmp_path / "xuanfa.toml"
    head, mark, tail = file.read_text(encoding="utf-8").partition("# [publish]")
    assert mark
    file.write_text(head + (mark + tail).replace("# ", "", 1).replace("\n# ", "\n"), encoding="utf-8")
    before = load(tmp_path, {}).publish
    assert before.model_fields_set == set(type(before).model_fields)
    assert before == type(before)()


def test_the_silent_periods_and_alarms_of_the_example_load(tmp_path: Path) -> None:
    init(tmp_path)
    file = tmp_path / "xuanfa.toml"
    head, mark, tail = file.read_text(encoding="utf-8").partition("# [[silent]]")
    middle, publish, rest = tail.partition("# 发布的快慢")
    assert mark
    assert publish
    shown = (
        re.sub("^# (?=告警|存证|登录)", "## ", mark + middle, flags=re.MULTILINE)
        .replace("# ", "", 1)
        .replace("\n# ", "\n")
    )
    file.write_text(head + shown + publish + rest, encoding="utf-8")
    settings = load(tmp_path, {})
    assert [silence.reason for silence in settings.silences] == ["国家公祭日"]
    assert settings.alarms == type(settings.alarms)()
    assert settings.sign_in == type(settings.sign_in)()


def test_the_example_post_has_its_picture(tmp_path: Path) -> None:
    init(tmp_path)
    (post,) = (tmp_path / "posts").glob("*.md")
    text = post.read_text(encoding="utf-8")
    (picture,) = (tmp_path / "posts" / "images").iterdir()
    assert f"](images/{picture.name}" in text
    assert f"cover: images/{picture.name}" in text
    with Image.open(picture) as image:
        assert image.size == (1200, 675)


def test_secrets_are_kept_out_of_sight(tmp_path: Path) -> None:
    init(tmp_path)
    assert ".env" in (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert stat.S_IMODE((tmp_path / ".env.example").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["某某县人民法院", '引"号\\院'])
def test_the_name_goes_into_the_settings(tmp_path: Path, name: str) -> None:
    assert init(tmp_path, "--name", name).exit_code == 0
    settings = load(tmp_path, {})
    assert (settings.office.name, settings.office.site_name) == (name, name)


@pytest.mark.parametrize("name", ["", "  ", "甲\n乙"])
def test_a_name_that_is_none_is_wrong_use(tmp_path: Path, name: str) -> None:
    assert init(tmp_path / "new", "--name", name).exit_code == 2
    assert not (tmp_path / "new").exists()


def test_the_next_steps_are_printed(tmp_path: Path) -> None:
    output = init(tmp_path / "new").output
    for step in ("cd ", "xuanfa doctor", "xuanfa publish", "xuanfa count", "xuanfa new"):
        assert step in output


def test_files_that_are_there_are_kept_and_named(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine")
    result = init(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "mine"
    assert "保持不变：.gitignore" in result.output
    assert load(tmp_path, {})


def test_a_workspace_is_never_made_twice(tmp_path: Path) -> None:
    (tmp_path / "xuanfa.toml").write_text("# mine")
    result = init(tmp_path)
    assert isinstance(result.exception, ConfigError)
    assert "已经是工作区" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["xuanfa.toml"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = init(tmp_path / "file")
    assert isinstance(result.exception, ConfigError)
    assert "是一个文件" in str(result.exception)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "posts").write_text("a file where a folder is to be")
    result = init(tmp_path)
    assert isinstance(result.exception, ConfigError)
    assert "没能写入" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["posts"]
