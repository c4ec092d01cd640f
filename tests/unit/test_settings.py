"""The settings of a workspace: four layers, later ones win, and a mistake is said with its place and never with a secret."""

from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xuanfa.domain.column import Organisation
from xuanfa.domain.errors import ConfigError
from xuanfa.settings import Settings, find_workspace, load

SECRET = "hunter2-do-not-show"

Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Loads settings from a text, a ``.env`` text, variables and credentials."""

    def make(toml: str = "", env: str = "", environ: Mapping[str, str] | None = None, **credentials: str) -> Settings:
        (tmp_path / "xuanfa.toml").write_text(toml, encoding="utf-8")
        if env:
            (tmp_path / ".env").write_text(env, encoding="utf-8")
        given = dict(environ or {})
        if credentials:
            folder = tmp_path / "credentials"
            folder.mkdir()
            for name, text in credentials.items():
                (folder / name).write_text(text, encoding="utf-8")
            given["CREDENTIALS_DIRECTORY"] = str(folder)
        return load(tmp_path, given)

    return make


WECOM = '[channels.wecom]\nadapter = "wecom"\nkey = "from-file"\n'


def test_an_empty_file_gives_the_defaults(read: Read, tmp_path: Path) -> None:
    settings = read()
    assert (settings.timezone, settings.late_after_minutes) == ("Asia/Shanghai", 120)
    assert settings.database_url == f"sqlite:///{tmp_path}/var/xuanfa.db"
    assert settings.publish.model_dump() == {
        "in_flight": 20,
        "max_tries": 5,
        "scan_seconds": 30,
        "still_seconds": 5,
        "correction_note": "",
        "repeat_days": 35,
        "lease_seconds": 120,
        "request_seconds": 120,
    }
    assert settings.zone == ZoneInfo("Asia/Shanghai")
    assert settings.office == Organisation()


def test_the_folders_lie_in_the_workspace(read: Read, tmp_path: Path) -> None:
    settings = read()
    assert settings.folder == tmp_path
    assert (settings.posts_folder, settings.template_folder, settings.var_folder) == (
        tmp_path / "posts",
        tmp_path / "templates",
        tmp_path / "var",
    )


def test_the_root_of_the_repository_is_a_workspace_that_loads() -> None:
    settings = load(Path(__file__).parents[2], {})
    column = settings.all_columns["action"]
    assert (column.title, column.campaign) == ("我们在行动", "三抓三促")
    assert column.channels == ("site", "wechat", "weibo", "douyin", "wecom", "cms")
    assert len(column.timetable.rules) == 1
    assert settings.office.name == "金昌市中级人民法院"
    assert {id_: table.get("rehearsal", False) for id_, table in settings.channels.items()} == {
        "site": False,
        "wechat": True,
        "weibo": True,
        "douyin": True,
        "wecom": True,
        "cms": True,
    }


def test_each_layer_goes_before_the_one_below_it(read: Read) -> None:
    name = "XUANFA_CHANNELS__WECOM__KEY"
    layers = {"toml": WECOM, "env": f"{name}=from-env-file\n", "environ": {name: "from-environment"}}

    def key(*names: str) -> object:
        return read(**{one: layers[one] for one in names}).channels["wecom"]["key"]

    assert key("toml") == "from-file"
    assert key("toml", "env") == "from-env-file"
    assert key("toml", "env", "environ") == "from-environment"
    settings = read(**layers, xuanfa_channels__wecom__key="from-credential\n")
    assert settings.channels["wecom"] == {"adapter": "wecom", "key": "from-credential"}


def test_variables_and_credentials_are_read_in_any_case(read: Read) -> None:
    settings = read(WECOM, environ={"xuanfa_Publish__IN_FLIGHT": "7"}, XUANFA_CHANNELS__WECOM__KEY="secret\r\n")
    assert settings.publish.in_flight == 7
    assert settings.channels["wecom"]["key"] == "secret"


def test_an_empty_variable_counts_as_not_set(read: Read) -> None:
    settings = read(WECOM, "XUANFA_TIMEZONE=\n", {"XUANFA_CHANNELS__WECOM__KEY": ""})
    assert settings.channels["wecom"]["key"] == "from-file"
    assert settings.timezone == "Asia/Shanghai"


def test_a_variable_meets_the_key_of_the_file_whatever_its_letters(read: Read) -> None:
    toml = '[channels.cms]\nadapter = "webhook"\n[channels.cms.headers]\nAuthorization = "old"\n'
    settings = read(toml, environ={"XUANFA_CHANNELS__CMS__HEADERS__AUTHORIZATION": "new"})
    assert settings.channels["cms"]["headers"] == {"Authorization": "new"}


def test_lists_come_from_variables_as_json_or_with_commas(read: Read) -> None:
    toml = WECOM + '[channels.site]\nadapter = "site"\n[columns.a]\ntitle = "甲"\n'
    settings = read(
        toml,
        environ={
            "XUANFA_COLUMNS__A__CHANNELS": "site, wecom",
            "XUANFA_COLUMNS__A__TIMETABLE": "Mon,Wed 09:00",
            "XUANFA_CHANNELS__WECOM__SECRET": '["one", "two"]',
        },
    )
    assert settings.columns["a"].channels == ("site", "wecom")
    assert settings.columns["a"].timetable == ("Mon,Wed 09:00",)
    assert settings.channels["wecom"]["secret"] == ["one", "two"]


def test_a_dollar_in_the_env_file_stays_as_it_is(read: Read) -> None:
    assert read(WECOM, "XUANFA_CHANNELS__WECOM__KEY='a${HOME}b'\n").channels["wecom"]["key"] == "a${HOME}b"


def test_names_of_others_in_the_environment_are_left_alone(read: Read) -> None:
    assert read("", "OTHER=1\n", {"XUANFA_LANG": "zh", "PATH": "/bin"}).timezone == "Asia/Shanghai"


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    (tmp_path / "xuanfa.toml").write_bytes(b"\xef\xbb\xbflate_after_minutes = 5\r\n")
    assert load(tmp_path, {}).late_after_minutes == 5


def test_another_encoding_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "xuanfa.toml").write_bytes('# x\n[organisation]\nname = "法院"\n'.encode("gb18030"))
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert "xuanfa.toml:3" in str(caught.value)
    assert "iconv -f GB18030 -t UTF-8 xuanfa.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("sqlite:///data/x.db", "sqlite:///{folder}/data/x.db"),
        ("sqlite+pysqlite:///x.db?timeout=5", "sqlite+pysqlite:///{folder}/x.db?timeout=5"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
    ],
)
def test_only_sqlites_relative_path_is_made_absolute(read: Read, tmp_path: Path, url: str, becomes: str) -> None:
    assert read(f'database_url = "{url}"').database_url == becomes.format(folder=tmp_path)


def test_the_repr_shows_no_secret(read: Read) -> None:
    settings = read(
        f'database_url = "postgresql://u:{SECRET}@h/d"\n[channels.w]\nadapter = "wecom"\nkey = "{SECRET}"\n',
    )
    assert SECRET not in repr(settings) + str(settings)


def test_the_workspace_is_the_nearest_folder_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xuanfa.toml").touch()
    inner = tmp_path / "posts" / "2026"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert find_workspace(None) == tmp_path


def test_a_named_folder_is_taken_at_its_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xuanfa.toml").touch()
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_workspace(Path()) == tmp_path
    assert find_workspace(Path("xuanfa.toml")) == tmp_path
    with pytest.raises(ConfigError, match="xuanfa init"):
        find_workspace(Path("inner"))
    with pytest.raises(ConfigError, match=r"xuanfa init .*absent"):
        find_workspace(Path("absent"))


def test_outside_of_every_workspace_the_message_names_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="xuanfa init 目录"):
        find_workspace(None)
