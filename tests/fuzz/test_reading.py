"""Files that nobody would write: whatever their bytes, reading and rendering them ends soon, small, and with a post or with problems.

``XUANFA_FUZZ=100000`` says how many files are made; a few hundred in ``make test``.
"""

import os
import resource
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xuanfa.bootstrap import open_desk
from xuanfa.domain.shown import printable
from xuanfa.operations.desk import Desk
from xuanfa.operations.inbox import InboxFile
from xuanfa.operations.queued import OF_A_FILE
from xuanfa.operations.reading import Read, read_source_of

FILES = int(os.environ.get("XUANFA_FUZZ", "150"))
#: Seconds of the processor for one file and for each of its channels; kB that the whole run may hold.
SECONDS, KILOBYTES = 2.0, 300_000
#: What other tests had made of this process before: kilobytes, at their highest.
BEGUN_WITH = 0
#: The program itself, with its libraries. Kilobytes.
BARE = 120_000
KINDS = ("site", "wechat", "weibo", "wordpress", "wecom", "dingtalk", "feishu", "webhook", "email")
MORE = {"site": 'directory = "public"\nbase_url = "https://court.example"', "wechat": 'mode = "publish"'}

TAGS = (
    "div",
    "b",
    "p",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "a href=x",
    "sup",
    "pre",
    "code",
    "img src=a.png",
    "blockquote",
    "svg",
    "i",
)
PIECES = (
    *(
        "字",
        "法院公告。",
        "\n",
        "\n\n",
        " ",
        "　",
        "a",
        "1",
        "**",
        "*",
        "_",
        "~~",
        "`",
        "```\n",
        "```c\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "|",
        "|-|\n",
        "[",
    ),
    *(
        "]",
        "(",
        ")",
        "![",
        "](a.png)",
        "[^1]",
        "[^1]: 注\n",
        "^[",
        "{.note}",
        "{width=50%}",
        "<!--",
        "-->",
        "&#27;",
        "&amp;",
        "&",
        "<",
        ">",
        "\\",
        "\t",
    ),
    *(
        "https://late.invalid/link/site/",
        "http://[::1",
        "mailto:",
        '<a class="footnote-backref">x</a>',
        "“",
        "”",
        "（",
        "）",
        "\u0301",
        "😀",
        "\u202e",
        "\x1b",
    ),
    *(f"<{tag}>" for tag in TAGS),
    *(f"</{tag.split()[0]}>" for tag in TAGS),
)
KEYS = (
    "title",
    "column",
    "slug",
    "summary",
    "author",
    "department",
    "source",
    "keywords",
    "cover",
    "publish_at",
    "channels",
    "标题",
    "x",
)
VALUES = (
    "题",
    "a: b",
    '"\\e[2J"',
    '"\\ud800"',
    "[a, b]",
    "{a: b}",
    "&a b",
    "*a",
    "|\n  文",
    "2026-12-01 09:00",
    "0001-01-01 00:00",
    "9999-12-31 23:59",
    "'",
    "#",
    "",
)


def repeated(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Pieces, some of them very often."""
    return st.builds(lambda piece, times: piece * times, pieces, st.sampled_from((1, 1, 1, 2, 30, 400)))


bodies = st.lists(repeated(st.sampled_from(PIECES) | st.text(max_size=8)), max_size=25).map("".join)
heads = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES) | st.text(max_size=30)), max_size=6).map(
    lambda lines: "".join(f"{key}: {value}\n" for key, value in lines)
)
files = st.one_of(
    st.builds(lambda head, body: f"---\ntitle: 题\n{head}---\n{body}".encode("utf-8", "surrogatepass"), heads, bodies),
    st.builds(lambda body: f"---\ntitle: 题\n---\n{body}".encode("utf-8", "surrogatepass"), bodies),
    st.builds(lambda head, tail: head.encode("utf-8", "surrogatepass") + tail, heads, st.binary(max_size=200)),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "posts").mkdir()
    tables = [f'[channels.{kind}]\nadapter = "{kind}"\nrehearsal = true\n{MORE.get(kind, "")}\n' for kind in KINDS]
    head = f'[organisation]\nname = "法院"\n[columns.action]\ntitle = "栏"\nchannels = {list(KINDS)!r}\n'
    (folder / "xuanfa.toml").write_text(head + "".join(tables), encoding="utf-8")
    global BEGUN_WITH  # noqa: PLW0603 - the high-water mark of a process only rises
    BEGUN_WITH = max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - BARE)
    with open_desk(folder) as opened:
        yield opened


def read(desk: Desk, source: bytes) -> Read:
    """Read and render, in bounded time."""
    begun = time.process_time()
    made = read_source_of(desk, InboxFile(path=desk.posts_folder / "a.md", shown_as="posts/a.md"), source)
    spent = time.process_time() - begun
    assert spent < SECONDS * (1 + len(made.rendered)), (spent, source[:2000])
    return made


@settings(
    max_examples=FILES,
    derandomize="XUANFA_FUZZ" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(source=files)
def test_whatever_a_file_holds_it_is_a_post_or_has_problems(desk: Desk, source: bytes) -> None:
    made = read(desk, source)
    assert made.is_draft or (made.post is None) == bool(made.problems)
    assert len(made.problems) <= OF_A_FILE
    told = "\n".join((*made.problems, *made.notices))
    assert "程序出错" not in told, told
    assert "内存" not in told, told
    assert printable(told) == told
    for channel, each in made.rendered.items():
        assert not any(finding.code == "adapter.error" for finding in each.findings), (channel, each.findings)
        if each.rendition is not None and each.is_sendable:
            assert "\x1b" not in each.rendition.body + each.rendition.title
            assert set(each.rendition.needs) <= set(KINDS)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - BEGUN_WITH < KILOBYTES
