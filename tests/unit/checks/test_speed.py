"""What reading by the rules costs, beside a bare pass of Markdown over the same post, in one run and by the time of the processor."""

import re
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from benchmarks.checking import TIMES as MOST_TIMES
from benchmarks.checking import cost_of, furnish, words
from tests.corpus.measure import clean
from xuanfa.checks.rules.engine import Engine
from xuanfa.checks.rules.listed import Listed
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.domain.checking import Level

WHEN = date(2026, 11, 29)
#: Noise of the machine only adds to a figure, so that it is asked some times before it counts as too much.
TRIES, LONGEST_LIST = 8, 50_000
LETTERS = [chr(0x4E00 + number) for number in range(92)]


@pytest.mark.parametrize("number", range(3))
def test_a_post_and_its_renditions_cost_no_more_than_so_many_passes_of_markdown(tmp_path: Path, number: int) -> None:
    """The very posts of the benchmark, with what real adapters make of them for four channels."""
    post = furnish(tmp_path, number)
    engine = Engine(lists=[Listed("long", Level.SEVERE, dict.fromkeys(words(post[0]), ""))])
    costs = (cost_of(engine, *post, 3) for _ in range(TRIES))
    assert any(ours < MOST_TIMES * bare for bare, ours in costs)


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
