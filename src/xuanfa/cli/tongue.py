"""The terminal's tongue: what is typed and printed has its encoding; everything else is UTF-8, whatever the locale of the process.

Names of files, of posts and of channels are the same for a person in a terminal of GBK and for cron, which has no locale: otherwise one
file would be two posts. So a process that would take another encoding for names starts itself anew in Python's UTF-8 mode, and so do the
processes that it starts. Only the standard library is imported here: nothing else has been by then.
"""

import codecs
import locale
import os
import sys
from collections.abc import Sequence
from typing import Final

#: The name of the handler for what a terminal cannot show.
_HANDLER: Final = "xuanfa"
#: Signs that have a like in older encodings.
_LIKE: Final = {"✓": "√", "✗": "×", "•": "·", "–": "-", "→": "->"}
_UTF8: Final = "utf-8"
#: Arguments for the interpreter: the option, because it may have been told to ignore variables.
_MODE: Final = ("-X", "utf8")


def be_utf8() -> None:
    """Go on as a process whose names are UTF-8: this one, if it is; else in its place one that is, with the arguments that were typed."""
    if codecs.lookup(sys.getfilesystemencoding()).name == _UTF8 or sys.flags.utf8_mode:
        sys.argv[1:] = map(_heard, sys.argv[1:])
        return
    typed = [os.fsencode(argument) for argument in sys.orig_argv[1:]]
    terminal = locale.getencoding()
    environ = {
        name: _as_utf8(value, terminal) if name.startswith(b"XUANFA_") else value for name, value in os.environb.items()
    }
    arguments = [os.fsencode(sys.executable), *map(str.encode, _MODE), *(_as_utf8(each, terminal) for each in typed)]
    os.execve(sys.executable, arguments, environ | {b"PYTHONUTF8": b"1"})  # noqa: S606 - this very program


def speak() -> None:
    """Have the standard streams in the terminal's encoding, and write what it lacks in signs that it has."""
    codecs.register_error(_HANDLER, _in_other_signs)
    told = os.environ.get("PYTHONIOENCODING", "").partition(":")[0]
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a test may have put something else there
            encoding = told or (locale.getencoding() if _is_chosen() else _UTF8)
            stream.reconfigure(encoding=encoding, errors="replace" if stream is sys.stdin else _HANDLER)


def can_show_all(encoding: str | None) -> bool:
    """Whether every character has bytes in this encoding."""
    return codecs.lookup(encoding or _UTF8).name.startswith(("utf", "gb18030"))


def _is_chosen() -> bool:
    """Whether somebody has chosen an encoding by a locale. C and POSIX are none: they are what is there when nothing is set."""
    return codecs.lookup(locale.getencoding()).name != "ascii"


def _as_utf8(typed: bytes, terminal: str) -> bytes:
    """What was typed in the terminal's encoding, in UTF-8. What names a file as it stands, or is UTF-8 already (a name that the shell has
    completed), stays."""
    if typed.isascii() or os.path.lexists(typed):
        return typed
    if _is_utf8(typed):
        return typed
    try:
        return typed.decode(terminal).encode()
    except (UnicodeDecodeError, LookupError):
        return typed


def _heard(argument: str) -> str:
    """What was typed in a terminal of GBK where the locale says UTF-8. What names a file as it stands stays."""
    typed = os.fsencode(argument)
    try:
        typed.decode()
    except UnicodeDecodeError:
        return argument if os.path.lexists(typed) else typed.decode("gb18030", "replace")
    return argument


def _is_utf8(typed: bytes) -> bool:
    """Whether it is UTF-8, and by more than chance: Chinese in GBK may look like letters of two bytes, but hardly like those of three."""
    try:
        text = typed.decode()
    except UnicodeDecodeError:
        return False
    return not any("\x80" <= sign < "\u0800" for sign in text)


def _in_other_signs(error: UnicodeError) -> tuple[str, int]:
    """The signs that cannot be encoded as their likes, or written out as JSON has them, so that JSON stays JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_other(sign, error.encoding) for sign in error.object[error.start : error.end]), error.end


def _other(sign: str, encoding: str) -> str:
    like = _LIKE.get(sign, "")
    try:
        like.encode(encoding)
    except UnicodeEncodeError:
        like = ""
    return like or "".join(f"\\u{unit:04x}" for unit in _units(sign))


def _units(sign: str) -> Sequence[int]:
    """The sign in UTF-16, as JSON counts."""
    pairs = sign.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(pairs[at : at + 2]) for at in range(0, len(pairs), 2)]
