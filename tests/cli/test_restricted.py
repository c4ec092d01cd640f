"""A restricted post (限阅) is for those on its list: every reading command is tried as everybody, and none may be forgotten."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from tests.cli.test_every_command import every
from tests.support.restricted_office import REVIEW, SECRET, in_doubt, known, office, people, write
from xuanfa.domain.act import ApproveReview, ReturnReview, SubmitReview, Withdraw
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.intake.queue import queue

#: Every command that shows, writes or counts anything of posts, with what it is called with; ``{out}`` is a folder for what it writes.
READS: dict[str, tuple[str, ...]] = {
    "queue": ("queue",),
    "publish": ("publish",),
    "preview": ("preview", "secret"),
    "rehearse": ("rehearse", "secret"),
    "check": ("check", "secret"),
    "posts": ("posts",),
    "deliveries": ("deliveries",),
    "show": ("show", "secret"),
    "count": ("count",),
    "withdraw": ("withdraw", "gone", "--show"),
    "channels": ("channels",),
    "alarms": ("alarms",),
    "doctor": ("doctor",),
    "review list": ("review", "list"),
    "review show": ("review", "show", "secret"),
    "review form": ("review", "form", "secret", "-o", "{out}/form.docx"),
    "review emergencies": ("review", "emergencies"),
    "review late": ("review", "late"),
    "access": ("access",),
    "archive": ("archive", "secret", "-o", "{out}/package.zip"),
    "export": ("export", "secret", "-o", "{out}/changes.docx"),
    "recover": ("recover",),
    "verify": ("verify",),
    "audit show": ("audit", "show"),
    "audit verify": ("audit", "verify"),
    "backup": ("backup", "{out}/backup.zip"),
    "users list": ("users", "list"),
    "users show": ("users", "show", "li"),
    "freshness": ("freshness",),
    "ledger": ("ledger",),
    "proof show": ("proof", "show", "1"),
    "proof links": ("proof", "links", "--all"),
    "readers show": ("readers", "show"),
    "report month": ("report", "month", "2026-03", "-o", "{out}/month.csv"),
    "report quarter": ("report", "quarter", "2026-Q1", "-o", "{out}/quarter.html"),
    "report range": ("report", "range", "2026-01-01", "2026-03-31", "-o", "{out}/range.docx"),
    "report year": ("report", "year", "2026", "-o", "{out}/year.xlsx"),
    "report selfcheck": ("report", "selfcheck", "-o", "{out}/selfcheck.docx"),
    "shelf list": ("shelf", "list"),
}
#: The rest, by why it is not here.
DECIDES = {
    *("cancel", "reschedule", "release", "retry", "resolve", "retract", "correct", "pause", "resume", "channels pause", "channels resume"),
    *("channels login", "users add", "users change", "users disable", "users enable", "users unlock", "users passwd", "users token"),
    *("review submit", "review approve", "review return", "review phone", "review confirm", "review emergency"),
    *("review delegate", "review scan", "check ignore", "shelf release", "schedule import", "report seal"),
    *("ledger import", "ledger undo", "proof check", "proof add", "proof accept", "readers set", "readers import"),
    *("proof allow", "proof explain", "readers ask", "review recall", "solemn set", "solemn end", "users digits"),
    *("webhooks resend", "webhooks drop", "webhooks test"),
}  # fmt: skip
OF_NO_POST = {
    "check import",
    "init",
    "new",
    "version",
    "restore",
    "db",
    "db upgrade",
    "db adopt",
    "run",
    "serve",
    "mcp",
    "worker",
    "ledger imports",
    "workdays show",
    "workdays import",
    "solemn list",
    "webhooks secret",
    # What stands on the office's accounts and came from elsewhere; and what other programs were told, by the numbers of deliveries.
    "proof strangers",
    "webhooks list",
}
#: What is the whole history or the whole data, for whoever keeps it: the documents say so.
WHOLE = {"audit export"}
#: Which of them show the word to who is on the list.
SHOWN = {"withdraw", "posts", "deliveries", "show", "review list", "review show", "audit show"}
#: Which of them fail for everybody else.
REFUSED = {"check", "preview", "rehearse", "show", "review show", "review form", "archive", "export"}


def leaves() -> Iterator[str]:
    for name, command in every():
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield name


def test_no_command_was_forgotten() -> None:
    """Whoever adds one decides here whether it shows anything of a post."""
    found = set(leaves())
    missing = found - READS.keys() - DECIDES - OF_NO_POST - WHOLE
    assert not missing
    assert sorted((READS.keys() | DECIDES | WHOLE) - {name for name, _ in every()}) == []


@pytest.mark.parametrize(
    "name", sorted(READS.keys() - {"backup", "verify", "recover", "queue", "publish", "audit verify"})
)
def test_a_reading_command_knows_who_reads(name: str) -> None:
    if name.startswith(("channels", "users")):
        return  # of no post
    command = dict(every())[name]
    assert any("--as" in parameter.opts for parameter in command.params)


@pytest.fixture
def settings(settings: str) -> str:
    return settings + REVIEW


@pytest.fixture
def tokens(workspace: Path) -> dict[str, str]:
    """Posts in every state in which something of them is shown."""
    with office(workspace) as desk:
        found = people(desk)
        for slug in ("secret", "gone", "doubt"):
            write(workspace, slug)
        write(workspace, "plain", access="", body="公开的话")
        write(workspace, "bad", more=f"kind: {SECRET}\n")
        (workspace / "posts" / "worse.md").write_text(
            f"---\n限阅: [li]\n{SECRET}：{SECRET}\n---\n\n{SECRET}\n", encoding="utf-8"
        )
        queue(desk)
        carry_out(desk, SubmitReview(post="secret"), known("wang"))
        carry_out(desk, ReturnReview(post="secret", note=SECRET, places=((SECRET, SECRET),)), known("li", SECRET))
        carry_out(desk, SubmitReview(post="secret"), known("wang"))
        carry_out(desk, Withdraw(post="gone"), known("zhao", f"撤{SECRET}"))
        in_doubt(desk, "doubt")
    return found


def ran_all(xuanfa: Any, folder: Path, *, as_json: bool) -> Iterator[tuple[str, Any]]:
    for name, words in READS.items():
        if name not in dict(every()):
            continue
        out = folder / f"{name} {as_json}"
        out.mkdir()
        has_json = any("--json" in parameter.opts for parameter in dict(every())[name].params)
        options = ("--json",) if as_json and has_json else ()
        yield name, xuanfa(*(word.format(out=out) for word in words), *options)


@pytest.mark.parametrize("who", ["", "out", "chief", "wang"])
def test_nobody_else_sees_a_word(
    xuanfa: Any, tokens: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """As the machine's account, an outsider, the administrator and an author who is not on the list."""
    if who:
        monkeypatch.setenv("XUANFA_TOKEN", tokens[who])
    for as_json in (False, True):
        for name, ran in ran_all(xuanfa, tmp_path, as_json=as_json):
            assert SECRET not in ran.out + ran.err, (name, as_json)
            if name in REFUSED:
                assert ran.code == 1, name
                assert name == "archive" or "secret" in ran.out + ran.err  # the machine's account archives nothing
    assert "secret" in xuanfa("posts").out
    assert "限阅" in xuanfa("posts").out
    assert [row["restricted"] for row in xuanfa("posts", "--json").json if row["post"] == "plain"] == [False]
    assert xuanfa("withdraw", "--also-containing", SECRET, "--json").json == []
    assert not [file for file in (xuanfa.folder / "var").rglob("*.html") if SECRET in file.read_text(encoding="utf-8")]


def test_who_is_on_the_list_sees_it(
    xuanfa: Any, tokens: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("li", "zhao"):  # by name, by role
        monkeypatch.setenv("XUANFA_TOKEN", tokens[who])
        folder = tmp_path / who
        folder.mkdir()
        for as_json in (False, True):
            for name, ran in ran_all(xuanfa, folder, as_json=as_json):
                assert name == "check" or (SECRET in ran.out) is (name in SHOWN), (name, ran.out)
                assert name not in REFUSED or ran.code == 0 or name == "rehearse", (name, ran.err)
                if name in {"preview", "rehearse"} and as_json:
                    shown = Path(ran.json[0]["path"] if name == "preview" else ran.json["index"])
                    assert SECRET in shown.read_text(encoding="utf-8")
                    assert not any(
                        parent.stat().st_mode & stat.S_IRWXG for parent in shown.parents[:3] if "xuanfa-" in parent.name
                    )
                if name in {"review form", "archive"}:
                    (made,) = (folder / f"{name} {as_json}").iterdir()
                    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert SECRET in xuanfa("preview", "bad").err


def test_an_administrator_opens_one_with_a_reason_that_its_author_is_told(
    xuanfa: Any, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUANFA_TOKEN", tokens["out"])
    assert xuanfa("show", "secret", "--why", "想看").code == 1
    monkeypatch.setenv("XUANFA_TOKEN", tokens["chief"])
    assert SECRET in xuanfa("show", "secret", "--why", "上级督办").out
    assert SECRET not in xuanfa("show", "secret").out  # one look for one reason
    assert SECRET not in xuanfa("posts").out
    assert any(each["cause"].startswith("opened:secret:") for each in xuanfa("alarms", "--json").json)
    line = next(
        each
        for each in xuanfa("audit", "show", "--json").json
        if each["act"] == "open_restricted" and each["result"] == "done"
    )
    assert (line["who"], line["how"], line["post"]) == ("chief", "token", "secret")
    monkeypatch.setenv("XUANFA_TOKEN", tokens["wang"])
    assert "上级督办" in xuanfa("posts").err
    assert "上级督办" in xuanfa("show", "secret").err
    assert "上级督办" not in xuanfa("posts").err
    assert not any(each["cause"].startswith("opened:") for each in xuanfa("alarms", "--json").json)
    assert xuanfa("audit", "verify").code == 0


def test_a_longer_list_is_confirmed_by_whom_is_on_it(
    xuanfa: Any, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def may(who: str) -> bool:
        monkeypatch.setenv("XUANFA_TOKEN", tokens[who])
        return SECRET in xuanfa("show", "secret").out

    write(xuanfa.folder, "secret", access="[li, out]")  # one in, the approvers out
    assert xuanfa("queue").code == 1  # two files are bad
    assert [may(who) for who in ("li", "zhao", "out")] == [True, False, False]
    assert {each["cause"] for each in xuanfa("alarms", "--json").json} >= {"access:secret"}
    monkeypatch.setenv("XUANFA_TOKEN", tokens["out"])
    assert xuanfa("access", "secret", "--confirm").code == 1
    monkeypatch.setenv("XUANFA_TOKEN", tokens["li"])
    assert xuanfa("access", "secret", "--confirm", "--json").json == [
        {"post": "secret", "access": ["li", "out"], "wish": None}
    ]
    assert [may(who) for who in ("li", "zhao", "out")] == [True, False, True]
    write(xuanfa.folder, "secret", access="")  # whoever may write there takes the line away
    xuanfa("queue")
    assert [may(who) for who in ("out", "zhao", "chief")] == [True, False, False]
    monkeypatch.setenv("XUANFA_TOKEN", tokens["wang"])  # the author may say that it is open
    assert xuanfa("access", "secret", "--confirm").code == 0
    monkeypatch.delenv("XUANFA_TOKEN")
    assert SECRET in xuanfa("show", "secret").out


@pytest.mark.parametrize("access", ["", "[nobody]", "[li, nobody]", "{a: b}", '[" "]'])
def test_a_list_with_a_mistake_is_a_problem_and_never_open(
    xuanfa: Any, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch, access: str
) -> None:
    path = write(xuanfa.folder, "new", access="[li]")
    path.write_text(path.read_text(encoding="utf-8").replace("限阅: [li]", f"access: {access}"), encoding="utf-8")
    ran = xuanfa("queue")
    assert ran.code == 1
    assert "posts/new.md" in ran.err
    assert "new" not in {row["post"] for row in xuanfa("posts", "--json").json}
    for who in ("", "out", "chief"):
        monkeypatch.setenv("XUANFA_TOKEN", tokens.get(who, ""))
        said = xuanfa("preview", "new")
        assert SECRET not in ran.out + ran.err + said.out + said.err


def test_only_those_on_the_list_hold_a_step(
    xuanfa: Any, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(xuanfa.folder, "narrow", access="[wang, zhao]", body="窄的话")
    xuanfa("queue")
    monkeypatch.setenv("XUANFA_TOKEN", tokens["wang"])
    assert "第 1 步（保密）现在没有人能审" in xuanfa("review", "submit", "narrow").err
    assert "稿件 narrow 的审核" in xuanfa("doctor").out
    monkeypatch.setenv("XUANFA_TOKEN", tokens["li"])
    assert "限阅" in xuanfa("review", "approve", "narrow").err
    assert "narrow" not in xuanfa("review", "list", "--mine").out
    with office(xuanfa.folder) as desk:
        carry_out(desk, ApproveReview(post="secret"), known("li"))
