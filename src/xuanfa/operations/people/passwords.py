"""Passwords: hashed with Argon2id, compared so that a name that nobody has costs as much as a wrong password."""

import base64
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.shown import printable

if TYPE_CHECKING:
    from argon2 import PasswordHasher

#: The shortest and the longest password. Characters.
SHORTEST: Final = 8
LONGEST: Final = 200


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _hasher().hash(_bytes(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether it is the password whose hash this is. Without a hash the answer is no, after the same work."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - heavy, and needed where users are

    try:
        _hasher().verify(_nobodys() if stored is None else stored, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_dated(stored: str) -> bool:
    """Whether it was hashed at another cost than we hash at now."""
    return _hasher().check_needs_rehash(stored)


def require_good(password: str, name: str, display: str) -> None:
    """Raise StateError for a password that is too short, too long, or the person's own name."""
    composed = _composed(password)
    if not SHORTEST <= len(composed) <= LONGEST or printable(composed) != composed or not composed.strip():
        raise StateError(
            say(
                "密码要 {least} 到 {most} 个能看见的字符。请另想一个，建议用几个不相干的词。",
                "A password has {least} to {most} characters that can be seen. Think of another one; several unrelated words are best.",
                least=SHORTEST,
                most=LONGEST,
            )
        )
    if composed.casefold() in {name.casefold(), display.casefold()} or len(set(composed)) == 1:
        raise StateError(
            say(
                "密码不能是自己的名字，也不能只是一个字符的重复。请另想一个。",
                "A password is neither one's own name nor one character again and again. Think of another one.",
            )
        )


def _composed(password: str) -> str:
    """The same password, whichever keyboard has composed its letters."""
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    """What is hashed. Half a character comes from a file in another encoding, and is no reason to fail."""
    return _composed(password).encode("utf-8", "surrogatepass")


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415

    return PasswordHasher()


def _nobodys() -> str:
    """A hash at our cost that no password has. Put together, not computed: that would cost as much once more."""
    cost, text = _hasher(), base64.b64encode
    salt, tag = (text(bytes(length)).rstrip(b"=").decode() for length in (cost.salt_len, cost.hash_len))
    return f"$argon2id$v=19$m={cost.memory_cost},t={cost.time_cost},p={cost.parallelism}${salt}${tag}"
