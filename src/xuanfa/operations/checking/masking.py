"""Masking and mending in the file itself: written beside it first, so that nothing is lost half-way."""

from datetime import date
from pathlib import Path

from xuanfa.checks.rules.engine import Engine, fixed
from xuanfa.checks.rules.mask import masked
from xuanfa.content.reading.kinds import suffix_of
from xuanfa.domain.checking import Found
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
from xuanfa.operations.checking.posts import check_text, looks_like_post, text_of_file


def mask_file(engine: Engine, path: Path, *, when: date) -> tuple[int, list[Found]]:
    """Mask a file; how many places were, and what of people is left for its author. Raises ContentError."""
    text = _text(path)
    is_post = looks_like_post(text)
    found = check_text(engine, text, when=when, is_post=is_post, shown_as=str(path))
    after, count = masked(text, found, is_markdown=path.suffix.lower() in (".md", ".markdown"))
    if count:
        _write(path, after)
    again = check_text(engine, after, when=when, is_post=is_post, shown_as=str(path))
    return count, [one for one in again if one.kind == "privacy" and one.level.weight >= 1]


def fix_file(engine: Engine, path: Path, *, when: date) -> int:
    """Mend what is safe in a file, and say in how many places. Raises ContentError."""
    text = _text(path)
    found = check_text(engine, text, when=when, is_post=looks_like_post(text), shown_as=str(path))
    after = fixed(text, found)
    if after == text:
        return 0
    _write(path, after)
    return sum(one.fix is not None for one in found)


def _text(path: Path) -> str:
    if (
        path.exists()
        and path.suffix.lower() not in (".txt", ".markdown", ".html", "")
        and suffix_of(path.name) != ".md"
    ):
        raise ContentError(
            say(
                "只改写文本文件，Word 文档请在 Word 里改。",
                "Only text files are rewritten; mend a Word document in Word.",
            ),
            Place(str(path)),
        )
    return text_of_file(path)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.chmod(path.stat().st_mode & 0o777)
    beside.replace(path)
