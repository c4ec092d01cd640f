"""What reading a post by the rules costs, beside a bare pass of markdown-it-py over the same post, and what it costs to begin.

The post is made of clean copy of the tests' corpus: 3,000 characters with headings, lists, a table, pictures and links. It is rendered for four
channels by the real adapters, and source and renditions are judged as they are where a post is queued, by an engine that has seen none of it;
a list of 50,000 words is imported, none of which stands in the post. Everything is time of the processor: the best of many rounds, the two by turns.
"""

import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from markdown_it import MarkdownIt
from PIL import Image

from benchmarks.table import Row, median
from tests.corpus.measure import HERE, passages
from xuanfa.bootstrap import open_desk
from xuanfa.bootstrap.checking import lists_of, rules_of
from xuanfa.checks.rules.engine import Engine
from xuanfa.content.reading.posts import read_post
from xuanfa.domain.checking import Level
from xuanfa.domain.rendition import Rendition
from xuanfa.operations.checking.judging import judge
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import list_inbox, source_of
from xuanfa.operations.intake.render import post_channels, render_post

WHEN = date(2026, 11, 29)
WORDS = 50_000
#: The goals: so many passes of Markdown, so many seconds to begin, so many bytes.
TIMES, BEGINNING, MEMORY = 20, 0.3, 150
_SETTINGS = """
[columns.news]
title = "要闻"
channels = ["site", "wechat", "weibo", "mail"]
[channels.site]
adapter = "site"
directory = "public"
base_url = "https://www.example.gov.cn"
[channels.wechat]
adapter = "wechat"
rehearsal = true
[channels.weibo]
adapter = "weibo"
rehearsal = true
[channels.mail]
adapter = "email"
rehearsal = true
"""
_FRONT = "---\ntitle: 全市法院工作会议召开\ncolumn: news\nauthor: 宣传科\nsummary: 会议总结一年的工作。\n---\n\n"
_TABLE = "| 类别 | 收案 | 结案 |\n|---|---|---|\n| 民事 | 800 | 790 |\n| 刑事 | 120 | 118 |\n| 行政 | 60 | 58 |\n"
_LENGTH = 3_000
#: The parts of the corpus that posts are made of: always the same, so that figures of different days are of the same posts.
_COPY = "clean_[a-k].txt"


def measure(*, quick: bool) -> list[Row]:
    """The rows for one post after another, for beginning, and for memory."""
    rounds = 3 if quick else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        posts = [furnish(folder / str(number), number) for number in range(2 if quick else 6)]
        lists_of(folder / "0").keep(
            "long", Level.SEVERE, dict.fromkeys(words("".join(each[0] for each in posts)), "").items()
        )
        engine = rules_of(folder / "0")
        costs = [cost_of(engine, *each, rounds) for each in posts]
        beginnings = _beginnings(folder, rounds)
    bare, ours = (median([cost[at] for cost in costs]) for at in (0, 1))
    ratios = sorted(cost[1] / cost[0] for cost in costs)
    cold, warm, memory = beginnings
    return [
        Row("bare markdown-it-py pass over a post of 3,000 characters", f"{bare * 1e3:.1f} ms of the processor"),
        Row(
            f"all rules over it and its four renditions, with a list of {WORDS:,} words",
            f"{ours * 1e3:.1f} ms of the processor",
            f"{median(ratios):.1f} times ({ratios[0]:.1f} to {ratios[-1]:.1f} for {len(ratios)} posts)",
            f"≤ {TIMES} times",
        ),
        Row("rules and that list ready, nothing prepared before", f"{cold:.2f} s of the processor"),
        Row("the same, prepared by an earlier process", f"{warm:.2f} s of the processor", "", f"≤ {BEGINNING} s"),
        Row("memory of a process that has checked with that list", f"{memory:.0f} MB", "", f"≤ {MEMORY} MB"),
    ]


def furnish(folder: Path, number: int) -> tuple[str, str, Mapping[str, Rendition]]:
    """A workspace with one post: its Markdown, its source, and what its four channels get."""
    (folder / "posts").mkdir(parents=True)
    (folder / "xuanfa.toml").write_text(_SETTINGS, encoding="utf-8")
    for at in (1, 2):
        Image.new("RGB", (800, 600), (90 * at, 90, 100)).save(folder / "posts" / f"p{at}.png")
    body = _body(number)
    (folder / "posts" / "post.md").write_text(_FRONT + body, encoding="utf-8")
    with open_desk(folder) as desk:
        return body, _FRONT + body, _renditions(desk)


def _body(number: int) -> str:
    """Passages of clean copy under headings, each with a list; pictures, links and a table."""
    copy = _copy()
    random.Random(number).shuffle(copy)
    parts: list[str] = []
    for at, passage in enumerate(copy, 1):
        parts += [f"## {'一二三四五六七八九十'[at % 10]}、工作情况", passage.replace("\n", "\n\n")]
        parts += ["- 立案一千件；\n- 审结**九百件**，见[公报](https://www.example.gov.cn/a.html)。"] if at % 2 else []
        parts += [f"![庭审现场（李某 摄）](p{at // 2}.png)"] if at in (2, 4) else []
        if sum(map(len, parts)) > _LENGTH - len(_TABLE):
            break
    return "\n\n".join([*parts, _TABLE])


def _copy() -> list[str]:
    return passages(sorted(HERE.glob(_COPY)))


def _renditions(desk: Desk) -> Mapping[str, Rendition]:
    (file,) = list_inbox(desk.posts_folder)
    reading = read_post(
        source_of(file),
        path=file.path,
        shown_as=file.shown_as,
        zone=desk.zone,
        columns=desk.columns,
        media=desk.media,
        kinds=desk.reviews.names,
    )
    assert reading.post is not None, reading.problems
    rendered = render_post(desk, reading.post, post_channels(desk, reading.post))
    return {channel: each.rendition for channel, each in rendered.items() if each.rendition is not None}


def words(but_in: str) -> list[str]:
    """Words that are made of the characters of official copy, and stand in none of the posts."""
    letters, chance = re.findall("[\u4e00-\u9fff]", "".join(_copy())), random.Random(1)
    found: dict[str, None] = {}
    while len(found) < WORDS:
        word = "".join(chance.choices(letters, k=chance.randint(2, 8)))
        if word not in but_in:
            found[word] = None
    return list(found)


def cost_of(
    engine: Engine, body: str, source: str, renditions: Mapping[str, Rendition], rounds: int
) -> tuple[float, float]:
    """Seconds of a bare pass, and of judging source and renditions anew."""
    assert len(renditions) == 4, "a channel has no rendition"
    markdown = MarkdownIt("commonmark").enable("table")

    def read() -> None:
        new = Engine(own=engine.own, lists=engine.lists, office=engine.office)
        judge(new, renditions, source, when=WHEN, stamp="")

    read()
    pairs = [(_taken(lambda: markdown.render(body)), _taken(read)) for _ in range(rounds)]
    return min(bare for bare, _ in pairs), min(ours for _, ours in pairs)


def _taken(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _beginnings(folder: Path, rounds: int) -> tuple[float, float, float]:
    """Seconds until the first answer, nothing prepared and prepared, and megabytes."""
    colds: list[float] = []
    warms: list[float] = []
    sizes: list[float] = []
    for number in range(rounds):
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / f"cache{number}")}
        for taken in (colds, warms):
            command = [sys.executable, "-m", "benchmarks.checking", str(folder / "0")]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
            seconds, size = json.loads(done.stdout)
            taken.append(seconds)
            sizes.append(size)
    return min(colds), min(warms), max(sizes)


def _begin(folder: Path) -> tuple[float, float]:
    """What it takes in this process until the rules of a workspace have read a post that it is as if they had always known: what a second
    reading takes is taken off."""
    text = (folder / "posts" / "post.md").read_text(encoding="utf-8")

    def first() -> None:
        rules_of(folder).check(text, when=WHEN, is_post=True)

    seconds = _taken(first)
    engine = rules_of(folder)
    again = _taken(lambda: Engine(own=engine.own, lists=engine.lists).check(text, when=WHEN, is_post=True))
    return seconds - again, _most_memory()


def _most_memory() -> float:
    """Megabytes that this process had at most. What ``getrusage`` tells begins with the memory of the process that it was forked from."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(_begin(Path(sys.argv[1]))))
