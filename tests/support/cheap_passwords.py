"""Hashing a password costs next to nothing in the tests' own process: by Argon2id as ever, with little memory and in one round.

Processes that a test starts hash as they always do, and so does whatever asks for it with ``as_ever``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from xuanfa.operations.people import passwords

#: How passwords are hashed by the program.
as_ever = passwords._hasher


@contextmanager
def hashed_cheaply() -> Iterator[None]:
    """Nothing that is hashed meanwhile takes fifty milliseconds of every core."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: cheap)
        yield
