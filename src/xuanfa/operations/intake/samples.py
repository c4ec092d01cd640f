"""Samples: the posts that ``xuanfa init`` writes never go out for real. As long as such a file is as it was written, it goes to practice
platforms, whatever its channels say; once somebody has made it their own, it is a post as any other."""

from collections.abc import Mapping

from xuanfa.domain.channel import practice_of
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.render import Rendered


def is_sample(desk: Desk, digest: str) -> bool:
    """Whether a file's bytes, by their digest, are those of a sample."""
    return digest in desk.samples


def practised(desk: Desk, digest: str, rendered: Mapping[str, Rendered]) -> dict[str, Rendered]:
    """What each channel gets of a file: the twins of its channels in their place, where it is a sample."""
    return {name_for(desk, digest, channel): made for channel, made in rendered.items()}


def name_for(desk: Desk, digest: str, channel: str) -> str:
    """The channel to which a file goes in place of one of its own."""
    return practice_of(channel) if is_sample(desk, digest) else channel


def remarks_on(desk: Desk, digest: str) -> list[str]:
    """What whoever queues a sample should know."""
    if not is_sample(desk, digest):
        return []
    return [
        say(
            "这是程序自带的示例稿件，只演练，不会真的发出；改写成自己的稿件，或删掉它。",
            "a sample that came with the program: it is rehearsed and never sent for real. Make it a post of your own, or delete it.",
        )
    ]


def require_own(desk: Desk, digest: str) -> None:
    """Raise StateError where a file is still a sample, which is not to be sent for real."""
    if is_sample(desk, digest):
        raise StateError(
            say(
                "这是程序自带的示例稿件，只供演练，不会真的发出：改写成自己的稿件再发。",
                "This is a sample that came with the program; it is rehearsed and never sent for real. Make it a post of your own first.",
            )
        )
