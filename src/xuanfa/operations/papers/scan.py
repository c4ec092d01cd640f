"""Scan: the signed form comes back, and is attached to exactly what its code names."""

import hashlib
from collections.abc import Sequence

from xuanfa.documents.code import Code
from xuanfa.documents.scan import read_scan
from xuanfa.domain.act import AttachScan
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.review_record import SHORT_DIGEST
from xuanfa.operations.desk import Desk
from xuanfa.operations.papers.facts import papers_of
from xuanfa.operations.restricting.rule import veil_in
from xuanfa.store import deliveries, papers
from xuanfa.store.papers import KeptScan

#: The line of history; its proof is the hash of the pages that are kept.
SCANNED = "scanned"
_ENDING = ".pdf"


def attach_scan(desk: Desk, act: AttachScan, person: Person) -> KeptScan:
    """Read a scan, keep its pages by their hash and attach them to the digest that the post stands at.

    Raises ContentError for what cannot be read, has no code of ours, or one of another post or another digest; StateError where there is no
    such post. The same pages again change nothing.
    """
    with desk.store.read() as connection:
        papers_of(desk, connection, act.post, veil_in(connection, person))
    read = read_scan(act.file)
    with desk.store.write() as connection:
        found = papers_of(desk, connection, act.post, veil_in(connection, person))
        digest = found.review.digest
        _require_ours(read.codes, act.post, digest)
        kept = KeptScan(
            digest=digest,
            sha256=hashlib.sha256(read.pages).hexdigest(),
            original=read.original,
            pages=read.count,
            at=desk.clock(),
            actor=person.name,
        )
        there = papers.scans_of(connection, found.post.id)
        same = next((each for each in there if (each.digest, each.sha256) == (digest, kept.sha256)), None)
        if same is not None:
            return same
        desk.media.keep_document(read.pages, _ENDING)
        papers.add_scan(connection, found.post.id, kept)
        deliveries.record_event(
            connection,
            now=kept.at,
            after=SCANNED,
            actor=person.signs(act.verb),
            why=say(
                "签字件 {pages} 页，对应摘要值 {digest}",
                "the signed form, {pages} pages, for the digest {digest}",
                pages=kept.pages,
                digest=digest[:SHORT_DIGEST],
            ),
            post_id=found.post.id,
            revision=found.post.revision,
            proof=kept.sha256,
        )
    return kept


def _require_ours(codes: Sequence[Code], post: str, digest: str) -> None:
    """Every code on the paper is of this post as it is now. Raises ContentError."""
    if not codes:
        raise ContentError(
            say(
                "扫描件上没有找到审核表的二维码，没有收下：请把整页放平，用 200 到 300 dpi 重新扫描，"
                "二维码不要折叠、涂写或遮挡；手机拍照请对正、靠近、光线足一些。",
                "No code of a review form was found, and the scan was not taken: lay the whole page flat and scan it again at 200 to 300 dpi, the "
                "code neither folded, written over nor covered; with a phone, from straight above, close, and in good light.",
            )
        )
    for code in codes:
        if not code.names(post):
            raise ContentError(
                say(
                    "这是另一篇稿件（{other}）的审核表，没有收下：请交稿件 {post} 的。",
                    "This is the form of another post ({other}), and was not taken: hand in that of {post}.",
                    other=code.name,
                    post=post,
                )
            )
        if code.digest != digest:
            raise ContentError(
                say(
                    "这张审核表签的是另一版（{signed}），现在是 {now}，没有收下：内容、渠道或时间在打印之后改过，请重新打印送签。",
                    "This form was signed for another version ({signed}); it is {now} now, and the scan was not taken: content, channels or times "
                    "changed after it was printed. Print it again and have it signed.",
                    signed=code.digest[:SHORT_DIGEST],
                    now=digest[:SHORT_DIGEST],
                )
            )
