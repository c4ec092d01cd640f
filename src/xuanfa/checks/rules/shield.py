"""What no form rule and no fix may touch: 案号, 文号, titles, quotations, addresses, and what is markup and no text."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final, NamedTuple

from xuanfa.checks.rules import regex as re

#: Quotations of at least so many characters are somebody's words; shorter ones are names of things.
_QUOTED_FROM: Final = 12


class Span(NamedTuple):
    """A protected piece: from, to, and what it is."""

    start: int
    end: int
    kind: str


_CASE = re.compile(
    r"[（(][12]\d{3}[）)][\u4e00-\u9fff]{1,2}\d{0,4}[\u4e00-\u9fff]{1,8}\d{1,7}号(?:之[一二三四五六七八九十])?"
)
_DOCUMENT = re.compile(r"[\u4e00-\u9fff]{1,12}〔[12]\d{3}〕[1-9]\d{0,4}号")
_TITLE = re.compile(r"《[^《》\n]{1,80}(?:《[^《》\n]{1,60}》[^《》\n]{0,40})?》")
_QUOTE = re.compile(r"“[^“”\n]{1,600}”|「[^「」\n]{1,600}」")
_URL = re.compile(r"(?:https?://|ftp://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'*+,;=%]{1,2000}", re.IGNORECASE)
_TARGET = re.compile(r"\]\(\s*(<[^<>\n]{0,2000}>|[^()\s\n]{0,2000})")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,1000}>|<!--.{0,2000}?-->", re.DOTALL)
_CODE = re.compile(r"```[^`]{0,20000}```|`[^`\n]{1,500}`")
_KEY = re.compile(r"^[ \t]*(?:- )?[\w-]{1,40}:(?=\s|$)|^---[ \t]*$", re.MULTILINE | re.ASCII)
#: Lines of front matter that people read; any other is for the program.
_READ_KEY = re.compile(
    r"^[ \t]*(?:- )?(?:title|summary|author|caption|alt|text|name|source|digest|subtitle|editor|photo)[ \t]*:", re.ASCII
)
_MARKS = re.compile(r"^[ \t]{0,12}(?:#{1,6}|[-*+]|>|\d{1,9}[.)])[ \t]+|^[ \t]*\|?[ \t:|-]{3,}$", re.MULTILINE)
#: By the sign without which none of the kind is there.
_KINDS: Final = (
    ("case", "号", _CASE),
    ("document", "〔", _DOCUMENT),
    ("title", "《", _TITLE),
    ("url", "/", _URL),
    ("url", "www", _URL),
    ("target", "](", _TARGET),
    ("tag", "<", _TAG),
    ("code", "`", _CODE),
)
#: What is no text at all: nothing is sought in it.
NO_TEXT: Final = frozenset({"target", "tag", "code", "key", "url"})


class Shield:
    """The protected spans of one text, and whether a piece touches any of them."""

    def __init__(self, text: str, *, is_post: bool = False) -> None:
        found: list[Span] = []
        for kind, sign, pattern in _KINDS:
            if sign in text:
                group = 1 if kind == "target" else 0
                found += [Span(*match.span(group), kind) for match in pattern.finditer(text)]
        for match in _QUOTE.finditer(text) if "“" in text or "「" in text else ():
            if match.end() - match.start() - 2 >= _QUOTED_FROM:
                found.append(Span(*match.span(), "quote"))
        if is_post:
            found += _front_matter(text)
        self.spans = sorted(found)
        self._by_kinds: dict[frozenset[str], tuple[list[int], list[int], list[Span]]] = {}

    def of(self, *kinds: str) -> list[Span]:
        """The spans of these kinds."""
        return [span for span in self.spans if span.kind in kinds]

    def touches(self, start: int, end: int, kinds: frozenset[str]) -> bool:
        """Whether the piece overlaps a span of one of the kinds."""
        starts, ends, _ = self._table(kinds)
        # Spans of a kind may lie in one another: the furthest end before it counts.
        index = bisect_right(starts, max(start, end - 1)) - 1
        return index >= 0 and ends[index] > start

    def _table(self, kinds: frozenset[str]) -> tuple[list[int], list[int], list[Span]]:
        if kinds not in self._by_kinds:
            spans = [span for span in self.spans if span.kind in kinds]
            furthest, ends = 0, []
            for span in spans:
                furthest = max(furthest, span.end)
                ends.append(furthest)
            self._by_kinds[kinds] = ([span.start for span in spans], ends, spans)
        return self._by_kinds[kinds]


def _front_matter(text: str) -> Iterable[Span]:
    """Keys and marks of a post's source are no text; what a machine reads is none either."""
    end = 0
    if text.startswith("---"):
        end = text.find("\n---", 3)
        end = min(len(text), end + 4) if end >= 0 else 0
    head = text[:end]
    yield from (Span(*match.span(), "key") for match in _KEY.finditer(head))
    at = 0
    for line in head.split("\n"):
        if line.lstrip(" ").startswith("#"):  # a comment, for whoever keeps the file
            yield Span(at, at + len(line), "tag")
        # What continues a value is indented, and is read as the value is.
        if line.strip() and not line.startswith((" ", "\t")) and not _READ_KEY.match(line):
            yield Span(at, at + len(line), "mark")
        at += len(line) + 1
    yield from (Span(*match.span(), "mark") for match in _MARKS.finditer(text, end))


def is_marked(line: str) -> bool:
    """Whether a line of Markdown, or one of the form above it, has to be read as such: most are read like any other."""
    return _MARKS.match(line) is not None or line.startswith("---") or '"' in line or "'" in line


#: What the rules of form and every fix leave alone.
FORM: Final = frozenset({"case", "document", "title", "quote", "mark"}) | NO_TEXT
#: What rules about words leave alone: a title and a quotation are somebody else's words.
WORDS: Final = frozenset({"case", "document", "title", "quote"}) | NO_TEXT
#: What rules for numbers of people leave alone.
NUMBERS: Final = frozenset({"case", "document", "url", "tag", "key", "code"})
