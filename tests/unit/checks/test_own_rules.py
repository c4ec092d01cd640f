"""The rules that an office writes: what they find, and every mistake with its file and line."""

from datetime import date
from pathlib import Path

import pytest

from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.own import read_rules
from xuanfa.domain.checking import Level
from xuanfa.domain.errors import ContentError
from xuanfa.operations.checking.workspace import own_rules

GOOD = """
[[rule]]
id = "campaign"
class = "term"
level = "severe"
find = "三抓三促行动年"
message = "专栏名称要写全。"
suggestion = "三抓三促"
basis = "市中院通知"
valid_from = 2026-01-01
valid_until = 2026-12-31

[[rule]]
id = "number.room"
class = "number"
level = "hint"
pattern = '第\\d{1,3}法庭'
"""


def test_a_word_and_a_pattern_are_found_within_their_dates() -> None:
    engine = Engine(own=tuple(read_rules(GOOD, "rules/a.toml")))
    found = engine.check("三抓三促行动年在第12法庭。", when=date(2026, 6, 1))
    assert [(one.rule, one.level, one.text, one.suggestion) for one in found] == [
        ("term.campaign", Level.SEVERE, "三抓三促行动年", "三抓三促"),
        ("number.room", Level.HINT, "第12法庭", ""),
    ]
    assert found[0].message == "专栏名称要写全。"
    assert found[0].basis == "市中院通知"
    assert [one.rule for one in engine.check("三抓三促行动年。", when=date(2027, 1, 1))] == []


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('[[rule]]\nid = "a"\nclass = "nonsense"\nlevel = "minor"\nfind = "x"\n', 3),
        ('[[rule]]\nid = "a"\nclass = "term"\nlevel = "fatal"\nfind = "x"\n', 4),
        ('[[rule]]\nid = "a"\nclass = "term"\nlevel = "minor"\nfind = "x"\npattern = "y"\n', 5),
        ('[[rule]]\nid = "a"\nclass = "term"\nlevel = "minor"\npattern = "("\n', 5),
        ('[[rule]]\nid = "a"\nclass = "term"\nlevel = "minor"\nfind = "x"\ncolour = "red"\n', 6),
        ('[[rule]]\nid = "a"\nclass = "term"\nlevel = "minor"\nfind = "x"\nvalid_from = "2026-02-30"\n', 6),
        ('[[rule]]\nid = "a"\nclass = "term"\nlevel = "minor"\nfind = "x\n', 5),
        ('title = "x"\n', 1),
        (
            '[[rule]]\nid = "a"\nclass = "term"\nlevel = "minor"\nfind = "x"\n[[rule]]\nid = "b"\nclass = "term"\nlevel = 3\nfind = "y"\n',
            9,
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(source: str, line: int) -> None:
    with pytest.raises(ContentError) as caught:
        read_rules(source, "rules/a.toml")
    assert str(caught.value).startswith(f"rules/a.toml:{line}: ")


def test_two_rules_of_one_id_are_told(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(ContentError, match=r"rules/b\.toml:3: .*rules/a\.toml"):
        own_rules(tmp_path)


def test_a_file_that_is_no_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"# one\n# \xff\n")
    with pytest.raises(ContentError, match=r"rules/a\.toml:2"):
        own_rules(tmp_path)


def test_an_id_that_is_of_another_class_is_told_as_such() -> None:
    source = '[[rule]]\nclass = "politics"\nid = "term.x"\nlevel = "minor"\nfind = "甲乙"\n'
    with pytest.raises(ContentError, match=r"rules/a\.toml:3: .*term.*politics"):
        read_rules(source, "rules/a.toml")
