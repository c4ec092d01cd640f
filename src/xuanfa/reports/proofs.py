"""Page proofs for whoever looks: what was really on the page, when, and how that compares with what was sent."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xuanfa.content.pictures.media import MediaStore
from xuanfa.domain.access import Veil
from xuanfa.domain.errors import AlteredError
from xuanfa.domain.outward import OutLink
from xuanfa.domain.page_proof import PageProof
from xuanfa.domain.public import Public
from xuanfa.domain.stranger import Stranger
from xuanfa.store import access, out_links, proofs, strangers
from xuanfa.store.database import Store

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofReport:
    """A delivery with its proofs, the newest first. ``text`` is that of the newest that was fetched, ``lost`` says that its file is gone or
    was changed since."""

    it: Public
    proofs: tuple[PageProof, ...]
    text: str
    lost: str
    media: MediaStore
    restricted: bool = False

    @property
    def newest(self) -> PageProof | None:
        """The newest that the program has fetched; where there is none, the newest of all."""
        return next((each for each in self.proofs if each.origin == "fetched"), self.proofs[0] if self.proofs else None)

    @property
    def pictured(self) -> PageProof | None:
        """The newest with a picture."""
        return next((each for each in self.proofs if each.screenshot), None)

    def picture(self, proof: PageProof) -> Path | None:
        """The file of a proof's picture."""
        return picture_file(self.media, proof)

    def as_json(self) -> dict[str, Any]:
        """The contract for programs."""
        newest, shown = self.newest, self.pictured
        return {
            "id": self.it.id,
            "post": self.it.post,
            "channel": self.it.channel,
            "address": self.it.address,
            "at": newest.at if newest else None,
            "status": newest.status if newest else None,
            "sha256": (newest.sha256 or None) if newest else None,
            "text": self.text,
            "screenshot": str(self.picture(shown)) if shown else None,
            "screenshot_at": shown.at if shown else None,
            "screenshot_note": newest.note if newest and newest.origin == "fetched" and not newest.screenshot else "",
            "difference": newest.difference if newest else "",
            "state": newest.state.value if newest and newest.state else None,
            "origin": newest.origin if newest else None,
            "looked_at": self.it.looked_at,
            "lost": self.lost,
            "earlier": [self._earlier(each) for each in self.proofs if each is not newest],
        }

    def _earlier(self, proof: PageProof) -> dict[str, Any]:
        picture = self.picture(proof)
        return {
            "at": proof.at,
            "origin": proof.origin,
            "state": proof.state.value if proof.state else None,
            "status": proof.status,
            "sha256": proof.sha256 or None,
            "difference": proof.difference,
            "screenshot": str(picture) if picture else None,
            "by": proof.actor if proof.origin == "picture" else "",
        }


def picture_file(media: MediaStore, proof: PageProof) -> Path | None:
    """Where a proof's picture is kept."""
    if not proof.screenshot:
        return None
    return media.file(proof.screenshot, _ENDINGS.get(proof.screenshot_type, ".png"))


def proof_of(store: Store, media: MediaStore, delivery: int, veil: Veil | None = None) -> ProofReport | None:
    """What is known of the page of a delivery that is or was out for real; ``None`` for any other."""
    with store.read() as connection:
        it = proofs.get(connection, [delivery]).get(delivery)
        if it is None:
            return None
        hidden = (veil or access.veil(connection)).hides(it.post)
        found = tuple(proofs.of_delivery(connection, delivery))
    fetched = next((each for each in found if each.origin == "fetched"), None)
    text, lost = "", ""
    if fetched is not None and fetched.sha256:
        try:
            text = media.document(fetched.sha256, ".txt").decode("utf-8", "replace")
        except (AlteredError, OSError) as error:
            lost = str(error)
    return ProofReport(it=it, proofs=found, text=text, lost=lost, media=media, restricted=hidden)


def strangers_of(store: Store, *, settled: bool, most: int = 1_000) -> list[Stranger]:
    """What accounts show and this program did not send, the newest first: what waits to be explained, or all."""
    with store.read() as connection:
        return strangers.all_of(connection, settled=settled, most=most)


def links_of(store: Store, veil: Veil, *, everything: bool, most: int = 5_000) -> list[OutLink]:
    """The links of what is out: those with trouble that waits for somebody, or all. What only restricted posts show is for their readers."""
    with store.read() as connection:
        found = out_links.every(connection, most) if everything else out_links.wrong(connection, most)
    shown = (replace(each, posts=tuple(post for post in each.posts if not veil.hides(post))) for each in found)
    return [each for each in shown if each.posts and (everything or each.is_wrong)]
