"""Package: everything of a post in one sealed file, chained to the package before it, to be kept when this program is forgotten.

A ZIP of texts, pages and pictures that any program opens. ``manifest.json`` names every other file with its hash, and the package before.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.content.pictures.media import MediaStore
from xuanfa.documents.placing import refuse_existing
from xuanfa.domain.act import ArchivePost
from xuanfa.domain.attachment import attached
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.rendition import Rendition
from xuanfa.operations.desk import Desk
from xuanfa.operations.papers.afterwards import corrections_of, earlier_renditions, snapshots_of, withdrawals_of
from xuanfa.operations.papers.facts import PostPapers, findings_of, papers_of
from xuanfa.operations.papers.form import put
from xuanfa.operations.papers.public import files_of, proofs_in, readers_in
from xuanfa.operations.restricting.acts import opened_for
from xuanfa.operations.restricting.rule import veil_in
from xuanfa.store import access, deliveries, papers, reviews
from xuanfa.store.papers import Leaving, Package

MANIFEST: Final = "manifest.json"
#: Of this shape of packages.
FORMAT: Final = 1
#: The line of history; its proof is the hash of the package.
ARCHIVED: Final = "archived"
#: A fixed time in the zip, so that the same content gives the same bytes.
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_PRESSED: Final = frozenset({".jpg", ".png", ".gif", ".webp", ".pdf"})
_ENDINGS: Final = {
    "text/html": ".html", "application/json": ".json", "text/plain": ".txt", "text/markdown": ".md", "application/xml": ".xml",
}  # fmt: skip
#: So many others may archive between looking at the chain and joining it.
_TRIES: Final = 20


def archive_post(desk: Desk, act: ArchivePost, person: Person) -> Package:
    """Write the package of a post to ``act.target``, and put it at the end of the chain.

    Raises ConfigError where it cannot be written or is there already, StateError where there is no such post, AlteredError or
    PictureGoneError where a kept picture or scan is not what it was.
    """
    refuse_existing(act.target)
    opened = opened_for(desk, act.post, person)
    for _ in range(_TRIES):
        with desk.store.read() as connection:
            found = papers_of(desk, connection, act.post, veil_in(connection, person, opened))
            number, previous = papers.end_of_chain(connection)
            members = dict(_members(desk, connection, found))
        data = packed(members, found, number + 1, previous)
        package = Package(
            number=number + 1,
            post_id=found.post.id,
            revision=found.post.revision,
            digest=found.review.digest,
            sha256=hashlib.sha256(data).hexdigest(),
            previous=previous,
            name=act.target.name,
            size=len(data),
            at=desk.clock(),
            actor=person.name,
        )
        if _joined(desk, act, package, data, person):
            return package
    raise StateError(
        say(
            "同时归档的人太多，这次没有轮到：请再试一次。",
            "Too many others archive at the same time: try again.",
        )
    )


def _joined(desk: Desk, act: ArchivePost, package: Package, data: bytes, person: Person) -> bool:
    """Write the file and join the chain, both or neither; whether it was still at the end of it. A crash between the two leaves a file
    that is not in the chain, as checking it says."""
    with desk.store.write() as connection:
        if not papers.add_package(connection, package):
            return False
        deliveries.record_event(
            connection,
            now=package.at,
            after=ARCHIVED,
            actor=person.signs(act.verb),
            why=say("第 {n} 个归档包", "package {n}", n=package.number),
            post_id=package.post_id,
            revision=package.revision,
            proof=package.sha256,
        )
        put(act.target, data, private=access.of_post(connection, package.post_id) is not None)
    return True


def packed(members: Mapping[str, bytes], found: PostPapers, number: int, previous: str) -> bytes:
    """The package: its members by name, and the manifest at the end."""
    manifest = {
        "format": FORMAT,
        "number": number,
        "previous": previous,
        "post": found.post.slug,
        "title": found.post.title,
        "revision": found.post.revision,
        "digest": found.review.digest,
        "files": [{"path": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in sorted(members.items())],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        for name, data in (*sorted(members.items()), (MANIFEST, as_json(manifest))):
            info = zipfile.ZipInfo(name, _TIME)
            info.external_attr = 0o640 << 16
            is_pressed = PurePosixPath(name).suffix in _PRESSED
            pack.writestr(info, data, zipfile.ZIP_STORED if is_pressed else zipfile.ZIP_DEFLATED)
    return file.getvalue()


def as_json(value: Any) -> bytes:
    """JSON for people and programs, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _members(desk: Desk, connection: sa.Connection, found: PostPapers) -> Iterator[tuple[str, bytes]]:
    """Every file but the manifest, by name."""
    post = found.post
    yield "source.md", post.source.encode()
    revisions = papers.all_revisions(connection, post.id)
    for revision in revisions:
        yield f"revisions/{revision['number']:04d}.md", revision.pop("source").encode()
    yield "revisions.json", as_json(revisions)
    yield "review.json", as_json(found.review.as_json())
    every = _every_review(connection, post.id)
    yield "decisions.json", as_json(every[-1]["decisions"] if every else [])
    yield "reviews.json", as_json(every)
    yield "withdrawals.json", as_json(withdrawals_of(connection, post.id))
    yield "corrections.json", as_json(corrections_of(connection, post.id))
    yield from snapshots_of(desk, connection, post.id)
    yield "history.json", as_json(papers.history_of(connection, post.id))
    yield "findings.json", as_json(_findings(desk, found))
    yield "waivers.json", as_json([asdict(each) for each in found.waivers])
    yield "receipts.json", as_json([_receipt(each) for each in found.leaving if each.published_at is not None])
    earlier = earlier_renditions(connection, post.id, [each.rendition for each in found.leaving])
    yield from _renditions(desk.media, found, earlier)
    numbers, listed = [each.id for each in found.leaving], list[dict[str, Any]]()
    yield from files_of(desk, proofs_in(connection, numbers), listed)
    yield "proofs.json", as_json(listed)
    yield "readers.json", as_json(readers_in(connection, numbers))
    scans = papers.scans_of(connection, post.id)
    yield "scans.json", as_json([asdict(scan) for scan in scans])
    for scan in scans:
        yield f"scans/{scan.sha256}.pdf", desk.media.document(scan.sha256, ".pdf")


def _every_review(connection: sa.Connection, post_id: int) -> list[dict[str, Any]]:
    """Every review of the post, that of its publication and those of its corrections, each with every line as it was decided."""
    found = reviews.of_post(connection, post_id)
    decided = reviews.decided(connection, [review.id for review in found])
    return [
        {
            "number": number,
            "correction": review.correction,
            "revision": review.revision,
            "opened_at": review.opened_at,
            "level": review.level.value,
            "authors": sorted(review.authors),
            "template": asdict(review.template),
            "decisions": [asdict(each) for each in decided[review.id]],
        }
        for number, review in enumerate(found, 1)
    ]


def _findings(desk: Desk, found: PostPapers) -> list[dict[str, str]]:
    return [
        {
            "channel": one.channel,
            "severity": each.severity.value,
            "code": each.code,
            "place": each.place,
            "message": each.message,
        }
        for one in found.leaving
        for each in findings_of(desk, one)
    ]


def _receipt(each: Leaving) -> dict[str, Any]:
    return {
        "delivery": each.id,
        "channel": each.channel,
        "account": each.account,
        "rehearsal": each.rehearsal,
        "digest": each.digest,
        "revision": each.revision,
        "remote_id": each.remote_id,
        "address": each.address,
        "published_at": each.published_at,
        "retracted_at": each.retracted_at,
        "evidence": each.evidence,
    }


def _renditions(
    media: MediaStore, found: PostPapers, earlier: Sequence[tuple[str, Rendition]]
) -> Iterator[tuple[str, bytes]]:
    """What each channel got or is to get, as it was frozen, with its pictures; and what it had before it was corrected."""
    listed, pictures = [], dict[str, bytes]()
    for each in found.leaving:
        rendition = each.rendition
        if rendition is None:
            continue
        path = f"renditions/{each.channel}{_ENDINGS.get(rendition.media_type, '.txt')}"
        yield path, rendition.body.encode()
        facts = asdict(rendition)
        del facts["body"]
        listed.append(
            facts
            | {
                "path": path,
                "channel": each.channel,
                "digest": each.digest,
                "state": each.state.value,
                "due_at": each.due_at,
            }
        )
        for picture in rendition.pictures:
            pictures[f"pictures/{picture.sha256}{picture.suffix}"] = media.read(picture)
        for attachment in attached(rendition.extra):
            pictures[f"attachments/{attachment.filename}"] = media.attachment(attachment).read_bytes()
    for channel, rendition in earlier:
        path = f"renditions/earlier/{channel}-{rendition.digest}{_ENDINGS.get(rendition.media_type, '.txt')}"
        yield path, rendition.body.encode()
        facts = asdict(rendition)
        del facts["body"]
        listed.append(facts | {"path": path, "channel": channel, "digest": rendition.digest, "state": "earlier"})
    yield "renditions.json", as_json(listed)
    yield from sorted(pictures.items())
