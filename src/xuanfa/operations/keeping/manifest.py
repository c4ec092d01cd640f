"""What a backup says of itself, and what it must be: everything that is not exactly of this shape is refused, whoever wrote it.

A manifest comes from outside: nothing in it is relied on before it has been looked at here.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final
from zoneinfo import ZoneInfo

from xuanfa.domain.language import say
from xuanfa.domain.moments import from_iso
from xuanfa.domain.shown import has_stray_bytes
from xuanfa.store import rows

MANIFEST: Final = "manifest.json"
#: The number of this shape of archives. Since 2 a fingerprint covers the whole manifest, since 3 it says what was not read yet.
FORMAT: Final = 3
#: The first schema whose backups have a fingerprint, and the first whose history is sealed.
FINGERPRINTED, SEALED = "0005", "0003"
#: The settings, and the folders of a workspace that are in a backup.
SETTINGS, FOLDERS = "xuanfa.toml", ("posts", "templates", "var/media", "var/withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What a member must be: the hash and size of its bytes, and of a file its mode and time of change."""

    sha256: str
    size: int
    mode: int = 0o600
    changed_ns: int = 0


@dataclass(slots=True, kw_only=True)
class Manifest:
    """What a backup is. ``database`` is its kind, ``taken_at`` is ISO 8601.

    ``folders`` are where each channel kept its files, relative to the workspace if below it.
    """

    id: str
    xuanfa: str
    schema: str
    database: str
    taken_at: str
    timezone: str
    counts: dict[str, int] = field(default_factory=dict)
    seal: dict[str, Any] | None = None
    folders: dict[str, str] = field(default_factory=dict)
    #: Folders with their modes, by name.
    places: dict[str, int] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    #: Files of ``posts/`` that were not as the database knew them when the backup was made.
    unread: list[str] = field(default_factory=list)
    format: int = FORMAT

    def written(self) -> tuple[str, str]:
        """The manifest as text, with its fingerprint, and that."""
        facts = asdict(self)
        fingerprint = fingerprint_of(facts)
        return json.dumps(facts | {"fingerprint": fingerprint}, ensure_ascii=False, indent=1), fingerprint


def fingerprint_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 over all that a manifest says, in its order: so over the hash of every member, in the order in which they stand."""
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


class WrongError(Exception):
    """Something in a manifest is not what it must be; names it."""


def manifest_of(facts: Any) -> tuple[Manifest, str]:
    """The manifest that was read as JSON, and its fingerprint (empty in backups of before there was one). Raises WrongError."""
    if not isinstance(facts, dict):
        raise WrongError(MANIFEST)
    given = dict(facts)
    fingerprint = given.pop("fingerprint", "")
    for name in _FACTS.keys() | given.keys():
        if name not in _FACTS or not _FACTS[name](given.get(name)):
            raise WrongError(name)
    if not _go_together(given):
        raise WrongError("format")
    if given["schema"] < FINGERPRINTED:
        fingerprint = ""
    elif fingerprint != fingerprint_of(given):
        raise WrongError("fingerprint")
    members = {name: Member(**member) for name, member in given.pop("members").items()}
    manifest = Manifest(**given | {"unread": given.get("unread") or []}, members=members)
    _require_places(manifest)
    return manifest, fingerprint


def _go_together(given: Mapping[str, Any]) -> bool:
    """Whether a backup of this format can be of this schema, and says what backups of this format say."""
    fingerprinted, shape = given["schema"] >= FINGERPRINTED, given["format"]
    return bool(fingerprinted == (shape > 1) and (given.get("unread") is not None) == (shape > 2))  # noqa: PLR2004


def _require_places(manifest: Manifest) -> None:
    """Every member has a place where a backup puts such things, and none stands in the way of another."""
    tables = {name for name in manifest.members if name.startswith("database/")}
    counted = {f"database/{table}.jsonl" for table in manifest.counts}
    wanted = {f"database/{table}.jsonl" for table in rows.tables_of(manifest.schema)}
    if manifest.schema >= FINGERPRINTED and not tables == counted == wanted:
        raise WrongError("counts")
    parents = {str(parent) for name in (*manifest.members, *manifest.places) for parent in PurePosixPath(name).parents}
    for name in manifest.members:
        if not _belongs(name, manifest) or name in parents or name in manifest.places:
            raise WrongError(name)
    for name in manifest.places:
        if not _is_in_folder(name, manifest):
            raise WrongError(name)
    for folder in manifest.folders.values():
        if not _may_be_folder(folder):
            raise WrongError(folder)


def _belongs(name: str, manifest: Manifest) -> bool:
    if name.startswith("database/"):
        return name in _TABLES
    below = name.removeprefix("workspace/")
    if below == name:
        return _is_in_folder(name, manifest)
    if below == SETTINGS:
        return True
    hidden = any(part.startswith(".") for part in PurePosixPath(below).parts)
    if hidden or not any(below.startswith(f"{folder}/") for folder in FOLDERS):
        return False
    return is_kept_so(name) and hash_of(name) in {None, manifest.members[name].sha256}


def is_kept_so(name: str) -> bool:
    """Whether a member lies where the program puts such things: below ``var/media`` there are only pictures and notes on pictures, below
    ``var/withdrawn`` what readers could see of what was withdrawn."""
    if name.startswith("workspace/var/withdrawn/"):
        return _SNAPSHOT.fullmatch(name) is not None
    return not name.startswith("workspace/var/media/") or picture_of(name) is not None or bool(_NOTE.fullmatch(name))


def picture_of(name: str) -> str | None:
    """The hash by which a kept picture is named; ``None`` for any other member."""
    match = _PICTURE.fullmatch(name)
    return None if match is None else match[1]


def snapshot_of(name: str) -> str | None:
    """The hash by which what readers could see is named; ``None`` for any other member."""
    match = _SNAPSHOT.fullmatch(name)
    return None if match is None else match[1]


def hash_of(name: str) -> str | None:
    """The hash that a member's bytes must have, where its name says so."""
    return picture_of(name) or snapshot_of(name)


_TABLES = frozenset(f"database/{table}.jsonl" for table in rows.TABLES)
_PICTURE = re.compile(r"workspace/var/media/[0-9a-f]{2}/([0-9a-f]{64})\.\w+")
_SNAPSHOT = re.compile(r"workspace/var/withdrawn/([0-9a-f]{64})\.json")
#: What was noted of a picture that was made from another one.
_NOTE = re.compile(r"workspace/var/media/derived/[0-9a-f]{2}/[0-9a-f]{64}\.json")


def _is_in_folder(name: str, manifest: Manifest) -> bool:
    kind, channel = (*PurePosixPath(name).parts, "")[:2]
    return kind == "folders" and channel in manifest.folders and name != f"folders/{channel}"


def _may_be_folder(written: str) -> bool:
    """Whether a channel may have kept its files there: outside the old workspace, or in a folder of its own within it."""
    path = PurePosixPath(written)
    if path.is_absolute():
        return ".." not in path.parts and _is_text(written)
    taken = ("posts", "templates", *(f"var/{name}" for name in ("media", "preview", "rehearsal")))
    return (
        is_name(written)
        and not path.parts[0].startswith((".", "xuanfa."))
        and written != "var"
        and not written.startswith("var/xuanfa.")
        and not any(written == each or written.startswith(f"{each}/") for each in taken)
    )


def _is_text(value: Any) -> bool:
    """Characters that may stand in a name or a line."""
    return isinstance(value, str) and not _CONTROL.search(value) and len(value) <= 4000  # noqa: PLR2004 - PATH_MAX


#: Control characters, and bytes that are no UTF-8 as Python shows them in names.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def is_name(value: Any) -> bool:
    """Whether it is a relative path that leads where it seems to, on any machine."""
    if not _is_text(value) or "\\" in value:
        return False
    parts = value.split("/")
    return all(part and part not in {".", ".."} and len(part.encode()) <= 255 for part in parts)  # noqa: PLR2004 - NAME_MAX


def fault_of(name: str) -> str:
    """What keeps a file of that name (its path, as the disk has it) from being put away: one reason, the true one; empty where it may be."""
    if has_stray_bytes(name):
        return say(
            "文件名不是 UTF-8（常见于压缩包、FTP 传来的文件），别的机器读不出，请改名",
            "its name is not UTF-8, and other machines could not read it: rename it",
        )
    if _CONTROL.search(name):
        return say("文件名里有控制字符，请改名", "its name holds control characters: rename it")
    if "\\" in name:
        return say(
            "文件名里有反斜线，Windows 会当成文件夹，请改名",
            "its name holds a backslash, which Windows takes for a folder: rename it",
        )
    if not is_name(name):
        return say("文件名太长，别的机器放不下，请改短", "its name is too long for other machines: shorten it")
    if not is_kept_so(name):
        return say(
            "这个文件夹由本程序使用，它却不是程序存的，请移走",
            "this folder is the program's own, which has not put it there: move it away",
        )
    return ""


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _is_mode(value: Any) -> bool:
    """Rights of reading, writing and running: nothing that lends the owner's (setuid)."""
    return _is_number(value, 0o777)


def _is_member(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and {"sha256", "size"} <= value.keys() <= {"sha256", "size", "mode", "changed_ns"}
        and _is_hash(value["sha256"])
        and _is_number(value["size"], _MOST)
        and _is_mode(value.get("mode", 0))
        and _is_number(abs(changed) if isinstance(changed := value.get("changed_ns", 0), int) else changed, _MOST)
    )


#: What a machine counts in bytes and nanoseconds.
_MOST = 2**63 - 1


def _is_zone(value: Any) -> bool:
    try:
        return _is_text(value) and bool(ZoneInfo(value).key)
    except (OSError, ValueError, LookupError):  # none such, or a name that leads elsewhere
        return False


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and from_iso(value) is not None


def _is_seal(value: Any) -> bool:
    if value is None:
        return True
    return (
        isinstance(value, dict)
        and value.keys() == {"number", "hash"}
        and _is_number(value["number"], _MOST)
        and _is_hash(value["hash"])
    )


def _is_table_of(is_key: Callable[[Any], bool], is_value: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def is_table(value: Any) -> bool:
        return isinstance(value, dict) and all(is_key(name) and is_value(each) for name, each in value.items())

    return is_table


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


_FACTS: Mapping[str, Callable[[Any], bool]] = {
    "id": _matches("[0-9a-f]{32}"),
    "xuanfa": lambda value: _is_text(value) and len(value) <= 100,  # noqa: PLR2004
    "schema": _matches(r"\d{4}"),
    "database": _matches("sqlite|postgresql"),
    "taken_at": _is_moment,
    "timezone": _is_zone,
    "counts": _is_table_of(lambda name: f"database/{name}.jsonl" in _TABLES, lambda value: _is_number(value, _MOST)),
    "seal": _is_seal,
    "folders": _is_table_of(_matches("[a-z][a-z0-9_]*"), _is_text),
    "places": _is_table_of(is_name, _is_mode),
    "members": _is_table_of(is_name, _is_member),
    "unread": lambda value: value is None or (isinstance(value, list) and all(is_name(name) for name in value)),
    "format": lambda value: _is_number(value, FORMAT) and value > 0,
}
