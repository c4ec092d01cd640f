"""Check: whether a package is whole, unaltered and in its place in the chain."""

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.strict_json import read_json
from xuanfa.operations.desk import Desk
from xuanfa.operations.papers.package import FORMAT, MANIFEST
from xuanfa.store import papers
from xuanfa.store.papers import Package

#: More than a manifest has, and than a member may hold. Bytes.
_MANIFEST_MAX, _MEMBER_MAX = 16 << 20, 512 << 20
_CHUNK: Final = 1 << 20
_HASH: Final = re.compile("[0-9a-f]{64}")
#: What the libraries raise for an archive whose bytes are not what they were.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    EOFError,
    RuntimeError,
    OverflowError,
    TypeError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPackage:
    """What a package says of itself. ``troubles`` are sentences; none where everything is as it was written."""

    sha256: str
    post: str
    number: int
    previous: str
    files: int
    troubles: tuple[str, ...]


def check_package(desk: Desk, path: Path) -> CheckedPackage:
    """Read a package through, and compare it with its own manifest and with the chain that this workspace keeps. Raises ConfigError for what
    is no package at all."""
    try:
        sha256 = _hash_of(path)
        with zipfile.ZipFile(path) as pack:
            manifest = _manifest(pack, path)
            troubles = [*_wrong_files(pack, manifest)]
    except OSError as error:
        raise ConfigError(
            say("读不了 {path}：{why}。", "Cannot read {path}: {why}.", path=path, why=machine_words(error))
        ) from error
    except _BROKEN as error:
        raise _no_package(path) from error
    with desk.store.read() as connection:
        chain = papers.chain_of_packages(connection)
    troubles += _out_of_place(manifest, sha256, chain)
    return CheckedPackage(
        sha256=sha256,
        post=manifest["post"],
        number=manifest["number"],
        previous=manifest["previous"],
        files=len(manifest["files"]),
        troubles=tuple(troubles),
    )


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(pack: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """The manifest, of the shape that we write. Raises ConfigError and what is broken."""
    if pack.getinfo(MANIFEST).file_size > _MANIFEST_MAX:
        raise _no_package(path)
    facts = read_json(pack.read(MANIFEST))
    if isinstance(facts, dict) and isinstance(facts.get("format"), int) and facts["format"] > FORMAT:
        raise ConfigError(
            say(
                "{path} 是更新版本的 xuanfa 做的：请升级 xuanfa。",
                "{path} was made by a later xuanfa: upgrade xuanfa.",
                path=path,
            )
        )
    if not _is_ours(facts):
        raise _no_package(path)
    found: dict[str, Any] = facts
    return found


def _is_ours(facts: Any) -> bool:
    return (
        isinstance(facts, dict)
        and isinstance(facts.get("post"), str)
        and isinstance(facts.get("number"), int)
        and isinstance(facts.get("previous"), str)
        and isinstance(facts.get("files"), list)
        and all(
            isinstance(each, dict) and isinstance(each.get("path"), str) and _HASH.fullmatch(str(each.get("sha256")))
            for each in facts["files"]
        )
    )


def _wrong_files(pack: zipfile.ZipFile, manifest: dict[str, Any]) -> list[str]:
    """What is not as the manifest says: changed, missing, or there besides."""
    expected = {each["path"]: each["sha256"] for each in manifest["files"]}
    there = [info for info in pack.infolist() if info.filename != MANIFEST]
    names = [info.filename for info in there]
    wrong: list[str] = [
        say("{name} 被改动过", "{name} was altered", name=info.filename)
        for info in there
        if info.filename in expected and _sum(pack, info) != expected[info.filename]
    ]
    wrong += [say("缺少 {name}", "{name} is missing", name=name) for name in sorted(expected.keys() - set(names))]
    wrong += [
        say("多出 {name}", "{name} does not belong to it", name=name) for name in sorted(set(names) - expected.keys())
    ]
    if len(set(names)) != len(names) or len(expected) != len(manifest["files"]) or pack.comment:
        wrong.append(
            say("同名的文件不止一个，或附有别的内容", "files stand in it twice, or something was put beside them")
        )
    return wrong


def _sum(pack: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """The hash of a member's bytes, read no further than a member may be long; nothing for what is no plain file."""
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG} or info.file_size > _MEMBER_MAX:
        return ""
    digest = hashlib.sha256()
    try:
        with pack.open(info) as stream:
            while piece := stream.read(_CHUNK):
                digest.update(piece)
    except _BROKEN:
        return ""
    return digest.hexdigest()


def _out_of_place(manifest: dict[str, Any], sha256: str, chain: list[Package]) -> list[str]:
    """What is wrong with its place, by the chain that is kept."""
    wrong: list[str] = []
    known = next((each for each in chain if each.sha256 == sha256), None)
    if known is None:
        wrong.append(
            say(
                "这个包（{hash}…）不在归档链上：不是这个工作区做的，或被整个换过",
                "This package ({hash}…) is not in the chain: another workspace made it, or it was replaced as a whole",
                hash=sha256[:12],
            )
        )
    elif (known.number, known.previous) != (manifest["number"], manifest["previous"]):
        wrong.append(say("包里写的序号或前一个包与归档链不符", "number or previous package are not those of the chain"))
    for before, after in pairwise(chain):
        if (before.number + 1, before.sha256) != (after.number, after.previous):
            wrong.append(say("归档链在第 {n} 个包处断开", "the chain is broken at package {n}", n=after.number))
    return wrong


def _no_package(path: Path) -> ConfigError:
    return ConfigError(
        say(
            "{path} 不是归档包，或损坏得打不开：请换另一份。",
            "{path} is no archive package, or too damaged to be opened: take another copy.",
            path=path,
        )
    )
