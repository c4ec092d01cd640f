"""Pictures of a post that come from a browser: nothing is kept but what shows them, beside the post, under names of ours."""

from typing import Final

from xuanfa.content.pictures.fitting import fitted
from xuanfa.content.pictures.media import PICTURE_MAX
from xuanfa.domain.errors import ContentError
from xuanfa.domain.person import Person
from xuanfa.domain.post import PictureRule
from xuanfa.operations.desk import Desk
from xuanfa.operations.writing.files import write_bytes
from xuanfa.operations.writing.places import PostPlace, place_of, require_may_write
from xuanfa.operations.writing.uploads import too_large

#: What is kept: large enough for every channel, which make their own of it.
_RULE: Final = PictureRule(
    media_types=("image/jpeg", "image/png", "image/gif", "image/webp"),
    bytes_max=PICTURE_MAX,
    side_max=4000,
    animated=True,
)
_FOLDER: Final = "images"


def keep_picture(desk: Desk, slug: str, person: Person, name: str, data: bytes) -> str:
    """Keep it, and return how the text refers to it. Raises ContentError for what is no picture, or too large."""
    place = place_of(desk, slug)
    require_may_write(desk, place, person)
    return kept_beside(desk, place, name, data)


def kept_beside(desk: Desk, place: PostPlace, name: str, data: bytes) -> str:
    """The same for whoever may."""
    if len(data) > PICTURE_MAX:
        raise ContentError(too_large(len(data), PICTURE_MAX))
    taken = fitted(desk.media, desk.media.take(data, name), _RULE)
    path = place.path.parent / _FOLDER / taken.filename
    if not path.exists():
        write_bytes(path, desk.media.read(taken))
    return f"{_FOLDER}/{taken.filename}"
