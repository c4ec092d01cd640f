"""What is printed: everything passes here, and nothing of it is obeyed by a terminal.

Titles, reasons and addresses come from files and from other people's servers. A control character in them could colour a table, rename
the window, or show another text than the one that is there. It is written out instead, in the form that JSON has for it as well.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from xuanfa.domain.shown import escaped


class Screen:
    """A stream of text that writes controls out; in all else the stream that it was made for."""

    def __init__(self, stream: TextIO) -> None:
        self.raw = stream

    def write(self, text: str | bytes) -> int:
        """Write the text, controls written out. Click gives the shell's completions as bytes.

        Raises TypeError for empty bytes, by which click asks whether this is a stream of bytes. It would put text of its own encoding over it.
        """
        if text == b"":
            raise TypeError("a stream of text")
        return self.raw.write(escaped(text.decode() if isinstance(text, bytes) else text))

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # nobody writes bytes past it
            raise AttributeError(name)
        return getattr(self.raw, name)


def obeyed(stream: TextIO) -> TextIO:
    """The stream behind a screen: for what this program itself wants a terminal to do."""
    return stream.raw if isinstance(stream, Screen) else stream


@contextmanager
def screens() -> Iterator[None]:
    """Standard output and standard error behind screens, until the end."""
    out, err = Screen(sys.stdout), Screen(sys.stderr)
    sys.stdout, sys.stderr = cast("TextIO", out), cast("TextIO", err)
    try:
        yield
    finally:
        # Where the reader of a pipe had enough, click has put harmless streams there, which stay.
        if cast("object", sys.stdout) is out:
            sys.stdout = out.raw
        if cast("object", sys.stderr) is err:
            sys.stderr = err.raw
