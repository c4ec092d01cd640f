"""A whole backup, and archives that are altered and mended from it."""

import hashlib
import json
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.decisions import ANNA, pause, resume, retracted_by_hand
from xuanfa.bootstrap.restoring import Wishes, check_backup, restore_workspace
from xuanfa.domain.errors import XuanfaError
from xuanfa.engine.once import one_pass
from xuanfa.operations.keeping.backup import backup
from xuanfa.operations.keeping.manifest import fingerprint_of

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
