"""A sentence for people that remembers what it is made of: both languages, its values, a code. It is a text wherever one is wanted, and is
kept so that another reader reads it in another language later."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, SupportsIndex

from xuanfa.domain.filling import field, filled, in_one_row, pieces
from xuanfa.domain.reader import Language, Reader, reader
from xuanfa.domain.remedy import Remedy, remedy_of

#: How what is kept begins. A text of others that begins so is kept as a sentence of one value, and is never taken for one of ours.
MARK: Final = '{"said":"'
#: More than that of one sentence is not kept as data. Characters.
KEPT_MAX: Final = 20_000
#: So much is kept of a value where the whole is too long. Characters.
_VALUE_MAX: Final = 400
#: So many sentences stand within one another at most.
_DEPTH_MAX: Final = 12
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CODE = re.compile(r"[a-z0-9_.-]*", re.IGNORECASE)
_BRACES = str.maketrans({"{": "{{", "}": "}}"})
Change = Callable[[str], str]


class _Form(Protocol):
    """What a sentence is made of."""

    def worded(self, one: Reader) -> str:
        """For this reader."""

    def data(self) -> dict[str, Any]:
        """As it is kept, without the code."""

    def inner(self) -> Iterable[object]:
        """Sentences, remedies and texts within."""

    def changed(self, change: Change) -> "_Form":
        """The same with its texts of others changed."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in two languages, and the values that are filled in."""

    zh: str
    en: str
    values: Mapping[str, object]

    def worded(self, one: Reader) -> str:
        """For this reader."""
        text = self.en if one.language == "en" else self.zh
        return filled(text, {name: _again(value) for name, value in self.values.items()}, one.language)

    def data(self) -> dict[str, Any]:
        """Both texts, with fields that are names only, and the values as JSON has them."""
        if not self.values:
            return {"zh": self.zh, "en": self.en}
        of: dict[str, Any] = {}
        return {"zh": self._plain(self.zh, of), "en": self._plain(self.en, of), "of": of} | self._unnamed(of)

    def _plain(self, text: str, of: dict[str, Any]) -> str:
        """The text, where it asks for more than a value (its attribute, another form) with what that gives as a value of its own."""
        written = []
        for literal, name, form, conversion in pieces(text):
            written.append(literal.translate(_BRACES))
            if name is None:
                continue
            whole = field(name, form, conversion)
            if whole == f"{{{name}}}" and name in self.values and _is_kept(self.values[name]):
                if name not in of:
                    of[name] = _value_data(self.values[name])
                written.append(whole)
            else:
                given = f"v{len(of)}_"
                of[given] = whole.format(**self.values)
                written.append(f"{{{given}}}")
        return "".join(written)

    def _unnamed(self, of: Mapping[str, Any]) -> dict[str, Any]:
        """Remedies that the words of neither language name."""
        rest = [value.data() for name, value in self.values.items() if isinstance(value, Remedy) and name not in of]
        return {"do": rest} if rest else {}

    def inner(self) -> Iterable[object]:
        """The values; without any, the words."""
        return self.values.values() or (self.zh, self.en)

    def changed(self, change: Change) -> "Sentence":
        """With the values' texts changed; without values, the words themselves may be of others."""
        if not self.values:
            return Sentence(change(self.zh), change(self.en), {})
        return Sentence(self.zh, self.en, {name: _changed(value, change) for name, value in self.values.items()})


@dataclass(frozen=True, slots=True)
class Row:
    """Texts one after the other; ``ended``: as sentences that each end once."""

    parts: tuple[str, ...]
    ended: bool = False

    def worded(self, one: Reader) -> str:
        """For this reader."""
        words = [str(_again(part)) for part in self.parts]
        return in_one_row(words, one.language) if self.ended else "".join(words)

    def data(self) -> dict[str, Any]:
        """The parts."""
        return {"all" if self.ended else "row": [_value_data(part) for part in self.parts]}

    def inner(self) -> Iterable[object]:
        """The parts."""
        return self.parts

    def changed(self, change: Change) -> "Row":
        """With the parts changed."""
        return Row(tuple(str(_changed(part, change)) for part in self.parts), self.ended)


class Said(str):
    """A sentence in the language of whoever reads it here, and what it is made of. ``code`` is stable and dotted; empty where it has none.
    ``depth`` is how many sentences stand within one another."""

    __slots__ = ("_kept", "_reader", "code", "depth", "form")
    form: _Form
    depth: int
    code: str
    _reader: Reader
    _kept: str

    def __new__(cls, form: _Form, code: str = "", kept: str = "") -> "Said":
        """``kept`` is what it was made from, where that is known. What stands within too many sentences is only its words from there on."""
        one = reader()
        self = super().__new__(cls, form.worded(one))
        self.depth = 1 + max((each.depth for each in form.inner() if isinstance(each, Said)), default=0)
        if self.depth > _DEPTH_MAX:
            form, self.depth = Row((str.__str__(self)[:],)), 1
        self.form, self.code, self._reader, self._kept = form, code, one, kept
        return self

    def __str__(self) -> str:
        """Itself: an error that was raised with it keeps what it is made of."""
        return self

    def __add__(self, other: str) -> "Said":
        """The two, one after the other; it goes by the code of the first."""
        if other == "":
            return self
        return Said(Row((self, other)), self.code) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: str) -> "Said":
        """The same from the other side."""
        if other == "":
            return self
        return Said(Row((other, self)), self.code) if isinstance(other, str) else NotImplemented

    def join(self, parts: Iterable[str], /) -> "Said":
        """The parts with this between them, in each language its own."""
        row: list[str] = []
        for part in parts:
            row += [self, part] if row else [part]
        return Said(Row(tuple(row)))

    def rstrip(self, chars: str | None = None, /) -> str:
        """Itself, where nothing is to be taken away."""
        less = super().rstrip(chars)
        return self if len(less) == len(self) else less

    def strip(self, chars: str | None = None, /) -> str:
        """Itself, where nothing is to be taken away."""
        less = super().strip(chars)
        return self if len(less) == len(self) else less

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> tuple[Any, ...]:
        """It goes to another process as to a database."""
        return heard, (self.kept(),)

    def __copy__(self) -> "Said":
        """It never changes."""
        return self

    def __deepcopy__(self, memo: object) -> "Said":
        """It never changes."""
        return self

    def coded(self, code: str) -> "Said":
        """The same sentence under a code by which programs know it."""
        return Said(self.form, code)

    def again(self) -> "Said":
        """The sentence for the reader of this place."""
        return self if self._reader is reader() else Said(self.form, self.code, self._kept)

    def kept(self) -> str:
        """As a database keeps it: compact JSON, the same whoever reads it here; bounded."""
        if not self._kept:
            self._kept = _bounded(self)
        return self._kept

    def changed(self, change: Change) -> "Said":
        """The same with all texts of others in it changed, at every depth."""
        return Said(self.form.changed(change), self.code)

    def all_in(self) -> Iterator[object]:
        """Remedies and texts in it, at every depth."""
        for value in self.form.inner():
            if isinstance(value, Said):
                yield from value.all_in()
            else:
                yield value

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What a person does next, in the order in which it was given; each once."""
        return tuple(dict.fromkeys(value for value in self.all_in() if isinstance(value, Remedy)))

    @property
    def codes(self) -> tuple[str, ...]:
        """Its code and those of the sentences within it."""
        within = [code for part in self.form.inner() if isinstance(part, Said) for code in part.codes]
        return tuple(dict.fromkeys(code for code in (self.code, *within) if code))


def kept(text: str) -> str:
    """A text as a database keeps it: a sentence as data, any other as it is."""
    if isinstance(text, Said):
        return text.kept()
    return Said(Row((text,))).kept() if text.startswith(MARK) else text


def heard(text: str) -> str:
    """What was kept, in the language of whoever reads it here. A plain text is one; so is what somebody has changed by hand into no sentence."""
    if not text.startswith(MARK):
        return text
    try:
        return _said_of(json.loads(text), 0, text)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return text


def code_of(text: str) -> str:
    """The code of a sentence; empty where it has none, as a text of others and one of an older program."""
    return text.code if isinstance(text, Said) else ""


def codes_in(text: str) -> tuple[str, ...]:
    """The same with those of the sentences within it."""
    return text.codes if isinstance(text, Said) else ()


def remedies_of(text: str) -> tuple[Remedy, ...]:
    """What a sentence says that a person does next."""
    return text.remedies if isinstance(text, Said) else ()


def again(text: str) -> str:
    """The text for the reader of this place."""
    return text.again() if isinstance(text, Said) else text


def says_the_same(kept_before: str, now_said: str) -> bool:
    """Whether two sentences are one, whoever reads them: an older program kept one language's words only."""
    if kept(kept_before) == kept(now_said):
        return True
    if isinstance(kept_before, Said) or not isinstance(now_said, Said):
        return False
    languages: tuple[Language, ...] = ("zh", "en")
    return any(now_said.form.worded(replace(reader(), language=each)) == kept_before for each in languages)


def tells(text: str, part: str) -> bool:
    """Whether a sentence holds another one, whoever reads them; of a text that an older program kept, whether its words hold it."""
    if not isinstance(text, Said):
        return part in text
    return kept(text) == kept(part) or any(tells(each, part) for each in text.form.inner() if isinstance(each, Said))


def begins_kept(code: str) -> str:
    """How a sentence of this code begins as it is kept, for questions to a database."""
    return f'{MARK}{code}"'


def under_code(text: str, code: str) -> str:
    """The text as a sentence of this code."""
    return text.coded(code) if isinstance(text, Said) else Said(Row((text,)), code)


def _again(value: object) -> object:
    return value.again() if isinstance(value, Said) else value


def _changed(value: object, change: Change) -> object:
    if isinstance(value, Said):
        return value.changed(change)
    return change(value) if isinstance(value, str) else value


def _is_kept(value: object) -> bool:
    return type(value) in _KEPT


_KEPT: Final = frozenset({str, int, float, bool, Said, Remedy})


def _value_data(value: object) -> Any:
    if isinstance(value, Said):
        return {"said": value.code} | value.form.data()
    if isinstance(value, Remedy):
        return value.data()
    return value if type(value) in {str, int, float, bool} else str(value)


def _bounded(said: Said) -> str:
    """What is kept; of one that is too long or too deep, with its values shortened, or only its words here: never without its code."""
    for form in (
        said.form,
        said.form.changed(lambda text: _cut(text, _VALUE_MAX)),
        Row((_cut(str.__str__(said), _VALUE_MAX * 5),)),
    ):
        data = {"said": said.code} | form.data()
        text = _ENCODE(data)
        if len(text) <= KEPT_MAX:
            return text
    return text


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 3 :]}"


def _said_of(data: Any, depth: int, kept_: str = "") -> Said:
    if depth > _DEPTH_MAX or not _CODE.fullmatch(data["said"]):
        raise ValueError("no sentence of ours")
    for name, ended in (("all", True), ("row", False)):
        if name in data:
            parts = tuple(_value_of(part, depth) for part in data[name])
            if not all(isinstance(part, str) for part in parts):
                raise ValueError("no row of texts")
            return Said(Row(parts, ended), data["said"], kept_)
    values = {name: _value_of(value, depth) for name, value in data.get("of", {}).items()}
    values |= {f"do{at}_": remedy_of(each) for at, each in enumerate(data.get("do", ()))}
    zh, en = data["zh"], data["en"]
    if values and not (_is_plain(zh) and _is_plain(en)):
        raise ValueError("a sentence that asks for more than values")
    return Said(Sentence(zh, en, values), data["said"], kept_)


def _is_plain(text: str) -> bool:
    """Whether a sentence from outside asks for values only: a field may reach into whatever it is filled with."""
    return all(
        name is None or (_NAME.fullmatch(name) and not form and not conversion)
        for _, name, form, conversion in pieces(text)
    )


def _value_of(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        return _said_of(value, depth + 1) if "said" in value else remedy_of(value)
    if not isinstance(value, str | int | float):
        raise TypeError("no value")
    return value
