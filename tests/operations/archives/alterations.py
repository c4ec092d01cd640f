"""What somebody may do to a backup: each alteration by its name."""

import stat
import zipfile
from collections.abc import Callable
from typing import Any

from tests.operations.archives.conftest import MANIFEST, Archive, Row
from xuanfa.operations.keeping.manifest import fingerprint_of


def row(table: str, at: int = 0, **changes: Any) -> Callable[[Archive], None]:
    """A row of a table with other values; a value that is a function makes it out of the old one."""

    def alter(archive: Archive) -> None:
        rows = archive.rows(table)
        rows[at] |= {name: new(rows[at][name]) if callable(new) else new for name, new in changes.items()}
        archive.put(table, rows)

    return alter


def rows_of(table: str, change: Callable[[list[Row]], list[Any]]) -> Callable[[Archive], None]:
    return lambda archive: archive.put(table, change(archive.rows(table)))


def text_of(table: str, change: Callable[[bytes], bytes]) -> Callable[[Archive], None]:
    def alter(archive: Archive) -> None:
        name = f"database/{table}.jsonl"
        archive.members[name] = change(archive.members[name])

    return alter


def said(**facts: Any) -> Callable[[Archive], None]:
    return lambda archive: archive.manifest.update(facts)


def member(name: str, data: bytes = b"x", **facts: Any) -> Callable[[Archive], None]:
    """One more member, listed as it has to be."""

    def alter(archive: Archive) -> None:
        archive.members[name] = data
        archive.manifest["members"][name] = {"mode": 0o600, "changed_ns": 0} | facts

    return alter


def entry_of(name: str, **facts: Any) -> Callable[[Archive], None]:
    """What the manifest says of a member that is there."""

    def alter(archive: Archive) -> None:
        archive.mends = False
        archive.manifest["members"][name] |= facts
        archive.manifest.pop("fingerprint")
        archive.manifest["fingerprint"] = fingerprint_of(archive.manifest)

    return alter


def place(name: str, mode: Any = 0o755) -> Callable[[Archive], None]:
    return lambda archive: archive.manifest["places"].update({name: mode})


def folder_of(channel: str, to: Any) -> Callable[[Archive], None]:
    return lambda archive: archive.manifest["folders"].update({channel: to})


def extra(name: str, mode: int = 0, flags: int = 0) -> Callable[[Archive], None]:
    def alter(archive: Archive) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.flag_bits |= flags
        archive.entries.append((info, b"x"))

    return alter


def renamed(old: str, new: str, *, listed: bool = True) -> Callable[[Archive], None]:
    def alter(archive: Archive) -> None:
        archive.members = {new if name == old else name: data for name, data in archive.members.items()}
        if listed:
            members = archive.manifest["members"]
            archive.manifest["members"] = {new if name == old else name: facts for name, facts in members.items()}

    return alter


def dropped(name: str, *, listed: bool = True) -> Callable[[Archive], None]:
    def alter(archive: Archive) -> None:
        del archive.members[name]
        if listed:
            del archive.manifest["members"][name]

    return alter


def reordered(archive: Archive) -> None:
    archive.members = dict(reversed(archive.members.items()))


def of_media(archive: Archive) -> str:
    return next(name for name in archive.members if name.startswith("workspace/var/media/") and "derived" not in name)


def exchanged_picture(archive: Archive) -> None:
    archive.members[of_media(archive)] = b"another picture"


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


#: Found whoever mends what: in rows, which the history vouches for, and in shapes, which no backup has.
ALTERED: dict[str, Callable[[Archive], None]] = {
    # Rows with other values.
    "a post is unpublished": row("deliveries", state="scheduled"),
    "a rehearsal": row("deliveries", rehearsal=True),
    "a text": row("renditions", body="别的"),
    "a title": row("posts", title="别的"),
    "a column": row("deliveries", column_id="other"),
    "a source": row("revisions", source="别的"),
    "an address": row("receipts", address="https://elsewhere.example/"),
    "a date of publication": row("receipts", published_at=lambda at: at - 1),
    "a withdrawal is forgotten": row("receipts", retracted_at=None),
    "an attempt": row("attempts", outcome="unsent"),
    "an attempt's action": row("attempts", action="nothing"),
    "a line of history": row("events", why="别的"),
    "a line's actor": row("events", -1, actor="别人"),
    "a line's number": row("events", -1, id=lambda number: number + 1),
    "a seal": row("seals", hash="0" * 64),
    "a seal's time": row("seals", sealed_at=lambda at: at + 1),
    "a pause": rows_of("channel_states", lambda rows: [row | {"paused_at": None} for row in rows]),
    "a key": row("deliveries", key="0" * 32),
    # Rows that are of no table.
    "text for a number": row("deliveries", post_id="one"),
    "text for a time": row("deliveries", due_at="2026-01-01"),
    "a number for text": row("posts", title=7),
    "a list for text": row("posts", title=["a"]),
    "an object for a number": row("posts", revision={}),
    "true for a number": row("posts", revision=True),
    "a number for true": row("deliveries", waiting=0),
    "a fraction": row("posts", revision=1.5),
    "nothing where there must be something": row("posts", title=None),
    "a number without a delivery": row("deliveries", id=None),
    "a huge number": row("posts", revision=10**30),
    "a number of 64 bits and one more": row("posts", revision=2**63),
    "a time without a year": row("posts", queued_at=2**62),
    "a time before 1970": row("posts", queued_at=-1),
    "half a character": row("posts", title="\ud800"),
    "an unknown state": row("deliveries", state="lost"),
    "text for pictures": row("renditions", pictures="[[["),
    "numbers for pictures": row("renditions", pictures="[7]"),
    "nested pictures": row("renditions", pictures=nested(100_000)),
    "a number for what was staged": row("deliveries", staged="7"),
    "an unknown column": row("posts", secret="x"),
    "a column is missing": rows_of("posts", lambda rows: [{k: v for k, v in r.items() if k != "title"} for r in rows]),
    "no columns": rows_of("posts", lambda rows: [{} for _ in rows]),
    "a post that is not there": row("deliveries", post_id=99),
    "a rendition that is not there": row("deliveries", rendition_id=99),
    "a delivery that is not there": row("receipts", delivery_id=99),
    # Rows too many, too few, or in disorder.
    "a row twice": rows_of("deliveries", lambda rows: [*rows, rows[0]]),
    "a row is missing": rows_of("deliveries", lambda rows: rows[1:]),
    "no rows": rows_of("deliveries", lambda _rows: []),
    "an event is missing": rows_of("events", lambda rows: [*rows[:2], *rows[3:]]),
    "the last event is missing": rows_of("events", lambda rows: rows[:-1]),
    "no history": rows_of("events", lambda _rows: []),
    "no seals": rows_of("seals", lambda _rows: []),
    "the first seal is missing": rows_of("seals", lambda rows: rows[1:]),
    "a second delivery of a post": rows_of("deliveries", lambda rows: [*rows, rows[0] | {"id": 99}]),
    "a receipt of nothing": rows_of("receipts", lambda rows: [*rows, rows[0] | {"delivery_id": 4}]),
    "a row that is a list": rows_of("posts", lambda rows: [*rows, []]),
    "a row that is nothing": rows_of("posts", lambda rows: [*rows, None]),
    "a row that is a number": rows_of("posts", lambda rows: [*rows, 7]),
    "a table is cut": text_of("deliveries", lambda data: data[:-20]),
    "a table has no last line end": text_of("deliveries", lambda data: data[:-1]),
    "an empty line": text_of("deliveries", lambda data: b"\n" + data),
    "no JSON": text_of("posts", lambda data: data.replace(b"{", b"(", 1)),
    "not UTF-8": text_of("posts", lambda data: data.replace(b'"title"', b'"\xff"', 1)),
    "nested rows": text_of("posts", lambda data: data + nested(100_000).encode() + b"\n"),
    "a number of a million digits": text_of("posts", lambda data: data + b"9" * 1_000_000 + b"\n"),
    "no number at all": text_of("posts", lambda data: data.replace(b'"revision":1', b'"revision":NaN', 1)),
    # What the manifest says.
    "another schema": said(schema="0004"),
    "the first schema": said(schema="0001"),
    "no schema": said(schema=""),
    "a schema that is none": said(schema="head"),
    "a number for a schema": said(schema=5),
    "another seal": said(seal={"number": 1, "hash": "0" * 64}),
    "no seal": said(seal=None),
    "text for a seal": said(seal="1:0"),
    "a seal without a hash": said(seal={"number": 1}),
    "another time zone": said(timezone="Nowhere/At_All"),
    "a zone that leads elsewhere": said(timezone="../../etc/passwd"),
    "no moment": said(taken_at="gestern"),
    "the end of time": said(taken_at="9999-12-31T23:59:59+00:00"),
    "the year 1": said(taken_at="0001-01-01T00:00:00+00:00"),
    "a moment before its own history": said(taken_at="1999-01-01T00:00:00+00:00"),
    "a moment that is still to come": said(taken_at="9998-01-01T00:00:00+00:00"),
    "a row of the end of time": row("deliveries", due_at=253_402_300_799_000_000),
    "infinity in rows": text_of("posts", lambda data: data.replace(b'"revision":1', b'"revision":1e999', 1)),
    "two values of one name": text_of(
        "posts", lambda data: data.replace(b'"revision":1', b'"revision":2,"revision":1', 1)
    ),
    "an old format of a new schema": said(format=1),
    "a format that does not say what was not read": said(format=2),
    "a format that says nothing of what was not read": lambda archive: archive.manifest.pop("unread"),
    "a post that was read is said not to have been": said(unread=["posts/one.md"]),
    "a kept picture that is none": member("workspace/var/media/abc"),
    "a program beside the kept pictures": member("workspace/var/media/derived/aa/run.sh"),
    "a moment without a zone": said(taken_at="2026-01-01T00:00:00"),
    "a number for a moment": said(taken_at=7),
    "another kind of database": said(database="oracle"),
    "a name that is none": said(id="../../x"),
    "text for counts": said(counts="many"),
    "another count": lambda archive: archive.manifest["counts"].update(posts=7),
    "no counts": said(counts={}),
    "a count of nothing": lambda archive: archive.manifest["counts"].update(nothing=7),
    "text for a count": lambda archive: archive.manifest["counts"].update(posts="7"),
    "a negative count": lambda archive: archive.manifest["counts"].update(posts=-1),
    "no members": said(members={}),
    "a list of members": said(members=[]),
    "numbers for members": said(members={"database/posts.jsonl": 7}),
    "no folders": said(folders=None),
    "another fact": said(surprise=True),
    "a format that is none": said(format="two"),
    "an old format": said(format=0),
    "a fact is missing": lambda archive: archive.manifest.pop("timezone"),
    "a list for a manifest": lambda archive: setattr(archive, "manifest", []),
    "a nested manifest": lambda archive: setattr(archive, "manifest", nested(100_000)),
    "no manifest": lambda archive: setattr(archive, "manifest", ""),
    # Members that no backup has.
    "it climbs": member("workspace/../../evil"),
    "it climbs inside": member("workspace/posts/../../evil.md"),
    "it is absolute": member("/etc/cron.d/evil"),
    "it is absolute in a folder": member("workspace//etc/evil"),
    "it is of another system": member("workspace/posts/..\\..\\evil.md"),
    "it is a drive": member("C:\\evil"),
    "it has a dot in between": member("workspace/posts/./evil.md"),
    "its name is too long": member("workspace/posts/" + "a" * 300),
    "its name has a line end": member("workspace/posts/a\nb.md"),
    "secrets": member("workspace/.env", b"XUANFA_DATABASE_URL=postgresql://evil/x\n"),
    "secrets in a folder": member("workspace/posts/.env"),
    "hidden": member("workspace/posts/.git/hooks/post-checkout"),
    "a database beside the rows": member("workspace/var/xuanfa.db"),
    "marks": member("workspace/xuanfa.mark"),
    "at the top": member("workspace/evil.sh"),
    "at the top of all": member("evil.sh"),
    "a table of no database": member("database/passwords.jsonl", b""),
    "tokens": member("database/remembered.jsonl", b""),
    "a folder of no channel": member("folders/other/evil.html"),
    "a folder in place of a file": member("folders/pages"),
    "below a file": member("workspace/xuanfa.toml/evil"),
    "below a post": member("workspace/posts/one.md/evil"),
    "a setuid file": member("workspace/posts/one.sh", mode=0o4755),
    "a sticky file": member("workspace/posts/one.sh", mode=0o1777),
    "a link": member("workspace/posts/two.md", mode=0o120777),
    "a negative mode": member("workspace/posts/two.md", mode=-1),
    "text for a mode": member("workspace/posts/two.md", mode="0755"),
    "a time that no clock shows": member("workspace/posts/two.md", changed_ns=2**70),
    "text for a time of change": member("workspace/posts/two.md", changed_ns="now"),
    "true for a mode": member("workspace/posts/two.md", mode=True),
    "another fact of a member": member("workspace/posts/two.md", owner="root"),
    "a size that is none": entry_of("workspace/xuanfa.toml", size=-1),
    "a huge size": entry_of("workspace/xuanfa.toml", size=2**80),
    "a hash that is none": entry_of("workspace/xuanfa.toml", sha256="x"),
    "another hash": entry_of("workspace/xuanfa.toml", sha256="0" * 64),
    "an exchanged picture": exchanged_picture,
    "a picture of another name": member(f"workspace/var/media/00/{'0' * 64}.png"),
    # Places of folders.
    "a place that climbs": place("folders/pages/../../../evil"),
    "a place of no channel": place("folders/other/x"),
    "a place in the workspace": place("workspace/posts/x"),
    "a setuid place": place("folders/pages/x", 0o2755),
    "text for a place": place("folders/pages/x", "755"),
    "a place where a file is": place("folders/pages/index.html"),
    "a folder that climbs": folder_of("pages", "../evil"),
    "the whole workspace": folder_of("pages", "."),
    "the posts": folder_of("pages", "posts"),
    "below the templates": folder_of("pages", "templates/site"),
    "the program's own": folder_of("pages", "var"),
    "the kept pictures": folder_of("pages", "var/media/aa"),
    "the database": folder_of("pages", "var/xuanfa.db"),
    "the settings": folder_of("pages", "xuanfa.toml"),
    "keys": folder_of("pages", ".ssh"),
    "a number for a folder": folder_of("pages", 7),
    "an empty folder": folder_of("pages", ""),
    "a channel that is none": folder_of("../x", "public"),
    # The ZIP itself.
    "a member that is not listed": extra("workspace/posts/evil.md"),
    "a member twice": extra("database/posts.jsonl"),
    "the manifest twice": extra(MANIFEST),
    "a symbolic link beside": extra("workspace/posts/link.md", stat.S_IFLNK | 0o777),
    "a directory beside": extra("workspace/posts/x/"),
    "a comment": lambda archive: setattr(archive, "comment", b"hello"),
    "another order": reordered,
    "a member is not there": dropped("workspace/xuanfa.toml", listed=False),
    "a table is not there": dropped("database/receipts.jsonl", listed=False),
    "a table is not listed": dropped("database/events.jsonl"),
    "a table of which the history says nothing is not listed": lambda archive: (
        dropped("database/pace.jsonl")(archive),
        archive.manifest["counts"].pop("pace"),
    ),
    "a table is counted and not there": dropped("database/pace.jsonl"),
    "all posts are dropped": dropped("database/posts.jsonl"),
    "a table has another name": renamed("database/posts.jsonl", "database/post.jsonl"),
    "a member has another name in the ZIP": renamed("workspace/xuanfa.toml", "workspace/xuanfa.tom", listed=False),
}

#: What only who has kept the fingerprint can find, if everything else is mended: files of which the history says nothing.
ALTERED_FILES: dict[str, Callable[[Archive], None]] = {
    "a post's file": lambda archive: archive.members.update({"workspace/posts/one.md": b"---\ntitle: x\n---\nx\n"}),
    "a new post": member("workspace/posts/evil.md", b"---\ntitle: x\n---\nx\n"),
    "a post is dropped": dropped("workspace/posts/one.md"),
    "a template": lambda archive: archive.members.update({"workspace/templates/webhook/plain.json": b"{}"}),
    "the settings": lambda archive: archive.members.update({"workspace/xuanfa.toml": b"x = 1"}),
    "a page": lambda archive: archive.members.update({"folders/pages/index.html": b"<script>"}),
    "a page more": member("folders/pages/evil.html"),
    "a page's mode": lambda archive: archive.manifest["members"]["folders/pages/index.html"].update(mode=0o777),
    "when it was taken": said(taken_at="2030-01-01T00:00:00+00:00"),
    "by which program": said(xuanfa="0.0.1"),
    "its name": said(id="0" * 32),
    "where a channel's folder was": folder_of("pages", "elsewhere"),
}
