"""Bylines: how the authors of a file are printed. A person who is called otherwise later changes nothing of what was read before: the approval
of a post is about the name that stood in it."""

from dataclasses import replace

import sqlalchemy as sa

from xuanfa.domain.byline import Printed
from xuanfa.domain.post import Post
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import InboxFile, digest_of
from xuanfa.store import bylines, users


def signed_file(desk: Desk, file: InboxFile, source: bytes) -> InboxFile:
    """The file with how people are printed in it: as they were when these very bytes were read first, or as they are called now."""
    if desk.printed:
        return replace(file, printed=tuple(desk.printed.items()))
    with desk.store.read() as connection:
        return replace(file, printed=tuple(_printed(connection, file.shown_as, digest_of(source)).items()))


def signed_post(desk: Desk, file: InboxFile, source: bytes, post: Post) -> Post:
    """The same of a post that was read already."""
    return signed_file(desk, file, source).signed(post)


def _printed(connection: sa.Connection, path: str, digest: str) -> Printed:
    known = bylines.byline_of(connection, path, digest)
    if known is not None and known[0]:
        author, byline = known
        return {author: byline or author}
    return {user.name: user.display for user in users.all(connection)}
