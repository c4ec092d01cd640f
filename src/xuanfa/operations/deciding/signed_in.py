"""Signed in: the code that a person has brought back is traded for an authorisation."""

from dataclasses import dataclass

from xuanfa.domain.act import SignIn
from xuanfa.domain.finding import Finding, blocking, in_words
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.refusal import record_refusal
from xuanfa.operations.deciding.sign_in import signing_adapter
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """How it ended. ``is_paused`` says that the channel still waits for a person to resume it."""

    findings: tuple[Finding, ...]
    is_paused: bool

    @property
    def is_well(self) -> bool:
        """Whether the authorisation was obtained."""
        return not blocking(self.findings)


def finish_sign_in(desk: Desk, act: SignIn, person: Person) -> SignedIn:
    """Trade the code; what came of it goes into the history with who did it. Raises ConfigError for a channel that nobody signs in to."""
    findings = tuple(signing_adapter(desk, act.channel).sign_in(act.code))
    now, refused = desk.clock(), blocking(findings)
    with desk.store.write() as connection:
        if refused:
            record_refusal(connection, act, person, in_words(refused), now)
        else:
            by = person.signs(act.verb)
            deliveries.record_event(
                connection, now=now, after="signed_in", actor=by, why=person.why, channel=act.channel
            )
        standing = channels.standings(connection).get(act.channel)
    return SignedIn(findings=findings, is_paused=standing is not None and standing.paused_at is not None)
