"""The second reader: its model as KenLM reads it, what it proposes, what it leaves alone, and how well it does on sentences of our own."""

import time
from datetime import date
from pathlib import Path

import pytest

from tests.corpus import reading
from xuanfa.bootstrap.proofreading import second_reader
from xuanfa.checks.reader.confusion import KEY, NEARLY, SHAPE, SOUND, Confusions
from xuanfa.checks.reader.detect import SecondReader
from xuanfa.checks.reader.habit import habit
from xuanfa.checks.reader.trie import ModelError, Trie
from xuanfa.checks.rules.engine import Engine
from xuanfa.domain.checking import CLASSES, Found, Level
from xuanfa.domain.errors import ConfigError

WHEN = date(2026, 11, 29)
#: What docs/development.md promises of either half: slips that are found, and clean characters for one alarm.
RECALL, PER_ALARM = 0.88, 10_000
#: And of what was written later.
RECALL_UNSEEN = 0.8


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    found, why = second_reader(None)
    assert found is not None, why  # `make system` and the requirements of tests install both
    return found


@pytest.fixture(scope="module")
def trie() -> Trie:
    return Trie(next(Path("/usr/lib").glob("*/libime/zh_CN.lm")))


def told(reader: SecondReader, text: str, *, is_post: bool = False) -> list[Found]:
    found = Engine(second=reader).check(text, when=WHEN, is_post=is_post)
    return [one for one in found if one.rule.startswith("reader.")]


@pytest.mark.parametrize(
    ("words", "scores"),
    [  # as KenLM's own package (0.3.0) gives them for this model, without marks of a sentence's beginning and end
        ("人民 法院", (-4.0, -1.83)),
        ("中华 人民 共和国", (-4.21, -1.01, 0.0)),
        ("条 解 协议", (-4.16, -4.69, -4.47)),
        ("双方 当事人 的 意见", (-4.31, -2.24, -0.68, -3.59)),
        ("高标准 农田 建设 项目 顺利 通过", (-6.26, -5.01, -4.33, -1.98, -3.68, -1.55)),
        ("建 射 项目", (-4.11, -4.97, -4.16)),
        ("没有的词 协议", (-6.26, -4.25)),
    ],
)
def test_the_model_is_read_as_kenlm_reads_it(trie: Trie, words: str, scores: tuple[float, ...]) -> None:
    before = earlier = 0
    for word, wanted in zip(words.split(), scores, strict=True):
        number = trie.words.get(word, 0)
        assert trie.score(number, before, earlier) == pytest.approx(wanted, abs=0.006), word
        before, earlier = number, before


@pytest.mark.parametrize("data", [b"", b"x" * 10_000, b"mmap lm http://kheafield.com/code format version 5\n\0" * 9])
def test_what_is_no_model_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "zh.lm").write_bytes(data)
    with pytest.raises(ModelError):
        Trie(tmp_path / "zh.lm")


def test_a_model_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    whole = next(Path("/usr/lib").glob("*/libime/zh_CN.lm")).read_bytes()
    for part in (300, 1_000_000, len(whole) // 2, len(whole) - 3):
        (tmp_path / "zh.lm").write_bytes(whole[:part])
        with pytest.raises(ModelError):
            Trie(tmp_path / "zh.lm")


def test_slips_of_each_sort_are_known() -> None:
    meant = Confusions("调理送是层牢")
    assert meant.of("条")["调"] == SOUND
    assert meant.of("埋")["理"] == SHAPE
    assert meant.of("宗")["送"] in {NEARLY, KEY}
    assert "条" not in meant.of("条")
    assert Confusions("增曾").of("真")["增"] == NEARLY  # both ends of a sound
    assert Confusions("槛除").of("滥")["槛"] == SHAPE  # one half alike
    assert Confusions("槛除").of("徐")["除"] == SHAPE


def test_how_official_copy_goes_on_is_known() -> None:
    worth = habit().worth
    assert worth("人民法院") > -0.2 > -3 > worth("人民法宛")
    assert worth("#本院认") > worth("#本院人") + 2
    assert habit().pair("塬塬") < -7  # what was never seen
    texts = ["人民法院", "判决如下", "认定事实", "依法承担"]
    assert all(sum(worth(text[: at + 1]) for at in range(4)) > -6 for text in texts)


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("法官耐心听取双方的意见，促成双方达成条解。", "条", "调"),
        ("县卫生健康局组织医务人员深入乡村开展义症活动。", "症", "诊"),
        ("孩子们把书包放在桌子上，认真听老师讲颗。", "颗", "课"),
        ("村里的老人拿着板登坐在树下听法官讲故事。", "登", "凳"),
        ("原告无法入住，合同目的不能实现，故请求解徐合同。", "徐", "除"),
        ("刑期自判决执行之日起计算，不得擅自离敢。", "敢", "岗"),
    ],
)
def test_a_character_that_does_not_belong_is_proposed(reader: SecondReader, text: str, wrong: str, right: str) -> None:
    (one,) = told(reader, text)
    assert (one.text, one.suggestion, one.level, one.fix) == (wrong, right, Level.MINOR, None)
    assert (one.start, one.end) == (text.index(wrong), text.index(wrong) + 1)
    assert one.kind in CLASSES
    assert right in one.message


@pytest.mark.parametrize(
    ("text", "wrong", "right", "rule"),
    [
        ("各级人民府应当加强领导。", "民府", "民政府", "reader.missing"),
        ("会议强调，要坚持以人民为中心的的发展思想。", "的的", "的", "reader.twice"),
        ("此项工程宽已经支付。", "宽", "款", "reader.letter"),
    ],
)
def test_what_was_never_seen_so_is_told(reader: SecondReader, text: str, wrong: str, right: str, rule: str) -> None:
    (one,) = reading.told(reader, text)
    assert (text[one.start : one.end], one.suggestion, one.rule) == (wrong, right, rule)


@pytest.mark.parametrize(
    "text",
    [
        "（2026）甘03民终568号买卖合同纠纷一案",
        "宣读了金政发〔2026〕12号文件。",
        "见 [说明](https://a.cn/条解) 和 `条解`。",
        "11月20日上午，本院第301室。",
        "根据《民法典》第二百零一条的规定",
        "提供助餐、助浴、助医等服务。",
        "全市开展“三抓三促”行动，以“三抓三促”推动工作。",
        "责任编辑：马丽　审核：杨军",
        "十月的塬上，秋风已有几分凉意。",
        "窗外，稻田里蛙声一片，院墙已经重新砌好。",
        "",
        "1234567890",
    ],
)
def test_numbers_names_markup_and_coinages_are_left_alone(reader: SecondReader, text: str) -> None:
    assert told(reader, text) == []
    assert told(reader, f"---\ntitle: 一次开庭\n---\n\n{text}\n", is_post=True) == []


def test_what_a_rule_has_told_is_not_told_again(reader: SecondReader) -> None:
    text = "要坚决落实中央的决策部暑。"
    found = Engine(second=reader).check(text, when=WHEN)
    assert len({(one.start, one.end) for one in found}) == len(found)
    plain = Engine().check(text, when=WHEN)
    assert [one for one in found if not one.rule.startswith("reader.")] == plain


def test_it_does_as_well_as_is_said(reader: SecondReader) -> None:
    figures = [reading.measure(reader, half) for half in reading.HALVES]
    assert sum(each.slips for each in figures) >= 200
    assert sum(each.characters for each in figures) >= 20_000
    bounds = [RECALL_UNSEEN if half == "unseen" else RECALL for half in reading.HALVES]
    kept = [each.recall >= bound for each, bound in zip(figures, bounds, strict=True)]
    assert kept == [True, True, True], [each.missed for each in figures]
    alarms = [alarm for each in figures for alarm in each.alarms]
    assert len(alarms) <= sum(each.characters for each in figures) / PER_ALARM, alarms


def test_a_hostile_text_costs_no_more_than_it_is_long(reader: SecondReader) -> None:
    for text in ("的" * 3000, "调解" * 1500, "抱" * 3000, "一" * 3000, "1" * 100_000, "，" * 100_000):
        begun = time.process_time()
        told(reader, text)
        assert time.process_time() - begun < 8, text[:4]


def test_a_model_that_is_named_and_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "xuanfa.toml").write_text('[check]\nmodel = "other.lm"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"other\.lm"):
        second_reader(tmp_path)
