"""Text in the pictures of a post, read by the rules where what reads pictures is installed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from xuanfa.checks.reader.seen import Eyes, seen_in
from xuanfa.checks.rules.engine import Engine
from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.checking import Found
from xuanfa.domain.errors import AlteredError, PictureGoneError
from xuanfa.domain.language import say
from xuanfa.domain.post import Picture

#: How much of a line in a picture is quoted. Characters.
_QUOTED = 40


def check_pictures(
    engine: Engine, pictures: Sequence[Picture], media: MediaStore, eyes: Eyes, *, when: date
) -> Iterator[Found]:
    """The findings of what is written in the pictures, each picture once. Places are lines of what was read there, with the picture's name and
    the line in the message; a picture that cannot be read is told of when it is published, and is passed over here."""
    for picture in {each.sha256: each for each in pictures}.values():
        try:
            for seen in seen_in(engine, eyes, media.read(picture), when=when):
                words = say(
                    "图片“{source}”上的文字“{line}”：{words}",
                    "Text in the picture {source!r}, {line!r}: {words}",
                    source=picture.source,
                    line=seen.line[:_QUOTED],
                    words=seen.found.message,
                )
                yield replace(seen.found, message=words, file=picture.source)
        except (ValueError, AlteredError, PictureGoneError, OSError):
            continue
