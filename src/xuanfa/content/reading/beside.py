"""The file beside a document: ``NAME.yaml`` with the front matter of ``NAME.docx``. Both are one source of one post."""

import hashlib
from pathlib import Path
from typing import Final

#: What the bytes of both begin with; no document does.
_BOTH: Final = b"xuanfa\0beside\0"
_LENGTH: Final = 8
#: Which documents have one, and how its name ends.
_OF: Final = ".docx"
ENDING: Final = ".yaml"
#: What people write for the same, and is not read.
MEANT: Final = ".yml"
#: More than this is no front matter. Bytes.
MOST: Final = 1_000_000


def name_of(name: str) -> str:
    """The name of the file beside a document of this name; empty where it has none."""
    return name[: -len(_OF)] + ENDING if name.lower().endswith(_OF) else ""


def path_of(path: Path) -> Path | None:
    """The file beside a document, where there can be one."""
    name = name_of(path.name)
    return path.with_name(name) if name else None


def document_of(path: Path) -> Path | None:
    """The document to which a file of this name belongs, there or not; ``None`` for a name that is of no file beside one."""
    name = next((path.name[: -len(each)] for each in (ENDING, MEANT) if path.name.lower().endswith(each)), "")
    if not name:
        return None
    wanted = f"{name}{_OF}"
    return next((each for each in path.parent.iterdir() if each.name.lower() == wanted.lower()), path.with_name(wanted))


def joined(source: bytes, sidecar: bytes | None) -> bytes:
    """Both as one source."""
    return source if sidecar is None else _BOTH + len(sidecar).to_bytes(_LENGTH) + sidecar + source


def parted(source: bytes) -> tuple[bytes, bytes | None]:
    """The document, and the file beside it, if there is one."""
    if not source.startswith(_BOTH):
        return source, None
    start = len(_BOTH) + _LENGTH
    end = start + int.from_bytes(source[len(_BOTH) : start])
    return source[end:], source[start:end]


def digest(source: bytes) -> str:
    """SHA-256 of a source; of two files it is made of the hashes of both, so that whoever knows those knows it."""
    data, sidecar = parted(source)
    own = hashlib.sha256(data).hexdigest()
    return own if sidecar is None else digest_of(own, hashlib.sha256(sidecar).hexdigest())


def digest_of(document: str, sidecar: str) -> str:
    """The same of the hashes of both."""
    return hashlib.sha256(f"{document} {sidecar}".encode()).hexdigest()
