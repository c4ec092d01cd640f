"""``check --links``: whether the links of the sources can be opened."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.shared import looking
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.checking import Found


def dead_links(workspace: Path | None, targets: Sequence[str]) -> Iterator["Found"]:
    """What cannot be opened of the links in the sources. What has none that can be read was told of by the rules."""
    from xuanfa.bootstrap.checking import workspace_or_none  # noqa: PLC0415
    from xuanfa.bootstrap.links import MOST, links_of  # noqa: PLC0415
    from xuanfa.operations.checking.posts import posts_named, text_with_links  # noqa: PLC0415

    folder = workspace_or_none(workspace)
    links = links_of(folder)
    paths = [Path(target) for target in targets]
    if folder is not None:
        with looking(folder) as opened:
            files, paths = posts_named(opened, targets)
            paths = [*(file.path for file in files), *paths]
    for path in paths:
        yield from links.dead(text_with_links(path), file=str(path))
    if links.left_out:
        words = say(
            "一篇里的链接超过 {most} 个，有 {n} 个没有去问。",
            "A text has more than {most} links: {n} were not asked.",
            most=MOST,
            n=links.left_out,
        )
        click.echo(words, err=True)
