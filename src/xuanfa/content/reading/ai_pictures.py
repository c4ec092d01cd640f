"""Which pictures of a post an AI has made: those that its front matter names, else all of a post that is `ai: generated`."""

from collections.abc import Sequence

from xuanfa.content.reading.fields import Fields
from xuanfa.content.reading.report import Report
from xuanfa.domain.ai_label import GENERATED
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture

_KEY = "ai_pictures"


def ai_pictures(report: Report, fields: Fields, pictures: Sequence[Picture], cover: Picture | None) -> tuple[str, ...]:
    """Their names as the post writes them. What names none of its pictures, or says something else than ``ai``, is a problem."""
    sources = list(dict.fromkeys([*(picture.source for picture in pictures), *([cover.source] if cover else [])]))
    if fields.ai_pictures is None:
        return tuple(sources) if fields.ai == GENERATED else ()
    if fields.ai_pictures and fields.ai in (None, "none"):
        report.add(
            say(
                "ai_pictures 写了人工智能生成的图片，ai 却{ai}。请写 ai: assisted（文字由人写）或 ai: generated（文字也是生成的）。",
                "`ai_pictures` names pictures that an AI has made, and `ai` {ai}. Write ai: assisted (people wrote the text) or ai: generated.",
                ai=say("写的是 none", "says none") if fields.ai else say("没有写", "is missing"),
            ),
            _KEY,
        )
    found: list[str] = []
    for name in fields.ai_pictures:
        named = [source for source in sources if name in (source, source.rpartition("/")[2])]
        if not named:
            report.add(
                say(
                    "ai_pictures 里的“{name}”不是本稿的图片，标识加不上。本稿的图片是：{sources}。",
                    "{name!r} in `ai_pictures` is none of the pictures of the post, so that nothing can be labelled. They are: {sources}.",
                    name=name,
                    sources=say("、", ", ").join(sources) or say("（没有）", "(none)"),
                ),
                _KEY,
            )
        found += named
    return tuple(dict.fromkeys(found))
