"""Kinds of what is wrong by what its sentence tells, each with what is right beside it."""

from datetime import date

import pytest

from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

WHEN = date(2026, 11, 29)
GRAVE = {Level.VETO, Level.SEVERE}


def told(text: str) -> list[tuple[str, str]]:
    return [(one.rule, one.text) for one in Engine().check(text, when=WHEN)]


@pytest.mark.parametrize(
    ("wrong", "rule", "piece", "right"),
    [
        ("会议提出三点要求：一是学习，二是落实。", "figure.follows", "三点", "会议提出两点要求：一是学习，二是落实。"),
        ("审结600件，其中调解240件，调解率50%。", "figure.rate", "50%", "审结600件，其中调解240件，调解率40%。"),
        (
            "去年收案100件，今年收案120件，同比增长30%。",
            "figure.rate",
            "30%",
            "去年收案100件，今年收案120件，同比增长20%。",
        ),
        (
            "去年收案100件，今年收案120件，同比下降20%。",
            "figure.way",
            "下降20%",
            "去年收案100件，今年收案120件，同比上升20%。",
        ),
        ("6个合议庭各审理20件，共审理130件。", "figure.follows", "130", "6个合议庭各审理20件，共审理120件。"),
        (
            "办结率由90%下降到85%，上升5个百分点。",
            "figure.way",
            "上升5个百分点",
            "办结率由90%下降到85%，下降5个百分点。",
        ),
        ("省公安局发布通告。", "office.context", "公安局", "省公安厅发布通告。"),
        ("市司法厅开展法律援助。", "office.context", "司法厅", "市司法局开展法律援助。"),
        ("出席活动的人大政协委员发言。", "office.context", "人大政协", "出席活动的人大代表、政协委员发言。"),
        ("公司在国外和香港均设有机构。", "hmt.context", "国外", "公司在国外和中国香港地区均设有机构。"),
        ("法院裁定张某与李某离婚。", "term.context", "裁定", "法院判决张某与李某离婚。"),
        ("他问：“案子什么时候能判。”", "punct.question", "。", "他问：“案子什么时候能判？”"),
        ("二〇26年工作要点", "number.mixed_date", "二〇26年", "2026年工作要点"),
    ],
)
def test_a_kind_is_told_and_what_is_right_is_not(wrong: str, rule: str, piece: str, right: str) -> None:
    assert (rule, piece) in told(wrong)
    assert rule not in {each for each, _ in told(right)}


@pytest.mark.parametrize("text", ["民事300件、刑事80件，共400件。", "共400件，其中民事300件、刑事80件。"])
def test_a_total_may_stand_before_its_parts_or_behind(text: str) -> None:
    assert [rule for rule, _ in told(text) if rule.startswith("figure.")]


@pytest.mark.parametrize(
    "text", ["工作人员不得泄露。", "庭审期间请勿拍照。", "正厅级干部。", "民警将被告人抓获。", "“台独”没有出路。"]
)
def test_what_every_office_writes_stays_quiet(text: str) -> None:
    assert [one for one in Engine().check(text, when=WHEN) if one.level in GRAVE] == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "更新管理理念。",
            "教育育人成效显著。",
            "充分分析案情。",
            "深刻刻画人物。",
            "全面面向基层。",
            "案件件数上升。",
            "原告告知被告。",
        ),
        *(
            "稳步步入正轨。",
            "强化化解机制。",
            "接受受理通知。",
            "促进进一步发展。",
            "利用用户数据。",
            "组织织牢防线。",
            "审理理由如下。",
        ),
        *(
            "深入学习习近平同志讲话。",
            "养成学习习惯。",
            "询问问题。",
            "查看看守所情况。",
            "考试试题公布。",
            "旁听听证会。",
        ),
        *("代表委员在审议讨论时认为，报告实事求是。", "民主评议中，群众表示满意。", "他被称为“泥腿子”法官。"),
    ],
)
def test_where_one_word_ends_as_the_next_begins_nothing_is_told(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("加强管理理工作。", "管理理"),
        ("认真真学习贯彻。", "认真真"),
        ("召开开大会。", "召开开"),
        ("化化解矛盾。", "化化解"),
        ("全面面落实。", "全面面"),
        ("组织学习习活动。", "习习"),
        ("合议庭在讨论案件时多数意见认为应当改判。", "合议庭在讨论案件时多数意见认为"),
    ],
)
def test_what_stands_twice_by_a_slip_is_told(text: str, slip: str) -> None:
    assert slip in {piece for _, piece in told(text)}


def test_a_slip_within_what_is_told_as_a_whole_is_told_once() -> None:
    assert told("深入学习习近平法制思想。") == [("politics.usage", "习近平法制思想")]
    assert told("加强管理理工作。") == [("typo.word", "管理理")]


def test_what_is_named_as_right_is_no_near_miss() -> None:
    words = [word for _, cells in rows_of("right") for word in cells]
    assert len(words) > 100
    engine = Engine()
    loud = [
        (word, one.rule)
        for word in words
        for one in engine.check(word, when=WHEN)
        if one.rule.endswith((".phrase", ".body"))
    ]
    assert loud == []
