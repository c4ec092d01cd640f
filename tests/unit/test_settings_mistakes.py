"""Every mistake in the settings: the place, the key, what was expected; a value from the environment never."""

from pathlib import Path

import pytest

from xuanfa.domain.errors import ConfigError
from xuanfa.settings import load

SECRET = "hunter2-do-not-show"
SITE = '[channels.site]\nadapter = "site"\n'


def refusal(folder: Path, toml: str, env: str = "", **environ: str) -> str:
    (folder / "xuanfa.toml").write_text(toml, encoding="utf-8")
    if env:
        (folder / ".env").write_text(env, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder, environ)
    return str(caught.value)


@pytest.mark.parametrize(
    ("toml", "line", "parts"),
    [
        ("\n\ntimezon = 'x'", 3, ["timezon", "是否想写 timezone"]),
        ("[publish]\nzzz = 1", 2, ["publish.zzz", "in_flight、max_tries"]),
        ("late_after_minutes = '很久'", 1, ["late_after_minutes", "整数"]),
        ("late_after_minutes = 0", 1, ["不能小于 1"]),
        ("[publish]\n\nin_flight = 501", 3, ["publish.in_flight", "不能大于 500"]),
        ("timezone = 'Asia/Jinchang'", 1, ["Asia/Jinchang", "Asia/Shanghai"]),
        ("timezone = 'Asia'", 1, ["时区名"]),
        ("timezone = 8", 1, ["双引号"]),
        ("[columns.Action]\ntitle = '甲'", 1, ["columns.Action", "小写英文字母", "网址"]),
        ("[channels.'微信']\nadapter = 'wecom'", 1, ["channels.微信", "title"]),
        (f"[channels.{'a' * 61}]\nadapter = 'wecom'", 1, ["最多 60 个"]),
        (f"[columns.{'a' * 61}]\ntitle = '甲'", 1, ["最多 60 个"]),
        ("[columns.a]\ncampaign = '三抓三促'", 1, ["columns.a.title", "没有写"]),
        ("[columns.a]\ntitle = '甲'\nform = '列表'", 3, ["columns.a.form", "只能写 stories、notices"]),
        ("[columns.a]\ntitle = ''", 2, ["columns.a.title", "不能为空"]),
        (SITE + "[columns.a]\ntitle = '甲'\nchannels = ['sites']", 5, ["sites", "是否想写 site"]),
        (SITE + "[columns.a]\ntitle = '甲'\nchannels = ['site', 'site']", 5, ["两次"]),
        (SITE + "[columns.a]\ntitle = '甲'\nchannels = 3", 5, ["列表"]),
        ("[columns.a]\ntitle = '甲'\ntimetable = [\n  'Mon 25:00',\n]", 3, ["columns.a.timetable", "Mon 25:00"]),
        ("[channels.x]\ntitle = '甲'", 1, ["channels.x.adapter", "没有写"]),
        ("[channels]\nx = 'site'", 2, ["channels.x", "一节设置"]),
        ("organisation = '法院'", 1, ["organisation", "一节设置"]),
        ("organisation = { nam = '法院' }", 1, ["organisation.nam", "是否想写 name"]),
        ("organisation.site_domain = 'https://x.cn/'", 1, ["organisation.site_domain", "域名"]),
        ("[organisation]\nsite_id_code = '12'", 2, ["site_id_code", "10 位"]),
        ("[organisation]\ndepartments = ['民一庭', '民一庭 ']", 2, ["departments", "写了两次"]),
        ("[organisation]\ndepartments = ['民一庭', '']", 2, ["departments", "空的"]),
        ("database_url = 'var/xuanfa.db'", 1, ["sqlite:///var/xuanfa.db"]),
        ("database_url = 'sqlite://'", 1, ["三条斜线"]),
        ("database_url = 'sqlite:///:memory:'", 1, ["内存"]),
        ("folder = '/tmp'", 1, ["folder", "不是已知的设置"]),
    ],
)
def test_a_mistake_in_the_file_is_said_with_its_line(tmp_path: Path, toml: str, line: int, parts: list[str]) -> None:
    message = refusal(tmp_path, toml)
    assert message.startswith(f"{tmp_path}/xuanfa.toml:{line}：")
    for part in parts:
        assert part in message
    assert "\n" not in message


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    message = refusal(tmp_path, "late_after_minutes = -1\nx = 1\n[publish]\nin_flight = 0\n", XUANFA_TIMEZONE="nowhere")
    head, *lines = message.splitlines()
    assert "4 处" in head
    assert [line.split("：")[0].rpartition("/")[2] for line in lines] == [
        "环境变量 XUANFA_TIMEZONE",
        "xuanfa.toml:1",
        "xuanfa.toml:2",
        "xuanfa.toml:4",
    ]


@pytest.mark.parametrize(
    ("toml", "place", "part"),
    [
        ("timezone = “Asia/Shanghai”", "xuanfa.toml:1，第 12 列", "全角符号（“）"),
        ('\nname ＝ "x"', "xuanfa.toml:2，第 6 列", "全角符号（＝）"),
        ("[columns.专栏]", "xuanfa.toml:1，第 10 列", "TOML"),
        ("[publish", "xuanfa.toml:1，第 9 列", "TOML"),
        ('a = """x\n\n', "xuanfa.toml:2", "TOML"),
    ],
)
def test_what_is_not_toml_is_said_with_line_and_column(tmp_path: Path, toml: str, place: str, part: str) -> None:
    message = refusal(tmp_path, toml)
    assert place in message
    assert part in message


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("XUANFA_TIMEZONE", "时区名"),
        ("XUANFA_PUBLISH__IN_FLIGHT", "整数"),
        ("XUANFA_CHANNELS", "一节设置"),
        ("XUANFA_DATABASE_URL", "数据库地址"),
        ("XUANFA_DATABASE_ULR", "是否想写 XUANFA_DATABASE_URL"),
        ("XUANFA_CHANEL__SITE__KEY", "是否想写 XUANFA_CHANNELS__SITE__KEY"),
        ("XUANFA_CHANNELS__SIT__KEY", "是否应为 site"),
        ("XUANFA_COLUMNS__A__TIMETABLE", "排期"),
        ("XUANFA_COLUMNS__A__CAMPAIGN__X", "双引号"),
        ("XUANFA_COLUMNS__B__CAMPAIGN", "没有写"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable_and_hides_the_value(
    tmp_path: Path, name: str, part: str
) -> None:
    toml = SITE + "[columns.a]\ntitle = '甲'\n"
    message = refusal(tmp_path, toml, **{name: SECRET})
    assert message.startswith(f"环境变量 {name}：")
    assert part in message
    assert SECRET not in message


def test_a_mistake_in_the_env_file_names_its_line(tmp_path: Path) -> None:
    message = refusal(tmp_path, SITE, f"# 密钥\n\nA=1\nexport XUANFA_CHANELS__SITE__KEY={SECRET}\n")
    assert message.startswith(f"{tmp_path}/.env:4 XUANFA_CHANELS__SITE__KEY：")
    assert "是否想写 XUANFA_CHANNELS__SITE__KEY" in message
    assert SECRET not in message


def test_an_unreadable_line_of_the_env_file_is_named_without_its_text(tmp_path: Path) -> None:
    message = refusal(tmp_path, SITE, f"A=1\nXUANFA_TIMEZONE='{SECRET}\n")
    assert message.startswith(f"{tmp_path}/.env:2：")
    assert SECRET not in message


def test_an_unknown_credential_is_refused_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "xuanfa_chanels__site__key").write_text(SECRET)
    (folder / "other").write_text(SECRET)
    message = refusal(tmp_path, SITE, CREDENTIALS_DIRECTORY=str(folder))
    assert f"{folder}/xuanfa_chanels__site__key" in message
    assert SECRET not in message


def test_a_credentials_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert f"读不了 {tmp_path}/absent" in refusal(tmp_path, SITE, CREDENTIALS_DIRECTORY=str(tmp_path / "absent"))


def test_one_setting_given_as_value_and_as_table_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, SITE, XUANFA_CHANNELS__SITE__A=SECRET, XUANFA_CHANNELS__SITE__A__B=SECRET)
    assert "同时被当作" in message
    assert SECRET not in message


def test_a_missing_settings_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="读不了"):
        load(tmp_path, {})


@pytest.mark.usefixtures("english")
def test_messages_are_english_where_that_is_wanted(tmp_path: Path) -> None:
    message = refusal(tmp_path, "timezon = 'x'\n[columns.a]\n[channels.b]\nadapter = 'site'")
    assert "did you mean timezone?" in message
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in message)
