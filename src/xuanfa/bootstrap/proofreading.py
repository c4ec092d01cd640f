"""The second reader of the extra ``xuanfa[proofreading]``: there where its package and its language model are, and said where they are not."""

from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from xuanfa.checks.reader.detect import SecondReader
from xuanfa.checks.reader.trie import ModelError
from xuanfa.checks.rules.engine import Engine
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.settings import load

#: Where systems put the model of libime: Debian and its kin by architecture, others without.
_PLACES: Final = ("/usr/lib/*/libime/zh_CN.lm", "/usr/lib/libime/zh_CN.lm", "/usr/lib64/libime/zh_CN.lm")


def with_second_reader(engine: Engine, folder: Path | None) -> tuple[Engine, str]:
    """The engine with the second reader, or without it and what is said of that. Raises ConfigError for a model that is none."""
    reader, why = second_reader(folder)
    return replace(engine, second=reader), why


def second_reader(folder: Path | None) -> tuple[SecondReader | None, str]:
    """The reader for a workspace, or what is said where there is none. Raises ConfigError for a model that is named and is none."""
    if find_spec("pypinyin") is None:
        return None, say(
            "第二读者未安装（pip install 'xuanfa[proofreading]'），其余照常检查。",
            "The second reader is not installed (pip install 'xuanfa[proofreading]'); everything else is checked.",
        )
    named = load(folder, looking=True).check.model if folder is not None else ""
    model = folder / named if folder is not None and named else _installed()
    if model is None:
        return None, say(
            "第二读者的语言模型未安装（Debian 软件包 libime-data-language-model；没有它的系统把 zh_CN.lm 拷来，写进 [check] model），其余照常检查。",
            "The second reader's language model is not installed (Debian's package libime-data-language-model; elsewhere copy zh_CN.lm and name it "
            "under [check] model); everything else is checked.",
        )
    try:
        return _reader(model), ""
    except (ModelError, OSError) as error:
        raise ConfigError(
            say(
                "[check] model：{path} 不是语言模型，或读不了。请写 libime 的 zh_CN.lm。",
                "[check] model: {path} is no language model, or cannot be read. Name libime's zh_CN.lm.",
                path=model,
            )
        ) from error


def _installed() -> Path | None:
    root = Path("/")
    return next((path for place in _PLACES for path in sorted(root.glob(place.lstrip("/")))), None)


@cache
def _reader(model: Path) -> SecondReader:
    return SecondReader(model)
