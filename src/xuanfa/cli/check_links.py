"""``check --links``: whether the links of the sources can be opened."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xuanfa.cli.shared import looking

if TYPE_CHECKING:
    from xuanfa.domain.checking import Found


def dead_links(workspace: Path | None, targets: Sequence[str]) -> Iterator["Found"]:
    """What cannot be opened of the links in the sources."""
    from xuanfa.bootstrap.checking import workspace_or_none  # noqa: PLC0415
    from xuanfa.bootstrap.links import Links  # noqa: PLC0415
    from xuanfa.operations.checking.posts import posts_named, text_of_file  # noqa: PLC0415

    folder = workspace_or_none(workspace)
    paths = [Path(target) for target in targets]
    if folder is not None:
        with looking(folder) as opened:
            files, paths = posts_named(opened, targets)
            paths = [*(file.path for file in files), *paths]
    links = Links()
    try:
        for path in paths:
            if path.suffix.lower() in (".md", ".markdown", ".txt"):
                yield from links.dead(text_of_file(path), file=str(path))
    finally:
        links.close()
