"""What one process has said in its language, another one reads in its own: no English under Chinese labels, no Chinese under English ones."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Run, Sink, WritePost

#: What people and settings call things stays as it is in either language.
NAMES = (
    *("法治进校园", "我们在行动", "门户", "网站", "宣传科", "王敏", "静", "练习", "金昌市中级人民法院", "金昌法院网"),
    *("（a）", "（b）", "（c）", "（d）"),
)
#: Words that are read as they are: commands, settings, addresses, files, what the platform answered.
AS_IT_IS = re.compile(
    r"https?://\S+|xuanfa [\w -]+|[\w/.-]*/[\w/.-]+|\[[\w.]+\]|[\w.]+\.(?:md|toml|db|json)|\"[\w.]+\":"
)
ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture
def troubled(xuanfa: Run, write_post: WritePost, sink: Sink, monkeypatch: pytest.MonkeyPatch, written_in: str) -> Run:
    """An office where much has gone wrong while its processes spoke one language."""
    monkeypatch.setenv("XUANFA_LANG", written_in)
    write_post("a")
    sink.answers = [0]
    xuanfa("publish")
    write_post("b", at="2020-01-06 09:00")
    write_post("c", title="", more="nonsense: x\n")
    xuanfa("queue")
    write_post("d")
    sink.answers = [401]
    xuanfa("publish")
    xuanfa("pause", "--channel", "drill", "--why", "X")
    xuanfa("alarms")
    return xuanfa


def read(xuanfa: Run) -> Iterator[tuple[str, str]]:
    """What people look at, and each line of it."""
    for arguments in (
        ("deliveries",),
        ("deliveries", "--state", "unknown"),
        ("deliveries", "--json"),
        ("show", "a"),
        ("show", "b"),
        ("show", "d", "--json"),
        ("posts",),
        ("channels",),
        ("doctor",),
        ("alarms", "--json"),
    ):
        ran = xuanfa(*arguments)
        for line in (ran.out + ran.err).splitlines():
            text = line
            for name in NAMES:
                text = text.replace(name, "")
            yield " ".join(arguments), AS_IT_IS.sub("", text)


@pytest.mark.parametrize("written_in", ["en"])
def test_no_english_is_read_under_chinese_labels(troubled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LANG", "zh")
    assert [(what, line) for what, line in read(troubled) if ENGLISH.search(line)] == []
    assert "发布中 → 待核实" in troubled("show", "a").out
    assert "对方没有答完就挂断" in troubled("show", "a").out


@pytest.mark.parametrize("written_in", ["zh"])
def test_no_chinese_is_read_under_english_labels(troubled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LANG", "en")
    assert [(what, line) for what, line in read(troubled) if CHINESE.search(line)] == []


@pytest.mark.parametrize("written_in", ["zh", "en"])
def test_the_history_is_as_sound_in_either_language(troubled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LANG", "zh")
    first = troubled("verify", "--json")
    monkeypatch.setenv("XUANFA_LANG", "en")
    second = troubled("verify", "--json")
    assert (first.code, second.code) == (0, 0), first.out + first.err
    assert (
        first.json["seals"] == second.json["seals"]
        if "seals" in first.json
        else first.json.keys() == second.json.keys()
    )


@pytest.mark.parametrize("written_in", ["en"])
def test_programs_get_a_code_and_what_to_do(troubled: Run) -> None:
    (row,) = [
        each for each in troubled("deliveries", "--json").json if each["post"] == "b" and each["channel"] == "cms"
    ]
    assert row["reason_code"] == "planning.past"
    assert row["remedies"] == [{"verb": "release", "subject": None}]


@pytest.mark.parametrize("written_in", ["zh"])
def test_what_an_older_program_kept_is_read_as_it_is(troubled: Run, workspace: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{workspace / 'var' / 'xuanfa.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE deliveries SET reason = 'the link is gone；链接不见了'"))
    engine.dispose()
    rows = troubled("deliveries", "--json").json
    assert {(row["reason"], row["reason_code"], json.dumps(row["remedies"])) for row in rows} == {
        ("the link is gone；链接不见了", None, "[]")
    }
