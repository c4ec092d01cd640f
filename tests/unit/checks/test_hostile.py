"""No rule takes more than linear time, whatever the text is: 200,000 characters in less than two seconds of the processor each."""

import time
from datetime import date

import pytest

from xuanfa.checks.rules.channel import of_post
from xuanfa.checks.rules.engine import DETECTORS, MOST, OF_WORDS, Engine
from xuanfa.checks.rules.own import read_rules
from xuanfa.checks.rules.scan import Leader, Office, Scan
from xuanfa.checks.rules.shield import Shield
from xuanfa.domain.errors import ContentError

WHEN = date(2026, 11, 29)
SIZE = 200_000
HOSTILE = {
    "digits": "1",
    "digits and blanks": "1 3 ",
    "one long number": "13800138000",
    "brackets": "（",
    "closing": "）",
    "titles": "《",
    "quotes": "“",
    "at signs": "@a.",
    "halves of phrases": "中华人民共",
    "other halves": "主义思想",
    "the same word": "人民法院",
    "the same character": "的",
    "names": "被告人张",
    "roles": "被害人、证人",
    "cases": "（2024）甘03民初",
    "members": "政治意识、大局意识、",
    "foreign members": "自由、平等、公平、法治、",
    "streets": "新华路一二三四五号",
    "flats": "小区一二三栋一二三单元",
    "schools": "第三小学一二三年级",
    "dates": "2024年2月",
    "ordinals": "2026年第十三个国家宪法日建党105周年",
    "clocks": "25:",
    "totals": "共10件，其中3件、",
    "percentages": "占50%、",
    "growth": "由100件增至",
    "documents": "国发[2019]",
    "half-width": "你,",
    "dots": "...",
    "regions": "美国、台湾、",
    "articles": "民法典第一千条、第",
    "blanks": " 　",
    "traditional": "審",
    "tags": "<a",
    "targets": "](http://a",
    "ticks": "`",
    "lines": "\n",
    "classes of schools": "中学高一二班",
    "links": "https://t.cn/a.",
    "pictures": "![地图](a)",
    "half pictures": "![](",
    "sentences": "判决被告支付",
    "leaders": "院长王健国、",
    "highest": "国务院总理李",
    "words together": "加快进渡",
    "sums": "一等奖1名、共2名，",
    "means": "300万元50人人均",
    "keys": "a: b\n",
    "generated": "由AI",
    "charges": "构成犯盗窃、",
    "counted": "提出三点要求：一是",
    "each": "5个合议庭各审理20件，共",
    "of them": "800件，其中调解320件，调解率",
    "reckoned": "从400件上升到800件，比去年的500件增加",
    "instalments": "分3期每期5万元，人均",
    "offices": "市人大常委会副",
    "scripts": "第一百0七二至15",
    "spans": "2026年6月1日至5日，第三季度（",
}


#: What each detector reads worst; all of them read what a tester would send first.
EVERYBODY = ("digits", "the same character", "brackets", "halves of phrases")
WORST = {
    "numbers": ("digits and blanks", "one long number", "at signs", "dots"),
    "people": ("names", "roles", "cases"),
    "minors": ("schools", "classes of schools"),
    "places": ("streets", "flats"),
    "secrecy": ("blanks", "other halves"),
    "near": ("the same word", "other halves"),
    "runs": ("members", "foreign members"),
    "terms": ("the same word", "regions"),
    "usage": ("regions",),
    "court": ("names", "articles"),
    "statutes": ("articles", "titles"),
    "doubled": ("the same word", "lines"),
    "punct": ("closing", "quotes", "half-width", "dots", "titles"),
    "numerals": ("documents", "dates", "cases", "one long number"),
    "dates": ("dates", "clocks"),
    "counted": ("ordinals", "dates"),
    "figures": ("totals", "one long number"),
    "rates": ("percentages", "growth"),
    "claims": ("counted", "each", "of them", "growth"),
    "reckoned": ("reckoned", "instalments", "of them", "means", "growth"),
    "titles": ("offices", "leaders"),
    "scripts": ("scripts", "dates", "one long number"),
    "spans": ("spans", "dates", "clocks"),
    "width": ("blanks", "traditional"),
    "contexts": ("sentences", "names"),
    "channel": ("links", "half pictures"),
    "leaders": ("leaders",),
    "highest": ("leaders", "highest"),
    "sums": ("sums", "means", "totals"),
    "charges": ("charges", "roles"),
    "letters": ("the same word", "other halves"),
    "together": ("the same word", "words together"),
}
DETECTORS_BY_NAME = {detect.__module__.rpartition(".")[2]: detect for detect in (*DETECTORS, *OF_WORDS)}
OFFICE = Office(leaders=(Leader(name="王建国", office="院长"), Leader(name="李卫东", office="副院长")))


def test_every_detector_is_tried() -> None:
    assert DETECTORS_BY_NAME.keys() == WORST.keys()


@pytest.mark.parametrize(("name", "what"), [(name, what) for name, own in WORST.items() for what in (*EVERYBODY, *own)])
def test_a_rule_reads_hostile_text_in_linear_time(name: str, what: str) -> None:
    piece = HOSTILE[what]
    scan = Scan(text=(piece * (SIZE // len(piece) + 1))[:SIZE], when=WHEN, office=OFFICE)
    began = time.process_time()
    found = sum(1 for _ in DETECTORS_BY_NAME[name](scan))
    assert time.process_time() - began < 2, found


@pytest.mark.parametrize("what", ["pictures", "half pictures", "links", "keys", "generated"])
@pytest.mark.parametrize("lead", ["", "---\ntitle: 一\n---\n", "---\n"])
def test_a_post_as_a_whole_is_read_in_linear_time(what: str, lead: str) -> None:
    text = (lead + HOSTILE[what] * (SIZE // len(HOSTILE[what]) + 1))[:SIZE]
    began = time.process_time()
    sum(1 for _ in of_post(Scan(text=text, when=WHEN, is_post=True)))
    assert time.process_time() - began < 2


@pytest.mark.parametrize("what", ["tags", "targets", "ticks", "titles", "quotes", "cases"])
def test_what_is_protected_is_found_in_linear_time(what: str) -> None:
    piece = HOSTILE[what]
    began = time.process_time()
    Shield((piece * (SIZE // len(piece) + 1))[:SIZE], is_post=True)
    assert time.process_time() - began < 2


def test_findings_are_capped() -> None:
    found = Engine().check("手机13893512345。" * 6000, when=WHEN)
    assert len(found) == MOST + 1


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(.*)(.*)x", ".*.*.*x", "((ab)*)*c", "(a{1,50}){1,50}"])
def test_a_pattern_that_may_take_very_long_is_refused_with_its_line(pattern: str) -> None:
    source = f'[[rule]]\nid = "term.x"\nlevel = "minor"\npattern = \'{pattern}\'\n'
    with pytest.raises(ContentError, match=r"rules/a\.toml:4"):
        read_rules(source, "rules/a.toml")


@pytest.mark.parametrize("pattern", [r"第\d+条", "甲|乙", r"(?:甲|乙)方.{0,10}", r"张[一-龥]{1,2}某"])
def test_an_ordinary_pattern_is_taken_and_is_quick_on_hostile_text(pattern: str) -> None:
    (rule,) = read_rules(f'[[rule]]\nid = "term.x"\nlevel = "minor"\npattern = \'{pattern}\'\n', "rules/a.toml")
    scan = Scan(text="第1甲方张" * (SIZE // 5), when=WHEN)
    began = time.process_time()
    sum(1 for _ in rule.detect(scan))
    assert time.process_time() - began < 2
