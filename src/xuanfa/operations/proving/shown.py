"""What of a kept page differs from what was sent, place by place; and a picture that comes from a browser, made anew before it is kept."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from xuanfa.content.pictures.fitting import fitted
from xuanfa.content.pictures.media import PICTURE_MAX
from xuanfa.domain.comparing import Difference, compare
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.post import PictureRule
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.article import article_of
from xuanfa.store import deliveries

#: Pictures of whole pages are long: nothing of them is lost by their size.
_RULE: Final = PictureRule(
    media_types=("image/jpeg", "image/png", "image/webp"), bytes_max=PICTURE_MAX, side_max=16_000, animated=False
)


def differing(desk: Desk, delivery: int, text: str) -> Sequence[Difference]:
    """Where the text of a page, as it was kept, is not the article that was sent; nothing where what was sent is not on record."""
    with desk.store.read() as connection:
        loaded = deliveries.load(connection, delivery)
    if loaded is None or not text:
        return ()
    article, lines = article_of(loaded.rendition), text.split("\n")
    return compare(article.lines, article.title, lines, lines[:1]).differences


@contextmanager
def made_anew(desk: Desk, name: str, data: bytes) -> Iterator[Path]:
    """A file with the picture that these bytes show and nothing else that came along. Raises ContentError for what is none, or too large."""
    if len(data) > PICTURE_MAX:
        raise ContentError(
            say(
                "这张图 {size} MB，最多 {most} MB，没有收。请缩小后再传。",
                "This picture has {size} MB, the most is {most} MB; it was not taken.",
                size=f"{len(data) / 1e6:.0f}",
                most=PICTURE_MAX // 1_000_000,
            )
        )
    picture = fitted(desk.media, desk.media.take(data, name), _RULE)
    with tempfile.TemporaryDirectory(prefix="xuanfa-proof-") as folder:
        path = Path(folder) / picture.filename
        path.write_bytes(desk.media.read(picture))
        yield path
