"""What the public saw of a post, for its package: every proof of a page with its text and picture, and how often it was read."""

from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.page_proof import PageProof
from xuanfa.operations.desk import Desk
from xuanfa.store import proofs, readers

#: The ending of a page's text as it is kept, and those of pictures.
_TEXT: Final = ".txt"
_ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}


def proofs_in(connection: sa.Connection, ids: Collection[int]) -> list[PageProof]:
    """All that is kept of the pages of these deliveries, the oldest first."""
    return [proof for number in sorted(ids) for proof in reversed(proofs.of_delivery(connection, number))]


def files_of(desk: Desk, kept: Collection[PageProof], listed: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """The texts and pictures of proofs by name, each once; ``listed`` gets what each is. Raises AlteredError for a file that is
    gone, or not what was kept: a package without it would pass for whole."""
    files: dict[str, tuple[str, str]] = {}
    for proof in kept:
        text = f"proofs/{proof.sha256}{_TEXT}" if proof.sha256 else ""
        suffix = _ENDINGS.get(proof.screenshot_type, ".png") if proof.screenshot else ""
        picture = f"proofs/{proof.screenshot}{suffix}" if proof.screenshot else ""
        files |= {
            name: (sha256, ending)
            for name, sha256, ending in ((text, proof.sha256, _TEXT), (picture, proof.screenshot, suffix))
            if name
        }
        facts = asdict(proof) | {"state": proof.state.value if proof.state is not None else None}
        listed.append(facts | {"text": text, "picture": picture})
    for name, (sha256, ending) in sorted(files.items()):
        yield name, desk.media.document(sha256, ending)


def readers_in(connection: sa.Connection, ids: Collection[int]) -> list[dict[str, Any]]:
    """The snapshots of readers' figures of these deliveries."""
    return [{"delivery": each.figures.delivery} | each.as_json() for each in readers.of_deliveries(connection, ids)]
