"""100 KB of whatever text take no channel longer than two seconds of the processor to read and render, and twice the text about twice as long.

``XUANFA_FUZZ`` set to anything tries every text on every kind; ``make test`` tries those that have cost most, on three.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from tests.support.fuzzing import TRIES
from xuanfa.bootstrap import open_desk
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import InboxFile
from xuanfa.operations.intake.reading import read_source_of

#: Seconds of the processor for one channel, and how large a text. Bytes.
SECONDS, SIZE = 2.0, 100_000
MORE = {"site": 'directory = "public"\nbase_url = "https://court.example"'}
ALL = (
    *("site", "wechat", "weibo", "wordpress", "wecom", "dingtalk", "feishu", "webhook", "email"),
    *("manual", "douyin"),
)
FEW = ("wechat", "feishu", "manual")

#: Written again and again until the text is full.
UNITS = {
    "brackets": "[",
    "open links": "[a](",
    "nested emphasis": "*a_",
    "open emphasis": "**a*",
    "stars": "*",
    "struck": "~~a",
    "code": "`a``b",
    "quotations": "> a\n",
    "items": "- a\n  - b\n    - c\n",
    "notes": "[^1]",
    "defined notes": "[^1]: a\n\n",
    "notes within": "^[a",
    "links": "[a](http://b.cn/d)",
    "addresses": "http://a.cn/b ",
    "tags": "<b>a</b>",
    "blocks": "<div>a</div>\n\n",
    "comments": "<!-- a -->",
    "entities": "&#x1F600;",
    "ampersands": "&",
    "no full stop": "法院公告人民",
    "sentences": "法院公告。",
    "emoji": "👨\u200d👩\u200d👧",
    "combining marks": "a\u0301\u0301\u0301",
    "directions": "\u202e\u202c",
    "rare characters": "𠀀𠀁",
    "masks": "张**",
    "widths": "![a](a.png){width=300}\n\n",
    "highlights": "==a",
    "comments of Obsidian": "%%a",
    "links of Obsidian": "[[a]]",
    "boxes": "- [ ] a\n",
    "missing pictures": "![a](b.png)\n\n",
    "rows": "|a|b|\n",
    "numbers": "1. a\n",
    "headings": "# a\n",
    "rules": "---\n\n",
    "fences": "```\n",
    "backslashes": "\\",
    "blanks": "　",
    "spaces": " ",
    "tabs": "\t",
    "lines": "字\n",
    "letters": "a",
    "cells of HTML": "<table><tr><td>a",
    "definitions": "[a]: b\n",
    "quotation marks": "“a”",
    "dashes": "——",
}
MADE: dict[str, Callable[[int], str]] = {
    "columns": lambda size: "|a" * (size // 6) + "|\n" + "|-" * (size // 6) + "|\n" + "|b" * (size // 6) + "|\n",
    "ticks, ever more": lambda size: "".join("`" * count + "a" for count in range(1, int((2 * size) ** 0.5))),
    "nested brackets": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "items, ever deeper": lambda size: "".join(" " * (2 * (line % 30)) + "- a\n" for line in range(size // 34)),
    "many notes": lambda size: "".join(f"a[^{note}]\n\n[^{note}]: b\n\n" for note in range(size // 24)),
    "many definitions": lambda size: "".join(f"[a{name}]: b\n[a{name}] " for name in range(size // 18)),
    "many pictures": lambda size: "".join(f"![a](a{name}.png)\n\n" for name in range(size // 17)),
    "anything": lambda size: "".join(Random(1).choices("字法院。，a1*_`[]()!<>&|~^{}=%#-\n 　", k=size // 2)),  # noqa: S311 - for texts
}
#: Whole files.
MATTERS: dict[str, Callable[[int], str]] = {
    "a long title": lambda size: f"---\ntitle: {'题' * (size // 3)}\n---\n字",
    "many keys": lambda size: "---\ntitle: 题\n" + "".join(f"k{key}: v\n" for key in range(size // 9)) + "---\n字",
    "keywords": lambda size: "---\ntitle: 题\nkeywords: [" + "a, " * (size // 3) + "]\n---\n字",
    "nested lists": lambda size: "---\ntitle: 题\nx: " + "[" * size + "\n---\n字",
    "aliases of aliases": lambda size: (
        "---\ntitle: 题\na0: &a0 [x, x]\n"
        + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, size // 40))
        + "---\n字"
    ),
    "comments behind values": lambda size: "---\ntitle: 题" + " #a" * (size // 3) + "\n---\n字",
    "matter without an end": lambda size: "---\ntitle: 题\n" + "字\n" * (size // 4),
    "a channel's own text": lambda size: (
        "---\ntitle: 题\nchannels:\n  wechat:\n    text: |\n" + "      法院**公告**人民\n" * (size // 31) + "---\n字"
    ),
}
#: What has cost most of all texts, and of all front matters.
DEAREST = (
    "open links",
    "nested emphasis",
    "struck",
    "code",
    "spaces",
    "widths",
    "no full stop",
    "notes within",
    "many keys",
)


def text_of(name: str, size: int) -> bytes:
    if name in MATTERS:
        return MATTERS[name](size).encode()
    body = MADE[name](size) if name in MADE else UNITS[name] * (size // len(UNITS[name].encode()))
    return f"---\ntitle: 题\n---\n{body}".encode()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("office")
    (folder / "posts").mkdir()
    kept = {"site", "manual"}
    tables = [
        f'[channels.{kind}]\nadapter = "{kind}"\n{"" if kind in kept else "rehearsal = true"}\n{MORE.get(kind, "")}\n'
        for kind in ALL
    ]
    head = f'[organisation]\nname = "法院"\n[columns.action]\ntitle = "栏"\nchannels = {list(ALL)!r}\n'
    (folder / "xuanfa.toml").write_text(head + "".join(tables), encoding="utf-8")
    Image.new("RGB", (40, 30), "red").save(folder / "posts" / "a.png")
    with open_desk(folder) as opened:
        spent(opened, "字".encode(), list(ALL))  # libraries and typefaces are loaded once
        yield opened


def spent(desk: Desk, source: bytes, only: list[str]) -> float:
    """Seconds of the processor."""
    begun = time.process_time()
    read_source_of(desk, InboxFile(path=desk.posts_folder / "a.md", shown_as="posts/a.md"), source, only)
    return time.process_time() - begun


@pytest.mark.parametrize("name", [*UNITS, *MADE, *MATTERS] if TRIES else DEAREST)
def test_no_text_keeps_a_channel_busy(desk: Desk, name: str) -> None:
    for kind in ALL if TRIES else FEW:
        whole = spent(desk, text_of(name, SIZE), [kind])
        assert whole < SECONDS, (kind, whole)
        if whole > SECONDS / 2:  # what is quick may grow as it likes
            half = spent(desk, text_of(name, SIZE // 2), [kind])
            if whole >= 3 * half:  # a clock of the processor is not the same twice either: once more, beside each other
                half, whole = (spent(desk, text_of(name, size), [kind]) for size in (SIZE // 2, SIZE))
            assert whole < 3 * half, (kind, whole, half)
