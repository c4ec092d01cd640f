"""What a person means by a name: the id of a thing, or the title that is shown for it."""

import unicodedata
from collections.abc import Mapping

from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say


def id_of(typed: str, titles: Mapping[str, str]) -> str | None:
    """The id that was typed, or whose title was, whatever the width and the case of its letters; ``None`` where there is none.

    Raises ConfigError for a title that several have.
    """
    if typed in titles:
        return typed
    found = [id_ for id_, title in titles.items() if _plain(typed) in {_plain(id_), _plain(title)}]
    if len(found) > 1:
        raise ConfigError(
            say(
                "“{typed}”是 {ids} 共同的名称，请写其中一个的 id。",
                "{typed!r} is the title of {ids}: write the id of one of them.",
                typed=typed,
                ids=say("、", ", ").join(found),
            )
        )
    return found[0] if found else None


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def both(titles: Mapping[str, str]) -> str:
    """Ids with their titles, to choose from."""
    shown = [
        say("{id}（{title}）", "{id} ({title})", id=id_, title=title) if title else id_ for id_, title in titles.items()
    ]
    return say("、", ", ").join(shown)
