"""The office's own list of leaders: names, offices on a day, order; and what is wrong in the file itself."""

from datetime import date

import pytest

from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.own import read_leaders
from xuanfa.checks.rules.scan import Leader, Office
from xuanfa.domain.errors import ContentError

LIST = """
[[leader]]
name = "王建国"
office = "院长"
from = 2023-01-01

[[leader]]
name = "李卫东"
office = "副院长"
until = 2025-06-30

[[leader]]
name = "赵志刚"
office = "副院长"
"""
ENGINE = Engine(office=Office(leaders=read_leaders(LIST, "rules/leaders.toml")))


def rules_in(text: str, when: date = date(2026, 11, 29)) -> list[tuple[str, str]]:
    return [(one.rule, one.text) for one in ENGINE.check(text, when=when) if one.rule.startswith("office.leader")]


@pytest.mark.parametrize("name", ["王健国", "王国建", "王建华"])
def test_a_name_that_is_nearly_right_is_told(name: str) -> None:
    assert rules_in(f"市中院院长{name}主持会议。") == [("office.leader_name", name)]


@pytest.mark.parametrize(
    "text", ["市中院院长王建国主持会议。", "院长办公会研究。", "院长张三出席。", "副院长赵志刚参加。"]
)
def test_what_is_right_or_somebody_else_is_not(text: str) -> None:
    assert rules_in(text) == []


def test_an_office_holds_in_its_time() -> None:
    assert rules_in("副院长李卫东参加。", date(2025, 6, 30)) == []
    assert rules_in("副院长李卫东参加。", date(2025, 7, 1)) == [("office.leader_title", "副院长李卫东")]
    assert rules_in("原副院长李卫东参加。", date(2025, 7, 1)) == []
    assert rules_in("时任副院长李卫东参加。", date(2025, 7, 1)) == []


def test_the_order_of_the_list_is_the_order_of_naming() -> None:
    assert rules_in("赵志刚、王建国出席。") == [("office.leader_order", "赵志刚、王建国")]
    assert rules_in("王建国、赵志刚出席。") == []
    assert rules_in("赵志刚主持。会后，王建国讲话。") == []


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ('[[leader]]\nname = "甲"\n', "rules/leaders.toml:1"),
        ('[[leader]]\nname = "甲"\noffice = 3\n', "rules/leaders.toml:3"),
        ('[[leader]]\nname = "甲"\noffice = "院长"\nfrom = "去年"\n', "rules/leaders.toml:4"),
        ('[[leader]]\nname = "甲"\noffice = "院长"\nphone = "1"\n', "rules/leaders.toml:4"),
        ('[[rule]]\nid = "x"\n', "rules/leaders.toml:1"),
        ('[[leader]]\nname = "甲\n', "rules/leaders.toml:2"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(source: str, place: str) -> None:
    with pytest.raises(ContentError) as told:
        read_leaders(source, "rules/leaders.toml")
    assert str(told.value).startswith(place)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("国务院总理赵乐际主持会议。", ["国务院总理赵乐际"]),
        ("最高人民法院院长周强签发通知。", ["最高人民法院院长周强"]),
        ("时任最高人民法院院长周强签发通知。", []),
        ("2019年，最高人民法院院长周强作工作报告。", []),
        ("国务院总理李强签署国务院令。", []),
        ("国家主席习近平发表新年贺词。", []),
        ("中国法学会副主席王毅出席。", []),
        ("越南国家主席苏林来访。", []),
    ],
)
def test_the_highest_offices_go_with_their_holders(text: str, told: list[str]) -> None:
    found = Engine().check(text, when=date(2026, 11, 29))
    assert [one.text for one in found if one.rule == "politics.leader"] == told


def test_the_offices_own_list_goes_before_that_table() -> None:
    office = Office(leaders=(Leader(name="赵乐际", office="国务院总理"),))
    assert Engine(office=office).check("国务院总理赵乐际主持会议。", when=date(2026, 11, 29)) == []
