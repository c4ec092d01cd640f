"""Backups that somebody has altered, and then mended everything that he could find: each is refused in words, before anything is written."""

import copy
import hashlib
import json
import os
import random
import stat
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xuanfa.bootstrap.restoring import Wishes, check_backup, restore_workspace
from xuanfa.domain.errors import ConfigError, XuanfaError
from xuanfa.engine.once import one_pass
from xuanfa.operations.backup import backup
from xuanfa.operations.decide import Person, pause, resume
from xuanfa.operations.manifest import fingerprint_of
from xuanfa.operations.retract import retracted_by_hand

ANNA = Person(name="安娜", why="核对")
MANIFEST = "manifest.json"
Row = dict[str, Any]


@dataclass
class Archive:
    """An archive taken apart."""

    members: dict[str, bytes]
    manifest: Any
    #: Whether what the manifest says of members is mended when it is put together, and whether the fingerprint over it is.
    mends: bool = True
    mends_fingerprint: bool = True
    #: Further entries of the ZIP, as they are.
    entries: list[tuple[zipfile.ZipInfo, bytes]] = field(default_factory=list)
    comment: bytes = b""

    @classmethod
    def read(cls, path: Path) -> "Archive":
        with zipfile.ZipFile(path) as file:
            members = {name: file.read(name) for name in file.namelist()}
        return cls(members=members, manifest=json.loads(members.pop(MANIFEST)))

    def rows(self, table: str) -> list[Row]:
        return [json.loads(line) for line in self.members[f"database/{table}.jsonl"].splitlines()]

    def put(self, table: str, rows: list[Any]) -> None:
        self.members[f"database/{table}.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        self.manifest["counts"][table] = len(rows)

    def write(self, path: Path) -> None:
        if self.mends and isinstance(self.manifest, dict) and isinstance(self.manifest.get("members"), dict):
            for name, data in self.members.items():
                entry = self.manifest["members"].get(name)
                if isinstance(entry, dict):
                    entry |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            if self.mends_fingerprint:
                self.manifest.pop("fingerprint", None)
                self.manifest["fingerprint"] = fingerprint_of(self.manifest)
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            warnings.simplefilter("ignore")  # that a name is there already
            for name, data in self.members.items():
                file.writestr(name, data)
            for info, data in self.entries:
                file.writestr(info, data)
            text = self.manifest if isinstance(self.manifest, str) else json.dumps(self.manifest)
            file.writestr(MANIFEST, text)
            file.comment = self.comment


@dataclass
class Case:
    """A whole archive, and where to try altered ones."""

    whole: Path
    folder: Path

    def altered(self, how: Callable[[Archive], None], *, mends_fingerprint: bool) -> Path:
        archive = Archive.read(self.whole)
        archive.mends_fingerprint = mends_fingerprint
        how(archive)
        path = self.folder / "altered.zip"
        archive.write(path)
        return path

    def require_refused(self, path: Path, **wishes: Any) -> str:
        """Neither ``--check`` nor a restore takes it, both say so in words, and nothing is written; what is said."""
        target = self.folder / "new"
        with pytest.raises(XuanfaError) as checked:
            check_backup(path, wishes.get("seal"))
        with pytest.raises(XuanfaError) as restored:
            restore_workspace(path, target, ANNA, wishes=Wishes(**wishes))
        assert str(checked.value) == str(restored.value)
        assert not target.exists()
        return str(checked.value)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that has seen something: a website, a picture, a withdrawal, a pause, a doubt, and a backup of it."""
    from tests.conftest import Clock, Sink, Workspace  # noqa: PLC0415 - fixtures of another scope

    folder, sink, clock = tmp_path_factory.mktemp("archives"), Sink(), Clock()
    office = Workspace(folder / "office", sink.url).settle_in()
    site = '[channels.pages]\nadapter = "site"\ndirectory = "public"\nbase_url = "https://court.example"\n'
    settings = office.folder / "xuanfa.toml"
    text = settings.read_text(encoding="utf-8").replace('channels = ["hook"]', 'channels = ["hook", "pages"]')
    settings.write_text(text + site, encoding="utf-8")
    with office.stack:
        desk = office.desk(clock)
        Image.new("RGB", (40, 30), "red").save(office.folder / "posts" / "a.png")
        office.post("one", "第一篇。\n\n![图](a.png)")
        one_pass(desk)
        office.post("two", "第二篇，内容各不相同。")
        sink.script.append("half")
        clock.advance(minutes=10)
        one_pass(desk)
        retracted_by_hand(desk, 1, ANNA)
        pause(desk, "hook", ANNA)
        resume(desk, "hook", ANNA)
        pause(desk, "pages", ANNA)
        office.post("later", "第三篇，还没有到时间。", publish_at="2026-05-01 09:00")
        clock.advance(minutes=10)
        one_pass(desk)
        backup(desk, folder / "whole.zip")
    sink.speak.set()
    sink.shutdown()
    sink.server_close()
    return folder / "whole.zip"


@pytest.fixture
def case(whole: Path, tmp_path: Path) -> Case:
    return Case(whole, tmp_path)


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


def test_an_archive_that_is_put_together_as_it_was_is_taken(case: Case) -> None:
    """Otherwise the tests below would prove nothing."""
    path = case.altered(lambda _archive: None, mends_fingerprint=True)
    assert check_backup(path) == check_backup(case.whole)


@pytest.mark.parametrize("how", ALTERED)
def test_whatever_is_altered_is_refused_even_where_everything_else_was_mended(case: Case, how: str) -> None:
    case.require_refused(case.altered(ALTERED[how], mends_fingerprint=True))


@pytest.mark.parametrize("how", [*ALTERED, *ALTERED_FILES])
def test_whatever_is_altered_is_refused_where_the_manifest_was_mended(case: Case, how: str) -> None:
    case.require_refused(case.altered((ALTERED | ALTERED_FILES)[how], mends_fingerprint=False))


@pytest.mark.parametrize("how", ALTERED_FILES)
def test_who_has_kept_the_fingerprint_finds_what_nobody_else_can(case: Case, how: str) -> None:
    kept = check_backup(case.whole).fingerprint
    path = case.altered(ALTERED_FILES[how], mends_fingerprint=True)
    assert "与您保存的指纹不符" in case.require_refused(path, seal=kept)


def test_one_who_writes_a_whole_new_history_does_not_get_past_a_seal_that_was_kept(case: Case, tmp_path: Path) -> None:
    """A workspace of another's making, with nothing wrong in it."""
    from tests.conftest import Clock, Workspace  # noqa: PLC0415

    with zipfile.ZipFile(case.whole) as file:
        seal = json.loads(file.read(MANIFEST))["seal"]
    office = Workspace(tmp_path / "forged", "http://127.0.0.1:9").settle_in()
    with office.stack:
        desk = office.desk(Clock())
        office.post("one", publish_at="2026-05-01 09:00")
        one_pass(desk)
        backup(desk, tmp_path / "forged.zip")
    assert check_backup(tmp_path / "forged.zip").posts == 1
    words = case.require_refused(tmp_path / "forged.zip", seal=f"{seal['number']}:{seal['hash']}")
    assert "与您保存的封印不符" in words


def test_the_only_backup_there_is_can_be_restored_although_it_was_altered(case: Case) -> None:
    path = case.altered(ALTERED["an address"], mends_fingerprint=True)
    assert "--even-if-altered" in case.require_refused(path)
    assert check_backup(path, even_if_altered=True).posts == 3
    done, _ = restore_workspace(path, case.folder / "new", ANNA, wishes=Wishes(even_if_altered=True))
    assert done.doubted
    shapeless = case.altered(ALTERED["text for a number"], mends_fingerprint=True)
    with pytest.raises(ConfigError):
        restore_workspace(shapeless, case.folder / "third", ANNA, wishes=Wishes(even_if_altered=True))


JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 7, 2**31, 2**63, -(2**63) - 1, 10**40, 1.5, 1e308, "", "x", "0", "\0", "\ud800", "../x", "/x", "C:\\x",
    "\N{RIGHT-TO-LEFT OVERRIDE}", "a" * 5000, [], [[]], {}, {"a": {}}, [None], "2026-01-01", "[]", "{}", "[" * 2000,
]  # fmt: skip


def spoil(value: Any, chance: random.Random, depth: int = 0) -> Any:
    """The value with something in it exchanged, dropped, doubled or put elsewhere."""
    if isinstance(value, dict) and value and (depth == 0 or chance.random() < 0.8):
        changed, name = dict(value), chance.choice(list(value))
        match chance.randrange(5):
            case 0:
                del changed[name]
            case 1:
                changed[chance.choice(["x", "", "../x", name.upper()])] = changed.pop(name)
            case _:
                changed[name] = spoil(changed[name], chance, depth + 1)
        return changed
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return chance.choice(
            [
                value[:at] + value[at + 1 :],
                [*value, value[at]],
                value[::-1],
                [*value[:at], spoil(value[at], chance, 1), *value[at + 1 :]],
            ]
        )
    return copy.deepcopy(chance.choice(JUNK))


def test_thousands_of_accidents_are_refused_in_words(case: Case) -> None:
    """``XUANFA_FUZZ`` says how many. Only the shape and the hashes are mended, or nothing is."""
    chance = random.Random(7)  # noqa: S311
    original = Archive.read(case.whole)
    for number in range(int(os.environ.get("XUANFA_FUZZ", "300"))):
        archive = copy.deepcopy(original)
        archive.mends, archive.mends_fingerprint = chance.random() < 0.9, chance.random() < 0.5
        path = case.folder / "altered.zip"
        tables = [name for name in archive.members if name.startswith("database/") and archive.members[name]]
        try:
            if chance.random() < 0.5:
                archive.manifest = spoil(archive.manifest, chance)
            else:
                table = chance.choice(tables).removeprefix("database/").removesuffix(".jsonl")
                rows = archive.rows(table)
                archive.put(
                    table, spoil(rows, chance) if chance.random() < 0.2 else [spoil(rows[0], chance), *rows[1:]]
                )
            archive.write(path)
        except (TypeError, ValueError, AttributeError):
            continue  # no archive at all
        if Archive.read(path) == original:
            continue
        try:
            check_backup(path)
        except XuanfaError:
            continue
        except Exception as error:
            raise AssertionError(f"accident {number}") from error
        # What was taken all the same can be restored all the same.
        target = case.folder / f"new{number}"
        restore_workspace(path, target, ANNA)


def test_no_byte_of_the_file_can_be_another_unseen(case: Case) -> None:
    chance = random.Random(11)  # noqa: S311
    whole = case.whole.read_bytes()
    members = Archive.read(case.whole).members
    path = case.folder / "altered.zip"
    for _ in range(int(os.environ.get("XUANFA_FUZZ", "300"))):
        data = bytearray(whole)
        match chance.randrange(4):
            case 0:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 1:
                at = chance.randrange(len(data))
                del data[at : at + chance.randrange(1, 50)]
            case 2:
                at = chance.randrange(len(data))
                data[at:at] = chance.randbytes(chance.randrange(1, 50))
            case _:
                at = len(data) - chance.randrange(min(len(data), 3000))  # the list of members
                data[at : at + 4] = chance.randbytes(4)
        path.write_bytes(data)
        try:
            check_backup(path)
        except XuanfaError:
            continue
        # Bytes that are nobody's, such as a date of the ZIP's own.
        assert Archive.read(path).members == members
