"""The tables of people: accounts, and the tokens of programs that act in their names."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, false

from xuanfa.store import base
from xuanfa.store.columns import Json, Moment

users = Table(
    "users",
    base.metadata,
    # The login name as it is kept: it never changes, and is never given again.
    Column("name", String(50), primary_key=True),
    Column("display", String(100), nullable=False),
    Column("department", String(100), nullable=False, server_default=""),
    Column("roles", Json, nullable=False, server_default=""),
    Column("staff", String(20), nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    # Argon2id, in its own notation: with its salt and what it cost.
    Column("password", Text, nullable=False),
    # How many wrong passwords there have been since the last right one, and since when there were too many.
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("locked_at", Moment),
    Column("made_at", Moment, nullable=False),
    info={base.SINCE: "0009"},
)

tokens = Table(
    "tokens",
    base.metadata,
    Column("id", Integer, primary_key=True),
    Column("user_name", ForeignKey("users.name"), nullable=False, index=True),
    # SHA-256 of the token, which is chance enough that no slow hash is needed: it can be looked up.
    Column("hash", String(64), nullable=False, unique=True),
    # Nothing: all that the roles allow.
    Column("scopes", Json, nullable=False, server_default=""),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    info={base.SINCE: "0009"},
)
