"""What the kinds that a person signs in to share (OAuth2): an account's budget, the way to its session, and the words about codes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from xuanfa.adapters.protocol import Tools
from xuanfa.adapters.shared.codes import Code, Meaning
from xuanfa.adapters.shared.http import Answer
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Rejected
from xuanfa.domain.remedy import Remedy

#: A code that the practice platforms take.
REHEARSED_CODE = "rehearsal-code"


@dataclass(frozen=True, slots=True)
class Service:
    """A platform as it is spoken of: the kind's name in finding codes, its own in both languages, and its documented codes."""

    kind: str
    name: tuple[str, str]
    codes: Mapping[int, Code]

    def meaning(self, code: int | None) -> Meaning | None:
        """What the code means; ``None`` for none, for zero, and for one that is not known."""
        known = self.codes.get(code or 0)
        return None if known is None else known.meaning

    def refusal(self, code: int, meaning: str, answer: Answer) -> str:
        """The refusal in words: the code, what it means and what to do, and what the platform said."""
        return say(
            "{name}拒绝（{code}）：{meaning}。原话：{excerpt}",
            "{name} refused ({code}): {meaning}. It said: {excerpt}",
            name=say(*self.name),
            code=code,
            meaning=meaning,
            excerpt=answer.excerpt,
        )

    def rejected(self, code: int, said: str, blame: Blame) -> Rejected:
        """A refusal whose words are ``said``."""
        return Rejected(findings=(Finding(code=f"{self.kind}.{code}", message=said),), blame=blame)

    def why(self, code: int | None, answer: Answer) -> str:
        """What went wrong, from the table of codes; never the platform's own words, which may repeat what was sent."""
        facts = {"name": say(*self.name), "code": code, "status": answer.status}
        if code is not None and code in self.codes:
            meaning = self.codes[code].words
            return say("{name}说（{code}）：{meaning}", "{name} says ({code}): {meaning}", meaning=meaning, **facts)
        if code:
            return say("{name}拒绝（{code}）", "{name} refused ({code})", **facts)
        return say(
            "看不懂{name}的回答（HTTP {status}）", "the answer of {name} is not understood (HTTP {status})", **facts
        )

    def sign_in_needed(self, channel: str, why: str) -> Rejected:
        """A person must sign in again; until then nothing can be posted."""
        message = say(
            "{why}。请用 {sign_in} 重新登录，再用 {resume}。",
            "{why}. Run {sign_in}, then {resume}.",
            why=why,
            sign_in=Remedy("sign_in", channel),
            resume=Remedy("resume", channel),
        )
        return Rejected(findings=(Finding(code=f"{self.kind}.sign_in", message=message),), blame=Blame.CHANNEL)


class SignInSession(Protocol):
    """The authorisation of one account."""

    def authorise_address(self, state: str) -> str: ...

    def sign_in(self, code: str) -> Sequence[Finding]: ...


class SignedIn:
    """The part of an adapter that a person signs in to."""

    def __init__(self, session: SignInSession, *, redirect_uri: str, application: str, account: str) -> None:
        self._sign_in_session = session
        self._redirect_uri = redirect_uri
        self._account = f"{application}\n{account}"

    @property
    def budget(self) -> str:
        """A hash of application and account: what a platform counts is counted for both together."""
        return hashlib.sha256(self._account.encode()).hexdigest()[:16]

    @property
    def _signed_in_to(self) -> str:
        """Application and account in one line, as far as the settings name them."""
        return " ".join(self._account.split())

    @property
    def redirect_uri(self) -> str:
        """The registered callback."""
        return self._redirect_uri

    def authorise_address(self, state: str) -> str:
        """Where a person gives the authorisation."""
        return self._sign_in_session.authorise_address(state)

    def sign_in(self, code: str) -> Sequence[Finding]:
        """Trade the code for tokens and keep them."""
        return self._sign_in_session.sign_in(code)


_USER = "signed in as"


def stranger(tools: Tools, user: str, *, wanted: str) -> str:
    """Who a channel belongs to, where ``user``, who signs in just now, is somebody else; else it is theirs from now on, and this is empty.

    A channel stays with the user whom its settings name (``wanted``), or who signed in first: what was sent is theirs, and what another
    one's account shows says nothing of it.
    """
    owner = wanted or ((tools.recall(_USER) or "") if user else "")
    if owner and owner != user:
        return owner
    if user:
        tools.keep(_USER, user, None)
    return ""


def rehearsed_callback(redirect_uri: str, state: str) -> str:
    """Where the platform would send a person after the authorisation, for a rehearsal, which has no page to give it on."""
    return f"{redirect_uri}?{urlencode({'state': state, 'code': REHEARSED_CODE})}"


def sign_in_again(why: str) -> str:
    """``why``, and what to do about it."""
    return say(
        "{why}。请用 {sign_in} 重新登录这个渠道。",
        "{why}. Run {sign_in} with this channel's id.",
        why=why,
        sign_in=Remedy("sign_in"),
    )
