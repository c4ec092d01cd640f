"""What a shell offers when Tab is pressed: ids of channels and columns from the settings, slugs from the database and from ``posts/``.

Nobody waits here, and nothing may be said into the line that is being typed: what cannot be read is not offered. The settings are read as
they stand, unchecked, and the database is opened to be read only.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xuanfa.domain.errors import ConfigError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: More than a screen of them helps nobody.
_MOST = 200
_DATABASE = "sqlite:///var/xuanfa.db"


def channel_ids(ctx: click.Context, _param: click.Parameter, typed: str) -> "list[CompletionItem]":
    """Channels, with their titles where the shell shows such."""
    return _offered(_titled(ctx, "channels"), typed)


def column_ids(ctx: click.Context, _param: click.Parameter, typed: str) -> "list[CompletionItem]":
    """Columns, as the channels."""
    return _offered(_titled(ctx, "columns"), typed)


def slugs(ctx: click.Context, _param: click.Parameter, typed: str) -> "list[CompletionItem]":
    """Posts: those that are queued, the newest first, then files that nobody has read yet."""
    folder = _workspace(ctx)
    if folder is None:
        return []
    found = dict(_queued(folder))
    files = sorted((folder / "posts").rglob("*.md"), reverse=True)
    found |= {file.stem: "" for file in files if file.stem not in found and not file.name.startswith("_")}
    return _offered(found, typed)


def words_of(words: Sequence[str], typed: str) -> "list[CompletionItem]":
    """Fixed words."""
    return _offered(dict.fromkeys(words, ""), typed)


def _offered(found: dict[str, str], typed: str) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only when Tab is pressed

    fitting = [(word, title) for word, title in found.items() if word.startswith(typed)]
    return [CompletionItem(word, help=title or None) for word, title in fitting[:_MOST]]


def _titled(ctx: click.Context, table: str) -> dict[str, str]:
    folder = _workspace(ctx)
    settings = _settings(folder) if folder is not None else {}
    tables = settings.get(table)
    if not isinstance(tables, dict):
        return {}
    return {id_: str(one.get("title", "")) if isinstance(one, dict) else "" for id_, one in tables.items()}


def _workspace(ctx: click.Context) -> Path | None:
    from xuanfa.bootstrap import find_workspace  # noqa: PLC0415 - only when Tab is pressed

    contexts: list[click.Context] = [ctx, *([ctx.parent] if ctx.parent is not None else [])]
    named = next((c.params["workspace"] for c in contexts if c.params.get("workspace")), None)
    try:
        return find_workspace(named)
    except ConfigError:
        return None  # there is nothing to offer outside a workspace


def _settings(folder: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - as above

    try:
        return tomllib.loads((folder / "xuanfa.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # what is wrong with them is told by the command itself


def _queued(folder: Path) -> Iterator[tuple[str, str]]:
    import sqlite3  # noqa: PLC0415 - as above

    url = str(_settings(folder).get("database_url", _DATABASE))
    file = folder / url.removeprefix("sqlite:///")
    if not url.startswith("sqlite:///") or not file.is_file():
        return
    try:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=0.2)
        try:
            found = connection.execute("SELECT id, slug, title FROM posts ORDER BY queued_at DESC LIMIT ?", (_MOST,))
            hidden = {row[0] for row in connection.execute("SELECT post_id FROM restrictions")}
            yield from ((slug, "" if number in hidden else title) for number, slug, title in found)
        finally:
            connection.close()
    except sqlite3.Error:
        return  # locked, or of another version: there are the files
