"""Names that a model finds beside roles, and text that was read in a picture: what is told of them, how heavy it is, and what is left alone.

What tags words and what reads pictures stand for the packages here; how well those do is measured by ``tests/corpus/extra.py``.
"""

import re
from collections.abc import Sequence
from datetime import date

import pytest

from tests.corpus.extra import PLANTED, RIGHT, sentences
from xuanfa.checks.reader.names import Names
from xuanfa.checks.reader.seen import seen_in
from xuanfa.checks.rules.engine import Engine
from xuanfa.domain.checking import Level

WHEN = date(2026, 11, 29)


def tagging(*people: str) -> Names:
    """Calls these people, and takes everything else for words of one character."""
    pattern = re.compile("|".join([*map(re.escape, people), r"[\s\S]"]))
    calls: list[str] = []

    def tag(sentence: str) -> Sequence[tuple[str, str]]:
        calls.append(sentence)
        return [(match[0], "PER" if match[0] in people else "n") for match in pattern.finditer(sentence)]

    names = Names(lambda: tag)
    names.asked = calls  # type: ignore[attr-defined]
    return names


def told(text: str, *people: str) -> list[str]:
    engine = Engine(second=tagging(*people))
    return [text[one.start : one.end] for one in engine.check(text, when=WHEN) if one.rule == "reader.name"]


@pytest.mark.parametrize(
    ("text", "people", "found"),
    [
        ("被告阿依古丽未到庭。", ("阿依古丽",), ["阿依古丽"]),
        ("被告人：热合曼，男。", ("热合曼",), ["热合曼"]),
        ("被害人（女）次仁卓玛报案。", ("次仁卓玛",), ["次仁卓玛"]),
        ("原告安吉、安心平和那日松到庭。", ("安吉", "安心平", "那日松"), ["安吉", "安心平", "那日松"]),
        ("禹航（系本案原告）到庭。", (), []),
        ("于是之（系被害人）到庭。", ("于是之",), ["于是之"]),
        ("法官次仁卓玛向当事人释明。", ("次仁卓玛",), []),
        ("被告阿某1没有到庭。", ("阿某",), []),
        ("当事人小杨、老李来到法庭。", ("小杨", "老李"), []),
        ("院长才让东智主持会议。", ("才让东智",), []),
        ("被告王买 买提没有到庭。", ("王买 买提",), []),
    ],
)
def test_a_full_name_is_told_where_a_role_stands_beside_it(
    text: str, people: tuple[str, ...], found: list[str]
) -> None:
    assert told(text, *people) == found


def test_it_weighs_little_and_is_of_privacy() -> None:
    (one,) = Engine(second=tagging("阿依古丽")).check("被告阿依古丽未到庭。", when=WHEN)
    assert (one.rule, one.kind, one.level, one.fix) == ("reader.name", "privacy", Level.MINOR, None)


def test_what_a_rule_has_told_of_is_not_told_twice() -> None:
    found = Engine(second=tagging("张建国")).check("被告人张建国犯盗窃罪。", when=WHEN)
    assert [one.rule for one in found] == ["privacy.party"]


def test_the_model_is_not_asked_for_a_text_without_a_role() -> None:
    def fail() -> None:
        raise AssertionError("nobody needs it")

    engine = Engine(second=Names(fail))  # type: ignore[arg-type]
    assert engine.check("次仁卓玛在社区宣讲宪法。\n\n活动结束。", when=WHEN) == []


def test_a_long_text_without_an_end_is_read_in_pieces_of_bounded_length() -> None:
    names = tagging("阿依古丽")
    list(Engine(second=names).check("被告" * 20_000 + "阿依古丽。", when=WHEN))
    assert max(map(len, names.asked)) <= 400  # type: ignore[attr-defined]


def test_the_sentences_that_it_is_measured_by_have_a_role_beside_each_name() -> None:
    for text, spans in sentences():
        names = [text[start:end] for start, end in spans]
        found = Engine(second=tagging(*names)).check(text, when=WHEN)
        assert all(any(one.start < end and one.end > start for one in found) for start, end in spans), text


def in_picture(*lines: tuple[str, float]) -> list[tuple[str, str, Level]]:
    found = seen_in(Engine(), lambda _picture: lines, b"", when=WHEN)
    return [(one.found.rule, one.line, one.found.level) for one in found]


def test_numbers_of_persons_in_a_picture_weigh_what_they_do_in_a_text() -> None:
    assert in_picture(("联系人手机：13893512345", 0.99), ("身份证号 620302199001011233", 0.97)) == [
        ("privacy.mobile", "联系人手机：13893512345", in_text("联系人手机：13893512345")),
        ("privacy.id18", "身份证号 620302199001011233", in_text("身份证号 620302199001011233")),
    ]


def in_text(text: str) -> Level:
    """How heavy the first finding of a text is."""
    return Engine().check(text, when=WHEN)[0].level


@pytest.mark.parametrize(("line", "rule"), PLANTED)
def test_everything_else_weighs_less_than_what_holds_a_post(line: str, rule: str) -> None:
    found = {one: level for one, _, level in in_picture((line, 0.99))}
    assert rule in found
    certain = rule in {"privacy.mobile", "privacy.id18"}
    assert (found[rule] in {Level.VETO, Level.SEVERE}) is certain


def test_what_is_right_or_unsure_is_quiet() -> None:
    assert in_picture(*((line, 0.99) for line in RIGHT)) == []
    assert in_picture(("联系人手机：13893512345", 0.6)) == []


def test_signs_and_widths_of_what_was_read_are_nobodys_fault() -> None:
    assert in_picture(("公正司法,一心为民.2026年12月4日,上午９:00(星期五)", 0.99)) == []
