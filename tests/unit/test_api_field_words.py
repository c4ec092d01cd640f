"""What is wrong with a field of what a program has sent is said in its reader's language, whatever it is."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core.core_schema import ErrorType

from xuanfa.api.field_words import field_words
from xuanfa.domain.reader import Reader, read_by


class Kind(StrEnum):
    ONE = "one"
    TWO = "two"


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=2, max_length=5)] = "好稿"
    number: Annotated[int, Field(ge=1, le=9)] = 1
    share: float = 0.5
    is_so: bool = True
    names: Annotated[list[str], Field(max_length=1)] = []
    table: dict[str, str] = {}
    at: AwareDatetime | None = None
    day: date | None = None
    kind: Kind = Kind.ONE
    one_of: Literal["a", "b"] = "a"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"titel": "x"}, "没有这一项"),
        ({"title": "长" * 6}, "最多 5 个字符"),
        ({"title": "短"}, "至少 2 个字符"),
        ({"title": 1}, "应是文字"),
        ({"number": "x"}, "应是整数"),
        ({"number": 0}, "不能小于 1"),
        ({"number": 10}, "不能大于 9"),
        ({"share": "x"}, "应是数字"),
        ({"is_so": "perhaps"}, "应是 true 或 false"),
        ({"names": "a"}, "应是列表"),
        ({"names": ["a", "b"]}, "最多 1 项"),
        ({"table": 1}, "应是对象"),
        ({"at": "tomorrow"}, "应是时间"),
        ({"at": "2026-12-07T09:00:00"}, "带时区"),
        ({"day": "tomorrow"}, "应是日期"),
        ({"kind": "three"}, "只能是 'one' or 'two'"),
        ({"one_of": "c"}, "只能是 'a' or 'b'"),
    ],
)
def test_each_trouble_has_its_words(sent: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Sent(**sent)
    (trouble,) = caught.value.errors()
    assert words in field_words(trouble)  # type: ignore[arg-type]


def test_whatever_else_there_may_be_has_words_too() -> None:
    said = [field_words({"type": kind}) for kind in get_args(ErrorType)]
    assert len(said) > 80
    assert not [words for words in said if words.isascii()]


def test_a_reader_of_english_gets_english() -> None:
    wording: Callable[[Any], str] = str
    with read_by(Reader("en", wording)):
        assert field_words({"type": "missing"}) == "is missing, and has to be there"
