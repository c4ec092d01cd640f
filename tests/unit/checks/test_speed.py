"""What reading by the rules costs, beside a bare pass of Markdown over the same post, in one run and by the time of the processor."""

import random
import re
import time
import tracemalloc
from collections.abc import Callable
from datetime import date

from markdown_it import MarkdownIt

from tests.corpus.measure import clean
from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.listed import Listed
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.domain.checking import Level

WHEN = date(2026, 11, 29)
#: Noise of the machine only adds to a figure, so that it is asked some times before it counts as too much (benchmarks/checking.py).
MOST_TIMES, TRIES, LONGEST_LIST = 20, 8, 50_000
LETTERS = [chr(0x4E00 + number) for number in range(92)]


def a_post() -> str:
    """About 3,000 characters with headings, lists, a table, a picture and a link."""
    lines: list[str] = []
    for number, passage in enumerate(clean()):
        lines += [f"## 第{number}节", "", passage.replace("\n", "\n\n"), "", "- 立案一千件；", "- 审结九百件。", ""]
        if sum(map(len, lines)) > 2700:
            break
    return "\n".join(
        [
            *lines,
            "| 类别 | 收案 |",
            "|---|---|",
            "| 民事 | 800 |",
            "",
            "![庭审](a.png)",
            "",
            "[官网](https://a.gov.cn/)",
        ]
    )


def a_list(but_in: str) -> Listed:
    """Words that are made of the characters of official copy, and stand nowhere in the post."""
    letters, chance = re.findall("[\u4e00-\u9fff]", "".join(clean())), random.Random(1)  # noqa: S311 - not a secret
    words: set[str] = set()
    while len(words) < LONGEST_LIST:
        word = "".join(chance.choices(letters, k=chance.randint(2, 8)))
        if word not in but_in:
            words.add(word)
    return Listed("long", Level.SEVERE, dict.fromkeys(words, ""))


def best(work: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def test_a_post_and_its_renditions_cost_no_more_than_so_many_passes_of_markdown() -> None:
    body = a_post()
    listed = a_list(body)
    plain = re.sub(r"[#|!]|\]\([^)]*\)|\[", "", body)

    def read() -> None:
        engine = Engine(lists=[listed])
        engine.check(f"---\ntitle: 一次开庭\n---\n\n{body}", when=WHEN, is_post=True)
        for text in (plain, plain.replace("\n\n", "\n"), plain[:1500], plain + "\n来源：本院"):
            engine.check("一次开庭", when=WHEN, part="title")
            engine.check(text, when=WHEN)

    read()
    markdown = MarkdownIt("commonmark").enable("table")
    ratios = (best(read, 3) / best(lambda: markdown.render(body), 3) for _ in range(TRIES))
    assert any(ratio < MOST_TIMES for ratio in ratios)


def test_lines_that_renditions_share_are_read_once() -> None:
    engine = Engine()
    text = "\n".join(clean()[:20])
    engine.check(text, when=WHEN)
    known = len(engine._read)
    engine.check(text.replace("\n", "\n\n"), when=WHEN)
    assert len(engine._read) == known


def test_a_line_of_a_source_is_read_once_with_those_of_its_renditions() -> None:
    engine = Engine()
    engine.check("---\ntitle: 一\n---\n\n3月12日，全院干警义务植树。\n", when=WHEN, is_post=True)
    known = len(engine._read)
    engine.check("3月12日，全院干警义务植树。", when=WHEN)
    assert len(engine._read) == known


def test_a_pattern_that_is_made_later_is_tried_all_the_same() -> None:
    scan = Scan(text="甲方签名。", when=WHEN)
    assert scan.closed >= 0  # what stands in it is known from now on
    assert [match[0] for match in Sought(re.compile("签."), "\u7b7e\U0002a6d6").over(scan, scan.text)] == ["签名"]
    assert not list(Sought(re.compile("缺."), "\u7f3a\U0002a6d6").over(scan, scan.text))


def test_a_long_list_takes_little_memory() -> None:
    words = [f"{one}{two}{three}" for one in "法院审判执行" for two in LETTERS for three in LETTERS][:LONGEST_LIST]
    assert len(words) == LONGEST_LIST
    tracemalloc.start()
    Engine(lists=[Listed("long", Level.SEVERE, dict.fromkeys(words, ""))]).check("一次开庭。", when=WHEN)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 100_000_000
