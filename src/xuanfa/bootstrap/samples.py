"""The samples that come with the program."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

_SAMPLES: Final = Path(__file__).parents[1] / "starter" / "posts"


@cache
def sample_digests() -> frozenset[str]:
    """The digests of the files that ``init`` writes as posts."""
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in _SAMPLES.glob("*.md"))
