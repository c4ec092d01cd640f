"""A settings file is changed line by line: what was asked for, and not a byte more."""

import difflib
import tomllib
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given, settings
from hypothesis import strategies as st

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.setting import Edit, Key, SecretEdit, at, leaves
from xuanfa.settings.secrets_file import variable, with_secrets
from xuanfa.settings.writing import rewritten

STARTER = (Path(__file__).parents[2] / "src" / "xuanfa" / "starter" / "xuanfa.toml").read_text(encoding="utf-8")
OWN = (Path(__file__).parents[2] / "xuanfa.toml").read_text(encoding="utf-8")
ODD = """\
title-of-nothing = 1 # stays
organisation.name = "甲"   # dotted

[columns]
inline = { title = "行内", channels = ["a"] } # inline

[columns.second]
title = '''
两
行'''
channels = [
  # first of all
  "a", # the site
  "b",
] # end

  [channels.a]   # indented
  adapter = "site"

[columns.third]
"title" = 'x'  # quoted key

[[silent]]
from = 2026-12-13 # a date
until = 2026-12-13
reason = "公祭"

# between

[[silent]]
from = "2027-03-04"
until = "2027-03-12"
reason = "两会"
# the end"""


def put(text: str, key: str, value: object) -> str:
    return rewritten(text, [Edit(key=tuple(key.split("/")), value=value)])


def changed(before: str, after: str) -> list[str]:
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in found if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


@pytest.mark.parametrize(
    ("text", "key", "value", "lines"),
    [
        (STARTER, "late_after_minutes", 60, ["-late_after_minutes = 120", "+late_after_minutes = 60"]),
        (STARTER, "organisation/site_domain", "a.gov.cn", [
            '-site_domain = ""      # 网站域名，如 www.example.gov.cn，不带 https://',
            '+site_domain = "a.gov.cn"      # 网站域名，如 www.example.gov.cn，不带 https://',
        ]),
        (STARTER, "columns/action/form", "stories", ['+form = "stories"']),
        (STARTER, "ca_file", "our.pem", ['+ca_file = "our.pem"']),
        (STARTER, "publish/in_flight", 5, ["+", "+[publish]", "+in_flight = 5"]),
        (STARTER, "silent", [{"from": "2026-12-13", "until": "2026-12-13", "reason": "公祭"}], [
            "+", "+[[silent]]", '+from = "2026-12-13"', '+until = "2026-12-13"', '+reason = "公祭"',
        ]),
        (OWN, "channels/wecom/key", None, [
            '-key = "00000000-0000-4000-8000-000000000000"   # 演练用的假值；真实密钥写在 .env 或系统凭据里，不写在这里',
        ]),
        (ODD, "organisation/name", "乙", ['-organisation.name = "甲"   # dotted', '+organisation.name = "乙"   # dotted']),
        (ODD, "columns/second/channels", ["a", "c"], ['-  "b",', '+  "c",']),
        (ODD, "columns/third/title", "y", ["-\"title\" = 'x'  # quoted key", '+"title" = "y"  # quoted key']),
        (ODD, "silent/0/reason", "国家公祭日", ['-reason = "公祭"', '+reason = "国家公祭日"']),
        (ODD, "silent/1/channels", ["a"], ['+channels = ["a"]']),
        (ODD, "channels/a/title", "网站", ['+title = "网站"']),
    ],
)  # fmt: skip
def test_only_what_was_asked_for_is_another_line(text: str, key: str, value: object, lines: list[str]) -> None:
    after = put(text, key, value)
    assert changed(text, after) == lines
    unchanged = {line for line in lines if line.startswith("-")}
    assert after.count("#") >= text.count("#") - sum(line.count("#") for line in unchanged)


def test_the_same_value_is_the_same_file() -> None:
    for text in (STARTER, OWN, ODD):
        for key, value in leaves(tomllib.loads(text)):
            assert rewritten(text, [Edit(key=key, value=value)]) == text, key


def test_line_ends_and_the_mark_at_the_beginning_stay() -> None:
    windows = "\ufeff" + STARTER.replace("\n", "\r\n")
    after = put(windows, "columns/action/form", "stories")
    assert after.replace('form = "stories"\r\n', "") == windows
    assert "\r\n" * 2 in after
    assert "\n" not in after.replace("\r\n", "")


def test_a_file_without_an_end_gets_one_before_what_is_new() -> None:
    assert put('timezone = "UTC"', "publish/in_flight", 1) == 'timezone = "UTC"\n\n[publish]\nin_flight = 1\n'
    assert put("", "publish/in_flight", 1) == "[publish]\nin_flight = 1\n"


def test_what_cannot_be_done_without_touching_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xuanfa.settings.writing._changed", lambda body, _edits: body + "# lost\nx = 1\n")
    with pytest.raises(ConfigError, match="不能在这里改而不动别处"):
        put(STARTER, "late_after_minutes", 60)


names = st.text("abcdefgh_", min_size=1, max_size=5)
plain = st.one_of(
    st.integers(-(2**40), 2**40),
    st.booleans(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    st.lists(st.text("ab#\"'\\中\n", max_size=6), max_size=4),
)


@st.composite
def edits(draw: st.DrawFn) -> tuple[Key, object]:
    known = [key for key, _ in leaves(tomllib.loads(ODD))]
    if draw(st.booleans()):
        return draw(st.sampled_from(known)), draw(plain)
    if draw(st.booleans()):
        return draw(st.sampled_from(known)), None
    table = draw(
        st.sampled_from(
            [(), ("organisation",), ("columns", "second"), ("columns", "new"), ("channels", "a"), ("alarms",)]
        )
    )
    return (*table, draw(names)), draw(plain)


@given(st.lists(edits(), min_size=1, max_size=5, unique_by=lambda each: each[0]))
@settings(max_examples=150, deadline=None)
def test_any_changes_mean_what_they_say_and_leave_all_else(asked: list[tuple[Key, object]]) -> None:
    before = tomllib.loads(ODD)
    try:
        text = rewritten(ODD, [Edit(key=key, value=value) for key, value in asked])
    except ConfigError:
        return  # refused whole: nothing is written
    after = tomllib.loads(text)
    for key, value in asked:
        assert at(after, key) == value, key
    touched = [key for key, _ in asked]
    for key, value in leaves(before):
        if not any(key[: len(each)] == each or each[: len(key)] == key for each in touched):
            assert at(after, key) == value, key
    gone = {key for key, value in asked if value is None}
    kept = ["# the site", "# first of all", "# indented", "# between", "# the end", "# inline"]
    if not gone and not any(key[:2] in {("columns", "second"), ("columns", "inline")} for key in touched):
        assert [remark for remark in kept if remark not in text] == []


def test_few_changes_are_refused() -> None:
    """What people change is written: a refusal is for what is spelt oddly."""
    for key in ("columns/second/channels", "columns/inline/title", "silent/1/until", "channels/a/adapter"):
        assert put(ODD, key, ["a"] if key.endswith("channels") else "x") != ODD


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_secret_is_read_as_it_was_written(value: str) -> None:
    value = value.strip() or "x"
    key = ("channels", "hook", "secret")
    before = "# ours\nOTHER='1' # stays\n\nexport XUANFA_CHANNELS__HOOK__SECRET=old\nXUANFA_LAST=2"
    text = with_secrets(before, [SecretEdit(key=key, value=value)])
    path_values = dotenv_values(stream=__import__("io").StringIO(text), interpolate=False)
    assert path_values == {"OTHER": "1", variable(key): value, "XUANFA_LAST": "2"}
    assert text.startswith("# ours\nOTHER='1' # stays\n\n")
    gone = with_secrets(text, [SecretEdit(key=key, value="")])
    assert gone == "# ours\nOTHER='1' # stays\n\nXUANFA_LAST=2"


@pytest.mark.parametrize("value", ["two\nlines", "null\x00", "tab\tin"])
def test_a_secret_is_one_line(value: str) -> None:
    with pytest.raises(ConfigError) as told:
        with_secrets("", [SecretEdit(key=("channels", "hook", "secret"), value=value)])
    assert value not in str(told.value)
