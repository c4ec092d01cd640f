"""Bold and struck-through text paired as it was typed: the first mark begins, the second ends, and so on.

What stands beside a mark says little in Chinese: after ``甲**：**乙`` CommonMark and its relatives take the second mark for another
beginning. Where each pair of a paragraph could have been meant, all are taken so; where one could not, what stands beside them decides.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from xuanfa.content.text.chinese import BEGINNING, ENDING

#: How many delimiters one mark is made of, by its sign.
_SIZES = {ord("*"): 2, ord("~"): 1}
#: What may be emphasised although nothing emphasised begins or ends with it: marks alone, 甲**：**乙.
_MARKS_ALONE = re.compile(r"[\W_]+")


def pairs_plugin(parser: MarkdownIt) -> None:
    """Looks at all marks of a paragraph before the library pairs them."""
    parser.inline.ruler2.before("balance_pairs", "typed_pairs", _pair_as_typed)


def _pair_as_typed(state: StateInline) -> None:
    for delimiters in _lists(state):
        for marker, size in _SIZES.items():
            marks = list(_marks([each for each in delimiters if each.marker == marker], size))
            pairs = list(zip(marks[::2], marks[1::2], strict=False))
            if len(marks) % 2 or not all(_may_be_meant(_between(state, begin, end)) for begin, end in pairs):
                continue
            for begin, end in pairs:
                _set(begin, opens=True)
                _set(end, opens=False)


def _lists(state: StateInline) -> Iterator[list[Delimiter]]:
    """The delimiters of the paragraph, and those within each link: nothing is paired across its ends."""
    yield state.delimiters
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            yield meta["delimiters"]


def _marks(delimiters: Sequence[Delimiter], size: int) -> Iterator[Sequence[Delimiter]]:
    """The marks, each with the delimiters that it is made of; none where runs of another length stand between them."""
    if any(each.length not in {0, size} for each in delimiters):
        return
    for at in range(0, len(delimiters), size):
        yield delimiters[at : at + size]


def _between(state: StateInline, begin: Sequence[Delimiter], end: Sequence[Delimiter]) -> str:
    """What a pair would emphasise; pictures, code and the like count as a letter."""
    tokens = state.tokens[begin[-1].token + 1 : end[0].token]
    return "".join(_text(each.type, each.content) for each in tokens)


def _text(kind: str, content: str) -> str:
    if kind in {"text", "text_special"}:
        return content
    return "\n" if kind in {"softbreak", "hardbreak"} else "x"


def _may_be_meant(text: str) -> bool:
    if not text or text[0].isspace() or text[-1].isspace():
        return False
    return bool(_MARKS_ALONE.fullmatch(text)) or (text[0] not in ENDING and text[-1] not in BEGINNING)


def _set(mark: Sequence[Delimiter], *, opens: bool) -> None:
    for each in mark:
        each.open, each.close = opens, not opens
