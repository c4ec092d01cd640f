"""What reads texts for ``xuanfa check``: the rules, the second reader, and what reads text in pictures."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.checking.workspace import Engine


def engine_of(workspace: Path | None) -> "Engine":
    """The rules of the workspace that is named, or is here."""
    from xuanfa.bootstrap.checking import rules_of, workspace_or_none  # noqa: PLC0415

    return rules_of(workspace_or_none(workspace))


def both_readers(workspace: Path | None) -> "Engine":
    """The rules, and the second reader where it is installed; where it is not, that is said."""
    from xuanfa.bootstrap.checking import workspace_or_none  # noqa: PLC0415
    from xuanfa.bootstrap.proofreading import with_second_reader  # noqa: PLC0415

    engine, why = with_second_reader(engine_of(workspace), workspace_or_none(workspace))
    if why:
        click.echo(why, err=True)
    return engine


class Eyes:
    """What reads text in pictures; where it is not installed, or cannot read one, that is said once."""

    def __init__(self) -> None:
        self._told = False

    def __call__(self, picture: bytes) -> Iterable[tuple[str, float]]:
        from xuanfa.bootstrap.proofreading import eyes  # noqa: PLC0415

        read, why = eyes()
        if read is not None:
            try:
                return read(picture)
            except ValueError:
                why = say(
                    "有图片上的文字读不出来，没有查。", "The text of a picture could not be read, and was not checked."
                )
        if not self._told:
            self._told = True
            click.echo(why, err=True)
        return ()
