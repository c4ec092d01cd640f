"""Where the website shows a picture: the one place that says which file that is and how it is called.

The site writes it, and channels that can only link (a group's card, a receiver's JSON, a headline article) name it. ``base`` is their
setting ``pictures``: the address of the site's folder of pictures.
"""

from typing import Final

from xuanfa.adapters.protocol import Kit
from xuanfa.domain.errors import ContentError
from xuanfa.domain.post import Picture, PictureRule

#: The folder of pictures, from the site's own.
FOLDER: Final = "assets/pictures"
#: Pictures that are scrolled through on a phone, with text in them, are drawn so wide (1080, as most screens have it); narrower, the text
#: is lost. Pixels.
SCROLLED: Final = 1080
#: Pictures as a browser takes them: wide enough for twice the text's measure, and without what a camera notes (where it was taken).
WEB: Final = PictureRule(
    media_types=("image/jpeg", "image/png", "image/gif", "image/webp"), side_max=1600, animated=True, width_min=SCROLLED
)


def on_site(picture: Picture, kit: Kit) -> Picture:
    """The picture as the site shows it. Where it cannot be made, the picture itself: the site's own rendition says why."""
    try:
        return kit.fitted(picture, WEB)
    except ContentError:
        return picture


def public_address(picture: Picture, kit: Kit, link: str, base: str) -> str:
    """Where readers find the picture on the channel ``link``; empty where they find it nowhere, because it is not shown there."""
    if not base or not kit.shows(link, picture):
        return ""
    return f"{base.rstrip('/')}/{on_site(picture, kit).filename}"
