"""The tables of papers: scans of signed forms, and the chain of the packages in which posts are kept for ever. Rows are only added."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from xuanfa.store import base
from xuanfa.store.append_only import guard
from xuanfa.store.columns import Moment

scans = Table(
    "scans",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    # What the paper was signed for: over all renditions, channels and times.
    Column("digest", String(64), nullable=False),
    # The pages as they are kept (``var/scans``), and the file as it was handed in, which is not.
    Column("sha256", String(64), nullable=False),
    Column("original", String(64), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(100), nullable=False),
    info={base.SINCE: "0011"},
)

packages = Table(
    "packages",
    base.metadata,
    # The chain: each package names the one before by its hash.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("previous", String(64), nullable=False, unique=True),
    # What it was called where it was written.
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(100), nullable=False),
    info={base.SINCE: "0011"},
)

guard(scans, "id")
guard(packages, "number", "sha256", "previous")
