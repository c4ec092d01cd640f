"""The keys of the front matter: their model, and what is said of keys and values that do not fit it."""

import difflib
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from xuanfa.content.reading.frontmatter import FrontMatter, Path
from xuanfa.content.reading.keys import MEANT
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
from xuanfa.domain.recurring import Every, OnHoliday


def _words(value: Any) -> Any:
    """A list as it is, or one line split at commas, enumeration commas and spaces."""
    return [word for word in re.split(r"[,，、;；\s]+", value) if word] if isinstance(value, str) else value


def _named_source(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _files(value: Any) -> Any:
    """One file or several, each by its name alone or with a title."""
    listed = [value] if isinstance(value, str | dict) else value
    return [{"file": each} if isinstance(each, str) else each for each in listed] if isinstance(listed, list) else value


def per_channel(value: Any) -> Any:
    """A list of ids or one line of them becomes the mapping that it stands for; a channel without a value has no overrides."""
    value = _words(value)
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if isinstance(value, dict):
        return {name: {} if override in ("", "null", "~") else override for name, override in value.items()}
    return value


def _yes_or_no(value: Any) -> Any:
    """What an author answers to a question of the review form."""
    if not isinstance(value, str):
        return value
    return next((answer for words, answer in _ANSWERS if value.strip().lower() in words), value)


_ANSWERS = (
    (frozenset({"是", "有", "涉及", "yes", "true"}), True),
    (frozenset({"否", "无", "没有", "不涉及", "no", "false"}), False),
)


def _use_of_ai(value: Any) -> Any:
    return _AI.get(value.strip().lower(), value) if isinstance(value, str) else value


def _ai_pictures(value: Any) -> Any:
    """Names of pictures, or one word that says that there is none."""
    return [] if isinstance(value, str) and _AI.get(value.strip().lower()) == "none" else _words(value)


def _every(value: Any) -> Any:
    """How often; a word for not at all is nothing, so that the file beside a document may take back what stands in the document."""
    if not isinstance(value, str):
        return value
    word = value.strip().lower().replace("_", "-")
    meant = _EVERY.get(word, word)
    return None if word in _ANSWERS[1][0] else next((each for each in Every if each.value == meant), meant)


_EVERY = {
    **dict.fromkeys(("每天", "每日", "天"), "daily"),
    **dict.fromkeys(("每周", "每星期", "周"), "weekly"),
    **dict.fromkeys(("每月", "月"), "monthly"),
    **dict.fromkeys(("每月最后一个工作日", "月末工作日", "最后一个工作日"), "last-workday"),
}


def _on_holiday(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    meant = _ON_HOLIDAY.get(value.strip().lower(), value.strip().lower())
    return next((each for each in OnHoliday if each.value == meant), meant)


_ON_HOLIDAY = {
    **dict.fromkeys(("照发", "照常", "不变"), "keep"),
    **dict.fromkeys(("跳过", "不发", "停"), "skip"),
    **dict.fromkeys(("提前", "之前"), "before"),
    **dict.fromkeys(("顺延", "推迟", "之后"), "after"),
}


_AI = {"无": "none", "否": "none", "没有": "none", "no": "none", "辅助": "assisted", "生成": "generated"} | {
    word: word for word in ("none", "assisted", "generated")
}
Answer = Annotated[bool | None, BeforeValidator(_yes_or_no)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SourceFields(_Strict):
    """Where a reposted text comes from."""

    name: str
    url: str = ""
    #: The title under which it came out there.
    title: str = ""


class AttachmentFields(_Strict):
    """A file that readers get beside the text."""

    file: str
    title: str = ""


class OverrideFields(_Strict):
    """What one channel gets instead of the post's own."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None
    publish_at: str | None = None


class Fields(_Strict):
    """The front matter by shape; what the values mean is looked at later, with their lines. Everything is text here."""

    title: str = ""
    column: str = ""
    slug: str = ""
    summary: str = ""
    author: str = ""
    department: str = ""
    editor: str = ""
    source: Annotated[SourceFields | None, BeforeValidator(_named_source)] = None
    keywords: Annotated[list[str], BeforeValidator(_words)] = []
    cover: str = ""
    publish_at: str = ""
    expires_at: str = ""
    retract_at: str = ""
    review_on: str = ""
    repeat: Annotated[Every | None, BeforeValidator(_every)] = None
    repeat_until: str = ""
    on_holiday: Annotated[OnHoliday | None, BeforeValidator(_on_holiday)] = None
    shelf: Answer = None
    solemn_ok: Answer = None
    corrects: str = ""
    kind: str = ""
    # For the rules (checks/rules/channel): why a repost has another title, whose the pictures are, which say nothing, and the number of a map.
    title_change: str = ""
    licence: str = ""
    decoration: Annotated[list[str], BeforeValidator(_words)] = []
    map_number: str = ""
    # For the review form alone: readers see none of it.
    subtitle: str = ""
    phone: str = ""
    case: Answer = None
    secret: Answer = None
    personal: Answer = None
    minors: Answer = None
    ai: Annotated[Literal["none", "assisted", "generated"] | None, BeforeValidator(_use_of_ai)] = None
    ai_pictures: Annotated[list[str] | None, BeforeValidator(_ai_pictures)] = None
    access: Annotated[list[str], BeforeValidator(_words)] = []
    attachments: Annotated[list[AttachmentFields], BeforeValidator(_files)] = []
    channels: Annotated[dict[str, OverrideFields] | None, BeforeValidator(per_channel)] = None


#: So much of a name is compared with those that are known. Characters.
_COMPARED = 60

#: What may be written for a key in Chinese as well; every other Chinese name is only guessed at.
ALIASES = {"限阅": "access"}

#: What is expected at a key, in words.
_EXPECTED = {
    "access": ("登录名或角色，用顿号或逗号隔开，或写成列表", "login names or roles, parted by commas or as a list"),
    "keywords": ("一行关键词，用顿号或逗号隔开", "one line of keywords parted by commas"),
    "source": ("来源的名称，或 name、url、title 三项", "a name, or the keys name, url and title"),
    "decoration": ("装饰图片的文件名，用顿号或逗号隔开", "names of pictures, parted by commas"),
    "channels": ("渠道的列表，或每个渠道一段（缩进两格）", "a list of channels, or one indented block for each"),
    **dict.fromkeys(("case", "secret", "personal", "minors", "shelf", "solemn_ok"), ("是或否", "yes or no")),
    "ai": ("none（无）、assisted（辅助）或 generated（生成）", "none, assisted or generated"),
    "ai_pictures": ("图片的文件名，用顿号或逗号隔开；没有就写“无”", "names of pictures, parted by commas, or `none`"),
    "repeat": (
        "daily（每天）、weekly（每周）、monthly（每月）或 last-workday（每月最后一个工作日）",
        "daily, weekly, monthly or last-workday",
    ),
    "on_holiday": ("keep（照发）、skip（跳过）、before（提前）或 after（顺延）", "keep, skip, before or after"),
    "attachments": ("附件的列表，每个有 file，可加 title", "a list, each with `file` and perhaps `title`"),
    "override": ("缩进的 title、summary、text、publish_at", "an indented title, summary, text or publish_at"),
}


def read_fields(matter: FrontMatter, shown_as: str) -> tuple[Fields, list[ContentError]]:
    """The fields of the front matter, and what does not fit. Where something does not, the rest is still there to be looked at."""
    _rename(matter)
    data = {key: value for key, value in matter.data.items() if value != ""}
    try:
        return Fields.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    problems = [
        ContentError(_in_words(path, detail["type"]), Place(shown_as, matter.line(path)))
        for detail in details
        if (path := tuple(detail["loc"]))
    ]
    for detail in details:
        _drop(data, tuple(detail["loc"]))
    return Fields.model_validate(data), problems


def _rename(matter: FrontMatter) -> None:
    """Give keys that may be written in Chinese their own names, lines included. Beside its own name an alias is one key too many."""
    for alias, key in ALIASES.items():
        if alias in matter.data and key not in matter.data:
            matter.data[key] = matter.data.pop(alias)
            for path in [path for path in matter.lines if path[0] == alias]:
                matter.lines[(key, *path[1:])] = matter.lines.pop(path)


def misspelt(matter: FrontMatter) -> frozenset[str]:
    """The keys that were probably meant by unknown ones, so that nobody is told twice that they are missing."""
    unknown = (key for key in matter.data if key not in Fields.model_fields)
    return frozenset(nearest(key, Fields.model_fields) for key in unknown)


def _drop(data: Any, path: Path) -> None:
    """Take out what does not fit: the whole top-level key, or, of the channels, the one that is wrong."""
    if len(path) > 1 and path[0] == "channels" and isinstance(data.get("channels"), dict):
        data["channels"] = {name: value for name, value in data["channels"].items() if name != path[1]} or ""
        path = path if data["channels"] else path[:1]
    if len(path) == 1 or path[0] != "channels":
        data.pop(path[0], None)


def _in_words(path: Path, kind: str) -> str:
    key = str(path[-1])
    if kind == "extra_forbidden":
        return _unknown(key, _known(path))
    if kind == "missing":
        return say("{key} 没有写。请补上。", "{key} is missing. Add it.", key=".".join(map(str, path)))
    expected = _EXPECTED.get("override" if len(path) == 2 and path[0] == "channels" else str(path[0]))  # noqa: PLR2004
    if expected is None or len(path) > 2:  # noqa: PLR2004 - below a channel or a source stands only text
        expected = ("一行文字", "one line of text")
    return say(
        "“{key}”的写法不对，应是{expected}。",
        "The value of {key!r} should be {expected}.",
        key=key,
        expected=say(*expected),
    )


def _known(path: Path) -> Iterable[str]:
    model: type[BaseModel] = Fields
    if len(path) > 1:
        models: dict[str, type[BaseModel]] = {"source": SourceFields, "attachments": AttachmentFields}
        model = models.get(str(path[0]), OverrideFields)
    return model.model_fields


def _unknown(key: str, known: Iterable[str]) -> str:
    names = list(known)
    guess = nearest(key, names)
    if guess:
        return say(
            "不认识“{key}”，是不是想写 {guess}？请改正。",
            "Unknown key {key!r}: did you mean {guess}? Change it.",
            key=key,
            guess=guess,
        )
    return say(
        "不认识“{key}”。这里可以写：{names}。",
        "Unknown key {key!r}. Possible here: {names}.",
        key=key,
        names=say("、", ", ").join(names),
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, also by its Chinese name; empty where none is near."""
    name, names = name[:_COMPARED], list(known)
    if MEANT.get(name.strip()) in names:
        return MEANT[name.strip()]
    folded = {other.lower(): other for other in names}
    plain = re.sub(r"[\s-]+", "_", name.strip().lower())
    near = difflib.get_close_matches(plain, folded, n=1, cutoff=0.6) or difflib.get_close_matches(
        name.lower(), folded, n=1
    )
    if near:
        return folded[near[0]]
    chinese = difflib.get_close_matches(name, [word for word, key in MEANT.items() if key in names], n=1, cutoff=0.6)
    return MEANT[chinese[0]] if chinese else ""
