"""A line of progress on a terminal; silence where nobody is watching."""

import sys
from dataclasses import dataclass, field

import click

from xuanfa.cli.screen import obeyed
from xuanfa.domain.language import say


def _is_watched() -> bool:
    return sys.stderr.isatty()


@dataclass(slots=True)
class Meter:
    """Told by a pass how far it has come. Writes to standard error, and only where that is a terminal."""

    watched: bool = field(default_factory=_is_watched)
    sent: int = 0
    _shown: bool = False

    def read(self, done: int, whole: int) -> None:
        """So many of so many changed files have been read."""
        filled = 30 * done // max(1, whole)
        bar = "█" * filled + "░" * (30 - filled)
        self._show(
            say("读取稿件 {bar} {done}/{whole}", "Reading {bar} {done}/{whole}", bar=bar, done=done, whole=whole)
        )

    def settled(self, count: int) -> None:
        """So many more deliveries have been settled."""
        self.sent += count
        self._show(say("发布中… 已处理 {n} 条", "Publishing… {n} done", n=self.sent))

    def close(self) -> None:
        """Leave the line clean."""
        if self._shown:
            click.echo("\r\033[K", nl=False, file=obeyed(sys.stderr))

    def _show(self, text: str) -> None:
        if self.watched:
            self._shown = True
            click.echo(f"\r\033[K{text}", nl=False, file=obeyed(sys.stderr))
