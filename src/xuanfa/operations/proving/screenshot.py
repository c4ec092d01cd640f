"""The picture of a public page, where the machine has a browser for it; where there is none, why."""

from dataclasses import dataclass

from xuanfa.domain.channel import base_of
from xuanfa.domain.language import say
from xuanfa.domain.page_proof import PageState
from xuanfa.domain.public import Public
from xuanfa.operations.desk import Desk

#: What a look shows is pictured where there is something to be seen.
_SHOWN = frozenset({PageState.SAME, PageState.CHANGED, PageState.GONE, PageState.SIGN_IN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """The hash and kind of the picture as it is kept; or why there is none."""

    sha256: str = ""
    media_type: str = ""
    note: str = ""


def shot_of(desk: Desk, it: Public, state: PageState) -> Shot:
    """Take the picture and keep it."""
    if state not in _SHOWN:
        return Shot(note=say("看不到页面，没有截图", "there is no page to be seen, and no picture"))
    if not desk.looking.screenshots:
        return Shot(note=say("设置里关掉了截图", "pictures are switched off in the settings"))
    data, why = desk.picture_page(base_of(it.channel), it.address)
    if not data:
        return Shot(note=why)
    return Shot(sha256=desk.media.keep_document(data, ".jpg"), media_type="image/jpeg")
