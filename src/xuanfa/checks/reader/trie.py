"""Reads a language model of KenLM's kind (format 5, quantised trie with array pointers), as Debian's ``libime-data-language-model`` has one.

KenLM's own package has to be compiled where it is installed, which an office's machine cannot; and what is read here is a few bit fields.
The layout is that of KenLM's ``lm/binary_format.cc``, ``trie.cc``, ``bhiksha.cc`` and ``quantize.cc``: n-grams lie in a trie from their last
word backwards, sorted by the number of the word; probabilities are logarithms to the base of ten, 256 bins of them.
"""

import struct
from bisect import bisect_right
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

_MAGIC: Final = b"mmap lm http://kheafield.com/code format version 5\n\0"
#: Order, multiplier of a table that is not used here, kind of model, whether words are stored, version of the search.
_FIXED: Final = struct.Struct("<BxxxfiBxxxI")
_FIXED_AT: Final = 88
_ORDER, _KIND = 3, 5
_UNIGRAM: Final = struct.Struct("<ffQ")
#: So many words, and so many n-grams of one length, are believed.
_WORDS_MAX, _GRAMS_MAX = 2_000_000, 100_000_000


class ModelError(Exception):
    """A file that is no language model of this kind."""


class _Level:
    """The n-grams of one length: entries of equal width, each a word's number and what hangs on it."""

    def __init__(self, data: mmap, at: int, word_bits: int, rest_bits: int) -> None:
        self._data = data
        self._at = at
        self._word_bits = word_bits
        self._bits = word_bits + rest_bits

    def find(self, word: int, begin: int, end: int) -> int:
        """The entry of a word among those from ``begin`` to ``end``; -1 where there is none."""
        while begin < end:
            middle = (begin + end) // 2
            found = self.field(middle, 0, self._word_bits)
            if found == word:
                return middle
            if found < word:
                begin = middle + 1
            else:
                end = middle
        return -1

    def field(self, entry: int, offset: int, width: int) -> int:
        """Some bits of an entry."""
        bit = entry * self._bits + offset
        at = self._at + (bit >> 3)
        return (int.from_bytes(self._data[at : at + 8], "little") >> (bit & 7)) & ((1 << width) - 1)


class Trie:
    """A model of three words, mapped and not read: it takes the memory of its words, and of what was asked. Raises ModelError and OSError."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            try:
                self._data = mmap(file.fileno(), 0, access=ACCESS_READ)
            except ValueError as error:  # an empty file
                raise ModelError from error
        try:
            self._lay_out()
        except (struct.error, IndexError, ValueError) as error:
            raise ModelError from error
        self._bigram = lru_cache(30_000)(self._bigram_of)
        #: The logarithm of the probability of a word behind another and the one before that; 0 is a word that is not known.
        self.score = lru_cache(60_000)(self._score)

    def _lay_out(self) -> None:
        data = self._data
        order, _, kind, has_words, _ = _FIXED.unpack_from(data, _FIXED_AT)
        if data[: len(_MAGIC)] != _MAGIC or (order, kind, bool(has_words)) != (_ORDER, _KIND, True):
            raise ModelError
        counts = struct.unpack_from("<3Q", data, _FIXED_AT + _FIXED.size)
        if counts[0] > _WORDS_MAX or max(counts) > _GRAMS_MAX:
            raise ModelError
        at = -(-(_FIXED_AT + _FIXED.size + 24) // 8) * 8
        at += 8 + 8 * counts[0]  # hashes of the words, which are not needed
        _, prob_bits, backoff_bits = data[at : at + 3]
        sizes = (1 << prob_bits, 1 << backoff_bits, 1 << prob_bits)
        tables = struct.unpack_from(f"<{sum(sizes)}f", data, at + 8)
        self._probs, self._backoffs = tables[: sizes[0]], tables[sizes[0] : sizes[0] + sizes[1]]
        self._last_probs = tables[sizes[0] + sizes[1] :]
        at += 8 + 4 * sum(sizes)
        self._unigrams = at
        at += _UNIGRAM.size * (counts[0] + 2)
        at = self._lay_out_pointers(at, counts[1] + 1, counts[2])
        word_bits = counts[0].bit_length()
        self._backoff_at, self._prob_at = word_bits, word_bits + backoff_bits
        self._prob_bits, self._backoff_bits = prob_bits, backoff_bits
        self._next_at = word_bits + prob_bits + backoff_bits
        width = prob_bits + backoff_bits + self._inline
        self._middle = _Level(data, at, word_bits, width)
        at += ((1 + counts[1]) * (word_bits + width) + 7) // 8 + 8
        self._longest = _Level(data, at, word_bits, prob_bits)
        at += ((1 + counts[2]) * (word_bits + prob_bits) + 7) // 8 + 8
        words = data[at:].split(b"\0")[:-1]
        if len(words) != counts[0] or words[0] != b"<unk>":
            raise ModelError
        self.words = {word.decode(): number for number, word in enumerate(words)}
        self.longest_word = max(map(len, self.words))

    def _lay_out_pointers(self, at: int, entries: int, most: int) -> int:
        """Pointers from pairs to triples keep their upper bits in a table: for each value the first entry that has it."""
        _, chop_most = self._data[at : at + 2]
        required = most.bit_length()
        chops = range(min(required, chop_most) + 1)
        chop = min(chops, key=lambda each: (most >> (required - each)) * 64 - entries * each)
        self._inline = required - chop
        count = (most >> self._inline) + 1
        begin = -(-at // 8) * 8 + 8
        self._firsts = struct.unpack_from(f"<{count}Q", self._data, begin)
        return at + 8 * (1 + count) + 7

    def unigram(self, word: int) -> tuple[float, float, int, int]:
        """A word's own probability, what is taken off behind it, and where its pairs begin and end."""
        at = self._unigrams + _UNIGRAM.size * word
        prob, backoff, begin = _UNIGRAM.unpack_from(self._data, at)
        end: int = _UNIGRAM.unpack_from(self._data, at + _UNIGRAM.size)[2]
        return prob, backoff, begin, end

    def _bigram_of(self, word: int, before: int) -> int:
        _, _, begin, end = self.unigram(word)
        return self._middle.find(before, begin, end)

    def _score(self, word: int, before: int, earlier: int) -> float:
        entry = self._bigram(word, before)
        if entry >= 0:
            begin, end = self._next(entry, self._firsts), self._next(entry + 1, self._firsts)
            last = self._longest.find(earlier, begin, end) if begin < end else -1
            if last >= 0:
                found: float = self._last_probs[self._longest.field(last, self._backoff_at, self._prob_bits)]
                return found
            prob: float = self._probs[self._middle.field(entry, self._prob_at, self._prob_bits)]
        else:
            prob, _, _, _ = self.unigram(word)
            prob += self.unigram(before)[1]
        context = self._bigram(before, earlier)
        if context >= 0:
            prob += self._backoffs[self._middle.field(context, self._backoff_at, self._backoff_bits)]
        return prob

    def _next(self, entry: int, firsts: tuple[int, ...]) -> int:
        upper = bisect_right(firsts, entry) - 1
        return upper << self._inline | self._middle.field(entry, self._next_at, self._inline)
