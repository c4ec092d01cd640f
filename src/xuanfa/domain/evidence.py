"""Evidence: what a look and a late answer prove of a delivery, and what each ending says of itself. Pure decisions."""

from datetime import datetime, timedelta

from xuanfa.domain.delivery import UNSETTLED, Delivery, State
from xuanfa.domain.finding import in_words
from xuanfa.domain.language import say
from xuanfa.domain.life import Terms, after_confirm, move
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Altered,
    Blame,
    Deferred,
    Ending,
    Published,
    Rejected,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.remedy import Remedy


def confirmed(now_is: Delivery, ending: Ending, terms: Terms) -> Delivery:
    """What a look makes of a delivery that still waits for one."""
    match ending:
        case Published() | Accepted() | Absent() | Rejected() | Unknown():
            return after_confirm(now_is, ending, terms)
        case _:
            return after_confirm(now_is, Unknown(evidence=evidence_of(ending)), terms)


def late_evidence(now_is: Delivery, ending: Ending, terms: Terms, *, repeats: datetime | None) -> Delivery | None:
    """An answer to the latest attempt, which was given up: proof still settles it, anything less changes nothing.

    ``repeats`` is when an earlier request left that this attempt repeated.
    """
    match ending:
        case Published() as proof if now_is.state in UNSETTLED:
            return after_confirm(now_is, proof, terms)
        case _ if now_is.state is not State.UNKNOWN:
            return None
        case Accepted() as proof:
            return after_confirm(now_is, proof, terms)
        case _ if repeats is not None:
            return None  # it says nothing of the request that this one repeated
        case Rejected(blame=Blame.CONTENT) as proof:
            return after_confirm(now_is, proof, terms)
        case Unsent() | Deferred() | Rejected() | Altered() as proof:
            wait = proof.after if isinstance(proof, Deferred) else timedelta(0)
            ready_at = terms.now + wait
            return move(
                now_is, State.SCHEDULED, evidence_of(proof), ready_at=ready_at, look_at=None, first_sent_at=None
            )
        case _:
            return None


def gone_out_after_all(now_is: Delivery, said: str, sent_at: datetime, terms: Terms, *, ticket: str = "") -> Delivery:
    """It was said not to be out, or was being sent again, and now the channel's answer to an earlier request says that it is. Sending it
    would show it twice, so that is decided anew."""
    text = say(
        "原以为没有发出（当时是“{state}”），迟到的渠道回答却说已经发出（{said}）。不再发送，请核实后登记结果（{resolve}）",
        "it was thought not to be out ({state}), but a late answer of the channel says that it is ({said}): it is not sent again; look, and "
        "settle it with resolve",
        state=now_is.state.label,
        said=said,
        resolve=Remedy("resolve"),
    ).coded("evidence.out_after_all")
    look_at = terms.now if terms.channel.confirms else None
    return move(
        now_is, State.UNKNOWN, text, first_sent_at=sent_at, ticket=ticket, look_at=look_at, looks=0, absent_at=None
    )


def withdrawn_after_all(now_is: Delivery, said: str) -> Delivery | None:
    """A withdrawal was given up or refused, and now the channel's answer to an earlier one says that it has come about."""
    if now_is.state not in {State.PUBLISHED, State.ACCEPTED}:
        return None
    text = say(
        "迟到的渠道回答说已经撤下（{said}）：请到渠道上看，确已撤下就登记（{done}），没有就再撤一次（{again}）",
        "a late answer of the channel says that it was withdrawn ({said}): look; if it is gone, enter it with retract --done, else retract it again",
        said=said,
        done=Remedy("retract", done=True),
        again=Remedy("retract"),
    ).coded("evidence.withdrawn_after_all")
    return move(now_is, State.RETRACTING, text)


def said_otherwise(proof: Receipt) -> str:
    """Why a look that found nothing is not believed: the channel itself has said that it is out."""
    return say(
        "查询没有找到，但渠道的回答说已经发出（{said}）：请到渠道上看，登记结果（{resolve}）",
        "a look did not find it, but the channel's answer said that it is out ({said}): look, and settle it with resolve",
        said=proof.address or proof.remote_id or proof.evidence,
        resolve=Remedy("resolve"),
    ).coded("evidence.said_otherwise")


def as_withdrawal(ending: Ending) -> Retracted | Deferred | Unsent | Rejected | Unknown:
    """An ending as one of a withdrawal; what cannot be one is a doubt."""
    match ending:
        case Retracted() | Deferred() | Unsent() | Rejected() | Unknown():
            return ending
        case _:
            return Unknown(evidence=evidence_of(ending))


def evidence_of(ending: Ending) -> str:
    """What an ending says of itself, for the record."""
    match ending:
        case Published(receipt=receipt):
            return receipt.evidence
        case Deferred(reason=reason):
            return reason
        case Rejected(findings=findings):
            return in_words(findings)
        case Staged():
            return ""
        case Accepted(evidence=text) | Unsent(evidence=text) | Unknown(evidence=text) | Absent(evidence=text):
            return text
        case Retracted(evidence=text) | Altered(evidence=text):
            return text
