"""The rules on the corpus, and what they keep: recall, quiet on clean copy, purity, protected pieces, masking."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.measure import alarms, clean, measure, planted
from xuanfa.checks.readable import of_html
from xuanfa.checks.rules.engine import Engine, fixed
from xuanfa.checks.rules.mask import masked
from xuanfa.checks.rules.model import Rule
from xuanfa.checks.rules.scan import Office
from xuanfa.checks.rules.shield import Shield
from xuanfa.checks.rules.table import raw_terms, shipped, term_row
from xuanfa.domain.checking import CLASSES, Level

WHEN = date(2026, 11, 29)
ENGINE = Engine()
PASSAGES = [row.text for row in planted()] + clean()


def test_at_least_95_of_100_planted_errors_of_each_class_are_found() -> None:
    result = measure(ENGINE)
    assert result.total.total() >= 600
    assert {
        kind: result.found[kind] / total for kind, total in result.total.items() if result.found[kind] < 0.95 * total
    } == {}


def test_clean_copy_is_quiet_at_severe_and_above_and_no_fix_touches_it() -> None:
    characters, told = alarms(ENGINE)
    assert characters >= 30_000
    assert [(one.rule, one.text) for one, _ in told if one.level.weight >= 2] == []
    assert [passage for passage in clean() if fixed(passage, ENGINE.check(passage, when=WHEN)) != passage] == []


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[3] / "posts").rglob("*.md")), ids=lambda path: path.stem
)
def test_a_sample_post_is_quiet_and_stays_as_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = ENGINE.check(text, when=WHEN, is_post=True)
    assert [one.rule for one in found if one.level.weight >= 2] == []
    assert fixed(text, found) == text


@pytest.mark.parametrize(
    "text",
    [
        '![庭审](images/a.jpg "图为庭审现场（示意图）")',
        '[规定](https://a.gov.cn/x,y "《规定》全文")',
        "`你好,世界`",
        '<img alt="庭审,现场" src="a.jpg">',
        "| 案件 | 件数 |\n|---|---|\n| 民事 | 3 |",
        "1. 立案\n2. 开庭\n\n- 民事\n- 刑事\n\n> 引文",
    ],
)
def test_markdown_itself_is_never_mended(text: str) -> None:
    post = f"---\ntitle: 一次开庭\n---\n\n{text}\n"
    assert fixed(post, ENGINE.check(post, when=WHEN, is_post=True)) == post


@pytest.mark.parametrize("rule", shipped().values(), ids=lambda rule: rule.id)
def test_a_rule_says_what_why_and_what_to_do(rule: Rule) -> None:
    assert rule.kind in CLASSES
    assert all((rule.zh, rule.en, rule.basis, rule.title, rule.example, rule.advice))
    assert rule.confidence in {"law", "src", "own"}


def test_no_row_of_a_table_forbids_what_another_one_asks_for() -> None:
    rows = [term_row(number) for number in range(len(raw_terms()))]
    wrong = {row.wrong for row in rows}
    assert [(row.wrong, row.right) for row in rows if row.right in wrong and row.right != row.wrong] == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PASSAGES), st.sampled_from(PASSAGES))
def test_reading_is_pure_and_offsets_move_with_the_text(one: str, two: str) -> None:
    first = ENGINE.check(one, when=WHEN)
    assert first == ENGINE.check(one, when=WHEN)
    for found in first:
        assert one[found.start : found.end] == found.text
        assert one.split("\n")[found.line - 1][found.column - 1 :].startswith(found.text.split("\n")[0])
    moved = ENGINE.check("\n\n" + two, when=WHEN)
    assert [(f.rule, f.start - 2, f.end - 2) for f in moved] == [
        (f.rule, f.start, f.end) for f in ENGINE.check(two, when=WHEN)
    ]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(PASSAGES),
    st.text(alphabet='，,。.（()）《》“”"０１２Ａ〔[2019]19号国发甘民初第的年月日-…', max_size=60),
)
def test_a_fix_never_changes_what_is_protected(passage: str, more: str) -> None:
    text = f"{more}《关于适用<民法典>,的规定》{passage}（2024）甘03民初12号国办发〔2018〕123号“他说,这件事(很重要)一定要办好.”{more}"
    kept = [text[span.start : span.end] for span in Shield(text).of("case", "document", "title", "quote", "url")]
    after = fixed(text, ENGINE.check(text, when=WHEN))
    assert all(piece in after for piece in kept)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(PASSAGES))
def test_masking_never_lengthens_what_is_told_and_hides_it(passage: str) -> None:
    found = [one for one in ENGINE.check(passage, when=WHEN) if one.kind == "privacy" and one.level.weight >= 1]
    after, _ = masked(passage, found, is_markdown=False)
    numbers = re.compile(r"\d")
    assert len(numbers.findall(after)) <= len(numbers.findall(passage)) + sum("某" in one.suggestion for one in found)
    for one in found:
        if one.rule in {"privacy.id18", "privacy.mobile", "privacy.bank", "privacy.party", "privacy.family"}:
            assert one.text not in after


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("手机13812341234。", "手机138****1234。"),
        ("身份证11010519491231002X。", "身份证11*************02X。"),
        ("被告人张建国、张伟。", "被告人张某1、张某2。"),
        ("被告人张建国，张建国供述。", "被告人张某，张某供述。"),
        ("原告欧阳雪诉称。", "原告欧阳某诉称。"),
    ],
)
def test_the_prescribed_forms(text: str, shown: str) -> None:
    assert masked(text, ENGINE.check(text, when=WHEN), is_markdown=False)[0] == shown
    assert masked(text, ENGINE.check(text, when=WHEN), is_markdown=True)[0] == shown.replace("*", r"\*")


@pytest.mark.parametrize(
    "text",
    [
        "热线12368，或12345、110。",
        "金额13800138000元。",
        "案件编号13800138000。",
        "统一社会信用代码916203001234567890。",
        "电话138****1234，身份证62*************512。",
        "被告人张某、王某某。",
        "原告甘肃某公司与被告某银行。",
        "原告向本院提出诉讼请求。",
        "当事人应当按时到庭。",
        "申请人民法院强制执行。",
        "邮箱jczy@gansu.gov.cn。",
        "严格遵守保守国家秘密法，做好保密工作。",
        "合议庭评议后当庭宣判。",
        "《全国法院民商事审判工作会议纪要》",
    ],
)
def test_what_is_public_stays_quiet(text: str) -> None:
    assert [one.rule for one in ENGINE.check(text, when=WHEN) if one.level.weight >= 2] == []


def test_the_office_s_own_lines_stay_quiet_however_they_are_written() -> None:
    office = Engine(office=Office(lines=frozenset({"13893512345", "09358221234"})))
    assert office.check("手机138 9351 2345，电话0935-8221234。", when=WHEN) == []
    assert len(ENGINE.check("手机138 9351 2345，家中电话0935-8221234。", when=WHEN)) == 2


def test_a_law_is_repealed_from_its_day_on() -> None:
    text = "依照《合同法》第五十二条的规定。"
    assert [one.rule for one in ENGINE.check(text, when=date(2020, 12, 31))] == []
    (found,) = ENGINE.check(text, when=date(2021, 1, 1))
    assert (found.rule, found.level, found.suggestion) == ("law.repealed", Level.SEVERE, "民法典合同编")


def test_front_matter_is_no_prose() -> None:
    post = "---\ntitle: 一次开庭\ncolumn: news\ntags: [a, b]\npublish_at: 2026-11-29 09:00\n---\n\n正文。\n"
    assert ENGINE.check(post, when=WHEN, is_post=True) == []
    assert [one.line for one in ENGINE.check(post.replace("一次开庭", "布署开庭"), when=WHEN, is_post=True)] == [2]


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<p>发布时间：\n  <time> </time>\n</p><p>甲 ，乙</p>", "发布时间：\n甲，乙"),
        ("<p>in  plain\n English</p>", "in plain English"),
        ("<p>《<b> 甲 </b>》</p>", "《甲》"),
    ],
)
def test_spaces_of_a_template_are_no_ones_mistake(markup: str, read: str) -> None:
    assert of_html(markup) == read


@pytest.mark.parametrize("text", ["一旁停着巡回审判车。", "车在路旁停了下来。"])
def test_two_words_that_meet_are_no_misspelt_one(text: str) -> None:
    assert [one for one in ENGINE.check(text, when=WHEN) if one.rule == "typo.word"] == []


def test_blanks_of_a_time_in_the_front_matter_are_its_authors() -> None:
    text = "---\ntitle: 甲\npublish_at: 2027年1月5日 下午3点\nretract_at: 2027年6月1日 中午1点\n---\n\n一月五日 下午开庭。\n"
    found = [one for one in ENGINE.check(text, when=WHEN, is_post=True) if one.rule == "width.blank"]
    assert [text.count("\n", 0, one.start) + 1 for one in found] == [7]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("清晨六点出发 集中执行兑现民生权益", False),
        ("同题共答　青年法官读书会开讲", False),
        ("法 院开庭审理案件", True),
        ("清晨六点出发  集中执行兑现权益", True),
        ("我市 法院开庭", True),
    ],
)
def test_one_blank_in_a_headline_is_a_pause(title: str, found: bool) -> None:
    assert bool(ENGINE.check(title, when=WHEN, part="title")) is found
    post = f"---\ntitle: {title}\n---\n\n正文。\n"
    assert bool(ENGINE.check(post, when=WHEN, is_post=True)) is found


def test_what_stands_at_the_roadside_is_no_slip() -> None:
    assert not ENGINE.check("小凳一旁停着巡回审判车，路旁停满了车。", when=WHEN)
    assert "旁听" in [one.suggestion for one in ENGINE.check("群众旁停庭审。", when=WHEN)]


def test_what_members_observe_is_no_slip_of_what_the_party_enforces() -> None:
    assert not ENGINE.check("全体党员要严守政治纪律和政治规矩。", when=WHEN)
    assert "politics.phrase" in {one.rule for one in ENGINE.check("要严鸣政治纪律和政治规矩。", when=WHEN)}
