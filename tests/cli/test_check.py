"""``xuanfa check``: the contract for programs, files that are mended and masked, and what is told in words."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

PHONE = "联系人手机13893512345。"
KEYS = [
    "file",
    "post",
    "channel",
    "rule",
    "class",
    "level",
    "line",
    "column",
    "start",
    "end",
    "text",
    "message",
    "suggestion",
    "basis",
]


class _Typed(io.StringIO):
    """Standard input with bytes below it, as a real one has."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.buffer = io.BytesIO(text.encode())


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda text: monkeypatch.setattr(sys, "stdin", _Typed(text))


def test_a_passage_gives_the_keys_of_the_contract_and_offsets_into_it(xuanfa: Any, typed: Any) -> None:
    typed("第一行。\n" + PHONE)
    ran = xuanfa("check", "--text-stdin", "--format", "json")
    (found,) = ran.json
    assert ran.code == 1
    assert list(found) == KEYS
    assert (found["file"], found["channel"], found["class"], found["level"]) == ("", None, "privacy", "severe")
    assert (found["line"], found["column"], found["start"], found["end"]) == (2, 6, 10, 21)


def test_clean_text_ends_with_0_and_a_hint_does_too(xuanfa: Any, typed: Any) -> None:
    typed("今天开庭。")
    assert (xuanfa("check", "--text-stdin").code, xuanfa("check", "--text-stdin", "--format", "json").json) == (0, [])
    typed("二个原则。")
    assert xuanfa("check", "--text-stdin").code == 0


def test_lines_come_back_with_their_ids_and_unknown_keys_are_not_minded(xuanfa: Any, typed: Any) -> None:
    lines = [
        {"id": 7, "text": PHONE, "channel": "weibo", "field": "body", "format": "text", "colour": "red"},
        {"id": "b", "text": "好。"},
    ]
    typed("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    ran = xuanfa("check", "--jsonl")
    (found,) = map(json.loads, ran.out.splitlines())
    assert (ran.code, found["id"], found["channel"], found["text"]) == (1, 7, "weibo", "13893512345")


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"id": 1}', '{"text": "x"}'])
def test_a_line_that_is_none_is_wrong_use(xuanfa: Any, typed: Any, line: str) -> None:
    typed('{"id": 1, "text": "好"}\n' + line)
    ran = xuanfa("check", "--jsonl")
    assert ran.code == 2
    assert "第 2 行" in ran.err


def test_two_ways_at_once_are_wrong_use(xuanfa: Any) -> None:
    assert xuanfa("check", "--jsonl", "--text-stdin").code == 2


def test_a_post_is_read_in_its_source_and_in_what_channels_get(xuanfa: Any, write_post: Any) -> None:
    path = write_post()
    path.write_text(path.read_text(encoding="utf-8") + f"\n{PHONE}\n", encoding="utf-8")
    ran = xuanfa("check", path, "--format", "json", "-w", xuanfa.folder)
    phones = [one for one in ran.json if one["rule"] == "privacy.mobile"]
    assert ran.code == 1
    assert phones[0]["channel"] is None
    assert phones[0]["file"] == f"posts/{path.relative_to(xuanfa.folder / 'posts').as_posix()}"
    assert {one["channel"] for one in phones[1:]} == {"site", "cms"}
    only = xuanfa("check", path, "--channel", "cms", "--format", "json", "-w", xuanfa.folder).json
    assert {one["channel"] for one in only} == {"cms"}


def test_what_stands_in_the_source_is_not_told_again_for_each_channel_to_people(xuanfa: Any, write_post: Any) -> None:
    path = write_post()
    path.write_text(path.read_text(encoding="utf-8") + f"\n{PHONE}\n", encoding="utf-8")
    told = xuanfa("check", path, "-w", xuanfa.folder).out
    assert told.count("privacy.mobile") == 1
    assert "没有重复列出" in told


def test_a_file_is_mended_where_it_is_safe_and_then_stays(xuanfa: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("案件审结,发布（2024）甘03民初12号。国办发[2018]123号。", encoding="utf-8")
    assert xuanfa("check", path, "--fix").code == 0
    mended = "案件审结，发布（2024）甘03民初12号。国办发〔2018〕123号。"
    assert path.read_text(encoding="utf-8") == mended
    xuanfa("check", path, "--fix")
    assert path.read_text(encoding="utf-8") == mended


def test_a_file_is_masked_and_asterisks_are_escaped_for_markdown(xuanfa: Any, tmp_path: Path) -> None:
    for name, star in (("a.md", r"\*"), ("a.txt", "*")):
        path = tmp_path / name
        path.write_text(f"被告人张建国、张伟。{PHONE}", encoding="utf-8")
        ran = xuanfa("check", "--mask", path)
        assert ran.code == 0
        assert path.read_text(encoding="utf-8") == f"被告人张某1、张某2。联系人手机138{star * 4}2345。"


def test_sarif_has_the_place(xuanfa: Any, typed: Any) -> None:
    typed(PHONE)
    (run,) = json.loads(xuanfa("check", "--text-stdin", "--format", "sarif").out)["runs"]
    (result,) = run["results"]
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"]["startColumn"] == 6


def test_a_wrong_rule_is_told_with_file_and_line(xuanfa: Any, typed: Any) -> None:
    (xuanfa.folder / "rules").mkdir()
    (xuanfa.folder / "rules" / "own.toml").write_text('[[rule]]\nid = "a"\nclass = "x"\n', encoding="utf-8")
    typed(PHONE)
    ran = xuanfa("check", "--text-stdin", "-w", xuanfa.folder)
    assert ran.code == 1
    assert "rules/own.toml:3: " in ran.err


def test_a_list_is_imported_and_finds(xuanfa: Any, typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "words.txt").write_text("甲乙丙丁\t戊己\n", encoding="utf-8")
    assert "1 个词" in xuanfa("check", "import", tmp_path / "words.txt", "--level", "veto", "-w", xuanfa.folder).out
    typed("甲乙丙丁。")
    (found,) = xuanfa("check", "--text-stdin", "--format", "json", "-w", xuanfa.folder).json
    assert (found["rule"], found["level"]) == ("term.words", "veto")


def test_text_that_is_too_long_is_refused_and_many_findings_are_capped(xuanfa: Any, typed: Any) -> None:
    typed("好" * 1_000_001)
    ran = xuanfa("check", "--text-stdin")
    assert (ran.code, "没有检查" in ran.err) == (1, True)
    typed(PHONE * 5001)
    ran = xuanfa("check", "--text-stdin", "--format", "json")
    assert (len(ran.json), "只列前 5000 处" in ran.err) == (5000, True)


def test_a_file_that_is_not_there_and_a_rule_that_is_none_are_told(xuanfa: Any, tmp_path: Path) -> None:
    assert xuanfa("check", tmp_path / "none.md", "-w", xuanfa.folder).code == 1
    ran = xuanfa("check", "--what-if", "nonsense.rule", "-w", xuanfa.folder)
    assert (ran.code, "没有规则" in ran.err) == (1, True)
    assert xuanfa("check", "--what-if", "privacy", "-w", xuanfa.folder).code == 0
