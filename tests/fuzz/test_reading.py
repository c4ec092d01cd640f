"""Files that nobody would write: whatever their bytes, reading and rendering them ends soon, small, and with a post or with problems.

``XUANFA_FUZZ=100000`` says how many files are made; some more than a hundred in ``make test``. Each is rendered for three kinds.
"""

import io
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.support.fuzzing import playing, rounds
from xuanfa.bootstrap import open_desk
from xuanfa.bootstrap.aside import AsideReader
from xuanfa.domain.shown import printable
from xuanfa.operations.intake.inbox import InboxFile
from xuanfa.operations.intake.queued import OF_A_FILE
from xuanfa.operations.intake.reading import Read

#: Files in ``make test``.
USUAL = 150
#: Seconds of the processor for one file and for each of its channels; kB that the process that reads may ever hold, libraries and all.
SECONDS, KILOBYTES = 2.0, 300_000
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


class Child:
    """The program that reads for all others, in a process of its own that reads one file after the other."""

    def __init__(self, reader: AsideReader, folder: Path) -> None:
        self._reader, self._path = reader, folder / "posts" / "a.md"

    def read(self, source: bytes, only: Collection[str] | None = None) -> Read:
        """Read and render, in bounded time and memory."""
        file = InboxFile(path=self._path, shown_as="posts/a.md")
        before = self.spent
        made = self._reader.read(file, source, only)
        assert isinstance(made, Read), (made, source[:2000])
        spent = self.spent - before
        assert spent < SECONDS * (1 + len(made.rendered)), (spent, source[:2000])
        assert self.most < KILOBYTES, (self.most, source[:2000])
        return made

    @property
    def _pid(self) -> int:
        """One that ended would be another from the next file on; none begins before there is a file."""
        return 0 if self._reader._process is None else self._reader._process._program.pid

    @property
    def spent(self) -> float:
        """Of the processor, since it began. Seconds."""
        if not self._pid:
            return 0.0
        fields = Path(f"/proc/{self._pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def most(self) -> int:
        """What was resident at its highest, of this program alone. Kilobytes."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self._pid}/status").read_text(encoding="ascii"))
        assert found is not None
        return int(found[1])


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "posts").mkdir()
    tables = [f'[channels.{kind}]\nadapter = "{kind}"\nrehearsal = true\n{MORE.get(kind, "")}\n' for kind in KINDS]
    head = f'[organisation]\nname = "法院"\n[columns.action]\ntitle = "栏"\nchannels = {list(KINDS)!r}\n'
    (folder / "xuanfa.toml").write_text(head + "".join(tables), encoding="utf-8")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    (folder / "posts" / "a.png").write_bytes(picture.getvalue())
    with open_desk(folder, aside=True) as desk:
        assert desk.reader is not None
        with desk.reader(desk, lambda: False) as reader:
            assert isinstance(reader, AsideReader)
            made = Child(reader, folder)
            made.read("---\ntitle: 题\n---\n字".encode())  # it loads its libraries, which is no file's doing
            yield made


@rounds()
@given(source=files, only=st.lists(st.sampled_from(KINDS), min_size=3, max_size=3, unique=True))
@playing(USUAL)
def test_whatever_a_file_holds_it_is_a_post_or_has_problems(
    child: Child, played: int, source: bytes, only: list[str]
) -> None:
    made = child.read(source, only)
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


def test_a_large_file_of_every_channel_stays_within_its_memory(child: Child) -> None:
    """The largest text that is taken, on nine channels at once."""
    line = "把法庭搬到田间地头，法官走进校园。**要点**与[来源](https://court.example/a)。"
    made = child.read(f"---\ntitle: 题\ncolumn: action\n---\n{line * (90_000 // len(line.encode()))}\n".encode())
    assert made.post is not None
    assert set(made.rendered) == set(KINDS)
