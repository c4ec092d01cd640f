"""How a remedy reads at the command line: as the command that is typed."""

import os
from collections.abc import Iterator
from typing import Final

from xuanfa.domain.language import say
from xuanfa.domain.reader import Reader, language, language_of
from xuanfa.domain.remedy import OPTION, Remedy

#: Verbs that are two words at the command line, or another one.
_COMMANDS: Final = {
    "adopt": "db adopt",
    "upgrade": "db upgrade",
    "sign_in": "channels login",
    "users": "users list",
    "add_user": "users add",
    "change_user": "users change",
    "show_user": "users show",
    "unlock_user": "users unlock",
    "make_token": "users token",
    "review_form": "review form",
    "audit": "audit show",
    "ignore_finding": "check ignore",
    "submit_review": "review submit",
    "show_review": "review show",
    "recall_review": "review recall",
    "review_emergencies": "review emergencies",
    "list_reviews": "review list",
    "confirm_access": "access",
    "audit_verify": "audit verify",
    "audit_export": "audit export",
    "list_imports": "ledger imports",
    "undo_import": "ledger undo",
    "import_ledger": "ledger import",
    "release_shelf": "shelf release",
    "import_workdays": "workdays import",
    "show_workdays": "workdays show",
    "shelf": "shelf list",
    "show_readers": "readers show",
    "show_proof": "proof show",
    "check_proof": "proof check",
    "ask_readers": "readers ask",
    "strangers": "proof strangers",
    "links": "proof links",
    "accept_link": "proof allow",
    "explain_stranger": "proof explain",
    "add_proof": "proof add",
    "accept_page": "proof accept",
    "webhooks": "webhooks list",
    "webhook_secret": "webhooks secret",
    "resend_messages": "webhooks resend",
    "drop_messages": "webhooks drop",
}
#: What is done to one delivery: where the sentence does not know which, the reader puts its number there.
_TO_ONE: Final = frozenset({"add_proof", "cancel", "release", "reschedule", "resolve", "retract", "retry"})
#: What belongs behind an option where only the reader knows it.
_WORDS: Final = {
    "at": ("时间", "TIME"),
    "why": ("原因", "REASON"),
    "published": ("网址", "ADDRESS"),
    "resolve why": ("依据", "REASON"),
    "days": ("天数", "N"),
    "old_column": ("id=名称", "ID=TITLE"),
    "old_channel": ("id=名称", "ID=TITLE"),
}
_NUMBER: Final = ("编号", "ID")
#: The post that is meant, by its slug.
_POST: Final = ("稿件", "POST")
#: A file that only the reader knows.
_FILE: Final = ("文件", "FILE")
#: A folder that is yet to be made.
_FOLDER: Final = ("目录", "DIR")


def staff() -> Reader:
    """Whoever reads this process at a command line: in the language that ``XUANFA_LANG`` asks for."""
    return Reader(language_of(os.environ), worded)


def worded(remedy: Remedy) -> str:
    """The command."""
    if remedy.verb == OPTION:
        return say("（{option}）", " ({option})", option=remedy.subject)
    words = ["xuanfa", _command(remedy)]
    subject = _subject(remedy)
    if subject:
        words.append(subject)
    return " ".join([*words, *_options(remedy)])


def _command(remedy: Remedy) -> str:
    if remedy.verb == "resume" and remedy.subject is not None:
        return "channels resume"
    return _COMMANDS.get(remedy.verb, remedy.verb)


def _subject(remedy: Remedy) -> str:
    """In English a command may stand without its number at the end of a sentence, but not before an option."""
    if remedy.subject is not None:
        return str(remedy.subject)
    if remedy.verb == "init":
        return _in_language(_FOLDER)
    if remedy.verb in {"import_ledger", "import_workdays"}:
        return _in_language(_FILE)
    if remedy.verb in {"resend_messages", "drop_messages"}:
        return _in_language(_NUMBER)
    if remedy.verb in {"correct", "release_shelf"}:
        return _in_language(_POST)
    if remedy.verb in _TO_ONE and (language() == "zh" or remedy.options):
        return _in_language(_NUMBER)
    return ""


def _options(remedy: Remedy) -> Iterator[str]:
    for name, value in remedy.options.items():
        option = f"--{name.replace('_', '-')}"
        if value is True:
            yield option
        elif value is None:
            yield f"{option} {_in_language(_WORDS.get(f'{remedy.verb} {name}') or _WORDS[name])}"
        else:
            yield from (f"{option} {each}" for each in ((value,) if isinstance(value, str) else value or ()))


def _in_language(words: tuple[str, str]) -> str:
    return words[1] if language() == "en" else words[0]
