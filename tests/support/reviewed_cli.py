"""An office at the command line whose posts need a review: its people, and their passwords in a file."""

import io
from pathlib import Path
from typing import Any

import pytest

WORD = "correct horse battery"
PEOPLE = (
    ("wang", "王芳", "author", "established"),
    ("jiao", "焦红", "proofreader", "established"),
    ("mi", "米勒", "secrecy", "established"),
    ("zhao", "赵局", "approver", "established"),
    ("qian", "钱局", "approver", "established"),
    ("bao", "包工", "proofreader", "outsourced"),
    ("gone", "走了", "proofreader", "established"),
)
#: The gates of whoever holds a step of the template ``small``.
GATES = {
    "jiao": ("--check", "文字关"),
    "mi": ("--check", "保密关"),
    "zhao": ("--check", "政治关", "--check", "法律关", "--check", "文字关"),
}


class Office:
    """Calls commands in somebody's name."""

    def __init__(self, xuanfa: Any, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.xuanfa, self.folder, self._patch = xuanfa, folder, patch
        self._password = folder.parent / "password"

    def settle_in(self) -> None:
        """Ask for reviews, and make everybody an account."""
        settings = self.folder / "xuanfa.toml"
        settings.write_text(settings.read_text("utf-8") + '\n[review]\ndefault = "small"\n', encoding="utf-8")
        self._add("lina", "李娜", "admin", "established")
        for name, display, role, staff in PEOPLE:
            self._add(name, display, role, staff, "--as", "lina")
        assert self("lina", "users", "disable", "gone", "--why", "调走").code == 0

    def _add(self, name: str, display: str, role: str, staff: str, *more: str) -> None:
        self._type_password(WORD)
        self._patch.setattr("sys.stdin", io.StringIO(f"{WORD}\n"))
        ran = self.xuanfa("users", "add", name, "--display", display, "--role", role, "--staff", staff, *more)
        assert ran.code == 0, ran.err

    def _type_password(self, password: str) -> None:
        self._password.write_text(f"{password}\n", encoding="utf-8")
        self._password.chmod(0o600)
        self._patch.setenv("XUANFA_PASSWORD_FILE", str(self._password))

    def __call__(self, name: str, *words: str, password: str = WORD) -> Any:
        """A command in somebody's name."""
        self._type_password(password)
        return self.xuanfa(*words, "--as", name)

    def approve(self, name: str, *words: str, post: str = "a") -> Any:
        """The open step of a post, with the gates of whoever holds it."""
        return self(name, "review", "approve", post, *GATES[name], *words)

    def show(self, post: str = "a") -> Any:
        return self.xuanfa("review", "show", post, "--json").json
