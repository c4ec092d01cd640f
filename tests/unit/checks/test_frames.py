"""Rows of ``contexts.txt`` are tried wherever they can stand; what stands around fixed words, titles of bodies, numbers and spans of days."""

import itertools
import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from re import _parser as parser  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
from typing import Any

import pytest

from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.table import rows_of

WHEN = date(2026, 11, 29)
ENGINE = Engine()
ROWS = [cells for _, cells in rows_of("contexts", parted_by="\t")]


def told(text: str) -> set[tuple[str, str]]:
    return {(one.rule, one.text) for one in ENGINE.check(text, when=WHEN)}


def _one(parsed: Any, pick: Callable[[int], int]) -> str:
    """A text that a pattern may find; ``pick`` chooses between its branches."""
    out = ""
    for operation, argument in parsed:
        match str(operation):
            case "LITERAL":
                out += chr(argument)
            case "IN":
                first, value = argument[0]
                out += _sign(str(first), value)
            case "MAX_REPEAT" | "MIN_REPEAT":
                out += "".join(_one(argument[2], pick) for _ in range(argument[0]))
            case "BRANCH":
                out += _one(argument[1][pick(len(argument[1]))], pick)
            case "SUBPATTERN":
                out += _one(argument[-1], pick)
            case "ASSERT":
                out += _one(argument[1], pick)
            case "NOT_LITERAL" | "ANY":
                out += "某"
    return out


def _sign(kind: str, value: Any) -> str:
    """One of the characters that a set stands for."""
    if kind == "LITERAL":
        return chr(value)
    if kind == "RANGE":
        return "某" if value[0] > ord("z") else chr(value[0])
    return "1" if "DIGIT" in str(value) else "某"


def _found_by(pattern: str) -> Iterator[str]:
    parsed = parser.parse(pattern)
    branches: list[int] = []
    yield _one(parsed, lambda many: branches.append(many) or 0)
    for index, many in enumerate(branches):
        for chosen in range(1, many):
            counter = itertools.count()
            yield _one(
                parsed,
                lambda of, index=index, chosen=chosen, counter=counter: (
                    min(chosen, of - 1) if next(counter) == index else 0
                ),
            )
    chance = random.Random(7)  # noqa: S311 - texts, no secrets
    yield from (_one(parsed, chance.randrange) for _ in range(20))


def test_a_row_is_tried_wherever_it_can_stand() -> None:
    """A hundred rows were found by nobody, because what they were sought by stands nowhere in what they find."""
    never = [
        (signs, text)
        for signs, pattern, *_ in ROWS
        for text in _found_by(pattern)
        if re.search(pattern, text) and not any(sign in text for sign in signs.split("|"))
    ]
    assert never == []


@pytest.mark.parametrize(
    ("wrong", "rule", "piece", "right"),
    [
        ("深刻领悟“两个确认”的意义。", "politics.usage", "两个确认", "深刻领悟“两个确立”的意义。"),
        ("江山就是人民，人民就是将山。", "politics.usage", "将山", "江山就是人民，人民就是江山。"),
        ("学习《习近平治国理政》第四卷。", "politics.usage", "习近平治国理政", "学习《习近平谈治国理政》第四卷。"),
        ("市政协主任出席。", "office.title", "市政协主任", "市政协主席、市人大常委会主任出席。"),
        ("村委会书记带路。", "office.title", "村委会书记", "村党支部书记、村委会主任带路。"),
        ("省公安厅局长讲话。", "office.title", "公安厅局长", "省公安厅厅长讲话，市公安局局长参加。"),
        ("第1时间赶到现场。", "number.script", "第1", "第一时间赶到现场。"),
        ("判决生效后十至15日内履行。", "number.script", "十至15", "判决生效后十至十五日内履行，周一至15日受理。"),
        ("参加12.4国家宪法日活动。", "number.named_day", "12.4国家", "参加“12·4”国家宪法日活动。"),
        (
            "三季度（4月至6月）新收案件。",
            "date.quarter",
            "三季度（4月至6月）",
            "三季度（7月至9月）新收案件。",
        ),
        ("为期三天（6月1日至6月5日）。", "date.length", "三天", "为期五天（6月1日至6月5日）。"),
        ("公示5个工作日（12月1日至3日）。", "date.length", "5个工作日", "公示5个工作日（12月1日至7日）。"),
        ("定于2026年6月15月开庭。", "date.none", "6月15月", "定于2026年6月15日开庭，6月至7月审结。"),
        ("上午15时开庭。", "date.time", "上午15时", "上午9时开庭，下午3时休庭。"),
        ("发放200份，收回190份，回收率90%。", "figure.follows", "90%", "发放200份，收回190份，回收率95%。"),
        ("收案3000件，比去年的2500件增加400件。", "figure.follows", "400件", "收案3000件，比去年的2500件增加500件。"),
        ("分三期还款，每期5万元，共计20万元。", "figure.follows", "20万元", "分三期还款，每期5万元，共计15万元。"),
        ("全年4场，上半年2场、下半年3场。", "figure.follows", "2场、下半年3场", "全年4场，上半年2场、下半年2场。"),
        ("由400件上升到800件，增长两倍。", "figure.follows", "两倍", "由400件上升到800件，增长一倍，翻了一番。"),
        ("由45天缩短至30天，缩短20天。", "figure.follows", "20天", "由45天缩短至30天，缩短15天。"),
        ("由88%提高到92%，提高5个百分点。", "figure.rate", "5个百分点", "由88%提高到92%，提高4个百分点。"),
        ("公安机关判处其拘留十日。", "term.context", "判处", "公安机关决定对其拘留十日。"),
        ("案件取的了良好效果。", "typo.context", "的", "案件取得了良好效果。"),
        ("香港特别行政区长官致辞。", "hmt.usage", "香港特别行政区长官", "香港特别行政区行政长官致辞。"),
    ],
)
def test_what_is_wrong_is_told_and_what_is_right_beside_it_is_not(
    wrong: str, rule: str, piece: str, right: str
) -> None:
    assert (rule, piece) in told(wrong)
    assert rule not in {each for each, _ in told(right)}


@pytest.mark.parametrize(
    "text",
    [
        "市卫健委、市工信局、市法援中心负责人参加会议。",
        "国家市场监督管理总局局长作说明。",
        "他历任国家计委机械局处长，1975年下放劳动。",
        "以习近平同志为核心的中共中央团结带领全国各族人民。",
        "开辟百年大党自我革命新境界，统筹发展安全两件大事。",
        "原来的继承法规定，公证遗嘱不得由口头遗嘱变更。",
        "金凤区人民法院作出判决。",
        "我市法院有两名个人受到表彰。",
    ],
)
def test_what_the_news_and_offices_write_is_quiet(text: str) -> None:
    assert [one for one in ENGINE.check(text, when=WHEN) if one.level.weight >= 2] == []
