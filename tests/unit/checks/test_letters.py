"""Words with a character that is none of theirs, charges that the law does not have, and what stands twice: what is told, and what is right."""

from datetime import date

import pytest

from xuanfa.checks.rules.engine import Engine
from xuanfa.domain.checking import Level

WHEN = date(2026, 11, 29)
ENGINE = Engine()


def told(text: str) -> dict[str, tuple[str, Level]]:
    return {one.text: (one.suggestion, one.level) for one in ENGINE.check(text, when=WHEN)}


@pytest.mark.parametrize(
    ("text", "slip", "right", "level"),
    [
        ("省司法听联合开展活动。", "司法听", "司法厅", Level.SEVERE),
        ("市委宣传步的同志到场。", "宣传步", "宣传部", Level.SEVERE),
        ("会议部暑了下一阶段工作。", "部暑", "部署", Level.MINOR),
        ("由通迅员整理。", "通迅员", "通讯员", Level.MINOR),
    ],
)
def test_a_word_with_a_character_that_sounds_or_looks_alike_is_told(
    text: str, slip: str, right: str, level: Level
) -> None:
    assert told(text)[slip] == (right, level)


@pytest.mark.parametrize(
    "text",
    [
        "租赁期限届满租赁物归出租人所有。",
        "依法监督检查盐业违法行为。",
        "应当秉公依法办事。",
        "及时通知定作人更换。",
        "市人民政府市长、副市长出席。",
        "保管人可以拒收仓储物。",
        "中小企业和个体工商户经营困难。",
        "商品房买卖合同已经解除。",
        "住房城乡建设部门会同同级文物主管部门公布名单。",
        "本市高级人民法院审理了该案。",
        "当事人、利害关系人可以申请复议。",
        "没收违法所得；没有违法所得的，处以罚款。",
        "中华人民共和国国籍法规定如下。",
        "孩子歪歪扭扭的字写得密密麻麻。",
        "金昌市中级人民法院向人大代表报告工作。",
        "可以走绿色通道，由导诉员全程陪同，由导医引路。",
    ],
)
def test_where_one_word_ends_and_another_begins_nothing_is_told(text: str) -> None:
    assert told(text) == {}


@pytest.mark.parametrize("text", ["被告人犯故意伤人罪。", "其行为构成交通事故肇事罪。"])
def test_a_charge_that_the_law_does_not_have_is_told(text: str) -> None:
    assert any(one.kind == "term" for one in ENGINE.check(text, when=WHEN))


@pytest.mark.parametrize(
    "text",
    [
        "被告人某甲犯贩卖、运输毒品罪，判处有期徒刑七年。",
        "被告人某甲犯盗窃罪、诈骗罪，数罪并罚。",
        "被告人某甲犯故意杀人罪，其行为构成犯罪。",
        "被告人某甲犯掩饰、隐瞒犯罪所得罪。",
        "又犯新罪的，撤销缓刑，对新犯的罪作出判决。",
    ],
)
def test_a_charge_that_it_has_or_a_part_of_one_is_quiet(text: str) -> None:
    assert told(text) == {}


def test_what_stands_twice_in_what_is_fixed_is_as_grave_as_a_slip_in_it() -> None:
    assert told("学懂弄通习近平法治思想思想。")["思想思想"] == ("思想", Level.SEVERE)
    assert told("会议由院长主持主持。")["主持主持"] == ("主持", Level.MINOR)


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("全院上下加快进渡，确保按期完成。", "进渡", "进度"),
        ("受理费五十元由被告负但。", "负但", "负担"),
        ("法庭当厅宣判此案。", "当厅", "当庭"),
    ],
)
def test_a_word_is_known_by_the_one_beside_it(text: str, wrong: str, right: str) -> None:
    assert (wrong, right) in {(one.text, one.suggestion) for one in Engine().check(text, when=WHEN)}


@pytest.mark.parametrize(
    "text", ["加快进行中的项目。", "被告负有责任。", "企业和法院共同协商。", "职工的公积金管理办法。"]
)
def test_a_right_word_beside_another_is_left_alone(text: str) -> None:
    assert [one for one in Engine().check(text, when=WHEN) if one.rule == "typo.beside"] == []
