"""The keys of the front matter: their model, and what is said of keys and values that do not fit it."""

import difflib
import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from xuanfa.content.frontmatter import FrontMatter, Path
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say


def _words(value: Any) -> Any:
    """A list as it is, or one line split at commas, enumeration commas and spaces."""
    return [word for word in re.split(r"[,，、;；\s]+", value) if word] if isinstance(value, str) else value


def _named_source(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _per_channel(value: Any) -> Any:
    """A list of ids or one line of them becomes the mapping that it stands for; a channel without a value has no overrides."""
    value = _words(value)
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if isinstance(value, dict):
        return {name: {} if override in ("", "null", "~") else override for name, override in value.items()}
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SourceFields(_Strict):
    """Where a reposted text comes from."""

    name: str
    url: str = ""


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
    corrects: str = ""
    channels: Annotated[dict[str, OverrideFields] | None, BeforeValidator(_per_channel)] = None


#: Chinese names that people write for the keys.
_CHINESE = {
    "title": ("标题", "题目", "文章标题"),
    "column": ("栏目", "专栏", "所属专栏", "所属栏目"),
    "slug": ("编号", "文件名", "标识"),
    "summary": ("摘要", "简介", "导语", "概要"),
    "author": ("作者", "撰稿", "撰稿人", "通讯员"),
    "department": ("部门", "供稿部门", "单位", "供稿单位"),
    "editor": ("责任编辑", "责编", "编辑"),
    "source": ("来源", "稿件来源", "转载来源"),
    "keywords": ("关键词", "关键字", "标签", "tags"),
    "cover": ("封面", "封面图", "首图", "image"),
    "publish_at": ("发布时间", "发布日期", "时间", "日期", "定时", "date", "time"),
    "expires_at": ("过期时间", "失效时间", "截止时间", "有效期"),
    "corrects": ("更正", "更正稿件", "更正对象"),
    "channels": ("渠道", "发布渠道", "平台"),
    "text": ("正文", "内容"),
    "name": ("名称", "来源名称"),
    "url": ("链接", "网址", "地址", "link"),
}
_MEANT = {chinese: key for key, names in _CHINESE.items() for chinese in names}

#: So much of a name is compared with those that are known. Characters.
_COMPARED = 60

#: What is expected at a key, in words.
_EXPECTED = {
    "keywords": ("一行关键词，用顿号或逗号隔开", "one line of keywords parted by commas"),
    "source": ("来源的名称，或 name 与 url 两项", "a name, or the two keys name and url"),
    "channels": ("渠道的列表，或每个渠道一段（缩进两格）", "a list of channels, or one indented block for each"),
    "override": ("缩进的 title、summary、text、publish_at", "an indented title, summary, text or publish_at"),
}


def read_fields(matter: FrontMatter, shown_as: str) -> tuple[Fields, list[ContentError]]:
    """The fields of the front matter, and what does not fit. Where something does not, the rest is still there to be looked at."""
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
        model = SourceFields if path[0] == "source" else OverrideFields
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
    if _MEANT.get(name.strip()) in names:
        return _MEANT[name.strip()]
    folded = {other.lower(): other for other in names}
    plain = re.sub(r"[\s-]+", "_", name.strip().lower())
    near = difflib.get_close_matches(plain, folded, n=1, cutoff=0.6) or difflib.get_close_matches(
        name.lower(), folded, n=1
    )
    if near:
        return folded[near[0]]
    chinese = difflib.get_close_matches(name, [word for word, key in _MEANT.items() if key in names], n=1, cutoff=0.6)
    return _MEANT[chinese[0]] if chinese else ""
