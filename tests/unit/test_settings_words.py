"""Wrong settings are told in the reader's language, whatever library finds them wrong."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from xuanfa.adapters.registry import adapter_class, kinds
from xuanfa.bootstrap.configs import adapter_config
from xuanfa.domain.errors import ConfigError
from xuanfa.settings.layers import toml_layer

#: Values of every sort, none of which fits everywhere.
WRONG: tuple[Any, ...] = (
    "x",
    "",
    "x" * 5000,
    "，。",
    -1,
    0,
    10**30,
    1.5,
    float("nan"),
    True,
    [],
    ["x"] * 200,
    [1, {}],
    {"a": 1},
    None,
    [[]],
)
PYDANTIC = re.compile(
    r"Input should|should be|valid |Value error|String should|unable to|Field required|has at (most|least)",
    re.IGNORECASE,
)


def errors_of(kind: str, field: str) -> Iterator[str]:
    for value in WRONG:
        try:
            adapter_config("some", {"adapter": kind, "rehearsal": True, field: value})
        except ConfigError as error:
            yield str(error)


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, name) for kind in kinds() for name in adapter_class(kind).Config.model_fields]
)
def test_no_wrong_value_of_a_channel_is_told_in_pydantics_words(kind: str, field: str) -> None:
    for said in errors_of(kind, field):
        assert re.search("[\u4e00-\u9fff]", said)
        assert not PYDANTIC.search(said), said


def test_the_words_of_pydantic_would_be_found() -> None:
    with pytest.raises(ValidationError) as caught:
        adapter_class("site").Config.model_validate({"adapter": "site", "page_size": 10**9})
    assert PYDANTIC.search(str(caught.value))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = 1\na = 2", "前面已经写过"),
        ("[a]\n[a]", "这一节前面已经写过"),
        ("a = b", "文字要用英文双引号括起来"),
        ('a = "b', "写法"),
        ("a 1", "缺少等号"),
        ("a = 1 b = 2", "一行只能写一项"),
        ("a = [1, 2", "写法"),
    ],
)
def test_what_is_no_toml_is_told_without_the_readers_english(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "xuanfa.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        toml_layer(file)
    said = str(caught.value).removeprefix(str(file))
    assert words in said
    assert not re.search("[A-Za-z]{4,}", said.replace("TOML", "").replace("docs/settings.md", "")), said
